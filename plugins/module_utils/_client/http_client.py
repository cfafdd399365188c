# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Every request is made by `HttpClient.request`: with a deadline, and again where that is safe."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from .._core.config import HttpSettings
from .._core.endpoints import format_request_line
from .._core.error_codes import HintContext
from .._core.errors import CloudError
from .._core.masking import Masker
from .._core.retry import RequestKind, Retry, retry_delay, should_retry
from .auth import Auth
from .clock import Clock, Deadline
from .http_responses import HttpResponse
from .lockout import Lockout

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter


class HttpClient:
    """A client for all requests of a task, to be closed in the end. Safe to use from several threads."""

    def __init__(  # noqa: PLR0913  what it works with
        self,
        settings: HttpSettings,
        clock: Clock,
        deadline: Deadline,
        *,
        jitter: Callable[[], float] = random.random,
        adapter: BaseAdapter | None = None,
        lockout: Lockout | None = None,
        masker: Masker | None = None,
        on_retry: Callable[[Retry], None] | None = None,
    ) -> None:
        """Open no connection yet. Raise ConfigurationError if the library `requests` is missing.

        ``jitter`` returns random numbers in [0, 1), ``adapter`` is used instead of the network. ``lockout`` counts
        refused credentials, by default those of this client, and ``masker`` knows the secrets. ``on_retry`` is called
        before each wait for another attempt, from the thread that makes the request.
        """
        # Late, because `requests` takes longer to import than all of this collection, and many tasks make no client.
        from .http_session import HttpSession  # noqa: PLC0415

        self._retries = settings.retries
        self._clock = clock
        self._deadline = deadline
        self._jitter = jitter
        self._lockout = lockout or Lockout()
        self._on_retry = on_retry
        self._session = HttpSession(settings, clock, deadline, masker or Masker(), adapter)

    def close(self) -> None:
        """Close the connections. A request that waits for its next attempt is not sent any more."""
        self._deadline.expire()
        self._session.close()

    def connect_ahead(self, url: str) -> None:
        """Begin to open a connection for the next request to this server, which is not needed yet."""
        with contextlib.suppress(RuntimeError, MemoryError):  # without a thread the request opens it
            threading.Thread(target=self._session.connect, args=[url], name="connect_ahead", daemon=True).start()

    def request(
        self,
        method: str,
        url: str,
        *,
        kind: RequestKind,
        auth: Auth | None = None,
        body: object = None,
        hint_context: HintContext | None = None,
    ) -> HttpResponse:
        """Make a request, again where that is safe, and return its response.

        Raise CloudError for an error response and without one; DeadlineError if not even the first attempt was sent.
        ``hint_context`` says what the request is for, if that is not what ``auth`` says.
        """
        auth = auth or Auth()
        refreshes = 0
        attempt = 1
        while True:
            self._deadline.check()
            request_auth = auth.for_request()
            try:
                with self._lockout.attempt(auth.identity, url):
                    self._deadline.check()  # it may have waited for another request
                    response = self._session.send(method, url, request_auth, body, hint_context or auth.hint_context)
            except CloudError as error:
                error.request_line = error.request_line or format_request_line(method, url)
                if auth.handle_error(request_auth, error):
                    refreshes += 1
                    # The jobs have to be observed before a stop is sent again.
                    if kind is RequestKind.STOP or refreshes > max(1, self._retries):
                        raise
                    continue
                if not should_retry(error, kind, attempt):
                    raise
                self.pause(error, attempt)
                attempt += 1
            else:
                auth.mark_accepted(request_auth)
                return response

    def pause(self, error: CloudError, attempt: int) -> None:
        """Wait before the next attempt, after ``attempt`` of them. Raise the error if there may be no other one.

        That is so after as many as the option ``retries`` says, or if the deadline is before the next one.
        """
        delay = retry_delay(error, attempt=attempt, jitter=self._jitter())
        if attempt > self._retries or delay >= self._deadline.remaining:
            raise error
        if self._on_retry is not None:
            reason = "no response" if error.status is None else f"HTTP {error.status}"
            with contextlib.suppress(Exception):  # a line that cannot be shown must not fail the request
                self._on_retry(Retry(error.request_line, reason, delay, attempt + 1))
        self._clock.sleep(delay)
