# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task ends before its time: nothing is sent afterwards by what was still under way, and what is known is told."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING, StopModule, module_and_action

pytestmark = module_and_action


class TimeIsOverError(BaseException):
    """What Ansible raises in the thread that waits."""


class Interrupter(ManualClock):
    """A clock with which a request that pauses before its next attempt has the task ended meanwhile."""

    def __init__(self) -> None:
        """Interrupt once."""
        super().__init__()
        self.has_ended = threading.Event()
        self.sleeper: int | None = None

    def sleep(self, seconds: float) -> None:
        """Have the main thread interrupted, and go on when the task has ended."""
        if not self.has_ended.is_set():
            assert threading.current_thread() is not threading.main_thread()
            self.sleeper = threading.get_ident()
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)
            assert self.has_ended.wait(30)
        super().sleep(seconds)


@pytest.fixture
def alarm() -> Iterator[None]:
    """A signal that raises, as that of the keyword timeout does."""

    def ring(_number: int, _frame: object) -> None:
        raise TimeIsOverError

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("alarm")
def test_a_stop_that_waits_for_its_next_attempt_is_not_sent_any_more(as_action: bool) -> None:
    clock = Interrupter()
    with Simulator(clock=clock) as sim:
        seed_demo(sim.cloud)
        throttled = {"error_code": "APIGW.0308", "error_msg": "Too many."}
        sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "30"}, body=throttled))
        stop = StopModule(sim, clock, as_action)
        run = stop(RUNNING)
        assert run.failed
        assert run.msg.endswith(". Ansible ended the task")
        assert run.counts() == {"failed": 1}
        assert clock.sleeper in sys._current_frames()
        clock.has_ended.set()
        # Python takes a thread for stopped when somebody was interrupted who waited for it, so nobody can join it.
        timeout = time.monotonic() + 30
        while clock.sleeper in sys._current_frames() and time.monotonic() < timeout:
            time.sleep(0.01)
        assert clock.sleeper not in sys._current_frames()
        assert [request.endpoint for request in sim.requests] == ["batch-status", "batch-stop"]
        assert not sim.cloud.accepted_stops


@pytest.mark.usefixtures("alarm")
def test_an_end_while_only_names_are_read_fails_nothing(sim: Simulator, stop: StopModule) -> None:
    sim.cloud.job(RUNNING).status = "RELEASE_RESOURCE_COMPLETE"
    sim.faults.add(Fault("batch-detail", kind="stall"))

    def ring() -> None:
        while not sim.requests_to("batch-detail"):
            time.sleep(0.01)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)

    threading.Thread(target=ring, daemon=True).start()
    run = stop(RUNNING)
    assert not run.failed
    assert (run.outcomes, run.row["name"]) == (["unchanged"], None)


class BrokenClock(ManualClock):
    """A clock that breaks at a certain pause, as nobody foresaw."""

    def __init__(self, pauses: int) -> None:
        """Work for so many pauses."""
        super().__init__()
        self._left = pauses

    def sleep(self, seconds: float) -> None:
        """Break, or sleep."""
        if self._left == 0:
            raise KeyError("a secret")
        self._left -= 1
        super().sleep(seconds)


@pytest.mark.parametrize(
    ("fault", "pauses", "outcomes"),
    [
        # While it waits for the ends.
        (None, 0, [("stopping", True), ("stopping", True)]),
        (None, 1, [("stopping", True), ("stopping", True)]),
        # While a thread pauses before the batch is sent again: the other batch is stopped, and waited for no more. That
        # a batch is rejected does not prove that none of its jobs was stopped, and the fault leaves no time to look.
        (Fault("batch-stop", status=429), 0, [("unknown", True), ("stopping", True)]),
        # While it looks at a stop in doubt.
        (Fault("batch-stop", kind="reset"), 0, [("unknown", True), ("stopping", True)]),
    ],
)
def test_a_fault_of_our_own_takes_no_row_with_it(
    as_action: bool, fault: Fault | None, pauses: int, outcomes: list[tuple[str, bool]]
) -> None:
    clock = BrokenClock(pauses)
    with Simulator(clock=clock) as sim:
        seed_demo(sim.cloud)
        for job_id in (RUNNING, OTHER):
            sim.cloud.job(job_id).release_seconds = 3600
        sim.cloud.job(OTHER).status = "INCRE_TRANSFER_STARTED"
        if fault is not None:
            sim.faults.add(fault)

        run = StopModule(sim, clock, as_action)(RUNNING, OTHER, batch_size=1, concurrency=1)

        assert [(row["outcome"], row["changed"]) for row in run.rows] == outcomes
        assert run.failed
        assert run.changed
        assert "an unforeseen KeyError in" in run.msg
        assert "a secret" not in run.stdout
