# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every outcome of the contract, through the front door, in four steps: check, run, check again, run again."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    ReportedJob,
    StopModule,
    module_and_action,
)

pytestmark = module_and_action

BEFORE = "INCRE_TRANSFER_STARTED"
STARTED = "RELEASE_RESOURCE_STARTED"
COMPLETE = "RELEASE_RESOURCE_COMPLETE"
STOP_FAILED = "RELEASE_RESOURCE_FAILED"

STOPPED_STATUSES = [COMPLETE, "RELEASE_CHILD_TRANSFER_COMPLETE", "DELETED", "CREATE_FAILED"]
STOPPING_STATUSES = [STARTED, "RELEASE_CHILD_TRANSFER_STARTED"]

# What is asked of jobs that get no stop: their statuses, and then their names.
READS = ["batch-status", "batch-detail"]


def test_a_running_job_is_stopped_and_its_end_is_seen(stop: StopModule, sim: Simulator) -> None:
    check, run, check_again, run_again = stop.four_steps(RUNNING)

    assert check.job == ReportedJob(changed=True, outcome="would_stop", status_before=BEFORE, status=BEFORE)
    assert check.endpoints == READS
    assert check.counts() == {"would_stop": 1}
    assert run.job == ReportedJob(changed=True, outcome="stopped", status_before=BEFORE, status=COMPLETE)
    assert run.endpoints == ["batch-status", "batch-stop", "batch-status"]
    assert run.counts() == {"stopped": 1}
    assert run.row["name"] == "DRS-1234"
    for again in (check_again, run_again):
        assert again.job == ReportedJob(changed=False, outcome="unchanged", status_before=COMPLETE, status=COMPLETE)
        assert again.endpoints == READS
        assert again.counts() == {"unchanged": 1}
    assert not any(step.failed for step in (check, run, check_again, run_again))
    assert [each.job_id for each in sim.cloud.accepted_stops] == [RUNNING]


def test_a_result_without_problems_has_no_message_and_no_error(stop: StopModule) -> None:
    run = stop(RUNNING)
    assert "msg" not in run.result
    assert {run.row[name] for name in ("error_code", "error_msg", "request_id")} == {None}
    # ansible-core 2.21 leaves out how a module that succeeds was called.
    assert set(run.result) - {"invocation"} == {"changed", "jobs", "summary"}
    assert list(run.row) == (
        "job_id name is_force_stop changed outcome status_before status error_code error_msg request_id lag".split()
    )


def test_a_stop_that_nobody_waits_for_is_stopping(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.release_seconds = 3600
    check, run, check_again, run_again = stop.four_steps(RUNNING, wait=False)

    assert check.job == ReportedJob(changed=True, outcome="would_stop", status_before=BEFORE, status=BEFORE)
    assert run.job == ReportedJob(changed=True, outcome="stopping", status_before=BEFORE, status=BEFORE)
    assert run.endpoints == ["batch-status", "batch-stop"]
    assert run.counts() == {"stopping": 1}
    for again in (check_again, run_again):
        assert again.job == ReportedJob(changed=False, outcome="unchanged", status_before=STARTED, status=STARTED)
        assert again.endpoints == READS
    assert not any(step.failed for step in (check, run, check_again, run_again))


def test_a_stop_whose_end_does_not_come_in_time_is_stopping_and_fails(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.release_seconds = 100_000
    check, run, check_again, run_again = stop.four_steps(RUNNING, wait_timeout=60)

    assert check.job == ReportedJob(changed=True, outcome="would_stop", status_before=BEFORE, status=BEFORE)
    assert run.job == ReportedJob(changed=True, outcome="stopping", status_before=BEFORE, status=STARTED)
    assert run.failed
    assert check_again.job == ReportedJob(changed=False, outcome="unchanged", status_before=STARTED, status=STARTED)
    assert not check_again.failed
    assert run_again.job == ReportedJob(changed=False, outcome="unchanged", status_before=STARTED, status=STARTED)
    assert run_again.failed
    assert not run_again.to("batch-stop")
    for late in (run, run_again):
        assert (
            late.msg == f"1 of 1 DRS job did not stop within 60 seconds: {RUNNING} [DRS-1234] (last status {STARTED})"
        )


@pytest.mark.parametrize("status", STOPPED_STATUSES)
def test_a_job_that_has_stopped_before_is_unchanged(stop: StopModule, sim: Simulator, status: str) -> None:
    sim.cloud.job(RUNNING).status = status
    for step in stop.four_steps(RUNNING):
        assert step.job == ReportedJob(changed=False, outcome="unchanged", status_before=status, status=status)
        assert step.endpoints == READS
        assert step.counts() == {"unchanged": 1}
        assert not step.failed


@pytest.mark.parametrize(("status", "end"), [(STARTED, COMPLETE), (STOPPING_STATUSES[1], STOPPED_STATUSES[1])])
def test_a_job_that_is_stopping_is_unchanged_and_its_end_is_waited_for(
    stop: StopModule, sim: Simulator, status: str, end: str
) -> None:
    sim.cloud.job(RUNNING).release_seconds = 15
    sim.cloud.job(RUNNING).status = status
    check, run, check_again, run_again = stop.four_steps(RUNNING)

    assert check.job == ReportedJob(changed=False, outcome="unchanged", status_before=status, status=status)
    assert check.endpoints == READS
    assert run.job == ReportedJob(changed=False, outcome="unchanged", status_before=status, status=end)
    assert run.endpoints == ["batch-status"] * 3 + ["batch-detail"]
    for again in (check_again, run_again):
        assert again.job == ReportedJob(changed=False, outcome="unchanged", status_before=end, status=end)
    assert not run.failed


@pytest.mark.parametrize("status", STOPPING_STATUSES)
def test_without_wait_the_end_of_a_stopping_job_is_not_waited_for(
    stop: StopModule, sim: Simulator, status: str
) -> None:
    sim.cloud.release_seconds = 3600
    sim.cloud.job(RUNNING).status = status
    for step in stop.four_steps(RUNNING, wait=False):
        assert step.job == ReportedJob(changed=False, outcome="unchanged", status_before=status, status=status)
        assert step.endpoints == READS


def test_a_job_that_does_not_exist_is_failed_and_no_stop_is_sent_for_it(stop: StopModule) -> None:
    for step in stop.four_steps(MISSING):
        assert step.job == ReportedJob(
            changed=False, outcome="failed", status_before=None, status=None, error_code="DRS.M00289"
        )
        assert step.failed
        assert step.counts() == {"failed": 1}
        assert step.endpoints == ["batch-status"]
        assert MISSING in step.msg
        assert "DRS.M00289" in step.msg


def test_a_refused_stop_is_failed_with_the_words_of_the_cloud(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.job(RUNNING).stop_error = ("DRS.M00308", "Only a parent task may.")
    check, run, check_again, run_again = stop.four_steps(RUNNING)

    for promise in (check, check_again):
        assert promise.job == ReportedJob(changed=True, outcome="would_stop", status_before=BEFORE, status=BEFORE)
    for refused in (run, run_again):
        assert refused.job == ReportedJob(
            changed=False, outcome="failed", status_before=BEFORE, status=BEFORE, error_code="DRS.M00308"
        )
        assert refused.row["error_msg"] == "Only a parent task may."
        assert refused.row["request_id"] == refused.to("batch-stop")[0].request_id
        assert refused.endpoints == ["batch-status", "batch-stop", "batch-status"]
        assert refused.failed
        assert refused.counts() == {"failed": 1}


def test_an_accepted_stop_that_fails_is_failed_and_changed(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.job(RUNNING).ends_in = STOP_FAILED
    sim.cloud.release_seconds = 15
    check, run, check_again, run_again = stop.four_steps(RUNNING)

    assert check.job == ReportedJob(changed=True, outcome="would_stop", status_before=BEFORE, status=BEFORE)
    assert run.job == ReportedJob(changed=True, outcome="failed", status_before=BEFORE, status=STOP_FAILED)
    assert check_again.job == ReportedJob(
        changed=True, outcome="would_stop", status_before=STOP_FAILED, status=STOP_FAILED
    )
    # It is stopped anew, and fails anew: that it showed the earlier failure first has not deceived anybody.
    assert run_again.job == ReportedJob(changed=True, outcome="failed", status_before=STOP_FAILED, status=STOP_FAILED)
    for failed in (run, run_again):
        assert failed.failed
        assert failed.counts() == {"failed": 1}
        assert len(failed.to("batch-stop")) == 1
        assert STOP_FAILED in failed.msg


def test_a_stop_whose_earlier_one_failed_may_succeed(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.job(RUNNING).status = STOP_FAILED
    run = stop(RUNNING)
    assert run.job == ReportedJob(changed=True, outcome="stopped", status_before=STOP_FAILED, status=COMPLETE)


def test_a_stop_whose_fate_cannot_be_read_is_unknown(stop: StopModule, sim: Simulator) -> None:
    check = stop(RUNNING, check=True, wait_timeout=60)
    assert check.job == ReportedJob(changed=True, outcome="would_stop", status_before=BEFORE, status=BEFORE)

    sim.faults.add(Fault("batch-stop", kind="reset", after=True))
    for nth in range(2, 400):
        sim.faults.add(Fault("batch-status", status=500, nth=nth))
    run = stop(RUNNING, wait_timeout=60)
    assert run.job == ReportedJob(changed=True, outcome="unknown", status_before=BEFORE, status=BEFORE)
    assert run.failed
    assert run.counts() == {"unknown": 1}
    assert len(run.to("batch-stop")) == 1
    assert "may or may not have been stopped" in run.msg
    assert RUNNING in run.msg
    assert stop.clock.monotonic() <= 60

    sim.faults.clear()
    for again in (stop(RUNNING, check=True), stop(RUNNING)):
        assert again.job == ReportedJob(changed=False, outcome="unchanged", status_before=COMPLETE, status=COMPLETE)
        assert again.endpoints == READS


@pytest.mark.parametrize("status", [COMPLETE, STARTED])
def test_a_refused_job_that_somebody_else_was_faster_to_stop_is_unchanged(
    stop: StopModule, sim: Simulator, status: str
) -> None:
    sim.cloud.job(RUNNING).status = status
    still_running = {"results": [{"id": RUNNING, "status": BEFORE}], "count": 1}

    sim.faults.add(Fault("batch-status", status=200, body=still_running))
    check = stop(RUNNING, check=True)
    assert check.job == ReportedJob(changed=True, outcome="would_stop", status_before=BEFORE, status=BEFORE)

    sim.faults.add(Fault("batch-status", status=200, body=still_running))
    run = stop(RUNNING)
    assert run.job == ReportedJob(changed=False, outcome="unchanged", status_before=BEFORE, status=COMPLETE)
    assert len(run.to("batch-stop")) == 1
    assert not run.failed
    assert not sim.cloud.accepted_stops

    for again in (stop(RUNNING, check=True), stop(RUNNING)):
        assert again.job == ReportedJob(changed=False, outcome="unchanged", status_before=COMPLETE, status=COMPLETE)
        assert again.endpoints == READS


def test_one_bad_job_keeps_no_other_from_being_stopped(stop: StopModule, sim: Simulator) -> None:
    check, run, check_again, run_again = stop.four_steps(MISSING, RUNNING, {"job_id": OTHER, "is_force_stop": True})

    assert check.outcomes == check_again.outcomes[:1] + ["would_stop"] * 2
    assert run.outcomes == ["failed", "stopped", "stopped"]
    assert [row["changed"] for row in run.rows] == [False, True, True]
    assert run.failed
    assert run.changed
    assert run_again.outcomes == ["failed", "unchanged", "unchanged"]
    assert not run_again.changed
    assert not run_again.to("batch-stop")
    for step in (check, run, check_again, run_again):
        assert [row["job_id"] for row in step.rows] == [MISSING, RUNNING, OTHER]
        assert step.result["summary"]["requested"] == 3
        assert step.msg.startswith("1 of 3 DRS jobs failed: ")
    assert [(each.job_id, each.is_force_stop) for each in sim.cloud.accepted_stops] == [(RUNNING, False), (OTHER, True)]
