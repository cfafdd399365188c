# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that drs_job_batch_stop makes: how many, what they hold, and what it reads from their answers."""

from __future__ import annotations

from math import ceil
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    ReportedJob,
    StopModule,
    job_ids,
)

BEFORE = "INCRE_TRANSFER_STARTED"
COMPLETE = "RELEASE_RESOURCE_COMPLETE"
COUNTS = pytest.mark.parametrize("count", [1, 25, 130])


@COUNTS
def test_so_many_jobs_take_so_many_requests(stop: StopModule, sim: Simulator, count: int) -> None:
    jobs = job_ids(count)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    check, run, check_again, run_again = stop.four_steps(*jobs)

    reads, stops, names = ceil(count / 100), ceil(count / 10), ceil(count / 10)
    assert len(check.to("batch-status")) == reads
    assert len(check.requests) == reads + names
    assert len(run.to("batch-stop")) == stops
    # All of them have stopped by the first tick, so that it is the only one.
    assert len(run.to("batch-status")) == 2 * reads
    assert len(run.requests) == 2 * reads + stops
    assert len(check_again.requests) == len(run_again.requests) == reads + names
    assert run.outcomes == ["stopped"] * count
    assert [row["job_id"] for row in run.rows] == jobs
    assert run_again.outcomes == ["unchanged"] * count
    assert sorted(each.job_id for each in sim.cloud.accepted_stops) == sorted(jobs)


@COUNTS
@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_a_stop_request_holds_batch_size_jobs(stop: StopModule, sim: Simulator, count: int, batch_size: int) -> None:
    jobs = job_ids(count)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    run = stop(*jobs, batch_size=batch_size, wait=False)
    sizes = sorted((len(request.json["jobs"]) for request in run.to("batch-stop")), reverse=True)
    assert len(sizes) == ceil(count / batch_size)
    assert sizes[:-1] == [batch_size] * (len(sizes) - 1)
    assert sum(sizes) == count


def test_each_tick_reads_only_what_is_pending(stop: StopModule, sim: Simulator) -> None:
    jobs = job_ids(130)
    for number, job_id in enumerate(jobs):
        sim.cloud.add_job(job_id, release_seconds=5 if number < 100 else 25)
    run = stop(*jobs, wait_interval=10)

    sizes = [len(request.json["jobs"]) for request in run.to("batch-status")]
    assert sorted(sizes[:2]) == [30, 100]  # before
    assert sorted(sizes[2:4]) == [30, 100]  # after 10 seconds
    assert sizes[4:] == [30, 30]  # after 20, and 30
    assert stop.clock.sleeps == [10, 10, 10]
    assert run.outcomes == ["stopped"] * 130


def test_a_status_read_always_names_its_page(stop: StopModule, sim: Simulator) -> None:
    jobs = job_ids(12)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    run = stop(*jobs)
    assert run.outcomes == ["stopped"] * 12
    assert [request.json["page_req"] for request in run.to("batch-status")] == [{"cur_page": 1, "per_page": 100}] * 2


@pytest.mark.parametrize("force", [False, True])
def test_the_force_of_each_job_is_what_was_asked(stop: StopModule, sim: Simulator, force: bool) -> None:
    jobs = job_ids(3)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    run = stop(jobs[0], {"job_id": jobs[1], "is_force_stop": False}, {"id": jobs[2], "force": True}, force=force)

    expected = [force, False, True]
    (request,) = run.to("batch-stop")
    assert request.json == {
        "jobs": [{"job_id": job, "is_force_stop": forced} for job, forced in zip(jobs, expected, strict=True)]
    }
    assert [row["is_force_stop"] for row in run.rows] == expected


def test_no_stop_is_ever_forced_when_nobody_asks(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.job(RUNNING).status = "RELEASE_RESOURCE_FAILED"
    sim.cloud.job(OTHER).stop_error = ("DRS.M01504", "Try again later.")
    stop(RUNNING, OTHER)
    assert [job["is_force_stop"] for job in sim.requests_to("batch-stop")[0].json["jobs"]] == [False, False]
    assert len(sim.requests_to("batch-stop")) == 1


def test_nothing_is_sent_for_jobs_that_have_stopped_or_are_stopping(stop: StopModule, sim: Simulator) -> None:
    statuses = [COMPLETE, "RELEASE_RESOURCE_STARTED", BEFORE, "CREATE_FAILED", "RELEASE_CHILD_TRANSFER_STARTED"]
    jobs = job_ids(len(statuses))
    for job_id, status in zip(jobs, statuses, strict=True):
        sim.cloud.add_job(job_id, status=status)
    run = stop(*jobs)
    (request,) = run.to("batch-stop")
    assert [job["job_id"] for job in request.json["jobs"]] == [jobs[2]]
    # The end of those that are stopping is waited for, and of those only.
    assert [set(request.json["jobs"]) for request in run.to("batch-status")] == [
        set(jobs),
        {jobs[1], jobs[2], jobs[4]},
    ]


def test_without_wait_there_is_no_poll(stop: StopModule) -> None:
    run = stop(RUNNING, OTHER, wait=False)
    assert run.endpoints == ["batch-status", "batch-stop"]
    assert run.outcomes == ["stopping", "stopping"]
    assert stop.clock.sleeps == []


@pytest.mark.parametrize("http_status", [200, 202])
@pytest.mark.parametrize("spelling", ["lower", "title"])
def test_both_spellings_and_both_http_statuses_are_understood(
    stop: StopModule, sim: Simulator, spelling: str, http_status: int
) -> None:
    sim.cloud.configure(result_spelling=spelling, stop_http_status=http_status)
    sim.cloud.job(OTHER).stop_error = ("DRS.M00308", "No.")
    run = stop(RUNNING, OTHER)
    assert run.outcomes == ["stopped", "failed"]
    assert [request.status for request in run.to("batch-stop")] == [http_status]


@pytest.mark.parametrize("after", [False, True], ids=["not stopped", "stopped"])
@pytest.mark.parametrize(
    "answer",
    [
        {"jobs": []},
        {"jobs": [{"id": "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb201", "status": "Failed", "error_code": "DRS.10020102"}]},
        {"jobs": [{"id": RUNNING, "status": "perhaps"}]},
        {"jobs": [{"id": RUNNING, "status": "success"}, {"id": RUNNING, "status": "failed"}]},
        {"tasks": []},
        [],
    ],
    ids=["nothing", "another job", "neither nor", "both", "no list", "no object"],
)
def test_a_job_that_the_answer_says_nothing_of_is_looked_up(
    stop: StopModule, sim: Simulator, answer: Any, after: bool
) -> None:
    sim.faults.add(Fault("batch-stop", status=200, body=answer, after=after))
    run = stop(RUNNING)
    assert run.job == ReportedJob(changed=True, outcome="stopped", status_before=BEFORE, status=COMPLETE)
    # One look is enough where the stop shows; another stop goes out only after the job went on running.
    assert len(run.to("batch-stop")) == (1 if after else 2)
    assert run.endpoints[:3] == ["batch-status", "batch-stop", "batch-status"]
    assert [each.job_id for each in sim.cloud.accepted_stops] == [RUNNING]


def test_only_the_jobs_that_the_answer_leaves_out_are_looked_up(stop: StopModule, sim: Simulator) -> None:
    answer = {"jobs": [{"id": RUNNING, "name": "DRS-1234", "status": "Success"}]}
    sim.faults.add(Fault("batch-stop", status=200, body=answer, after=True))
    run = stop(RUNNING, OTHER, wait=False)
    assert run.outcomes == ["stopping", "stopping"]
    assert run.to("batch-status")[1].json["jobs"] == [OTHER]
    assert len(run.to("batch-stop")) == 1


@pytest.mark.parametrize(("shape", "code"), [("item", "DRS.M00289"), ("omit", None), ("refuse", "DRS.M00289")])
def test_a_missing_job_is_failed_in_whatever_shape_the_cloud_says_so(
    stop: StopModule, sim: Simulator, shape: str, code: str | None
) -> None:
    sim.cloud.configure(missing_shape=shape)
    check, run, check_again, run_again = stop.four_steps(MISSING, RUNNING)
    for step in (check, run, check_again, run_again):
        assert step.outcomes[0] == "failed"
        assert step.rows[0]["error_code"] == code
        assert step.failed
    assert run.outcomes[1] == "stopped"
    assert MISSING not in str([request.json for request in run.to("batch-stop")])


def test_an_answer_that_leaves_a_job_out_is_asked_for_that_job_again(stop: StopModule, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-status", status=200, body={"results": [{"id": RUNNING, "status": BEFORE}], "count": 1}))
    run = stop(RUNNING, OTHER)
    assert run.outcomes == ["stopped", "stopped"]
    assert [request.json["jobs"] for request in run.to("batch-status")][:2] == [[RUNNING, OTHER], [OTHER]]


def test_the_ids_of_an_answer_may_be_spelled_in_the_other_case(stop: StopModule, sim: Simulator) -> None:
    run_status = {"results": [{"id": RUNNING.upper(), "status": BEFORE}], "count": 1}
    sim.faults.add(Fault("batch-status", status=200, body=run_status))
    stopped = {"jobs": [{"id": RUNNING.upper(), "status": "SUCCESS", "name": "DRS-1234"}]}
    sim.faults.add(Fault("batch-stop", status=200, body=stopped, after=True))
    assert stop(RUNNING).job == ReportedJob(changed=True, outcome="stopped", status_before=BEFORE, status=COMPLETE)


def test_requests_say_who_they_are_and_which_language_they_want(stop: StopModule) -> None:
    run = stop(RUNNING, language="zh-cn")
    for request in run.requests:
        assert request.headers["X-Language"] == "zh-cn"
        assert request.headers["Content-Type"] == "application/json"
        assert request.headers["User-Agent"].startswith("huaweicloud.drs/")
        assert request.headers["X-Auth-Token"] == stop.arguments["token"]


def test_a_trailing_slash_and_a_path_of_the_endpoint_do_no_harm(stop: StopModule, sim: Simulator) -> None:
    run = stop(RUNNING, endpoint=f"{sim.url}/")
    assert run.outcomes == ["stopped"]
    elsewhere = stop(RUNNING, endpoint=f"{sim.url}/drs/")
    # Nothing is published there, which is found out with one call of each generation.
    assert [request.path.partition(f"/{PROJECT_ID}/")[0] for request in elsewhere.requests] == ["/drs/v3", "/drs/v5"]


def test_a_batch_that_is_too_large_for_the_cloud_is_sent_in_smaller_ones(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.max_batch = 4
    jobs = job_ids(20)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    run = stop(*jobs)
    assert run.outcomes == ["stopped"] * 20
    assert not run.failed
    assert len(sim.cloud.accepted_stops) == 20
