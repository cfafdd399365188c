# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_batch_stop in regions that publish v5, v3 or both: other calls, the same result."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    StopModule,
    job_ids,
    module_and_action,
)

FORCED = {"job_id": OTHER, "is_force_stop": True}
GENERATIONS = [("v3", "v5"), ("v3",), ("v5",)]


def facts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows without what differs from request to request, and without names, which v3 does not tell."""
    return [
        {name: value for name, value in row.items() if name not in ("request_id", "name", "error_code", "error_msg")}
        for row in rows
    ]


@module_and_action
@pytest.mark.parametrize("generations", GENERATIONS, ids=["both", "v3", "v5"])
def test_the_four_steps_give_the_same_in_every_region(
    stop: StopModule, sim: Simulator, generations: tuple[str, ...]
) -> None:
    sim.cloud.configure(generations=generations)
    sim.cloud.add_job("stopping", status="RELEASE_RESOURCE_STARTED")

    check, run, check_again, run_again = stop.four_steps(RUNNING, MISSING, FORCED, "stopping")

    assert check.outcomes == ["would_stop", "failed", "would_stop", "unchanged"]
    assert run.outcomes == ["stopped", "failed", "stopped", "unchanged"]
    assert check_again.outcomes == run_again.outcomes == ["unchanged", "failed", "unchanged", "unchanged"]
    assert [step.changed for step in (check, run, check_again, run_again)] == [True, True, False, False]
    assert [stop[:2] for stop in sim.cloud.accepted_stops] == [(RUNNING, False), (OTHER, True)]
    assert facts(run.rows)[0] == {
        "job_id": RUNNING,
        "is_force_stop": False,
        "lag": None,
        "changed": True,
        "outcome": "stopped",
        "status_before": "INCRE_TRANSFER_STARTED",
        "status": "RELEASE_RESOURCE_COMPLETE",
    }


def test_v3_stops_with_terminate_and_never_pauses_or_deletes(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(generations=("v3",))
    run = stop(RUNNING, FORCED)
    (request,) = run.to("batch-jobs")
    assert (request.method, request.status) == ("DELETE", 202)
    assert request.json == {
        "jobs": [
            {"job_id": RUNNING, "delete_type": "terminate"},
            {"job_id": OTHER, "delete_type": "force_terminate"},
        ]
    }
    # The answer of v3 has no names.
    assert set(run.endpoints) == {"batch-status", "batch-stop", "batch-jobs", "batch-detail"}


def test_that_v5_is_not_published_is_found_out_once_in_a_run(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(generations=("v3",))
    jobs = job_ids(45)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    run = stop(*jobs, concurrency=1)
    assert run.outcomes == ["stopped"] * 45
    assert len(run.to("batch-stop")) == 1
    assert len(run.to("batch-jobs")) == 5
    # With several requests under way at once, each of those may find out.
    for job_id in jobs:
        sim.cloud.job(job_id).status = "PAUSING"
    assert 1 <= len(stop(*jobs, concurrency=4).to("batch-stop")) <= 4


def test_a_region_without_v3_is_read_job_by_job(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(generations=("v5",))
    run = stop(RUNNING, OTHER, wait_interval=1)
    assert run.outcomes == ["stopped"] * 2
    assert len(run.to("batch-status")) == 1
    assert {request.path.rpartition("/")[2] for request in run.to("job-detail")} == {RUNNING, OTHER}
    assert all(request.query == {"type": "detail"} for request in run.to("job-detail"))
    assert [row["name"] for row in run.rows] == ["DRS-1234", "DRS-3456"]


@pytest.mark.parametrize("prefix", ["APIGW", "APIG"])
def test_both_prefixes_of_the_gateway_are_understood(stop: StopModule, sim: Simulator, prefix: str) -> None:
    body = {"error_code": f"{prefix}.0101", "error_msg": "no such API", "request_id": "r"}
    sim.faults.add(Fault("batch-stop", nth=None, status=404, body=body))
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert "batch-jobs" in run.endpoints


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, {"error_code": "DRS.M00101", "error_msg": "no role"}), (404, None), (400, {"error_code": "APIGW.0101"})],
)
def test_nothing_else_makes_it_leave_v5(stop: StopModule, sim: Simulator, status: int, body: Any) -> None:
    sim.faults.add(Fault("batch-stop", nth=None, status=status, body=body))
    run = stop(RUNNING)
    assert run.outcomes == ["failed"]
    assert "batch-jobs" not in run.endpoints


def test_a_version_that_is_insisted_on_is_not_left(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(unpublished=("batch-stop",))
    run = stop(RUNNING, api_version="v5")
    assert run.outcomes == ["failed"]
    assert run.row["error_code"] == "APIGW.0101"
    assert "check region, cloud and endpoint" in run.msg
    assert "batch-jobs" not in run.endpoints
    assert stop(RUNNING, api_version="v3").outcomes == ["stopped"]


def test_v3_alone_asks_nothing_of_v5(stop: StopModule, sim: Simulator) -> None:
    run = stop(RUNNING, MISSING, api_version="v3")
    assert run.outcomes == ["stopped", "failed"]
    assert {request.path.split("/")[1] for request in run.requests} == {"v3"}


@pytest.mark.parametrize("api_version", ["auto", "v5", "v3"])
def test_where_nothing_is_published_few_requests_find_it_out(
    stop: StopModule, sim: Simulator, api_version: str
) -> None:
    sim.cloud.configure(generations=())
    jobs = job_ids(60)
    run = stop(*jobs, api_version=api_version)
    assert run.counts() == {"failed": 60}
    assert "check region, cloud and endpoint" in run.msg
    # One for the page, and with v5 one for each request that was under way at once.
    assert len(run.requests) <= 5


def test_a_stop_of_v3_that_is_in_doubt_is_looked_at_before_it_is_sent_again(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(generations=("v3",))
    sim.faults.add(Fault("batch-jobs", kind="reset", after=True))
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert len(sim.cloud.accepted_stops) == 1
    assert len(run.to("batch-jobs")) == 1


def test_a_stop_that_the_doubt_was_about_is_not_given_to_the_other_version(stop: StopModule, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-stop", kind="reset", after=True))
    sim.faults.add(Fault("batch-stop", nth=2, status=404, body={"error_code": "APIGW.0101"}))
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert len(sim.cloud.accepted_stops) == 1
    assert not run.to("batch-jobs")


def test_results_of_v3_may_be_spelled_as_those_of_v5(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(generations=("v3",), result_spelling="title")
    assert stop(RUNNING).outcomes == ["stopped"]
