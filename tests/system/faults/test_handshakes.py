# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A TLS handshake that fails, directly and in a tunnel: nothing was sent, and the task says what to check."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ConfigurationError,
    NoResponseError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import Effect, RequestKind, classify_effect
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock
from ansible_collections.huaweicloud.drs.tests.system.faults.ways import Authority
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule

Serve = Callable[[socket.socket], None]

TUNNEL_IS_OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"
# An alert of TLS: fatal, and the number of what is wrong.
ALERT = b"\x15\x03\x03\x00\x02\x02"


class Port:
    """Listens on 127.0.0.1 inside a ``with`` block, and lets a function do what it will with each connection."""

    def __init__(self, serve: Serve) -> None:
        """Listen, and take connections."""
        self._serve = serve
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.number: int = self._listener.getsockname()[1]
        self.accepted = 0
        self._enough = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Port:
        """It listens already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything, and wait for the threads."""
        self._enough.set()
        for sock in (self._listener, *self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._enough.is_set():
            try:
                sock, _address = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._open.append(sock)
            thread = threading.Thread(target=self._served, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _served(self, sock: socket.socket) -> None:
        with suppress(OSError):
            self._serve(sock)
        sock.close()


def says(answer: bytes) -> Serve:
    """Say something in place of the next message of a handshake, and close."""

    def serve(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(answer)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(65536)

    return serve


def resets(sock: socket.socket) -> None:
    """Reset the connection in place of the next message of a handshake."""
    sock.recv(1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_silent(sock: socket.socket) -> None:
    """Say nothing."""
    while sock.recv(65536):
        pass


def speaks(context: ssl.SSLContext) -> Serve:
    """Speak TLS, and close after what would be a request."""

    def serve(sock: socket.socket) -> None:
        tls = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with tls:
            tls.do_handshake()
            tls.recv(65536)

    return serve


def after_a_tunnel(serve: Serve) -> Serve:
    """Open a tunnel first."""

    def tunnel(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(TUNNEL_IS_OPEN)
        serve(sock)

    return tunnel


class Shake(NamedTuple):
    """A handshake that fails: what the other end does, what is said of it, and whether another attempt may help."""

    serve: Serve
    said: str
    may_help: bool = False


NOT_TLS = r"the response is not TLS: does the port speak HTTPS\? Check scheme and port of the endpoint"
NOTHING_IN_COMMON = "have no TLS version and cipher in common"
CLOSED = "the connection was closed in the TLS handshake. Check that the port speaks HTTPS"
SHAKES = {
    "http": Shake(says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), NOT_TLS),
    "ssh": Shake(says(b"SSH-2.0-OpenSSH_9.6\r\n"), NOT_TLS),
    "protocol version": Shake(says(ALERT + b"\x46"), NOTHING_IN_COMMON),
    "handshake failure": Shake(says(ALERT + b"\x28"), NOTHING_IN_COMMON),
    "insufficient security": Shake(says(ALERT + b"\x47"), NOTHING_IN_COMMON),
    "internal error": Shake(says(ALERT + b"\x50"), "the TLS handshake failed: does the port speak HTTPS", True),
    "closed": Shake(says(b""), CLOSED, True),
    "half an answer": Shake(says(b"\x16\x03\x03\x00\x7a\x02"), CLOSED, True),
    "reset": Shake(resets, CLOSED, True),
    "silent": Shake(is_silent, "no connection within 0.3 seconds", True),
}
TUNNELS = pytest.mark.parametrize("in_tunnel", [False, True], ids=["direct", "tunnel"])


@contextmanager
def client(verify: bool | str = False, retries: int = 0) -> Iterator[HttpClient]:
    """Give a client of the cloud."""
    clock = ManualClock(0.0)
    http = HttpClient(HttpSettings(timeout=0.3, retries=retries, verify=verify), clock, Deadline(clock, 1000.0))
    yield http
    http.close()


def error_of(port: Port, monkeypatch: pytest.MonkeyPatch, in_tunnel: bool, **settings: object) -> CloudError:
    """Send a stop there; give what came of it."""
    url = f"https://127.0.0.1:{port.number}/x"
    if in_tunnel:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port.number}")
        url = "https://localhost:1/x"
    with client(**settings) as http, pytest.raises(CloudError) as caught:  # type: ignore[arg-type]
        http.request("POST", url, kind=RequestKind.STOP, body={})
    assert f"POST {url}: " in str(caught.value)
    return caught.value


@TUNNELS
@pytest.mark.parametrize("kind", SHAKES)
def test_a_handshake_that_failed_proves_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch, kind: str, in_tunnel: bool
) -> None:
    shake = SHAKES[kind]
    with Port(after_a_tunnel(shake.serve) if in_tunnel else shake.serve) as port:
        error = error_of(port, monkeypatch, in_tunnel, retries=2)

    assert classify_effect(error) is Effect.NOT_SENT
    assert isinstance(error, NoResponseError if shake.may_help else ConfigurationError)
    assert port.accepted == (3 if shake.may_help else 1)
    with pytest.raises(AssertionError, match=shake.said):
        raise AssertionError(str(error))


@TUNNELS
def test_no_cipher_in_common(monkeypatch: pytest.MonkeyPatch, in_tunnel: bool) -> None:
    # Without a certificate there is nothing to sign with.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    serve = speaks(context)
    with Port(after_a_tunnel(serve) if in_tunnel else serve) as port:
        error = error_of(port, monkeypatch, in_tunnel)

    assert isinstance(error, ConfigurationError)
    assert NOTHING_IN_COMMON in str(error)


@TUNNELS
@pytest.mark.parametrize(
    ("version", "is_sent"), [(ssl.TLSVersion.TLSv1_2, False), (ssl.TLSVersion.TLSv1_3, True)], ids=["1.2", "1.3"]
)
def test_a_client_certificate_is_asked_for_too_late_to_prove_anything_in_tls_1_3(
    monkeypatch: pytest.MonkeyPatch, authority: Authority, in_tunnel: bool, version: ssl.TLSVersion, is_sent: bool
) -> None:
    context = authority.demanding(version)
    serve = speaks(context)
    with Port(after_a_tunnel(serve) if in_tunnel else serve) as port:
        error = error_of(port, monkeypatch, in_tunnel, verify=authority.ca_path)

    assert classify_effect(error) is (Effect.IN_DOUBT if is_sent else Effect.NOT_SENT)


@pytest.mark.parametrize("kind", ["alert", "closed", "reset"])
def test_http_on_a_port_with_tls_is_asked_about_and_may_have_been_sent(kind: str) -> None:
    serve = {"alert": says(ALERT + b"\x46"), "closed": says(b""), "reset": resets}[kind]
    with (
        Port(serve) as port,
        client() as http,
        pytest.raises(NoResponseError, match=r"does the port speak HTTPS\?") as caught,
    ):
        http.request("POST", f"http://127.0.0.1:{port.number}/x", kind=RequestKind.STOP, body={})

    assert caught.value.sent


def test_plain_text_within_tls_proves_nothing(authority: Authority) -> None:
    # What OpenSSL says of it is what it says of a port without TLS; only the moment tells them apart.
    def serve(sock: socket.socket) -> None:
        tls = authority.context.wrap_socket(sock.dup(), server_side=True, do_handshake_on_connect=False)
        with tls:
            tls.do_handshake()
            tls.recv(65536)
            sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with (
        Port(serve) as port,
        client(verify=authority.ca_path) as http,
        pytest.raises(NoResponseError, match="broke before the answer was complete") as caught,
    ):
        http.request("POST", f"https://127.0.0.1:{port.number}/x", kind=RequestKind.STOP, body={})

    assert caught.value.sent


def test_a_task_says_what_to_check(stop: StopModule) -> None:
    run = stop(RUNNING, endpoint=stop.sim.url.replace("http:", "https:"), iam_endpoint=stop.sim.url)

    assert (run.outcomes, run.changed) == (["failed"], False)
    assert "does the port speak HTTPS?" in run.msg
