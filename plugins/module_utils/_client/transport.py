# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: connections, and the bytes that come over them, within bounds of size and time.

urllib3 belongs to ``requests`` and is not imported: its classes are derived from where ``requests`` holds them, so that
both of its generations do. Neither bounds what it reads besides bodies: the lines that say how long a chunk is, what
follows the last one, and the head of an answer from a proxy.
"""

from __future__ import annotations

import http.client
import io
import socket
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
"""Bytes of an answer before its body, interim answers included. A token is a header, of 32 KB at the most."""
MAX_IDLE_SECONDS = 2.0
"""Seconds that a connection may have been idle. Servers and what stands before them close one after 5 to 75 seconds;
a stop that leaves on it at that moment is lost with it, and nobody can say whether it arrived."""

# An answer that begins in time may end a little late; one in more pieces than that is no answer of the API.
_LATE_READS = 8


class ResponseTooLargeError(Exception):
    """More bytes came than an answer may have."""


class ResponseTooLateError(Exception):
    """Time was over before the last byte of an answer had come."""


class ResponseLimits:
    """What holds for every answer of a client. Safe to use from several threads."""

    def __init__(self, deadline: Deadline, grace: float) -> None:
        """``grace`` is how many seconds an answer may take beyond the deadline."""
        self._deadline = deadline
        self._grace = grace

    def check(self, size: int, most: int, late_reads: int) -> bool:
        """Return whether time is over. Raise an exception where no more may be read.

        ``size`` is how many bytes there are of ``most``, ``late_reads`` how often was read after the deadline.
        """
        if size > most:
            raise ResponseTooLargeError
        remaining = self._deadline.remaining
        if remaining <= -self._grace or late_reads >= _LATE_READS:
            raise ResponseTooLateError
        return remaining <= 0


class Transport(HTTPAdapter):
    """Sends requests for `requests`: directly, and through proxies of every kind."""

    def __init__(self, connections: int, clock: Clock, limits: ResponseLimits) -> None:
        """Open no connection yet; keep up to ``connections`` of each host."""
        self._clock = clock
        self._limits = limits
        super().__init__(pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make what keeps the connections that go to their host."""
        super().init_poolmanager(*arguments, **options)
        self._derive_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return what keeps the connections that go through a proxy."""
        is_known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if not is_known:
            self._derive_pools(manager)
        return manager

    def _derive_pools(self, manager: Any) -> None:
        pools: Mapping[str, Any] = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._derived(pool) for scheme, pool in pools.items()}

    def _derived(self, pool: Any) -> type:
        connection = type("Connection", (_Connection, pool.ConnectionCls), {"limits": self._limits})
        return type("Pool", (_Pool, pool), {"ConnectionCls": connection, "monotonic": self._clock.monotonic})


class _Pool:
    """Is put before a pool of urllib3: gives out no connection that has been idle for long."""

    monotonic: Callable[[], float]

    def _get_conn(self, *arguments: Any, **options: Any) -> Any:
        connection = super()._get_conn(*arguments, **options)  # type: ignore[misc]
        if connection.idle_since is None or self.monotonic() - connection.idle_since < MAX_IDLE_SECONDS:
            return connection
        connection.close()
        # Not the same once more: the older urllib3 would go past the proxy with it.
        return self._new_conn()  # type: ignore[attr-defined]

    def _put_conn(self, connection: Any) -> None:
        if connection is not None:
            connection.idle_since = self.monotonic()
        super()._put_conn(connection)  # type: ignore[misc]


class _Connection:
    """Is put before a connection of urllib3: bounds what is read from it."""

    limits: ResponseLimits
    idle_since: float | None = None
    _answer: http.client.HTTPResponse | None = None

    def response_class(self, sock: socket.socket, *arguments: Any, **options: Any) -> http.client.HTTPResponse:
        """Return what reads an answer, be it to a request or to a proxy's ``CONNECT``."""
        self._answer = _Response(self.limits, sock, *arguments, **options)
        return self._answer

    def _tunnel(self) -> None:
        try:
            super()._tunnel()  # type: ignore[misc]
        finally:
            if self._answer is not None:  # `http.client` leaves it open where the proxy refuses
                self._answer.close()


class _Response(http.client.HTTPResponse):
    """Reads one answer, and those before it that are none yet."""

    def __init__(self, limits: ResponseLimits, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self._wire = _BoundedReader(self.fp.detach(), limits)
        self.fp = io.BufferedReader(self._wire)

    def begin(self, **options: Any) -> None:
        """Read status and headers. ``http.client`` skips HTTP 100 by itself, and takes 102 and 103 for the answer."""
        super().begin(**options)
        while HTTPStatus.CONTINUE <= self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None  # type: ignore[assignment]  # what it takes for "not begun"
            super().begin(**options)
        self._wire.most = MAX_RESPONSE_BYTES


class _BoundedReader(io.RawIOBase):
    """The bytes of one answer, as they come."""

    def __init__(self, raw: Any, limits: ResponseLimits) -> None:
        super().__init__()
        self._raw = raw
        self._limits = limits
        self._size = 0
        self._late_reads = 0
        self.most = MAX_HEADER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._late_reads += self._limits.check(self._size, self.most, self._late_reads)
        count: int | None = self._raw.readinto(buffer)
        self._size += count or 0
        return count

    def fileno(self) -> int:
        number: int = self._raw.fileno()
        return number

    def close(self) -> None:
        self._raw.close()
        super().close()
