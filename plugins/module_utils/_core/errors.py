# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: everything that goes wrong below the modules and lookups, as one small tree.

::

    CloudError
    |-- ConfigurationError      the options cannot work; nothing was sent
    |-- DeadlineError           time was over before the request was sent
    |-- NoResponseError           the connection failed, or no answer came in time
    |-- UnexpectedError         a fault of this collection
    |-- InvalidResponseError   an answer came that nobody can make sense of
    `-- ServiceError            the cloud, or something before it, answered with an error

``str(error)`` is one line for the user: what was tried, on which host, and what came back. It never holds a query, a
body or a header, so it never holds a credential. The tree knows neither Ansible nor ``requests``.
"""

from __future__ import annotations

# What a sentence ends with, also in Chinese.
_ENDS = tuple(".!?:;\u3002\uff01\uff1f\uff1a\uff1b\u2026")


class CloudError(Exception):
    """What the outermost function turns into a failed task.

    ``error_code``, ``error_msg`` and ``request_id`` are the service's own words, None where it said none.
    ``request_line`` is method, host and path of the request that failed; it is empty if there was none.
    """

    request_line: str = ""
    status: int | None = None
    error_code: str | None = None
    request_id: str | None = None
    retry_after: float | None = None

    @property
    def error_msg(self) -> str:
        """What to show beside ``error_code``: the service's text, or this error's own line."""
        return str(self)


class ConfigurationError(CloudError):
    """The options cannot work, whatever the cloud says. Nothing was sent."""


class DeadlineError(CloudError):
    """The time of the task was over, so the request was not sent."""


class NoResponseError(CloudError):
    """No answer came.

    ``sent`` says whether the request may have reached the cloud: False only where the connection was never made.
    """

    def __init__(self, message: str, *, sent: bool) -> None:
        """Take the line for the user, and whether a byte of the request may have left."""
        super().__init__(message)
        self.sent = sent


class UnexpectedError(CloudError):
    """A fault of this collection, which must not take the result of a task with it."""

    def __init__(self, failure: BaseException) -> None:
        """Take what was raised. Its text is not shown, since it may hold anything, a secret too."""
        trace = failure.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        file = "" if trace is None else trace.tb_frame.f_code.co_filename.rpartition("/")[2]
        place = "" if trace is None else f" in {file}, line {trace.tb_lineno}"
        super().__init__(f"an unforeseen {type(failure).__name__}{place}: a fault of this collection, please report it")


class InvalidResponseError(CloudError):
    """An answer came with a status that means success, and nobody can say what it means."""

    def __init__(self, message: str, *, status: int | None = None, request_id: str | None = None) -> None:
        """Take the line for the user, the HTTP status, and the ``X-Request-Id`` of the answer."""
        super().__init__(message)
        self.status = status
        self.request_id = request_id


class ServiceError(CloudError):
    """An HTTP error response.

    ``retry_after`` is the header ``Retry-After`` in seconds, None without a valid one. ``is_from_api`` says whether the
    body holds an error code or text as the API sends them; otherwise a gateway or proxy may have sent the response.
    """

    def __init__(  # noqa: PLR0913  all of one response
        self,
        request_line: str,
        *,
        status: int,
        error_code: str | None = None,
        error_text: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        is_from_api: bool = False,
        hint: str | None = None,
    ) -> None:
        """``request_line`` is method, host and path."""
        super().__init__()
        self.request_line = request_line
        self._hint: str | None = None
        self.status = status
        self.error_code = error_code
        self.error_text = error_text
        self.request_id = request_id
        self.retry_after = retry_after
        self.is_from_api = is_from_api
        self.advise(hint)

    def advise(self, hint: str | None) -> None:
        """Add to the line for the user what to do next, where anything is known."""
        self._hint = " ".join(part for part in (self._hint, hint) if part)
        self.args = (self._line(),)

    def _line(self) -> str:
        said = ": ".join(part for part in (self.error_code, self.error_text) if part)
        line = f"{self.request_line} answered HTTP {self.status}"
        if said:
            line = f"{line}: {said}"
        if self.request_id:
            line = f"{line} (request ID {self.request_id})"
        if self._hint:
            line = f"{line}{' ' if line.endswith(_ENDS) else '. '}{self._hint}"
        return line

    @property
    def error_msg(self) -> str:
        """The service's own text, or this error's line where it gave none."""
        return self.error_text or str(self)
