# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is sent, and when: a job whose lag has grown meanwhile gets no stop. Stops in doubt: test_stop_jobs.py."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._module import progress_reporter
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    ModuleRun,
    StopModule,
    job_ids,
)


def test_a_batch_is_sent_without_the_jobs_that_are_held_meanwhile(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "40"}))
    later = {"incre_trans_delay": "99", "transfer_status": "INCRE_TRANSFER_STARTED", "task_mode": "INCR_TRANS"}
    good = {**later, "incre_trans_delay": "0"}
    items = [{"job_id": RUNNING, **good}, {"job_id": OTHER, **later}]
    sim.faults.add(Fault("batch-progress", nth=2, status=200, body={"count": 2, "results": items}))

    run = stop(RUNNING, OTHER, max_lag=5, max_lag_for=0)

    assert run.outcomes == ["stopped", "held"]
    assert [[job["job_id"] for job in request.json["jobs"]] for request in run.to("batch-stop")] == [
        [RUNNING, OTHER],
        [RUNNING],
    ]
    assert [row["lag"] for row in run.rows] == [0.0, 99.0]


def test_a_batch_of_which_no_job_is_left_is_not_sent(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "40"}))
    sim.faults.add(Fault("batch-progress", nth=2, status=403))
    run = stop(RUNNING, max_lag=5, max_lag_for=0)
    assert (run.outcomes, run.row["lag"]) == (["held"], None)
    assert len(run.to("batch-stop")) == 1
    assert not sim.cloud.accepted_stops


def test_a_job_that_an_earlier_request_may_have_stopped_is_not_said_to_be_held(
    sim: Simulator, stop: StopModule
) -> None:
    # The first request is rejected after it was acted on, and the status lags behind for longer than is assumed.
    sim.cloud.configure(status_lag=60.0, release_seconds=300.0)
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "5"}, after=True))
    sim.faults.add(Fault("batch-progress", nth=2, status=403))
    run = stop(RUNNING, max_lag=5, max_lag_for=0, wait_timeout=15)
    assert run.changed
    assert run.outcomes == ["unknown"]


def first_stop(run: ModuleRun) -> int:
    """Return how many statuses were read before the first stop."""
    return run.endpoints[: run.endpoints.index("batch-stop")].count("batch-status")


def test_of_many_jobs_the_first_are_stopped_before_the_last_are_read(sim: Simulator, stop: StopModule) -> None:
    jobs = job_ids(1000)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    run = stop(*jobs, concurrency=1, wait=False)
    assert first_stop(run) == 1
    assert run.endpoints.count("batch-status") == 10
    assert [len(request.json["jobs"]) for request in run.to("batch-stop")] == [10] * 100
    assert run.counts() == {"stopping": 1000}


@pytest.mark.parametrize(
    ("options", "first"),
    [({"all_or_none": True}, {}), ({"max_lag": 5, "max_lag_for": 0}, {}), ({}, {"name": "a job of the cloud"})],
    ids=["all_or_none", "max_lag", "name"],
)
def test_a_guard_needs_all_statuses_before_the_first_stop(
    sim: Simulator, stop: StopModule, options: dict[str, Any], first: dict[str, str]
) -> None:
    jobs = job_ids(101)
    for job_id in jobs:
        sim.cloud.add_job(job_id, name="a job of the cloud")
    run = stop({"job_id": jobs[0], **first}, *jobs[1:], concurrency=1, wait=False, **options)
    assert first_stop(run) >= 2
    assert run.counts() == {"stopping": 101}


def test_a_line_that_cannot_be_built_keeps_no_job_from_being_stopped(
    sim: Simulator, stop: StopModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_plan: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(progress_reporter, "describe_plan", fail)
    run = stop(RUNNING, OTHER, wait=False)
    assert run.outcomes == ["stopping", "stopping"]
