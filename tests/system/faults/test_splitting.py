# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused as a whole: one bad ID costs a few requests and not its batch, a common cause costs hardly any."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import ModuleRun, StopModule, job_ids

POISONED = "DRS.10000001"  # what the simulated cloud says of a batch that it dislikes
MISSING = "DRS.M00289"  # what batch-status says of a job that does not exist
COMMON = {"error_code": "DRS.M00202", "error_msg": "Parameter X-Language has an invalid value."}


def add_jobs(sim: Simulator, count: int) -> list[str]:
    """Add so many running jobs."""
    for job_id in job_ids(count):
        sim.cloud.add_job(job_id)
    return job_ids(count)


def accepted(sim: Simulator) -> list[str]:
    """Give the jobs whose stop the cloud took on, each as often as it did."""
    return sorted(stop.job_id for stop in sim.cloud.accepted_stops)


def sizes(run: ModuleRun) -> list[int]:
    """Give how many jobs each stop request held, in order."""
    return [len(request.json["jobs"]) for request in run.to("batch-stop")]


def assert_rows(run: ModuleRun, sim: Simulator, bad: set[str], code: str) -> None:
    """Check that just the bad jobs failed, with this code, and that each other one was stopped once."""
    for row in run.rows:
        expected = ("failed", False, code) if row["job_id"] in bad else ("stopped", True, None)
        assert (row["outcome"], row["changed"], row["error_code"]) == expected
    assert accepted(sim) == sorted({row["job_id"] for row in run.rows} - bad)
    assert run.failed == bool(bad)
    assert run.changed == (len(bad) < len(run.rows))


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize(
    ("count", "batch_size", "most"),
    # Two requests for each level of halves, besides one for each batch.
    [(10, 10, 9), (25, 10, 11), (25, 25, 11), (25, 100, 11)],
)
@pytest.mark.parametrize("place", [0, 4, 9, -1], ids=["first", "middle", "tenth", "last"])
def test_a_poisoned_job_fails_alone_and_costs_few_requests(
    stop: StopModule, place: int, count: int, batch_size: int, most: int, concurrency: int
) -> None:
    ids = add_jobs(stop.sim, count)
    stop.sim.cloud.job(ids[place]).poison = True

    run = stop(*ids, batch_size=batch_size, concurrency=concurrency)

    assert_rows(run, stop.sim, {ids[place]}, POISONED)
    assert len(sizes(run)) <= most
    assert f"1 of {count} DRS jobs failed: {ids[place]} [" in run.msg
    assert POISONED in run.msg


def test_two_poisoned_jobs_of_one_batch_fail_alone(stop: StopModule, sim: Simulator) -> None:
    ids = add_jobs(sim, 25)
    for job_id in (ids[1], ids[8]):
        sim.cloud.job(job_id).poison = True

    run = stop(*ids, concurrency=1)

    assert_rows(run, sim, {ids[1], ids[8]}, POISONED)
    assert len(sizes(run)) <= 17


def test_each_half_keeps_the_force_that_was_asked_for(stop: StopModule, sim: Simulator) -> None:
    ids = add_jobs(sim, 10)
    sim.cloud.job(ids[6]).poison = True
    forced = set(ids[::3])

    run = stop(*[{"job_id": job_id, "force": job_id in forced} for job_id in ids], force=True)

    assert_rows(run, sim, {ids[6]}, POISONED)
    sent = [(job["job_id"], job["is_force_stop"]) for request in run.to("batch-stop") for job in request.json["jobs"]]
    assert all(force == (job_id in forced) for job_id, force in sent)


def test_a_limit_that_nobody_documents_is_found_and_remembered(stop: StopModule, sim: Simulator) -> None:
    ids = add_jobs(sim, 25)
    sim.cloud.max_batch = 3

    run = stop(*ids, batch_size=10, concurrency=1)

    assert_rows(run, sim, set(), "")
    assert sizes(run)[:2] == [10, 5]
    assert all(size <= 3 for size in sizes(run)[2:]), "a size that was refused was tried again"
    assert len(sizes(run)) <= 14  # 9 would be the fewest


@pytest.mark.parametrize("concurrency", [4, 10])
def test_a_limit_is_found_by_several_threads_at_once(stop: StopModule, sim: Simulator, concurrency: int) -> None:
    ids = add_jobs(sim, 25)
    sim.cloud.max_batch = 3

    run = stop(*ids, batch_size=10, concurrency=concurrency)

    assert_rows(run, sim, set(), "")
    assert len(sizes(run)) <= 18


def test_a_limit_of_one_is_found_too(stop: StopModule, sim: Simulator) -> None:
    ids = add_jobs(sim, 25)
    sim.cloud.max_batch = 1

    run = stop(*ids, concurrency=1)

    assert_rows(run, sim, set(), "")
    assert len(sizes(run)) <= 25 + 4


def test_a_poisoned_job_beside_a_limit_fails_alone(stop: StopModule, sim: Simulator) -> None:
    ids = add_jobs(sim, 25)
    sim.cloud.max_batch = 3
    sim.cloud.job(ids[3]).poison = True

    assert_rows(stop(*ids, concurrency=1), sim, {ids[3]}, POISONED)


@pytest.mark.parametrize("status", [400, 413])
@pytest.mark.parametrize("concurrency", [1, 4, 10])
@pytest.mark.parametrize("batch_size", [1, 2, 3, 10, 40])
def test_a_common_cause_does_not_multiply_requests(
    stop: StopModule, sim: Simulator, batch_size: int, concurrency: int, status: int
) -> None:
    ids = add_jobs(sim, 40)
    sim.faults.add(Fault("batch-stop", nth=None, status=status, body=COMMON))

    run = stop(*ids, batch_size=batch_size, concurrency=concurrency)

    assert_rows(run, sim, set(ids), COMMON["error_code"])
    assert len(sizes(run)) <= 60
    assert "40 of 40 DRS jobs failed" in run.msg


@pytest.mark.parametrize("concurrency", [1, 4, 10])
@pytest.mark.parametrize("batch_size", [1, 2, 3, 10, 40])
def test_forty_poisoned_jobs_do_not_multiply_requests(
    stop: StopModule, sim: Simulator, batch_size: int, concurrency: int
) -> None:
    ids = add_jobs(sim, 40)
    for job_id in ids:
        sim.cloud.job(job_id).poison = True

    run = stop(*ids, batch_size=batch_size, concurrency=concurrency)

    assert_rows(run, sim, set(ids), POISONED)
    assert len(sizes(run)) <= 60


@pytest.mark.parametrize(("missing", "most"), [([50], 20), ([0, 17, 18, 63, 99], 70)], ids=["one", "five"])
def test_missing_jobs_do_not_hide_the_statuses_of_the_others(
    stop: StopModule, sim: Simulator, missing: list[int], most: int
) -> None:
    sim.cloud.missing_shape = "refuse"
    ids = job_ids(100)
    bad = {ids[number] for number in missing}
    for job_id in ids:
        if job_id not in bad:
            sim.cloud.add_job(job_id)

    run = stop(*ids, wait_interval=5)

    assert_rows(run, sim, bad, MISSING)
    assert len(run.to("batch-status")) <= most
    assert len(sizes(run)) == 10
    named = {job["job_id"] for request in run.to("batch-stop") for job in request.json["jobs"]}
    assert named == set(ids) - bad


def test_when_every_job_is_missing_each_row_says_so(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.missing_shape = "refuse"
    ids = job_ids(12)

    run = stop(*ids)

    assert_rows(run, sim, set(ids), MISSING)
    assert len(run.requests) == len(run.to("batch-status")) <= 23
    assert "12 of 12 DRS jobs failed" in run.msg


def test_check_mode_tells_missing_jobs_from_the_others(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.missing_shape = "refuse"
    ids = add_jobs(sim, 10)
    strangers = ["stranger-1", "stranger-2"]

    run = stop(*ids[:5], *strangers, *ids[5:], check=True)

    assert [row["job_id"] for row in run.rows if row["outcome"] == "failed"] == strangers
    assert run.counts() == {"would_stop": 10, "failed": 2}
    assert run.to("batch-stop") == []


# What is not from the API


FOREIGN: dict[str, object] = {
    "html": "<html><body>400 Bad Request</body></html>",
    "empty": b"",
    "no words": {"path": "/"},
}


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("call", ["batch-stop", "batch-status"])
def test_an_answer_that_is_not_from_the_api_halves_nothing(
    stop: StopModule, sim: Simulator, call: str, body: Any
) -> None:
    ids = add_jobs(sim, 10)
    sim.faults.add(Fault(call, status=400, body=body, nth=None))

    run = stop(*ids, batch_size=10, wait_timeout=120)

    assert {len(request.json["jobs"]) for request in run.to(call)} == {10}
    assert len(run.to("batch-stop")) == (1 if call == "batch-stop" else 0)
    assert (run.failed, run.changed) == (True, False)
    assert run.outcomes == ["failed"] * 10
