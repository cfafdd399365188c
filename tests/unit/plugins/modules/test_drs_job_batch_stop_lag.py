# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job is stopped only if it is known to lag by no more than max_lag, for as long as max_lag_for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    NULL,
    OTHER,
    RUNNING,
    StopModule,
    job_ids,
    module_and_action,
)

pytestmark = module_and_action

# The lag of a job at a time, in seconds since the start of the test.
Course = Callable[[float], float]


class Cloud:
    """A cloud in which lags change while time passes, and a module that stops its jobs."""

    def __init__(self, sim: Simulator, clock: LagClock, as_action: bool) -> None:
        """Start with the jobs of the API page."""
        self.sim = sim
        self.clock = clock
        self.stop = StopModule(sim, clock, as_action)

    def lag(self, job_id: str, course: Course) -> None:
        """Let the lag of a job take this course."""
        start = self.clock.monotonic()

        def update() -> None:
            self.sim.cloud.job(job_id).lag = course(self.clock.monotonic() - start)

        self.clock.on_sleep.append(update)
        update()


class LagClock(ManualClock):
    """A clock that calls functions when time has passed."""

    def __init__(self) -> None:
        """Call nothing yet."""
        super().__init__()
        self.on_sleep: list[Callable[[], None]] = []

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        super().sleep(seconds)
        for function in self.on_sleep:
            function()


@pytest.fixture
def cloud(as_action: bool) -> Iterator[Cloud]:
    """A cloud with the jobs of the API page."""
    clock = LagClock()
    with Simulator(clock=clock) as sim:
        seed_demo(sim.cloud)
        yield Cloud(sim, clock, as_action)


def test_a_job_that_does_not_lag_is_stopped_in_four_steps(cloud: Cloud) -> None:
    cloud.sim.cloud.job(RUNNING).lag = 0.25
    runs = cloud.stop.four_steps(RUNNING, max_lag=1)
    assert [run.outcomes for run in runs] == [["would_stop"], ["stopped"], ["unchanged"], ["unchanged"]]
    assert [run.row["lag"] for run in runs] == [0.25, 0.25, None, None]
    assert [run.failed for run in runs] == [False] * 4
    check, run, *again = runs
    assert len(check.to("batch-progress")) == 1
    # At 0, 10, 20 and 30 seconds; the last one is just before the stop.
    assert len(run.to("batch-progress")) == 4
    assert "batch-progress" not in run.endpoints[run.endpoints.index("batch-stop") :]
    assert run.endpoints[run.endpoints.index("batch-stop") - 1] == "batch-progress"
    assert [len(each.to("batch-progress")) for each in again] == [0, 0]


def test_a_job_that_lags_is_held_in_four_steps_and_the_others_are_stopped(cloud: Cloud) -> None:
    cloud.sim.cloud.job(OTHER).lag = 35.5
    runs = cloud.stop.four_steps(RUNNING, OTHER, max_lag=5)
    assert [run.outcomes for run in runs] == [
        ["would_stop", "held"],
        ["stopped", "held"],
        ["unchanged", "held"],
        ["unchanged", "held"],
    ]
    for run in runs:
        assert run.failed
        assert run.rows[1]["error_msg"] == "its lag of 35.5 s is over 5 s"
        assert (run.rows[1]["lag"], run.rows[1]["changed"]) == (35.5, False)
        assert f"{OTHER} [DRS-3456] (its lag of 35.5 s is over 5 s)" in run.msg
    assert [stopped.job_id for stopped in cloud.sim.cloud.accepted_stops] == [RUNNING]


def test_one_sample_is_enough_with_max_lag_for_zero(cloud: Cloud) -> None:
    run = cloud.stop(RUNNING, max_lag=0, max_lag_for=0)
    assert run.outcomes == ["stopped"]
    assert len(run.to("batch-progress")) == 1


def test_a_sample_beyond_the_limit_holds_the_job_at_once(cloud: Cloud) -> None:
    cloud.lag(RUNNING, lambda seconds: 9.0 if seconds >= 20 else 1.0)
    run = cloud.stop(RUNNING, max_lag=5)
    assert run.outcomes == ["held"]
    assert run.row["lag"] == 9.0
    assert len(run.to("batch-progress")) == 3


def test_with_lag_timeout_a_job_has_time_to_catch_up(cloud: Cloud) -> None:
    # It is within the limit from 40 s on, with one setback at 60 s.
    cloud.lag(RUNNING, lambda seconds: 8.0 if seconds < 40 or seconds == 60 else 2.0)
    start = cloud.clock.monotonic()
    run = cloud.stop(RUNNING, max_lag=5, lag_timeout=600, wait=False)
    assert run.outcomes == ["stopping"]
    assert cloud.clock.monotonic() - start == 100


def test_after_lag_timeout_a_job_that_lags_is_held(cloud: Cloud) -> None:
    cloud.lag(RUNNING, lambda _seconds: 8.0)
    start = cloud.clock.monotonic()
    run = cloud.stop(RUNNING, max_lag=5, lag_timeout=60)
    assert run.outcomes == ["held"]
    assert run.row["error_msg"] == "its lag of 8 s is over 5 s (within 60 s)"
    assert cloud.clock.monotonic() - start == 60


def test_jobs_that_are_ready_have_to_stay_so_while_others_catch_up(cloud: Cloud) -> None:
    cloud.lag(RUNNING, lambda seconds: 8.0 if seconds >= 50 else 0.0)
    cloud.lag(OTHER, lambda seconds: 8.0 if seconds < 20 else 0.0)
    run = cloud.stop(RUNNING, OTHER, max_lag=5, lag_timeout=45)
    assert run.outcomes == ["held", "stopped"]


@pytest.mark.parametrize(
    "change",
    [
        {"lag": None},
        {"status": "FULL_TRANSFER_STARTED"},
        {"status": "PAUSING"},
        {"status": "INCRE_TRANSFER_FAILED"},
        {"status": "SOMETHING_NEW"},
        {"task_type": "FULL_TRANS"},
    ],
)
def test_an_unknown_lag_holds_the_job(cloud: Cloud, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(cloud.sim.cloud.job(RUNNING), name, value)
    run = cloud.stop(RUNNING, max_lag=3600)
    assert run.outcomes == ["held"]
    assert run.row["lag"] is None
    assert run.row["error_msg"].startswith("its lag is not known: ")
    assert not cloud.sim.cloud.accepted_stops


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 403, "body": {"error_code": "DRS.M00102", "error_msg": "No permission"}},
        {"status": 404, "body": {"error_code": "DRS.M00289", "error_msg": "No such job"}},
        {"status": 429},
        {"status": 500},
        {"kind": "reset"},
        {"status": 200, "body": {"results": []}},
        {"status": 200, "body": {"results": [{"job_id": RUNNING, "incre_trans_delay": "0"}]}},
    ],
)
def test_a_lag_that_cannot_be_read_holds_the_job(cloud: Cloud, fault: dict[str, Any]) -> None:
    cloud.sim.faults.add(Fault("batch-progress", nth=None, **fault))
    run = cloud.stop(RUNNING, max_lag=3600, retries=1)
    assert run.outcomes == ["held"]
    assert not cloud.sim.cloud.accepted_stops


def test_a_job_whose_type_cannot_be_read_is_held(cloud: Cloud) -> None:
    cloud.sim.faults.add(Fault("batch-detail", nth=None, status=403))
    run = cloud.stop(RUNNING, max_lag=5)
    assert run.outcomes == ["held"]
    assert run.row["error_msg"] == "its lag is not known: its type is not known"


@pytest.mark.parametrize("generations", [("v3",), ("v5",)])
def test_either_version_of_the_api_will_do(cloud: Cloud, generations: tuple[str, ...]) -> None:
    cloud.sim.cloud.configure(generations=generations)
    cloud.sim.cloud.job(OTHER).lag = 7.0
    assert cloud.stop(RUNNING, OTHER, max_lag=5, max_lag_for=0).outcomes == ["stopped", "held"]


@pytest.mark.parametrize(
    ("rpo", "rto", "outcome"),
    [(1.0, 2.0, "stopped"), (6.0, 0.0, "held"), (0.0, 6.0, "held"), (None, 0.0, "held"), (0.0, None, "held")],
)
def test_of_a_disaster_recovery_job_rpo_and_rto_count(
    cloud: Cloud, rpo: float | None, rto: float | None, outcome: str
) -> None:
    cloud.sim.cloud.add_job("dr-job", job_type="cloudDataGuard", rpo=rpo, rto=rto)
    assert cloud.stop("dr-job", max_lag=5, max_lag_for=0).outcomes == [outcome]


def test_a_batch_that_leaves_late_is_sampled_again(cloud: Cloud) -> None:
    # The first batch is rejected for a while, and the second waits for it.
    ids = job_ids(2)
    for job_id in ids:
        cloud.sim.cloud.add_job(job_id)
    cloud.sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "40"}))
    cloud.lag(ids[1], lambda seconds: 0.0 if seconds < 40 else 50.0)
    run = cloud.stop(*ids, max_lag=5, max_lag_for=0, batch_size=1, concurrency=1)
    assert run.outcomes == ["stopped", "held"]
    assert run.rows[1]["lag"] == 50.0
    assert [stopped.job_id for stopped in cloud.sim.cloud.accepted_stops] == [ids[0]]
    assert run.counts() == {"stopped": 1, "held": 1}


def test_all_or_none_holds_all_if_one_lags(cloud: Cloud) -> None:
    cloud.sim.cloud.job(OTHER).lag = 7.0
    for check in (True, False):
        run = cloud.stop(RUNNING, OTHER, max_lag=5, max_lag_for=0, all_or_none=True, check=check)
        assert run.outcomes == ["held", "held"]
        assert run.rows[0]["error_msg"].startswith("all_or_none: nothing is stopped")
    assert not cloud.sim.cloud.accepted_stops


def test_with_all_or_none_nobody_waits_for_a_lag_if_another_job_is_missing(cloud: Cloud) -> None:
    cloud.sim.cloud.job(RUNNING).lag = 60.0
    run = cloud.stop(RUNNING, MISSING, max_lag=5, lag_timeout=3600, all_or_none=True)
    assert run.outcomes == ["held", "failed"]
    assert run.to("batch-progress") == []
    assert cloud.clock.sleeps == []


def test_missing_stopped_and_misnamed_jobs_need_no_lag(cloud: Cloud) -> None:
    cloud.sim.cloud.job(OTHER).status = "RELEASE_RESOURCE_COMPLETE"
    run = cloud.stop(MISSING, OTHER, {"job_id": RUNNING, "name": "x"}, max_lag=0)
    assert run.outcomes == ["failed", "unchanged", "held"]
    assert run.to("batch-progress") == []


@pytest.mark.parametrize("ended", ["RELEASE_RESOURCE_STARTED", "RELEASE_RESOURCE_COMPLETE"])
@pytest.mark.parametrize("after", [10, 60])
def test_a_job_that_somebody_else_stops_meanwhile_is_unchanged_and_gets_no_stop(
    cloud: Cloud, ended: str, after: float
) -> None:
    # While it is watched, or after that, while it waits for the batch before.
    start = cloud.clock.monotonic()

    def stop_it() -> None:
        if cloud.clock.monotonic() - start >= after and cloud.sim.cloud.job(OTHER).status == "INCRE_TRANSFER_STARTED":
            cloud.sim.cloud.job(OTHER).status = ended

    cloud.clock.on_sleep.append(stop_it)
    cloud.sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "40"}))
    run = cloud.stop(RUNNING, OTHER, max_lag=5, batch_size=1, concurrency=1)
    assert run.outcomes == ["stopped", "unchanged"]
    assert run.rows[1]["status_before"] == ended
    assert {job["job_id"] for request in run.to("batch-stop") for job in request.json["jobs"]} == {RUNNING}


def test_the_status_counts_as_much_as_the_progress(cloud: Cloud) -> None:
    # The progress still shows the phase before.
    good = {"transfer_status": "INCRE_TRANSFER_STARTED", "task_mode": "INCR_TRANS", "incre_trans_delay": "0"}
    body = {"count": 1, "results": [{"job_id": RUNNING, **good}]}
    cloud.sim.faults.add(Fault("batch-progress", nth=None, status=200, body=body))
    start = cloud.clock.monotonic()

    def pause_it() -> None:
        if cloud.clock.monotonic() - start >= 20:
            cloud.sim.cloud.job(RUNNING).status = "PAUSING"

    cloud.clock.on_sleep.append(pause_it)
    run = cloud.stop(RUNNING, max_lag=5)
    assert run.outcomes == ["held"]
    assert "the status is PAUSING" in run.row["error_msg"]


def test_the_end_of_the_task_holds_what_was_still_watched(cloud: Cloud) -> None:
    cloud.lag(RUNNING, lambda _seconds: 8.0)
    run = cloud.stop(RUNNING, max_lag=5, lag_timeout=3600, wait_timeout=100)
    assert run.outcomes == ["held"]
    assert run.row["error_msg"] == "its lag could not be watched for long enough: time was over"
    assert not cloud.sim.cloud.accepted_stops


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_lag_for": 10}, "max_lag_for without max_lag"),
        ({"lag_timeout": 10}, "lag_timeout without max_lag"),
        ({"max_lag": -1}, "max_lag must be a number of seconds, from 0 to 86400; it is negative: -1"),
        ({"max_lag": 1, "max_lag_for": -1}, "max_lag_for must be"),
        ({"max_lag": 1, "lag_timeout": -1}, "lag_timeout must be"),
        ({"max_lag": "5s"}, "max_lag must be"),
        ({"max_lag": NULL}, "max_lag is null"),
        ({"max_lag": 1, "lag_timeout": NULL}, "lag_timeout is null"),
    ],
)
def test_what_cannot_be_meant_is_an_error_before_any_request(
    cloud: Cloud, options: dict[str, Any], message: str
) -> None:
    run = cloud.stop(RUNNING, **options)
    assert run.failed
    assert message in run.msg
    assert run.requests == []


def test_without_max_lag_nothing_of_it_is_read(cloud: Cloud) -> None:
    cloud.sim.cloud.job(RUNNING).lag = 3600.0
    run = cloud.stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert run.row["lag"] is None
    assert set(run.endpoints) == {"batch-status", "batch-stop"}
