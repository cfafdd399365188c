# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for jobs to stop: when to look, at which, and when to end. Each look is told beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.waiter import wait_until_stopped
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.pending_stops import PendingStops
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock

RUNNING = "INCRE_TRANSFER_STARTED"
STARTED = "RELEASE_RESOURCE_STARTED"
COMPLETE = "RELEASE_RESOURCE_COMPLETE"
FAILED = "RELEASE_RESOURCE_FAILED"
UNREAD = Observation(reason=JobError(None, "No."))
DEAD = Observation(reason=JobError("APIGW.0307", "Expired."), unrecoverable=True)


class Wait:
    """One wait: what the cloud is to show, look by look and the last one for ever, and what came of it."""

    def __init__(
        self,
        shown: Mapping[str, list[str | Observation]],
        before: str = RUNNING,
        interval: float = 10,
        seconds: float = 100,
        look_seconds: float = 0,
    ) -> None:
        """Wait. Each look takes ``look_seconds``."""
        self.clock = ManualClock()
        self.asked: list[list[str]] = []
        self.begun: list[float] = []
        self._look_seconds = look_seconds
        self._shown = shown
        stops = PendingStops(dict.fromkeys(shown, before))
        deadline = Deadline(self.clock, seconds)
        self.reported: list[tuple[float, int]] = []
        wait_until_stopped(stops, self._observe, self._report, interval=interval, clock=self.clock, deadline=deadline)
        self.last, self.pending, self.lost = stops.last, set(stops.pending), stops.error

    def _observe(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        self.asked.append(list(job_ids))
        self.begun.append(self.clock.monotonic())
        self.clock.advance(self._look_seconds)
        looks = {}
        for job_id in job_ids:
            look = self._shown[job_id][min(len(self.asked), len(self._shown[job_id])) - 1]
            looks[job_id] = Observation(status=look) if isinstance(look, str) else look
        return looks

    def _report(self, looks: Mapping[str, Observation]) -> None:
        self.reported.append((self.clock.monotonic(), len(looks)))

    @property
    def statuses(self) -> dict[str, str | None]:
        """The last status of each job."""
        return {job_id: look.status for job_id, look in self.last.items()}


def test_nothing_to_wait_for_takes_no_time() -> None:
    wait = Wait({})
    assert (wait.asked, wait.clock.sleeps, wait.last, wait.pending) == ([], [], {}, set())


def test_each_look_asks_for_those_that_are_pending() -> None:
    wait = Wait({"a": [COMPLETE], "b": [STARTED, COMPLETE], "c": [RUNNING, STARTED, COMPLETE]})
    assert wait.asked == [["a", "b", "c"], ["b", "c"], ["c"]]
    assert wait.statuses == dict.fromkeys("abc", COMPLETE)
    assert wait.pending == set()
    assert wait.clock.sleeps == [10, 10, 10]


@pytest.mark.parametrize("end", [COMPLETE, "RELEASE_CHILD_TRANSFER_COMPLETE", "DELETED", "CREATE_FAILED", FAILED])
def test_every_end_ends_the_wait(end: str) -> None:
    wait = Wait({"a": [end]})
    assert (wait.statuses, wait.pending, len(wait.asked)) == ({"a": end}, set(), 1)


def test_an_entry_that_is_gone_has_been_deleted() -> None:
    wait = Wait({"a": [Observation(missing=True)]})
    assert (wait.statuses, wait.pending) == ({"a": "DELETED"}, set())


def test_an_earlier_failure_does_not_count_until_something_else_was_seen() -> None:
    wait = Wait({"a": [FAILED, FAILED, STARTED, FAILED]}, before=FAILED)
    assert (len(wait.asked), wait.pending) == (4, set())


@pytest.mark.parametrize("status", ["START_JOB_FAILED", "INCRE_TRANSFER_FAILED", "SOMETHING_NEW"])
def test_no_other_status_ends_the_wait(status: str) -> None:
    wait = Wait({"a": [status, status, COMPLETE]})
    assert len(wait.asked) == 3


def test_a_look_that_gives_nothing_keeps_the_last_status() -> None:
    wait = Wait({"a": [STARTED, UNREAD]}, seconds=35)
    assert (wait.statuses, wait.pending, wait.lost) == ({"a": STARTED}, {"a"}, None)


def test_a_credential_that_is_dead_ends_the_wait() -> None:
    wait = Wait({"a": [STARTED, DEAD], "b": [COMPLETE]})
    assert (wait.statuses, wait.pending, wait.lost) == ({"a": STARTED, "b": COMPLETE}, {"a"}, DEAD.reason)
    assert len(wait.asked) == 2


@pytest.mark.parametrize(
    ("interval", "seconds", "sleeps"),
    [
        (10, 25, [10, 10, 4]),
        (10, 20.5, [10, 10]),
        (10, 19.5, [10, 8.5]),
        (60, 30, [10, 10, 9]),
        (60, 0.5, []),
        (0.25, 1, [0.25, 0.25, 0.25]),
        (10, 0, []),
    ],
)
def test_the_last_look_comes_a_moment_before_time_is_over(interval: float, seconds: float, sleeps: list[float]) -> None:
    wait = Wait({"a": [STARTED]}, interval=interval, seconds=seconds)
    assert wait.clock.sleeps == pytest.approx(sleeps)
    assert wait.pending == {"a"}
    assert wait.clock.monotonic() <= seconds


def test_an_interval_of_zero_still_pauses() -> None:
    wait = Wait({"a": [STARTED, COMPLETE]}, interval=0)
    assert all(pause > 0 for pause in wait.clock.sleeps)


@pytest.mark.parametrize(
    ("look_seconds", "begun"),
    [
        (0, [10, 20, 30, 40, 50, 59]),
        (3, [10, 20, 30, 40, 50, 59]),
        # A look that takes longer makes the next one wait: no two are under way at once.
        (9.97, [10, 30, 50]),
        (12, [10, 30, 50]),
        (25, [10, 40]),
    ],
)
def test_a_look_begins_on_time_however_long_the_last_one_took(look_seconds: float, begun: list[float]) -> None:
    wait = Wait({"a": [STARTED]}, interval=10, seconds=60, look_seconds=look_seconds)
    assert wait.begun == pytest.approx(begun)


@pytest.mark.parametrize("interval", [0.1, 0.3, 0.7])
def test_no_look_is_taken_twice_for_the_sake_of_a_rounding_error(interval: float) -> None:
    wait = Wait({"a": [STARTED]}, interval=interval, seconds=50)
    assert wait.clock.sleeps[:-1] == pytest.approx([interval] * (len(wait.clock.sleeps) - 1))


def test_each_look_is_reported_and_the_last_one_every_ten_seconds_besides() -> None:
    wait = Wait({"a": [STARTED, COMPLETE]}, interval=25, seconds=1000)
    start = wait.reported[0][0]
    assert [(at - start, looks) for at, looks in wait.reported] == [
        *((0, 0), (10, 0), (20, 0)),
        *((25, 1), (35, 1), (45, 1)),
        (50, 1),
    ]
