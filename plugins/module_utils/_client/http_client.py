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
from collections.abc import Callable, Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from .._core.answers import decode_json
from .._core.connection import HttpSettings
from .._core.delivery import Cause, broken_error, delivery_error
from .._core.errors import (
    CloudError,
    ConfigurationError,
    NoAnswerError,
    ServiceError,
    UnreadableAnswerError,
)
from .._core.masking import Mask, Masked, Masker
from .._core.retry import Purpose, clock_hint, may_repeat, parse_retry_after, retry_delay
from .._core.service_errors import (
    hint_for,
    is_about_credential,
    is_credential_refused,
    is_token_refused,
    one_line,
    parse_error,
)
from .._version import VERSION
from .auth import Anonymous, Auth, Carrier
from .clock import Clock, Deadline
from .heads import header_of, host_of, mask_for
from .lockout import Lockout

try:
    import requests
    from requests.adapters import HTTPAdapter
except ImportError:
    # The documentation has to be readable without it. Whoever makes an HttpClient has asked requirements.py for it.
    pass

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

MAX_BODY = 16 * 1024 * 1024
"""Bytes. An answer about 100 jobs is some 20 KB; a token answer with its catalog some 100 KB."""

_CHUNK = 64 * 1024
# Of urllib3 1.26 and 2. Ansible writes what they log into its own log, and a header may be a token.
_LOGGERS_OF_HEADERS = ("urllib3.connectionpool", "urllib3.connection")
_REDIRECTS = range(300, 400)
# Of DRS and the gateway, of IAM, and of Keystone, from which IAM comes.
_REQUEST_IDS = ("X-Request-Id", "X-IAM-Trace-Id", "X-Openstack-Request-Id")


class Answer(NamedTuple):
    """A success: its status, its JSON object as it came, two headers, and what masks the texts of it."""

    status: int
    body: dict[str, object]
    request_id: str | None
    subject_token: str | None
    mask: Mask


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
        self._session = requests.Session()
        self._environments: dict[str, dict[str, Any]] = {}
        adapter = adapter or HTTPAdapter(pool_maxsize=settings.connections, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # Without following a redirect, requests still reads its whole body and prepares the next request.
        self._session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
        self._session.headers.clear()
        self._session.headers.update(
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

    def close(self) -> None:
        """Close the connections that nobody uses; one that a request is still under way on closes itself.

        What waits for its next attempt then is not sent any more: the task has told its result without it.
        """
        self._deadline.expire()
        with contextlib.suppress(Exception):  # nothing of it matters any more, and the result has to be told
            self._session.close()

    def request(
        self, method: str, url: str, *, purpose: Purpose, auth: Auth | None = None, body: object = None
    ) -> Answer:
        """Send one request, again where that is safe, and give its answer.

        200, 201 and 202 are successes: the API page documents 200 for a stop, the same operation in v3 answers 202,
        a login 201. Raises a CloudError for anything else; DeadlineError where not even the first attempt was sent.
        """
        auth = auth or Anonymous()
        renewals = 0
        attempt = 1
        while True:
            self._deadline.check()
            carrier = auth.carrier()
            try:
                with self._lockout.attempt(auth.identity, url):
                    answer = self._attempt(method, url, carrier, body)
            except CloudError as error:
                if isinstance(error, ServiceError) and purpose is not Purpose.LOGIN:
                    error.advise(hint_for(error.error_code, error.status, auth.asked))
                if _is_renewed(auth, carrier, error):
                    renewals += 1
                    # Whoever sends a stop again looks at the jobs first.
                    if purpose is Purpose.STOP or renewals > max(1, self._settings.retries):
                        raise
                    continue
                if not may_repeat(error, purpose, attempt):
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

    def _attempt(self, method: str, url: str, carrier: Carrier, body: object) -> Answer:
        tried = describe(method, url)
        request, settings = self._prepare(method, url, carrier, body)
        try:
            response = self._session.send(
                request,
                **settings,
                timeout=(self._connect_timeout(), self._settings.timeout),
                allow_redirects=False,
            )
        except Exception as failure:  # also those of requests' own faults: the request may have been sent before them
            mask = self._masker.mask
            raise delivery_error(tried, _causes(failure), timeout=self._settings.timeout, mask=mask) from None
        try:
            with response:
                return self._read(response, tried)
        except CloudError:
            raise
        except Exception as failure:
            raise broken_error(tried, _causes(failure), timeout=self._settings.timeout) from None

    def _prepare(
        self, method: str, url: str, carrier: Carrier, body: object
    ) -> tuple[requests.PreparedRequest, dict[str, Any]]:
        """Return the request and what goes with it. Raises ConfigurationError; nothing has been sent then."""
        content = None if body is None else json.dumps(body).encode()
        try:
            request = self._session.prepare_request(requests.Request(method, url, data=content, auth=carrier))
            _check_headers(request)
            settings = self._environment_for(str(request.url))
        except (requests.RequestException, OSError, ValueError):
            raise ConfigurationError(
                f"{describe(method, url)}: the URL or a credential holds characters that cannot be sent"
            ) from None
        return request, settings

    def _environment_for(self, url: str) -> dict[str, Any]:
        """Return the proxies and the CA bundle of the environment, which do not change during a task."""
        parts = urlsplit(url)
        service = f"{parts.scheme}://{parts.netloc}"
        if service not in self._environments:
            self._environments[service] = dict(
                self._session.merge_environment_settings(service, {}, True, self._settings.verify, None)
            )
        return self._environments[service]

    def _connect_timeout(self) -> float:
        # Connecting may take until the deadline and one read beyond it: together not more than one timeout too late.
        return max(0.001, min(self._settings.timeout, self._deadline.remaining))

    def _read(self, response: requests.Response, tried: str) -> Answer:
        mask = mask_for(response, self._masker)
        request_id = next((value for name in _REQUEST_IDS if (value := header_of(response, name, mask))), None)
        if response.status_code in _REDIRECTS:
            raise ServiceError(
                tried,
                status=response.status_code,
                error_text=f"a redirect to {host_of(response.headers.get('Location'), mask)}, which is not followed",
                request_id=request_id,
                hint="Check the endpoint, and that no proxy or login page stands before it.",
            )
        # The older urllib3 takes the half of an answer for the whole, if nobody asks it not to.
        response.raw.enforce_content_length = True
        content = b"".join(self._chunks(response, tried))
        body, problem = _decoded(content)
        if response.status_code not in (200, 201, 202):
            said = Masked(body, mask) if isinstance(body, dict) else body
            raise self._service_error(tried, response, said, content, request_id)
        if not isinstance(body, dict):
            problem = problem or "the JSON is no object"
            raise UnreadableAnswerError(
                f"{tried} answered HTTP {response.status_code}, but {problem}",
                status=response.status_code,
                request_id=request_id,
            )
        return Answer(response.status_code, body, request_id, response.headers.get("X-Subject-Token"), mask)

    def _chunks(self, response: requests.Response, tried: str) -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_content(_CHUNK):
            size += len(chunk)
            if size > MAX_BODY:
                raise UnreadableAnswerError(f"{tried} answered with more than {MAX_BODY} bytes")
            yield chunk
            if self._deadline.is_over and response.headers.get("Content-Length") != str(size):
                raise NoAnswerError(f"{tried} had not answered completely when time was over", sent=True)

    def _service_error(
        self, tried: str, response: requests.Response, body: object, content: bytes, request_id: str | None
    ) -> ServiceError:
        code, text = parse_error(body)
        if code == str(response.status_code):
            code = None  # IAM's v3 answers repeat the status there
        if text is None and body is None and content.strip():
            text = "the answer is not from the API (no JSON)"
        inside = body.get("request_id") if isinstance(body, Mapping) else None
        return ServiceError(
            tried,
            status=response.status_code,
            error_code=code,
            error_text=text,
            request_id=request_id or (one_line(inside) if isinstance(inside, str) else None),
            retry_after=parse_retry_after(response.headers.get("Retry-After"), now=self._clock.time()),
            body=body,
            hint=self._clock_hint(response, code),
        )

    def _clock_hint(self, response: requests.Response, code: str | None) -> str | None:
        is_signed = "Authorization" in response.request.headers
        if not is_signed or not is_about_credential(response.status_code, code):
            return None
        return clock_hint(response.headers.get("Date"), now=self._clock.time())


def _is_renewed(auth: Auth, used: Carrier, error: CloudError) -> bool:
    """Tell the credential what an answer says of it, and return whether there is a new one. Raise CloudError."""
    if is_token_refused(error.status, error.error_code):
        if auth.renew(used, error):
            return True
        if is_credential_refused(error.status, error.error_code):
            auth.refuse(error)
    elif isinstance(error, ServiceError) and error.status != 401:  # noqa: PLR2004  HTTP
        auth.worked(used)
    return False


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


def _decoded(content: bytes) -> tuple[object, str | None]:
    if not content:
        return None, "with an empty body"
    try:
        return decode_json(content), None
    except ValueError as failure:
        return None, str(failure)


def _causes(failure: BaseException) -> list[Cause]:
    return [Cause(frozenset(cls.__name__ for cls in type(link).__mro__), _text_of(link)) for link in _chain(failure)]


def _text_of(link: BaseException) -> str:
    try:
        return str(getattr(link, "verify_message", None) or link)
    except Exception:  # that of a foreign class
        return ""


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """Give the exception and all that it wraps: urllib3 keeps the cause in ``reason`` or among the arguments."""
    pending: list[object] = [failure]
    for _depth in count():
        if not pending or _depth > 20:  # noqa: PLR2004  far deeper than any real chain
            return
        link = pending.pop()
        if isinstance(link, BaseException):
            yield link
            pending += [*link.args, getattr(link, "reason", None), link.__cause__]
            if type(link).__name__ == "NewConnectionError":
                pending.append(link.__context__)  # the older urllib3 names no cause
