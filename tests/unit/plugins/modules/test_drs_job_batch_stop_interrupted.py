# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible ends a task, by its keyword timeout: nothing is sent afterwards by what was still under way."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule


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
        with pytest.raises(TimeIsOverError):
            stop(RUNNING)
        assert clock.sleeper in sys._current_frames()
        clock.has_ended.set()
        # Python takes a thread for stopped when somebody was interrupted who waited for it, so nobody can join it.
        patience = time.monotonic() + 30
        while clock.sleeper in sys._current_frames() and time.monotonic() < patience:
            time.sleep(0.01)
        assert clock.sleeper not in sys._current_frames()
        assert [request.endpoint for request in sim.requests] == ["batch-status", "batch-stop"]
        assert not sim.cloud.accepted_stops
