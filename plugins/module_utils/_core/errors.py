# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The errors below modules and lookups.

::

    CloudError
    |-- ConfigurationError      the options cannot work; nothing was sent
    |-- DeadlineError           time was over before the request was sent
    |-- NoResponseError         the connection failed, or there was no response in time
    |-- UnexpectedError         a fault of this collection
    |-- InvalidResponseError    a success that cannot be read
    `-- ServiceError            an error response of the cloud, or of a server before it

``str(error)`` is one line for the user: the request, with the host, and what came back. It never holds a query, a body
or a header, so it never holds a credential.
"""

from __future__ import annotations

# The ends of a sentence, also in Chinese.
_SENTENCE_ENDS = tuple(".!?:;\u3002\uff01\uff1f\uff1a\uff1b\u2026")


class CloudError(Exception):
    """The base class. The outermost function turns it into a failed task.

    ``error_code``, ``error_msg`` and ``request_id`` are those of the service, None without one. ``request_line`` is
    method, host and path of the request that failed; it is empty if there was none.
    """

    request_line: str = ""
    status: int | None = None
    error_code: str | None = None
    request_id: str | None = None
    retry_after: float | None = None

    @property
    def error_msg(self) -> str:
        """The text of the service, or else the line for the user."""
        return str(self)


class ConfigurationError(CloudError):
    """The options cannot work, whatever the cloud says. Nothing was sent."""


class DeadlineError(CloudError):
    """The time of the task was over, so the request was not sent."""


class NoResponseError(CloudError):
    """There was no response. ``sent`` is False only if it is proved that nothing was sent."""

    def __init__(self, message: str, *, sent: bool) -> None:
        """``message`` is the line for the user."""
        super().__init__(message)
        self.sent = sent


class UnexpectedError(CloudError):
    """A fault of this collection. The task has to return its result all the same."""

    def __init__(self, error: BaseException) -> None:
        """``error`` is what was raised. Its text is not shown, since it may hold a secret."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        file = "" if trace is None else trace.tb_frame.f_code.co_filename.rpartition("/")[2]
        place = "" if trace is None else f" in {file}, line {trace.tb_lineno}"
        super().__init__(f"an unforeseen {type(error).__name__}{place}: a fault of this collection, please report it")


class InvalidResponseError(CloudError):
    """A response has the status of a success and cannot be read."""

    def __init__(self, message: str, *, status: int | None = None, request_id: str | None = None) -> None:
        """``message`` is the line for the user, ``status`` that of HTTP, ``request_id`` the header ``X-Request-Id``."""
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
        """Add a hint, if any, to the line for the user: what to do next."""
        self._hint = " ".join(part for part in (self._hint, hint) if part)
        self.args = (self._line(),)

    def _line(self) -> str:
        reason = ": ".join(part for part in (self.error_code, self.error_text) if part)
        line = f"{self.request_line} answered HTTP {self.status}"
        if reason:
            line = f"{line}: {reason}"
        if self.request_id:
            line = f"{line} (request ID {self.request_id})"
        if self._hint:
            line = f"{line}{' ' if line.endswith(_SENTENCE_ENDS) else '. '}{self._hint}"
        return line

    @property
    def error_msg(self) -> str:
        """The text of the service, or else the line for the user."""
        return self.error_text or str(self)
