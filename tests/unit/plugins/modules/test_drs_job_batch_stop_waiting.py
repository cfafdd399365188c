# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How drs_job_batch_stop waits, what its one deadline covers, and what it does when requests go wrong."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    ReportedJob,
    StopModule,
    job_ids,
)

BEFORE = "INCRE_TRANSFER_STARTED"
STARTED = "RELEASE_RESOURCE_STARTED"
COMPLETE = "RELEASE_RESOURCE_COMPLETE"


@pytest.mark.parametrize("timeout", [0.5, 7, 45, 1800])
def test_a_job_that_never_ends_fails_the_task_in_time(stop: StopModule, sim: Simulator, timeout: float) -> None:
    sim.cloud.release_seconds = 1e9
    run = stop(RUNNING, wait_timeout=timeout)
    assert run.failed
    assert run.changed
    assert run.counts() == {"stopping": 1}
    assert stop.clock.monotonic() <= timeout
    for said in (RUNNING, f"{timeout:g} seconds", run.row["status"]):
        assert said in run.msg


def test_the_wait_uses_the_time_it_has(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.release_seconds = 1e9
    stop(RUNNING, wait_timeout=95, wait_interval=10)
    assert stop.clock.monotonic() >= 90


def test_a_job_that_ends_just_in_time_is_seen_to(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.release_seconds = 90
    assert stop(RUNNING, wait_timeout=95, wait_interval=60).outcomes == ["stopped"]


def test_only_the_late_jobs_are_named(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.job(OTHER).release_seconds = 1e9
    run = stop(RUNNING, OTHER, MISSING, wait_timeout=60)
    assert run.outcomes == ["stopped", "stopping", "failed"]
    assert "1 of 3 DRS jobs failed" in run.msg
    assert f"1 of 3 DRS jobs did not stop within 60 seconds: {OTHER} [DRS-3456] (last status {STARTED})" in run.msg
    assert RUNNING not in run.msg


def test_many_late_jobs_are_counted_and_the_first_few_named(stop: StopModule, sim: Simulator) -> None:
    jobs = job_ids(12)
    for job_id in jobs:
        sim.cloud.add_job(job_id, release_seconds=1e9)
    run = stop(*jobs, wait_timeout=30)
    assert "12 of 12 DRS jobs did not stop" in run.msg
    assert jobs[0] in run.msg
    assert jobs[11] not in run.msg
    assert "and 7 more" in run.msg


def test_no_time_at_all_sends_nothing(stop: StopModule, sim: Simulator) -> None:
    run = stop(RUNNING, wait_timeout=0)
    assert run.failed
    assert not run.changed
    assert run.counts() == {"failed": 1}
    assert run.requests == []
    assert not sim.cloud.accepted_stops


def test_the_interval_is_kept(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.release_seconds = 10
    run = stop(RUNNING, wait_interval=2.5)
    assert run.outcomes == ["stopped"]
    assert stop.clock.sleeps == [2.5] * 4
    assert len(run.to("batch-status")) == 5


def test_a_thousand_jobs_that_are_stopping_cost_ten_reads_a_tick(stop: StopModule, sim: Simulator) -> None:
    jobs = job_ids(1000)
    for job_id in jobs:
        sim.cloud.add_job(job_id, release_seconds=25)
    run = stop(*jobs, wait_interval=10)
    assert run.counts() == {"stopped": 1000}
    assert stop.clock.sleeps == [10, 10, 10]
    assert [len(run.to(call)) for call in ("batch-status", "batch-stop")] == [10 + 3 * 10, 100]


def test_an_interval_of_zero_is_no_loop_without_a_pause(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.release_seconds = 1
    run = stop(RUNNING, wait_interval=0)
    assert run.outcomes == ["stopped"]
    assert len(run.to("batch-status")) < 20


def test_an_entry_that_is_deleted_while_it_stops_has_stopped(stop: StopModule, sim: Simulator) -> None:
    gone = {"results": [{"id": RUNNING, "error_code": "DRS.M00289", "error_message": "Gone."}], "count": 1}
    for nth in (2, 3):
        sim.faults.add(Fault("batch-status", status=200, body=gone, nth=nth))
    assert stop(RUNNING).job == ReportedJob(changed=True, outcome="stopped", status_before=BEFORE, status="DELETED")


@pytest.mark.parametrize("ends_in", [COMPLETE, "RELEASE_RESOURCE_FAILED"])
def test_one_look_that_shows_no_such_job_is_no_end(stop: StopModule, sim: Simulator, ends_in: str) -> None:
    sim.cloud.job(RUNNING).ends_in = ends_in
    gone = {"results": [{"id": RUNNING, "error_code": "DRS.M00289", "error_message": "Gone."}], "count": 1}
    sim.faults.add(Fault("batch-status", status=200, body=gone, nth=2))
    outcome = "stopped" if ends_in == COMPLETE else "failed"
    assert stop(RUNNING).job == ReportedJob(changed=True, outcome=outcome, status_before=BEFORE, status=ends_in)


def test_a_status_that_lags_behind_does_not_deceive(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(status_lag=20.0, release_seconds=15.0)
    run = stop(RUNNING)
    assert run.job == ReportedJob(changed=True, outcome="stopped", status_before=BEFORE, status=COMPLETE)
    assert len(run.to("batch-stop")) == 1


@pytest.mark.parametrize("before", ["START_JOB_FAILED", "INCRE_TRANSFER_FAILED", "SOMETHING_NEW"])
def test_the_failure_of_a_job_from_before_is_no_failed_stop(stop: StopModule, sim: Simulator, before: str) -> None:
    sim.cloud.configure(status_lag=20.0)
    sim.cloud.job(RUNNING).status = before
    assert stop(RUNNING).job == ReportedJob(changed=True, outcome="stopped", status_before=before, status=COMPLETE)


def test_a_status_that_cannot_be_read_while_waiting_ends_no_wait(stop: StopModule, sim: Simulator) -> None:
    for nth in range(2, 30):
        sim.faults.add(Fault("batch-status", status=500, nth=nth))
    assert stop(RUNNING).outcomes == ["stopped"]


def test_a_job_whose_status_cannot_be_read_at_first_gets_no_stop(stop: StopModule, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-status", status=500, nth=None, body={"error_code": "DRS.M00004", "error_msg": "No."}))
    run = stop(RUNNING)
    assert run.job == ReportedJob(
        changed=False, outcome="failed", status_before=None, status=None, error_code="DRS.M00004"
    )
    assert len(run.requests) == 6
    assert not run.to("batch-stop")


def test_a_throttled_stop_is_sent_again(stop: StopModule, sim: Simulator) -> None:
    throttled = {"error_code": "APIGW.0308", "error_msg": "Too many."}
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "30"}, body=throttled))
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert stop.clock.sleeps[0] == 30
    assert [request.status for request in run.to("batch-stop")] == [429, 200]


def test_a_wait_that_the_cloud_asks_for_beyond_the_deadline_is_not_begun(stop: StopModule, sim: Simulator) -> None:
    throttled = {"error_code": "APIGW.0308", "error_msg": "Too many."}
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "3600"}, body=throttled))
    run = stop(RUNNING, wait_timeout=60)
    assert run.job == ReportedJob(
        changed=False, outcome="failed", status_before=BEFORE, status=BEFORE, error_code="APIGW.0308"
    )
    assert stop.clock.monotonic() <= 60


@pytest.mark.parametrize(
    "fault",
    [
        Fault("batch-stop", kind="reset"),
        Fault("batch-stop", kind="truncate"),
        Fault("batch-stop", kind="html"),
        Fault("batch-stop", status=500),
        Fault("batch-stop", status=502),
        Fault("batch-stop", status=504, body={"error_code": "APIGW.0203", "error_msg": "Backend timeout."}),
        Fault("batch-stop", status=302, headers={"Location": "https://login.example.com/"}),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
@pytest.mark.parametrize("after", [False, True], ids=["before the work", "after the work"])
def test_a_stop_in_doubt_is_looked_up_and_never_taken_twice(
    stop: StopModule, sim: Simulator, fault: Fault, after: bool
) -> None:
    sim.faults.add(
        Fault(fault.endpoint, status=fault.status, kind=fault.kind, body=fault.body, headers=fault.headers, after=after)
    )
    run = stop(RUNNING)
    assert run.job == ReportedJob(changed=True, outcome="stopped", status_before=BEFORE, status=COMPLETE)
    assert [each.job_id for each in sim.cloud.accepted_stops] == [RUNNING]
    assert run.endpoints[:3] == ["batch-status", "batch-stop", "batch-status"]
    assert len(run.to("batch-stop")) == (1 if after else 2)


def test_a_server_that_never_answers_a_stop_is_left_in_time(stop: StopModule, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-stop", kind="stall", after=True))
    run = stop(RUNNING, timeout=0.2)
    assert run.job == ReportedJob(changed=True, outcome="stopped", status_before=BEFORE, status=COMPLETE)
    assert len(run.to("batch-stop")) == 1


def test_a_stop_that_never_arrives_is_given_up(stop: StopModule, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-stop", kind="reset", nth=None))
    run = stop(RUNNING)
    assert run.job == ReportedJob(changed=False, outcome="failed", status_before=BEFORE, status=BEFORE)
    assert len(run.to("batch-stop")) == 3
    assert "connection broke" in run.msg


def test_one_failing_batch_keeps_no_other_from_being_stopped(stop: StopModule, sim: Simulator) -> None:
    jobs = job_ids(30)
    for number, job_id in enumerate(jobs):
        sim.cloud.add_job(job_id, poison=number == 15)
    run = stop(*jobs)
    assert run.rows[15]["outcome"] == "failed"
    assert run.outcomes[:10] + run.outcomes[20:] == ["stopped"] * 20
    assert run.failed
    assert run.changed


def test_a_refused_connection_is_called_so(stop: StopModule) -> None:
    assert "the connection was refused" in stop(RUNNING, endpoint="http://127.0.0.1:1", retries=0).msg
