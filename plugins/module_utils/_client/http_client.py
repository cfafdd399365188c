# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the one way a request leaves, and the one place that knows ``requests``.

Every request has a connect and a read timeout and follows no redirect (``requests`` would hand ``X-Auth-Token`` to the
other host). ``.netrc`` cannot add a credential, since each request has an ``auth`` of its own; proxies of the
environment work.
"""

from __future__ import annotations

import contextlib
import json
import logging
import random
import warnings
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .._core.config import HttpSettings
from .._core.error_codes import HintContext, find_hint
from .._core.errors import (
    CloudError,
    ConfigurationError,
    ServiceError,
)
from .._core.masking import Masker
from .._core.retry import RequestKind, retry_delay, should_retry
from .._core.transport_errors import build_read_error, build_send_error
from .._version import VERSION
from .auth import Anonymous, Auth, Carrier, refresh_after
from .clock import Clock, Deadline
from .environment_settings import EnvironmentSettings, read_environment_settings
from .exception_chain import summarize_exceptions
from .http_responses import Answer, parse_response
from .lockout import Lockout
from .transport import ResponseLimits, Transport

# The documentation has to be readable without it. Whoever makes an HttpClient has asked requirements.py for it.
with contextlib.suppress(ImportError):
    import requests

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

# Of urllib3 1.26 and 2. Ansible writes what they log into its own log, and a header may be a token.
_LOGGERS_OF_HEADERS = ("urllib3.connectionpool", "urllib3.connection")


class HttpClient:
    """One session for all requests of a task, to be closed in the end. Safe to use from several threads."""

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
    ) -> None:
        """Open no connection yet.

        ``jitter`` gives random numbers in [0, 1), ``adapter`` is in place of a network. ``lockout`` counts refused
        credentials, those of this client only where none is given, and ``masker`` knows the secrets.
        """
        self._settings = settings
        self._masker = masker or Masker()
        self._clock = clock
        self._deadline = deadline
        self._jitter = jitter
        self._lockout = lockout or Lockout()
        self._environments: dict[str, EnvironmentSettings] = {}
        adapter = adapter or Transport(settings.pool_size, clock, ResponseLimits(deadline, settings.timeout))
        self._session = _build_session(adapter, settings)

    def close(self) -> None:
        """Close the connections that nobody uses; one that a request is still under way on closes itself.

        What waits for its next attempt then is not sent any more: the task has told its result without it.
        """
        self._deadline.expire()
        with contextlib.suppress(Exception):  # nothing of it matters any more, and the result has to be told
            self._session.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        kind: RequestKind,
        auth: Auth | None = None,
        body: object = None,
        asked: HintContext | None = None,
    ) -> Answer:
        """Send one request, again where that is safe, and give its answer.

        200, 201 and 202 are successes: the API page documents 200 for a stop, the same operation in v3 answers 202,
        a login 201. Raises a CloudError for anything else; DeadlineError where not even the first attempt was sent.
        ``asked`` is what a refusal is explained by, where ``auth`` does not say it.
        """
        auth = auth or Anonymous()
        renewals = 0
        attempt = 1
        while True:
            self._deadline.check()
            carrier = auth.carrier()
            try:
                with self._lockout.attempt(auth.identity, url):
                    self._deadline.check()  # it may have waited for another request
                    answer = self._send_once(method, url, carrier, body, asked or auth.asked)
            except CloudError as error:
                if refresh_after(auth, carrier, error):
                    renewals += 1
                    # Whoever sends a stop again looks at the jobs first.
                    if kind is RequestKind.STOP or renewals > max(1, self._settings.retries):
                        raise
                    continue
                if not should_retry(error, kind, attempt):
                    raise
                self.pause(error, attempt)
                attempt += 1
            else:
                auth.worked(carrier)
                return answer

    def pause(self, error: CloudError, attempt: int) -> None:
        """Wait before the next attempt, after ``attempt`` of them; raise the error where no further one is allowed.

        That is so after as many as the option ``retries`` says, and where time would be over before the next one.
        """
        delay = retry_delay(error, attempt=attempt, jitter=self._jitter())
        if attempt > self._settings.retries or delay >= self._deadline.remaining:
            raise error
        self._clock.sleep(delay)

    def _send_once(self, method: str, url: str, carrier: Carrier, body: object, asked: HintContext) -> Answer:
        request_line = describe(method, url)
        request, environment = self._prepare(method, url, carrier, body)
        timeout, proxy = self._settings.timeout, environment.proxy
        try:
            response = self._session.send(
                request,
                **environment.settings,
                timeout=(self._connect_timeout(), timeout),
                allow_redirects=False,
            )
        except Exception as failure:  # also those of requests' own faults: the request may have been sent before them
            causes, mask = summarize_exceptions(failure), self._masker.mask
            raise build_send_error(request_line, causes, timeout=timeout, proxy=proxy, mask=mask) from None
        try:
            with response:
                return parse_response(
                    response,
                    request_line,
                    self._masker,
                    signature=str(request.headers.get("Authorization", "")),
                    proxy=environment.answering_proxy,
                    now=self._clock.time(),
                )
        except ServiceError as error:
            error.advise(find_hint(error.error_code, error.status, asked, error.body))
            raise
        except CloudError:
            raise
        except Exception as failure:
            raise build_read_error(request_line, summarize_exceptions(failure), timeout=timeout, proxy=proxy) from None

    def _prepare(
        self, method: str, url: str, carrier: Carrier, body: object
    ) -> tuple[requests.PreparedRequest, EnvironmentSettings]:
        """Return the request and what goes with it. Raises ConfigurationError; nothing has been sent then."""
        content = None if body is None else json.dumps(body).encode()
        try:
            request = self._session.prepare_request(requests.Request(method, url, data=content, auth=carrier))
            _check_headers(request)
            environment = self._environment_for(str(request.url))
        except (requests.RequestException, OSError, ValueError):
            raise ConfigurationError(
                f"{describe(method, url)}: the URL or a credential holds characters that cannot be sent"
            ) from None
        if environment.problem is not None:
            raise ConfigurationError(f"{describe(method, url)}: {environment.problem}")
        return request, environment

    def _environment_for(self, url: str) -> EnvironmentSettings:
        """Return the proxies and the CA bundle of the environment, which do not change during a task."""
        parts = urlsplit(url)
        service = f"{parts.scheme}://{parts.netloc}"
        if service not in self._environments:
            settings = self._session.merge_environment_settings(service, {}, True, self._settings.verify, None)
            self._environments[service] = read_environment_settings(parts.scheme, service, dict(settings))
        return self._environments[service]

    def _connect_timeout(self) -> float:
        # Connecting may take until the deadline and one read beyond it: together not more than one timeout too late.
        return max(0.001, min(self._settings.timeout, self._deadline.remaining))


def _build_session(adapter: BaseAdapter, settings: HttpSettings) -> requests.Session:
    session = requests.Session()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Without following a redirect, requests still reads its whole body and prepares the next request.
    session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
    session.headers.clear()
    session.headers.update(
        {
            "User-Agent": f"huaweicloud.drs/{VERSION} (Ansible collection)",
            "Accept": "application/json",
            # Nothing to unpack means nothing that grows while it is unpacked.
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "X-Language": settings.language,
        }
    )
    for name in _LOGGERS_OF_HEADERS:
        logging.getLogger(name).addFilter(_shows_no_headers)
    if settings.verify is False:
        # It would end up in the module's output; the module warns in its own way.
        warnings.filterwarnings("ignore", message="Unverified HTTPS request")
    return session


def _shows_no_headers(record: logging.LogRecord) -> bool:
    """Return whether a line may be logged: not the headers of an answer, where one of them is malformed."""
    return not str(record.msg).startswith("Failed to parse headers")


def describe(method: str, url: str) -> str:
    """Give method, host and path: what may be shown of a request. Never the query."""
    parts = urlsplit(url)
    return f"{method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _check_headers(request: requests.PreparedRequest) -> None:
    """Raise ValueError for a header that http.client would refuse when the connection is open already."""
    for value in request.headers.values():
        value.encode("latin-1")
        if "\r" in value or "\n" in value:
            raise ValueError("a line break in a header")
