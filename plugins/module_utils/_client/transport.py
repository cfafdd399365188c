# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Connections with limits: the size and the duration of a response, and how long a connection may be idle.

urllib3 belongs to `requests` and is not imported: its classes are derived from those that `requests` uses, so this
works with both of its major versions. Of a response, neither limits the headers of a proxy, the chunk size lines, or
the trailers.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import ssl
import weakref
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .._core.response_body import MAX_RESPONSE_BYTES
from .clock import Clock, Deadline

try:
    from requests.adapters import HTTPAdapter
except ImportError:
    # As in http_session.py, which does not use the class below then.
    if not TYPE_CHECKING:
        HTTPAdapter = object

MAX_HEADER_BYTES = 256 * 1024
"""Bytes of a response before its body, with interim responses. A token is a header, of 32 KB at most."""
MAX_IDLE_SECONDS = 2.0
"""How long a connection may have been idle. Servers and proxies close one after 5 to 75 seconds. A stop that is sent on
it at that moment is lost, and nobody can say whether it arrived."""

# Reads after the deadline. A response that begins in time may end a little late, but not in many pieces.
_MAX_LATE_READS = 8


class ResponseTooLargeError(Exception):
    """The response has more bytes than allowed."""


class ResponseTooLateError(Exception):
    """Time was over before the response was complete."""


class ResponseLimits:
    """The limits of every response of a client. Safe to use from several threads."""

    def __init__(self, deadline: Deadline, grace: float) -> None:
        """``grace`` is how many seconds a response may take beyond the deadline."""
        self._deadline = deadline
        self._grace = grace

    def check(self, size: int, max_size: int, late_reads: int) -> bool:
        """Return whether time is over. Raise an exception if no more may be read.

        ``size`` is the number of bytes so far, ``late_reads`` the number of reads after the deadline.
        """
        if size > max_size:
            raise ResponseTooLargeError
        remaining = self._deadline.remaining
        if remaining <= -self._grace or late_reads >= _MAX_LATE_READS:
            raise ResponseTooLateError
        return remaining <= 0


class Transport(HTTPAdapter):
    """The adapter of the session: sends requests directly, and through proxies of every kind."""

    def __init__(self, pool_size: int, clock: Clock, limits: ResponseLimits) -> None:
        """Open no connection yet; keep up to ``pool_size`` of them to each host."""
        self._clock = clock
        self._limits = limits
        super().__init__(pool_maxsize=pool_size, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Create the pools of direct connections."""
        super().init_poolmanager(*arguments, **options)
        self._derive_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pools of connections through a proxy."""
        is_known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if not is_known:
            self._derive_pools(manager)
        return manager

    def connect(self, request: Any, timeout: float, *, verify: Any, cert: Any, proxies: Any, stream: bool) -> None:
        """Open a connection for the next request to this server. The options are those of `send`, as its errors are."""
        pool: Any
        if hasattr(self, "get_connection_with_tls_context"):
            pool = self.get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)
        else:  # before requests 2.32
            pool = self.get_connection(request.url, proxies)
        self.cert_verify(pool, request.url, verify, cert)
        pool.connect(timeout, needs_tunnel=pool.proxy is not None and request.url.startswith("https:"))

    def _derive_pools(self, manager: Any) -> None:
        pools: Mapping[str, Any] = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._derive_pool(pool) for scheme, pool in pools.items()}

    def _derive_pool(self, pool: Any) -> type:
        connection = type("Connection", (_Connection, pool.ConnectionCls), {"limits": self._limits})
        return type("Pool", (_Pool, pool), {"ConnectionCls": connection, "monotonic": self._clock.monotonic})


class _Pool:
    """Mixin of a pool of urllib3: opens a connection ahead, and does not reuse one that has been idle for too long."""

    monotonic: Callable[[], float]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._opened_ahead: list[Any] = []
        # As urllib3 closes those of its queue: without a reference to the pool.
        weakref.finalize(self, _close_all, self._opened_ahead)

    def connect(self, timeout: float, needs_tunnel: bool) -> None:
        """Open a connection for the next request, if none is open."""
        connection = self._get_conn()
        if getattr(connection, "sock", None):
            self._put_conn(connection)
            return
        connection.timeout = timeout
        try:
            if needs_tunnel:
                self._prepare_proxy(connection)  # type: ignore[attr-defined]
            else:
                connection.connect()
        except BaseException:
            connection.close()
            raise
        connection.idle_since = self.monotonic()
        self._opened_ahead.append(connection)

    def _get_conn(self, *arguments: Any, **options: Any) -> Any:
        connection = self._pop_opened_ahead() or super()._get_conn(*arguments, **options)  # type: ignore[misc]
        if connection.idle_since is None or self.monotonic() - connection.idle_since < MAX_IDLE_SECONDS:
            return connection
        connection.close()
        # A new one: urllib3 1.26 would connect the old one again without its proxy.
        return self._new_conn()  # type: ignore[attr-defined]

    def _pop_opened_ahead(self) -> Any:
        """Return the connection that was opened ahead, if the server has not closed it.

        It is not in the queue of the pool. For urllib3 a connection with unread bytes is one that the server has
        closed, and with TLS 1.3 the tickets of the session are such bytes.
        """
        with contextlib.suppress(IndexError):
            connection = self._opened_ahead.pop()
            if _is_open(connection.sock):
                return connection
            connection.close()
        return None

    def _put_conn(self, connection: Any) -> None:
        if connection is not None:
            connection.idle_since = self.monotonic()
        super()._put_conn(connection)  # type: ignore[misc]


def _close_all(connections: list[Any]) -> None:
    for connection in connections:
        connection.close()


def _is_open(sock: Any) -> bool:
    """Return whether the server has sent nothing so far, neither an end nor a response that nobody asked for."""
    timeout = sock.gettimeout()
    sock.settimeout(0)
    try:
        sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    finally:
        sock.settimeout(timeout)
    return False


class _Connection:
    """Mixin of a connection of urllib3: limits what is read from it."""

    limits: ResponseLimits
    idle_since: float | None = None
    _response: http.client.HTTPResponse | None = None

    def response_class(self, sock: socket.socket, *arguments: Any, **options: Any) -> http.client.HTTPResponse:
        """Return a response, to a request or to the ``CONNECT`` for a proxy."""
        self._response = _Response(self.limits, sock, *arguments, **options)
        return self._response

    def _tunnel(self) -> None:
        try:
            super()._tunnel()  # type: ignore[misc]
        finally:
            if self._response is not None:  # `http.client` does not close it if the proxy refuses
                self._response.close()


class _Response(http.client.HTTPResponse):
    """A response of limited size. Interim responses are skipped."""

    def __init__(self, limits: ResponseLimits, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self._reader = _LimitedReader(self.fp.detach(), limits)
        self.fp = io.BufferedReader(self._reader)

    def begin(self, **options: Any) -> None:
        """Read status and headers. ``http.client`` skips only HTTP 100, and returns 102 and 103 as the response."""
        super().begin(**options)
        while HTTPStatus.CONTINUE <= self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None  # type: ignore[assignment]  # otherwise it does not begin again
            super().begin(**options)
        self._reader.max_size = MAX_RESPONSE_BYTES


class _LimitedReader(io.RawIOBase):
    """The bytes of one response, as they arrive."""

    def __init__(self, raw: Any, limits: ResponseLimits) -> None:
        super().__init__()
        self._raw = raw
        self._limits = limits
        self._size = 0
        self._late_reads = 0
        self.max_size = MAX_HEADER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._late_reads += self._limits.check(self._size, self.max_size, self._late_reads)
        count: int | None = self._raw.readinto(buffer)
        self._size += count or 0
        return count

    def fileno(self) -> int:
        number: int = self._raw.fileno()
        return number

    def close(self) -> None:
        self._raw.close()
        super().close()
