# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server of bytes does what it is told, whatever a client takes it for; seen with a plain client of HTTP."""

from __future__ import annotations

import gc
import socket

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import (
    End,
    RawServer,
    Reply,
    Send,
    half_a_body,
    half_a_head,
    just,
    nothing,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.ways import TUNNELS, WAYS, Authority, Way, over

# The certificate of an https:// proxy is not checked where the cloud behind it has none, and urllib3 says so.
pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")


def ask(url: str, authority: Authority, timeout: float = 5.0) -> requests.Response:
    """Ask the cloud for something that it refuses, for want of a credential."""
    asked = f"{url}/v3/p/jobs/batch-status"
    return requests.post(asked, json={"jobs": []}, verify=authority.ca_path, timeout=timeout)


def received(server: RawServer) -> bytes:
    """Give all that comes until the end of the connection. Raises ConnectionResetError if it is reset."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5.0) as client:
        client.sendall(b"POST /v3/p/jobs/batch-status HTTP/1.1\r\nHost: drs\r\nContent-Length: 2\r\n\r\n{}")
        return b"".join(iter(lambda: client.recv(65536), b""))


@over(*WAYS)
def test_the_cloud_answers(sim: Simulator, authority: Authority, monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    with RawServer(sim.url, authority.context) as server:
        response = ask(way.take(server, monkeypatch), authority)

    assert (response.status_code, response.json()["error_code"]) == (401, "APIGW.0301")
    assert [request.endpoint for request in sim.requests] == ["batch-status"]
    assert [(request.call, request.job_ids, request.is_answered) for request in server.seen] == [
        ("batch-status", [], True)
    ]
    assert server.tunnels == (way in TUNNELS)


@over(*WAYS)
@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("end", ["fin", "rst", "silence"])
def test_an_answer_is_lost(
    sim: Simulator, authority: Authority, monkeypatch: pytest.MonkeyPatch, way: Way, acts: bool, end: End
) -> None:
    with RawServer(sim.url, authority.context, lambda _request, _nth: Reply(nothing, acts, end)) as server:
        url = way.take(server, monkeypatch)
        with pytest.raises(requests.RequestException):
            ask(url, authority, timeout=0.2 if end == "silence" else 5.0)

    assert len(sim.requests) == acts
    assert [request.is_answered for request in server.seen] == [False]


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        (nothing, (b"", b"")),
        (half_a_head, (b"HTTP/1.1 401 Unauthorized\r\n", b"")),
        (half_a_body, (b"HTTP/1.1 401 Unauthorized\r\n", b'"error_msg"')),
        (just(b"HTTP/1.1 ", b"299", b"\0\r\n"), (b"HTTP/1.1 299\0\r\n", b"\0\r\n")),
    ],
)
def test_some_bytes_are_sent(sim: Simulator, send: Send, expected: tuple[bytes, bytes]) -> None:
    with RawServer(sim.url, script=lambda _request, _nth: Reply(send, end="fin")) as server:
        content = received(server)

    assert content.startswith(expected[0])
    assert expected[1] in content
    assert not content.endswith(b"}")


def test_a_reset_is_one(sim: Simulator) -> None:
    with (
        RawServer(sim.url, script=lambda _request, _nth: Reply(nothing, end="rst")) as server,
        pytest.raises(ConnectionResetError),
    ):
        received(server)


@over(*TUNNELS)
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # by PySocks
@pytest.mark.parametrize("refusal", [b"HTTP/1.1 407 No\r\n\r\n", b"\x05\x05\0\x01\0\0\0\0\0\0", b"?", b""])
def test_a_tunnel_is_refused(
    sim: Simulator, authority: Authority, monkeypatch: pytest.MonkeyPatch, way: Way, refusal: bytes
) -> None:
    with RawServer(sim.url, authority.context) as server:
        server.refusal = refusal
        url = way.take(server, monkeypatch)
        with pytest.raises(requests.ConnectionError):
            ask(url, authority)
    gc.collect()

    assert (server.tunnels, server.seen, sim.requests) == (1, [], [])


def test_connections_are_refused_or_ignored(sim: Simulator, authority: Authority) -> None:
    with RawServer(sim.url) as server:
        server.refuse_connections()
        with pytest.raises(requests.ConnectionError, match="refused"):
            ask(f"http://127.0.0.1:{server.port}", authority)
    with RawServer(sim.url) as server:
        server.ignore_connections()
        with pytest.raises(requests.ConnectTimeout):
            ask(f"http://127.0.0.1:{server.port}", authority, timeout=0.2)
    assert not sim.requests
