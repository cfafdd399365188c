# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server that stands before the simulated cloud and sends what bytes it is told: as that cloud, or as a proxy.

It sees by the first byte what a client takes it for: the cloud itself or an HTTP proxy, either of them with TLS, the
end of a tunnel (CONNECT), or a SOCKS5 proxy. With TLS inside a tunnel it is the other end of that, too, so that it
knows what it cuts. It works on Linux: shutting a listening socket that is being waited on is not portable.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

End = Literal["keep", "fin", "rst", "silence"]
"""What becomes of the connection: kept, closed, reset, or left open without another byte until the client has enough.

A connection with TLS ends without the goodbye of TLS, as it does where something between the two ends cuts it.
"""

Send = Callable[[bytes], Sequence[bytes]]

_BLANK_LINE = b"\r\n\r\n"
_SOCKS5 = b"\x05"
_TLS_HANDSHAKE = b"\x16"
_HOP_BY_HOP = ("connection", "keep-alive", "proxy-connection", "proxy-authorization", "transfer-encoding")
_TUNNEL_IS_OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


def all_of_it(answer: bytes) -> Sequence[bytes]:
    """Send the cloud's own answer."""
    return [answer]


def half_a_head(answer: bytes) -> Sequence[bytes]:
    """Send the status line of the cloud's own answer, and some of the headers."""
    return [answer[: answer.index(_BLANK_LINE) // 2]]


def half_a_body(answer: bytes) -> Sequence[bytes]:
    """Send the head of the cloud's own answer, and then half of the body."""
    start = answer.index(_BLANK_LINE) + len(_BLANK_LINE)
    return [answer[:start], answer[start : (start + len(answer)) // 2]]


def nothing(_answer: bytes) -> Sequence[bytes]:
    """Send nothing."""
    return []


def just(*pieces: bytes) -> Send:
    """Send these bytes, whatever the answer of the cloud is."""
    return lambda _answer: pieces


class Reply(NamedTuple):
    """What becomes of a request. As it stands: the cloud answers it."""

    send: Send = all_of_it
    """What is sent, in pieces, made from the bytes of the cloud's answer; they are empty where it did not act."""
    acts: bool = True
    """Whether the request is passed on to the cloud first."""
    end: End = "keep"


@dataclass
class RawRequest:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    is_answered: bool = False
    """Whether all of the cloud's own answer was sent."""

    @property
    def call(self) -> str:
        """The last part of its path, which names the call."""
        return urlsplit(self.target).path.rpartition("/")[2]

    @property
    def job_ids(self) -> list[str]:
        """The jobs that its body names."""
        entries = json.loads(self.body).get("jobs", [])  # which a login has not
        return [entry["job_id"] if isinstance(entry, dict) else entry for entry in entries]


Script = Callable[[RawRequest, int], Reply]
"""Gives the reply to a request; the number counts the requests of that call, from 1."""


def dont_wait(sock: socket.socket) -> None:
    """Send and acknowledge at once: urllib3 leaves Nagle's algorithm on for proxies, so that each wait is 40 ms."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_QUICKACK"):  # has Linux, and forgets it now and then
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


class RawServer:
    """Listens on 127.0.0.1 inside a ``with`` block, and does with each request what ``script`` says.

    ``refusal`` is what it says in place of opening a tunnel, before it closes; None opens it.
    """

    def __init__(
        self, cloud_url: str, tls: ssl.SSLContext | None = None, script: Script = lambda _request, _nth: Reply()
    ) -> None:
        """Stand before the cloud at this URL, which is without TLS. Clients that begin TLS need ``tls``."""
        self.script = script
        self.refusal: bytes | None = None
        self.seen: list[RawRequest] = []
        self.connections = 0
        self.tunnels = 0
        """How many tunnels were asked for, be it with CONNECT or with SOCKS."""
        self.tls = tls
        self._cloud = urlsplit(cloud_url).netloc
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._enough = threading.Event()
        self._fillers: list[socket.socket] = []
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, _Connection] = {}
        self._listening = threading.Thread(target=self._accept, daemon=True)
        self._listening.start()

    def to(self, call: str) -> list[RawRequest]:
        """Give the requests of one call."""
        return [request for request in self.seen if request.call == call]

    def refuse_connections(self) -> None:
        """Listen no more; what is open stays so."""
        self._enough.set()
        with suppress(OSError):
            # Wakes up whoever waits for a connection, which closing alone does not.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def ignore_connections(self) -> None:
        """Let connections neither come about nor fail: the queue of those that nobody accepts is full."""
        self._enough.set()
        self._listener.listen(0)
        self._fill()
        self._listening.join()  # it has taken that one
        with suppress(TimeoutError):
            while True:
                self._fill()

    def _fill(self) -> None:
        filler = socket.socket()
        self._fillers.append(filler)
        filler.settimeout(0.1)
        filler.connect(("127.0.0.1", self.port))

    def __enter__(self) -> RawServer:
        """It listens already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close everything, and wait for the threads."""
        self.refuse_connections()
        self._listening.join()
        with self._lock:
            connections = dict(self._connections)
        for thread, connection in connections.items():
            connection.leave()
            thread.join()
        for filler in self._fillers:
            filler.close()

    def answer(self, request: RawRequest) -> tuple[Sequence[bytes], End]:
        """Do with a request what is to become of it, but for the sending."""
        with self._lock:
            self.seen.append(request)
            nth = len(self.to(request.call))
        reply = self.script(request, nth)
        answer = self._passed_on(request, reply.end) if reply.acts else b""
        pieces = reply.send(answer)
        request.is_answered = bool(answer) and b"".join(pieces) == answer
        return pieces, reply.end

    def _accept(self) -> None:
        while not self._enough.is_set():
            try:
                sock, _address = self._listener.accept()
            except OSError:
                return
            if self._enough.is_set():
                self._fillers.append(sock)
                return
            dont_wait(sock)
            self.connections += 1
            connection = _Connection(self, sock)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._lock:
                self._connections[thread] = connection
            thread.start()

    def _serve(self, connection: _Connection) -> None:
        try:
            # Clients, tests and the cloud may leave at any time.
            with suppress(OSError, EOFError, http.client.HTTPException):
                connection.serve()
        finally:
            connection.close()
            with self._lock:
                del self._connections[threading.current_thread()]

    def _passed_on(self, request: RawRequest, end: End) -> bytes:
        """Let the cloud act, and give the bytes of its answer."""
        kept = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        path = urlsplit(request.target)._replace(scheme="", netloc="").geturl()
        connection = http.client.HTTPConnection(self._cloud, timeout=10)
        try:
            connection.request(request.method, path, request.body, kept)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        headers = [(name, value) for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP]
        if end == "fin":
            # So that a client which has got all of it does not use the connection once more.
            headers.append(("Connection", "close"))
        lines = [f"HTTP/1.1 {response.status} {response.reason}", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


class _Connection:
    """One connection of a client, from the greeting to the end."""

    def __init__(self, server: RawServer, sock: socket.socket) -> None:
        self._server = server
        self._sock = sock
        self._end: End = "fin"

    def serve(self) -> None:
        """Answer its requests. Raises OSError or EOFError when it ends before its time."""
        self._greet()
        self._end = "keep"
        while self._end == "keep":
            request = self._request()
            if request.method == "CONNECT":
                self._open_tunnel(_TUNNEL_IS_OPEN)
                continue
            pieces, self._end = self._server.answer(request)
            for piece in pieces:
                self._sock.sendall(piece)
            if self._end == "silence":
                self._sock.recv(1)

    def leave(self) -> None:
        """End it from another thread."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it as it was to end."""
        if self._end == "rst":
            # Closing a socket that lingers for 0 seconds resets the connection.
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def _greet(self) -> None:
        """Do what comes before the first request, be it a handshake of SOCKS, of TLS, or both."""
        if self._first_byte() != _SOCKS5:
            self._start_tls_if_asked()
            return
        self._sock.recv(257)  # the ways to log in that the client knows; it waits for an answer
        self._sock.sendall(_SOCKS5 + b"\0")
        self._sock.recv(262)  # where to
        self._open_tunnel(_SOCKS5 + b"\0\0\1" + bytes(6))

    def _open_tunnel(self, said: bytes) -> None:
        self._server.tunnels += 1
        if self._server.refusal is not None:
            self._sock.sendall(self._server.refusal)
            raise EOFError
        self._sock.sendall(said)
        self._start_tls_if_asked()

    def _start_tls_if_asked(self) -> None:
        if self._first_byte() == _TLS_HANDSHAKE:
            assert self._server.tls is not None, "a client begins TLS, and there is no certificate"
            self._sock = self._server.tls.wrap_socket(self._sock, server_side=True, do_handshake_on_connect=False)
            self._sock.do_handshake()

    def _first_byte(self) -> bytes:
        return self._sock.recv(1, socket.MSG_PEEK)

    def _request(self) -> RawRequest:
        received = b""
        while _BLANK_LINE not in received:
            received += self._received()
        head, _blank, body = received.partition(_BLANK_LINE)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        while len(body) < int(headers.get("Content-Length", "0")):
            body += self._received()
        return RawRequest(method, target, headers, body)

    def _received(self) -> bytes:
        dont_wait(self._sock)
        data = self._sock.recv(65536)
        if not data:
            raise EOFError
        return data
