# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nobody can hold the task: not a server that never answers, not one that answers for ever, not one that says later."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import SystemClock
from ansible_collections.huaweicloud.drs.plugins.modules import drs_job_batch_stop
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    ModuleRun,
    StopModule,
    run_main,
)

WAIT_TIMEOUT = 1.0
TIMEOUT = 0.5
# For a machine with other work. A task that is held takes far longer.
MARGIN = 5.0
HURRY = {"wait_timeout": WAIT_TIMEOUT, "timeout": TIMEOUT, "wait_interval": 0.2}
USER = {"username": "demo", "password": "demo", "domain_name": "demo", "project_name": "demo"}
TOKEN = {"token": "a-token-of-nobody", "project_id": PROJECT_ID}


def timed(**arguments: Any) -> tuple[ModuleRun, float]:
    """Run the module in real time, and give what came of it and how long it took."""
    jobs = [{"job_id": RUNNING}, {"job_id": OTHER}]
    began = time.monotonic()
    run = run_main(drs_job_batch_stop.main, {"jobs": jobs, **HURRY, **arguments}, SystemClock())
    return run, time.monotonic() - began


def assert_in_time(run: ModuleRun, seconds: float, wait_timeout: float = WAIT_TIMEOUT) -> None:
    """Check that the task ended when it had to, and says in one line what it knows."""
    assert seconds <= wait_timeout + TIMEOUT + MARGIN
    assert run.failed
    assert run.msg
    assert [row["job_id"] for row in run.rows] == [RUNNING, OTHER]


@pytest.fixture
def real() -> Iterator[Simulator]:
    """A cloud in real time."""
    with Simulator() as simulator:
        seed_demo(simulator.cloud)
        yield simulator


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize(
    ("endpoint", "outcome", "sent"),
    [
        ("auth-tokens", ("failed", False), 0),
        ("batch-status", ("failed", False), 0),
        ("batch-stop", ("unknown", True), 2),
    ],
)
def test_a_server_that_never_answers_cannot_hold_the_task(
    real: Simulator, endpoint: str, outcome: tuple[str, bool], sent: int, concurrency: int
) -> None:
    real.faults.add(Fault(endpoint, kind="stall", nth=None))

    run, seconds = timed(endpoint=real.url, iam_endpoint=real.url, batch_size=1, concurrency=concurrency, **USER)

    assert_in_time(run, seconds)
    assert {(row["outcome"], row["changed"]) for row in run.rows} <= {outcome, ("failed", False)}
    assert len(real.requests_to("batch-stop")) <= sent
    assert real.cloud.accepted_stops == []


def test_a_stop_that_is_accepted_and_never_answered_is_reported_as_changed(real: Simulator) -> None:
    real.faults.add(Fault("batch-stop", kind="stall", nth=None, after=True))

    run, seconds = timed(endpoint=real.url, iam_endpoint=real.url, **USER)

    assert_in_time(run, seconds)
    assert run.outcomes in (["stopping"] * 2, ["unknown"] * 2)
    assert run.changed
    assert len(real.requests_to("batch-stop")) == 1


def test_a_server_that_stalls_while_the_task_waits_cannot_hold_it(real: Simulator) -> None:
    for nth in range(2, 30):
        real.faults.add(Fault("batch-status", kind="stall", nth=nth))

    run, seconds = timed(endpoint=real.url, iam_endpoint=real.url, **USER)

    assert_in_time(run, seconds)
    assert run.outcomes == ["stopping"] * 2


class SlowServer:
    """Accepts everybody, and answers with one byte each ``interval`` seconds, for ever."""

    def __init__(self, begin: bytes, drop: bytes, interval: float) -> None:
        """``begin`` is sent at once, ``drop`` again and again, a byte at a time."""
        self.begin = begin
        self._drop = drop
        self._interval = interval
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> SlowServer:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        # A thread that waits in accept() does not notice that the listener is closed; it does notice a visitor.
        with contextlib.suppress(OSError), socket.create_connection(self._listener.getsockname(), timeout=1):
            pass
        for thread in self._threads:
            thread.join(timeout=5)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed.is_set():
            visitor, _address = self._listener.accept()
            thread = threading.Thread(target=self._drip, args=(visitor,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _drip(self, visitor: socket.socket) -> None:
        with visitor, contextlib.suppress(OSError):
            visitor.sendall(self.begin)
            while True:
                for byte in self._drop:
                    visitor.sendall(bytes([byte]))
                    if self._closed.wait(self._interval):
                        return


HEADERS = (b"HTTP/1.1 200 OK\r\n", b"X-Padding: drip\r\n")
BODY = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n", b" ")
CHUNKS = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")
TRAILERS = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X-Padding: drip\r\n")
CHUNK_LENGTH = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;", b"drip")
STATUS_LINE = (b"", b"HTTP/1.1 ")
INTERIM = (b"", b"HTTP/1.1 100 Continue\r\n\r\n")
OTHER_INTERIM = (b"", b"HTTP/1.1 102 Processing\r\n\r\n")
ERROR_BODY = (b"HTTP/1.1 503 Unavailable\r\nContent-Length: 100000\r\n\r\n", b"x")
SLOW = pytest.mark.parametrize(
    "answer",
    [HEADERS, BODY, CHUNKS, CHUNK_LENGTH, TRAILERS, STATUS_LINE, INTERIM, OTHER_INTERIM, ERROR_BODY],
    ids="headers body chunks chunk-length trailers status-line interim-answers other-interim error-body".split(),
)


@SLOW
def test_a_server_that_trickles_for_ever_cannot_hold_the_task(answer: tuple[bytes, bytes]) -> None:
    before = set(threading.enumerate())
    with SlowServer(*answer, interval=0.2) as server:
        theirs = set(threading.enumerate())
        run, seconds = timed(endpoint=server.url, **TOKEN)
        left = [thread for thread in set(threading.enumerate()) - before - theirs if "_drip" not in thread.name]
        for thread in left:
            thread.join(2)

    assert_in_time(run, seconds)
    assert not any(thread.is_alive() for thread in left), "a thread reads on, and nobody waits for what it reads"
    assert run.outcomes == ["failed"] * 2
    assert server.url in run.msg


@SLOW
def test_a_login_that_trickles_for_ever_cannot_hold_the_task(answer: tuple[bytes, bytes]) -> None:
    with SlowServer(*answer, interval=0.2) as server:
        run, seconds = timed(endpoint="http://127.0.0.1:1", iam_endpoint=server.url, **USER)

    assert_in_time(run, seconds)
    assert run.outcomes == ["failed"] * 2
    assert server.url in run.msg


@pytest.mark.parametrize("kind", ["trickle", "stall"])
def test_the_last_moment_belongs_to_the_rows(real: Simulator, kind: Any) -> None:
    # A stop whose answer trickles past the end: what is known of the others stays.
    real.faults.add(Fault("batch-stop", kind=kind, nth=2, interval=0.3, after=True))

    # Long enough for the login, the status and both stops, on a machine with other work.
    place = {"endpoint": real.url, "iam_endpoint": real.url}
    run, seconds = timed(**place, batch_size=1, concurrency=1, wait_timeout=3.0, **USER)

    assert_in_time(run, seconds, 3.0)
    assert run.rows[0]["outcome"] in ("stopping", "stopped")
    assert run.rows[1]["outcome"] in ("unknown", "stopping", "stopped")
    assert all(row["changed"] for row in run.rows)
    named = [job["job_id"] for request in real.requests_to("batch-stop") for job in request.json["jobs"]]
    assert named == [RUNNING, OTHER]


# What a server asks to wait for, in simulated time.

LATER = pytest.mark.parametrize("status", [429, 503])
ENDPOINTS = pytest.mark.parametrize("endpoint", ["batch-status", "batch-stop"])


@LATER
@ENDPOINTS
@pytest.mark.parametrize("asked", ["86400", "99999999999999999999", "date"])
def test_a_retry_after_beyond_the_deadline_is_not_slept_for(
    stop: StopModule, clock: ManualClock, status: int, endpoint: str, asked: str
) -> None:
    value = formatdate(clock.time() + 86400, usegmt=True) if asked == "date" else asked
    stop.sim.faults.add(Fault(endpoint, status=status, headers={"Retry-After": value}, nth=None))

    run = stop(RUNNING, wait_timeout=600)

    # Whether a stop has arrived all the same, shows within 20 seconds.
    assert sum(clock.sleeps) == (20 if endpoint == "batch-stop" else 0)
    assert len(run.to(endpoint)) == 1
    assert (run.row["outcome"], run.row["changed"]) == ("failed", False)
    assert f"HTTP {status}" in run.msg


@LATER
@ENDPOINTS
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_both_forms_of_retry_after_are_honoured(
    stop: StopModule, clock: ManualClock, status: int, endpoint: str, form: str
) -> None:
    value = formatdate(clock.time() + 40, usegmt=True) if form == "date" else "40"
    stop.sim.faults.add(Fault(endpoint, status=status, headers={"Retry-After": value}))

    run = stop(RUNNING)

    assert run.outcomes == ["stopped"]
    # A stop that met HTTP 503 may have arrived: the job is looked at five times in 20 seconds of these.
    pauses = 5 if (endpoint, status) == ("batch-stop", 503) else 1
    assert 39 <= sum(clock.sleeps[:pauses]) <= 40  # a date has whole seconds
    assert len(run.to("batch-stop")) == (2 if endpoint == "batch-stop" else 1)


@LATER
@ENDPOINTS
def test_a_date_in_the_past_means_a_pause_of_our_own(
    stop: StopModule, clock: ManualClock, status: int, endpoint: str
) -> None:
    value = formatdate(clock.time() - 86400, usegmt=True)
    stop.sim.faults.add(Fault(endpoint, status=status, headers={"Retry-After": value}))

    run = stop(RUNNING)

    assert run.outcomes == ["stopped"]
    assert 0 <= clock.sleeps[0] <= 30


@pytest.mark.parametrize(
    "value", ["-5", "abc", "", "1.5", "NaN", "\u0661\u0660", "Thu, 99 Foo 2026 25:61:61 GMT", "0x10"]
)
def test_nonsense_in_retry_after_means_a_pause_of_our_own(stop: StopModule, clock: ManualClock, value: str) -> None:
    stop.sim.faults.add(Fault("batch-status", status=429, headers={"Retry-After": value}))

    run = stop(RUNNING)

    assert run.outcomes == ["stopped"]
    assert 0 <= clock.sleeps[0] <= 5


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_simulated_time_ends_at_the_deadline_however_often_the_cloud_says_later(
    stop: StopModule, clock: ManualClock, retries: int
) -> None:
    for endpoint in ("batch-status", "batch-stop"):
        stop.sim.faults.add(Fault(endpoint, status=429, headers={"Retry-After": "7"}, nth=None))
    began = clock.monotonic()

    run = stop(RUNNING, wait_timeout=30, retries=retries)

    assert clock.monotonic() - began <= 30
    assert len(run.requests) <= 1 + retries
    assert run.failed
