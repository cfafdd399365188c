# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Send single requests. Only this file and transport.py use the library `requests`.

No redirect is followed: `requests` would send ``X-Auth-Token`` to the other host. Proxies of the environment are used.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import sys
import warnings
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from .._core.config import HttpSettings
from .._core.endpoints import format_request_line
from .._core.error_codes import HintContext, one_line
from .._core.errors import CloudError, ConfigurationError
from .._core.masking import Masker
from .._core.proxies import address_problem, find_proxy_variable
from .._core.transport_errors import ExceptionInfo, build_read_error, build_send_error
from .._version import VERSION
from .auth import RequestAuth
from .clock import Clock, Deadline
from .http_responses import HttpResponse, SentRequest, parse_response
from .transport import ResponseLimits, Transport

# `ansible-test sanity` imports every file in a Python without the library.
_IMPORT_ERROR: ImportError | None = None
try:
    import requests.adapters  # transport.py derives a class from one of its
    from requests.utils import select_proxy
except ImportError as error:
    _IMPORT_ERROR = error

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

# Values that are searched for the causes of an exception. Real exceptions have far fewer.
_MAX_LINKS = 21
# Loggers of urllib3 1.26 and 2. Ansible writes to its own log what they log, and a header may be a token.
_HEADER_LOGGERS = ("urllib3.connectionpool", "urllib3.connection")


class _Environment(NamedTuple):
    """Proxies and CA bundle for one host, as `requests` takes them; the variable of the proxy, and why it is unusable.

    ``answering_proxy`` is the same variable, for a proxy that reads the request and can send a response itself.
    """

    settings: dict[str, Any]
    proxy: str | None = None
    answering_proxy: str | None = None
    problem: str | None = None


class HttpSession:
    """A session of `requests`. Safe to use from several threads."""

    def __init__(
        self, settings: HttpSettings, clock: Clock, deadline: Deadline, masker: Masker, adapter: BaseAdapter | None
    ) -> None:
        """Open no connection yet. Raise ConfigurationError if `requests` is missing."""
        if _IMPORT_ERROR is not None:
            python = sys.executable
            # With the reason: the library may be installed and lack something itself.
            raise ConfigurationError(
                f"the Python library requests cannot be imported by {python} on {socket.gethostname()} "
                f"({one_line(str(_IMPORT_ERROR))}); install it there ({python} -m pip install requests), or use a "
                "Python that has it: ansible_python_interpreter names that of modules, lookups run in that of Ansible"
            )
        self._settings = settings
        self._clock = clock
        self._deadline = deadline
        self._masker = masker
        self._environments: dict[str, _Environment] = {}
        self._adapter = adapter or Transport(settings.pool_size, clock, ResponseLimits(deadline, settings.timeout))
        self._headers = _build_headers(settings)
        self._session = _build_session(self._adapter, settings)

    def close(self) -> None:
        """Close the idle connections. A connection with a request under way closes when the request ends."""
        with contextlib.suppress(Exception):  # the result of the task has to be returned all the same
            self._session.close()

    def connect(self, url: str) -> None:
        """Open a connection for the next request to this server. Raise nothing: the request meets the same error."""
        with contextlib.suppress(Exception):
            request, environment = self._prepare("GET", url, lambda request: request, None)
            timeout = max(0.001, min(self._settings.timeout, self._deadline.remaining))
            if isinstance(self._adapter, Transport):
                self._adapter.connect(request, timeout, **environment.settings)

    def send(
        self, method: str, url: str, request_auth: RequestAuth, body: object, hint_context: HintContext
    ) -> HttpResponse:
        """Send a request once and return its response. Raise CloudError for an error response, and without one."""
        request_line = format_request_line(method, url)
        request, environment = self._prepare(method, url, request_auth, body)
        timeout, proxy = self._settings.timeout, environment.proxy
        try:
            response = self._session.send(
                request,
                **environment.settings,
                # Connecting ends with the deadline, a read up to one timeout later.
                timeout=(max(0.001, min(timeout, self._deadline.remaining)), timeout),
                allow_redirects=False,
            )
        except Exception as error:  # errors inside `requests` too: the request may have been sent before
            exceptions, mask = summarize_exceptions(error), self._masker.mask
            raise build_send_error(request_line, exceptions, timeout=timeout, proxy=proxy, mask=mask) from None
        try:
            with response:
                signature = str(request.headers.get("Authorization", ""))
                sent = SentRequest(request_line, hint_context, signature, environment.answering_proxy)
                return parse_response(response, sent, self._masker, now=self._clock.time())
        except CloudError:
            raise
        except Exception as error:
            raise build_read_error(request_line, summarize_exceptions(error), timeout=timeout, proxy=proxy) from None

    def _prepare(
        self, method: str, url: str, request_auth: RequestAuth, body: object
    ) -> tuple[requests.PreparedRequest, _Environment]:
        """Return the request and its environment. Raise ConfigurationError; nothing has been sent then."""
        content = None if body is None else json.dumps(body).encode()
        try:
            # Not by the session, which first merges each setting of its own: a fifth of the time that a request takes.
            request = requests.Request(method, url, self._headers, data=content, auth=request_auth).prepare()
            _check_headers(request)
            environment = self._read_environment(str(request.url))
        except (requests.RequestException, OSError, ValueError):
            raise ConfigurationError(
                f"{format_request_line(method, url)}: the URL or a credential holds characters that cannot be sent"
            ) from None
        if environment.problem is not None:
            raise ConfigurationError(f"{format_request_line(method, url)}: {environment.problem}")
        return request, environment

    def _read_environment(self, url: str) -> _Environment:
        """Return the proxies and the CA bundle for a URL. They do not change during a task."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._environments:
            settings = self._session.merge_environment_settings(origin, {}, True, self._settings.verify, None)
            self._environments[origin] = _build_environment(parts.scheme, origin, dict(settings))
        return self._environments[origin]


def summarize_exceptions(raised: BaseException) -> list[ExceptionInfo]:
    """Return the exception and its causes, each with the functions that it was raised through."""
    return [
        ExceptionInfo(
            frozenset(cls.__name__ for cls in type(error).__mro__),
            _text_of(error),
            frozenset(frame.f_code.co_name for frame, _line in walk_tb(error.__traceback__)),
        )
        for error in _causes(raised)
    ]


def _text_of(error: BaseException) -> str:
    try:
        return str(getattr(error, "verify_message", None) or error)
    except Exception:  # in __str__ of a foreign class
        return ""


def _causes(raised: BaseException) -> Iterator[BaseException]:
    """Yield the exception and its causes.

    urllib3 keeps a cause in ``reason`` or in the arguments, PySocks in ``socket_err``.
    """
    pending: list[object] = [raised]
    for _depth in range(_MAX_LINKS):
        if not pending:
            return
        error = pending.pop()
        if isinstance(error, BaseException):
            yield error
            pending += [*error.args, getattr(error, "reason", None), getattr(error, "socket_err", None)]
            pending.append(error.__cause__)
            if type(error).__name__ in ("NewConnectionError", "ReadTimeoutError"):
                pending.append(error.__context__)  # urllib3 1.26 sets no cause


def _build_environment(scheme: str, origin: str, settings: dict[str, Any]) -> _Environment:
    address = select_proxy(origin, settings["proxies"])
    if not address:
        return _Environment(settings)
    variable = find_proxy_variable(address, scheme, os.environ) or "the proxy setting of this machine"
    problem = address_problem(address)
    answering_proxy = variable if scheme == "http" and not address.lower().startswith("socks") else None
    return _Environment(settings, variable, answering_proxy, f"{variable} {problem}" if problem else None)


def _build_headers(settings: HttpSettings) -> dict[str, str]:
    return {
        "User-Agent": f"huaweicloud.drs/{VERSION} (Ansible collection)",
        "Accept": "application/json",
        # No compression: a small body cannot expand.
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "X-Language": settings.language,
    }


def _build_session(adapter: BaseAdapter, settings: HttpSettings) -> requests.Session:
    session = requests.Session()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # `requests` reads the body of a redirect and prepares the next request even if it does not follow it.
    session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
    for name in _HEADER_LOGGERS:
        logging.getLogger(name).addFilter(_has_no_headers)
    if settings.verify is False:
        # It would be a part of the output of the module, which has a warning of its own.
        warnings.filterwarnings("ignore", message="Unverified HTTPS request")
    return session


def _has_no_headers(record: logging.LogRecord) -> bool:
    """Return whether a record may be logged. One about a malformed header holds the headers of the response."""
    return not str(record.msg).startswith("Failed to parse headers")


def _check_headers(request: requests.PreparedRequest) -> None:
    """Raise ValueError for a header that http.client refuses only after the connection was opened."""
    for value in request.headers.values():
        value.encode("latin-1")
        if "\r" in value or "\n" in value:
            raise ValueError("a line break in a header")
