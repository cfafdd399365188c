# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The TCP connections of clients: their number, and their end when the simulator stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast
from weakref import WeakSet


class Connections:
    """A counter of connections that can also abort the open ones."""

    def __init__(self) -> None:
        """Initialize without connections."""
        self._accepted = 0
        self._for_control = 0
        self._used: WeakSet[asyncio.BaseTransport] = WeakSet()
        self._open: set[asyncio.Transport] = set()

    @property
    def count(self) -> int:
        """The accepted connections so far, without those that began with a request to the control API."""
        return self._accepted - self._for_control

    def counted(self, factory: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """Return a protocol factory that counts the connections of ``factory``."""

        def accept() -> asyncio.Protocol:
            self._accepted += 1
            return _Watched(factory(), self._open)

        return accept

    def note_request(self, transport: asyncio.BaseTransport | None, for_control: bool) -> None:
        """Record whether the first request of a connection is for the control API."""
        if transport is not None and transport not in self._used:
            self._used.add(transport)
            self._for_control += for_control

    async def cut(self) -> None:
        """Abort all open connections. With TLS, the client may never respond to a regular close."""
        for transport in tuple(self._open):
            transport.abort()
        while self._open:
            await asyncio.sleep(0)


class _Watched(asyncio.Protocol):
    """A protocol that forwards to another one, and keeps its transport in a set while it is open."""

    def __init__(self, inner: asyncio.Protocol, open_transports: set[asyncio.Transport]) -> None:
        self._inner = inner
        self._open = open_transports
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._open.add(self._transport)
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._open.discard(self._transport)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
