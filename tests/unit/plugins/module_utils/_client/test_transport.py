# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which connection a request leaves on, and what may come before an answer; on every way, with real sockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import (
    RawRequest,
    RawServer,
    Reply,
    Script,
    just,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.ways import DIRECT, WAYS, Authority, Way, over

MakeHttp = Callable[..., HttpClient]

pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a": 1}'


def answers(_request: RawRequest, _nth: int) -> Reply:
    """Answer every request, and keep the connection."""
    return Reply(just(ANSWER), acts=False)


class Road:
    """What a client needs on every way to a server of bytes."""

    def __init__(
        self, make_http: MakeHttp, sim: Simulator, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Take what a test has."""
        self._make_http = make_http
        self._sim = sim
        self._authority = authority
        self._monkeypatch = monkeypatch

    @contextmanager
    def taken(
        self, way: Way, script: Script = answers
    ) -> Iterator[tuple[RawServer, Callable[[str, RequestKind], object]]]:
        """Give the server, and what sends a request for a call and gives the body of the answer."""
        with RawServer(self._sim.url, self._authority.context, script) as server:
            url = way.take(server, self._monkeypatch)
            self._http = http = self._make_http(verify=self._authority.ca_path)
            self._url = url
            yield server, lambda call, kind: http.request("POST", f"{url}/{call}", kind=kind, body={}).body
            http.close()

    def connect_ahead(self) -> None:
        """Open a connection before it is needed, and wait until it is open or has failed."""
        self._http.connect_ahead(self._url)
        for thread in threading.enumerate():
            if thread.name == "connect_ahead":
                thread.join(30)


@pytest.fixture
def road(make_http: MakeHttp, sim: Simulator, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Road:
    """A client on its way."""
    return Road(make_http, sim, authority, monkeypatch)


@over(*WAYS)
@pytest.mark.parametrize(
    ("pauses", "connections"),
    [((0, 0, 0), 1), ((1.5, 1.5, 1.5), 1), ((2.5,), 2), ((10, 10), 3), ((10, 0.5, 10, 0.5), 3)],
)
def test_no_request_leaves_on_a_connection_that_was_idle_for_long(
    road: Road, clock: ManualClock, way: Way, pauses: tuple[float, ...], connections: int
) -> None:
    with road.taken(way) as (server, send):
        for pause in (0, *pauses):
            clock.sleep(pause)
            assert send("x", RequestKind.STOP) == {"a": 1}

    assert server.connections == connections
    assert len(server.seen) == 1 + len(pauses)


@pytest.mark.parametrize("kind", RequestKind)
def test_no_request_of_any_purpose_leaves_on_an_idle_connection(
    road: Road, clock: ManualClock, kind: RequestKind
) -> None:
    with road.taken(DIRECT) as (server, send):
        send("x", kind)
        clock.sleep(2.5)
        send("x", kind)

    assert server.connections == 2


@over(*WAYS)
def test_a_stop_does_not_meet_a_connection_that_died_while_it_was_idle(
    road: Road, clock: ManualClock, way: Way
) -> None:
    def script(request: RawRequest, _nth: int) -> Reply:
        # Whoever comes on the connection of before is cut off, as by a firewall that has forgotten it.
        is_dead = request.call == "stop" and server.connections == 1
        return Reply(just(), acts=False, end="rst") if is_dead else Reply(just(ANSWER), acts=False)

    with road.taken(way, script) as (server, send):
        send("look", RequestKind.READ)
        clock.sleep(10)
        send("stop", RequestKind.STOP)

    assert [request.call for request in server.seen] == ["look", "stop"]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for the thread of a server, which takes note of a connection after the client has it."""
    for _look in range(3000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("that did not happen")


@over(*WAYS)
def test_a_request_leaves_on_the_connection_that_was_opened_ahead(road: Road, way: Way) -> None:
    with road.taken(way) as (server, send):
        road.connect_ahead()
        wait_until(lambda: server.connections == 1)
        assert server.seen == []
        assert send("x", RequestKind.STOP) == {"a": 1}
        # One that is open already is enough.
        road.connect_ahead()

    assert server.connections == 1


def test_a_connection_that_was_opened_ahead_and_idle_for_long_is_not_used(road: Road, clock: ManualClock) -> None:
    with road.taken(DIRECT) as (server, send):
        road.connect_ahead()
        wait_until(lambda: server.connections == 1)
        clock.sleep(2.5)
        assert send("x", RequestKind.STOP) == {"a": 1}

    assert server.connections == 2


def test_what_cannot_be_opened_ahead_fails_the_request_and_nothing_else(road: Road) -> None:
    with road.taken(DIRECT) as (server, send):
        server.refuse_connections()
        road.connect_ahead()
        with pytest.raises(NoResponseError):
            send("x", RequestKind.STOP)


INTERIM = {
    "processing": b"HTTP/1.1 102 Processing\r\n\r\n",
    "hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nContent-Length: 5\r\n\r\n",
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n",
    "unknown": b"HTTP/1.1 199 Wait\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
}


@over(*WAYS)
@pytest.mark.parametrize("before", [*([kind] for kind in INTERIM), [*INTERIM] * 2, ["processing"] * 200])
def test_interim_answers_are_no_answers(road: Road, way: Way, before: list[str]) -> None:
    pieces = [INTERIM[kind] for kind in before]

    with road.taken(way, lambda _request, _nth: Reply(just(*pieces, ANSWER), acts=False)) as (server, send):
        assert [send("x", RequestKind.READ) for _request in range(2)] == [{"a": 1}] * 2

    assert server.connections == 1


@pytest.mark.parametrize("status", [b"101 Switching Protocols", b"099 No", b"1 No"])
def test_what_is_no_interim_answer_is_not_skipped(make_http: MakeHttp, sim: Simulator, status: bytes) -> None:
    said = b"HTTP/1.1 %b\r\n\r\n" % status

    with RawServer(sim.url, script=lambda _request, _nth: Reply(just(said, ANSWER), False, "fin")) as server:
        http = make_http(retries=0)
        with pytest.raises(CloudError) as caught:
            http.request("POST", f"http://127.0.0.1:{server.port}/x", kind=RequestKind.STOP, body={})

    assert isinstance(caught.value, ServiceError | NoResponseError)
    assert not isinstance(caught.value, NoResponseError) or caught.value.sent


HTML = b"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"


@pytest.mark.parametrize("body", [b"", HTML, b"{}"])
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (413, "too long for what answers there: it names too many jobs, see batch_size"),
        (414, "the URL of the request is too long"),
        (431, "the headers of the request are too long"),
        (494, "the headers of the request are too long"),
    ],
)
def test_what_stands_before_the_api_has_a_text(
    make_http: MakeHttp, sim: Simulator, status: int, said: str, body: bytes
) -> None:
    answer = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)

    with RawServer(sim.url, script=lambda _request, _nth: Reply(just(answer), False)) as server:
        http = make_http(retries=0)
        with pytest.raises(ServiceError, match=f"answered HTTP {status}: .*{said}"):
            http.request("POST", f"http://127.0.0.1:{server.port}/x", kind=RequestKind.STOP, body={})
        http.close()


def test_a_web_server_that_wants_tls_is_asked_about(make_http: MakeHttp, sim: Simulator) -> None:
    answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n%b" % (len(HTML), HTML)

    with RawServer(sim.url, script=lambda _request, _nth: Reply(just(answer), False)) as server:
        http = make_http(retries=0)
        with pytest.raises(ServiceError, match="does the port speak HTTPS"):
            http.request("POST", f"http://127.0.0.1:{server.port}/x", kind=RequestKind.STOP, body={})
        http.close()
