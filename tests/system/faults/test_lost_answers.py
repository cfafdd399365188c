# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that ends at the wrong moment, on every way to the cloud: what has been sent, and what is told of it.

Only what happened proves that a request was not sent: there was no new connection, or no tunnel. All else may have
reached the cloud, and what may have reached it is looked at before it is sent again.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from ansible_collections.huaweicloud.drs.tests.system.faults.checks import (
    assert_looks_between_stops,
    assert_true,
    sent_to,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import (
    End,
    RawRequest,
    RawServer,
    Reply,
    Send,
    half_a_body,
    half_a_head,
    nothing,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.ways import (
    DIRECT,
    PROXY,
    SOCKS,
    TUNNEL,
    TUNNELS,
    WAYS,
    Authority,
    Way,
    over,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import ModuleRun, StopModule, job_ids

pytestmark = [
    # The certificate of an https:// proxy is not checked where the cloud behind it has none, and urllib3 says so.
    pytest.mark.filterwarnings("ignore:Unverified HTTPS request"),
    # PySocks leaves its socket to the garbage collector where its handshake fails.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

IDS = job_ids(2)


class Moment(NamedTuple):
    """When the connection ends: whether the cloud has acted by then, and what of its answer has been sent."""

    acts: bool
    send: Send


MOMENTS = {
    "before": Moment(acts=False, send=nothing),
    "after": Moment(acts=True, send=nothing),
    "in-the-head": Moment(acts=True, send=half_a_head),
    "in-the-body": Moment(acts=True, send=half_a_body),
}
AT_EACH_MOMENT = pytest.mark.parametrize(
    ("moment", "every"),
    [
        *(pytest.param(moment, False, id=f"once-{name}") for name, moment in MOMENTS.items()),
        *(pytest.param(MOMENTS[name], True, id=f"always-{name}") for name in ("before", "after")),
    ],
)
ENDS = pytest.mark.parametrize("end", ["fin", "rst"])


class Scene:
    """A module, the cloud, and a server of bytes on the way between them."""

    def __init__(self, stop: StopModule, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take what a test has; the jobs are running."""
        self.stop = stop
        self.authority = authority
        self.monkeypatch = monkeypatch
        for job_id in IDS:
            stop.sim.cloud.add_job(job_id)

    def run(self, way: Way, server: RawServer, **options: Any) -> ModuleRun:
        """Stop the jobs on this way, and check what has to be true of every run."""
        url = way.take(server, self.monkeypatch)
        given = {"endpoint": url, "iam_endpoint": url, "ca_path": self.authority.ca_path, "retries": 2, **options}
        run = self.stop(*IDS, **given)
        assert_true(run, self.stop.sim, IDS)
        assert_looks_between_stops(sent_to(server))
        return run

    def server(self, script: Callable[[RawRequest, int], Reply]) -> RawServer:
        """Make the server."""
        return RawServer(self.stop.sim.url, self.authority.context, script)


@pytest.fixture
def scene(stop: StopModule, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A module on its way to the cloud."""
    return Scene(stop, authority, monkeypatch)


@over(*WAYS)
@ENDS
@AT_EACH_MOMENT
def test_a_stop_that_lost_its_answer_is_looked_at(
    scene: Scene, way: Way, end: End, moment: Moment, every: bool
) -> None:
    def script(request: RawRequest, nth: int) -> Reply:
        is_hit = request.call == "batch-stop" and (every or nth == 1)
        return Reply(moment.send, moment.acts, end) if is_hit else Reply()

    with scene.server(script) as server:
        run = scene.run(way, server)

    if moment.acts:
        assert len(server.to("batch-stop")) == 1
        assert (run.outcomes, run.failed) == (["stopped"] * 2, False)
    elif every:
        assert set(run.outcomes) <= {"failed", "unknown"}
        assert len(server.to("batch-stop")) <= 3
        assert not run.to("batch-stop")
    else:
        assert len(server.to("batch-stop")) == 2
        assert (run.outcomes, run.failed) == (["stopped"] * 2, False)


@over(*WAYS)
@ENDS
@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
def test_a_stop_in_doubt_that_nobody_can_look_at_is_unknown(scene: Scene, way: Way, end: End, acts: bool) -> None:
    def script(request: RawRequest, _nth: int) -> Reply:
        is_hit = request.call == "batch-stop" or server.to("batch-stop")
        return Reply(nothing, acts, end) if is_hit else Reply()

    with scene.server(script) as server:
        run = scene.run(way, server, wait_timeout=60)

    assert len(server.to("batch-stop")) == 1
    assert (run.outcomes, run.changed) == (["unknown"] * 2, True)


@over(*WAYS)
@ENDS
@AT_EACH_MOMENT
def test_a_login_that_lost_its_answer_is_sent_twice_at_most(
    scene: Scene, way: Way, end: End, moment: Moment, every: bool
) -> None:
    def script(request: RawRequest, nth: int) -> Reply:
        is_hit = request.call == "tokens" and (every or nth == 1)
        return Reply(moment.send, moment.acts, end) if is_hit else Reply()

    scene.stop.log_in_as()
    with scene.server(script) as server:
        run = scene.run(way, server, retries=5)

    # Half a head may be read as an answer that makes no sense, and then it is not worth a second login.
    assert len(server.to("tokens")) in (1, 2)
    assert run.outcomes == ["failed" if every or len(server.to("tokens")) == 1 else "stopped"] * 2


# What proves that nothing was sent


def cut_off(scene: Scene, way: Way, arm: Callable[[RawServer], None], **options: Any) -> ModuleRun:
    """Run the module, and let the first look be the last request that gets through."""

    def script(_request: RawRequest, _nth: int) -> Reply:
        arm(server)
        return Reply(end="fin")

    with scene.server(script) as server:
        run = scene.run(way, server, retries=1, **options)
    if way.scheme.startswith("socks"):
        gc.collect()  # so that what it says of sockets is said here

    assert [request.call for request in server.seen] == run.endpoints == ["batch-status"]
    return run


def assert_not_sent(run: ModuleRun) -> None:
    """Check that the task knows that it has sent no stop."""
    assert (run.outcomes, run.changed) == (["failed"] * 2, False)


@over(*WAYS)
def test_a_refused_connection_proves_that_nothing_was_sent(scene: Scene, way: Way) -> None:
    assert_not_sent(cut_off(scene, way, RawServer.refuse_connections))


@over(DIRECT, PROXY, TUNNEL, SOCKS)
def test_a_connection_that_does_not_come_about_proves_that_nothing_was_sent(scene: Scene, way: Way) -> None:
    assert_not_sent(cut_off(scene, way, RawServer.ignore_connections, timeout=0.4))


@over(DIRECT, PROXY, TUNNEL)
def test_a_name_that_nobody_knows_proves_that_nothing_was_sent(scene: Scene, way: Way) -> None:
    real = socket.getaddrinfo

    def forget(host: str, *arguments: Any, **options: Any) -> Any:
        if host == "localhost":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *arguments, **options)

    def arm(_server: RawServer) -> None:
        scene.monkeypatch.setattr(socket, "getaddrinfo", forget)

    assert_not_sent(cut_off(scene, way._replace(host="localhost"), arm))


# What is said in place of opening a tunnel, by an HTTP proxy and by one that speaks SOCKS5.
REFUSALS = {
    "not-allowed": (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", b"\5\2\0\1" + bytes(6)),
    "unreachable": (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", b"\5\4\0\1" + bytes(6)),
    "later": (b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}", b"\5\5\0\1" + bytes(6)),
}
ENDS_OF_HANDSHAKES = {
    "nonsense": (b"\xff\0{}\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "half": (b"HTTP/1.1 ", b"\5"),
    "nothing": (b"", b""),
}


def refuse(way: Way, said: tuple[bytes, bytes]) -> Callable[[RawServer], None]:
    """Give what lets a server refuse the tunnels to come."""

    def arm(server: RawServer) -> None:
        server.refusal = said[way is not TUNNEL]

    return arm


@over(*TUNNELS)
@pytest.mark.parametrize("said", REFUSALS.values(), ids=REFUSALS)
def test_a_refused_tunnel_proves_that_nothing_was_sent(scene: Scene, way: Way, said: tuple[bytes, bytes]) -> None:
    assert_not_sent(cut_off(scene, way, refuse(way, said)))


@over(*TUNNELS)
@pytest.mark.parametrize("said", ENDS_OF_HANDSHAKES.values(), ids=ENDS_OF_HANDSHAKES)
def test_a_tunnel_that_ends_while_it_is_opened_is_no_stop(scene: Scene, way: Way, said: tuple[bytes, bytes]) -> None:
    run = cut_off(scene, way, refuse(way, said), wait_timeout=60)

    # What the libraries below say of it does not always tell it from an answer that was lost.
    assert run.outcomes in (["failed"] * 2, ["unknown"] * 2)
