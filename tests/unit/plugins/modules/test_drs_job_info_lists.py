# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_info without job IDs: all jobs that the filters let through, from every page of every list that has them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    InfoModule,
    job_ids,
)

GENERATIONS = [("v3", "v5"), ("v3",), ("v5",)]
NOT_PUBLISHED = {"error_code": "APIG.0101", "error_msg": "The API does not exist"}


@pytest.mark.parametrize("generations", GENERATIONS, ids=["both", "v3", "v5"])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_all_pages_are_read(info: InfoModule, sim: Simulator, generations: tuple[str, ...], count: int) -> None:
    sim.cloud.configure(generations=generations)
    jobs = job_ids(count)
    for job_id in jobs:
        sim.cloud.add_job(job_id, job_type="migration")
    assert info.run(job_type="migration").ids == set(jobs)


@pytest.mark.parametrize("generations", GENERATIONS, ids=["both", "v3", "v5"])
def test_jobs_of_all_types_are_given(info: InfoModule, sim: Simulator, generations: tuple[str, ...]) -> None:
    sim.cloud.configure(generations=generations)
    for job_type in ("migration", "cloudDataGuard", "replay"):
        sim.cloud.add_job(job_type, job_type=job_type)
    # v3 does not know replays.
    replays = {"replay"} if "v5" in generations else set()
    assert info.run().ids == {RUNNING, OTHER, "migration", "cloudDataGuard", *replays}


def test_a_region_that_does_not_know_replays_lists_the_rest(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.configure(job_types=("migration", "sync", "cloudDataGuard"))
    run = info.run(api_version="v5")
    assert sorted(request.query["job_type"] for request in run.requests if request.status == 400) == ["replay"]
    assert run.ids == {RUNNING, OTHER}


def test_somebody_who_asks_for_replays_is_told_that_they_are_refused(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.configure(job_types=("migration", "sync", "cloudDataGuard"))
    run = info.run(job_type="replay")
    assert run.failed
    assert "DRS.M00202" in run.msg
    assert run.endpoints == ["jobs"]


def test_engines_that_the_list_of_v5_does_not_serve_are_not_missed(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.configure(listed_engines=("mysql",))
    sim.cloud.add_job("postgres", engine_type="postgresql")
    run = info.run(job_type="sync", _ansible_verbosity=1)
    assert run.ids == {RUNNING, OTHER, "postgres"}
    assert run.result["api_versions"] == {"list": "v5 and v3"}
    # Who insists on one generation gets what it has.
    assert info.run(job_type="sync", api_version="v5").ids == {RUNNING, OTHER}
    assert info.run(job_type="sync", api_version="v3").ids == {RUNNING, OTHER, "postgres"}


def test_a_list_of_v3_that_fails_beside_that_of_v5_is_a_warning(info: InfoModule, sim: Simulator) -> None:
    body = {"error_code": "DRS.M00102", "error_msg": "No."}
    sim.faults.add(Fault("job-list", nth=None, status=403, body=body))
    run = info.run(job_type="sync")
    assert run.ids == {RUNNING, OTHER}
    assert "engines that the v5 list does not serve may be missing" in run.warnings
    assert "DRS.M00102" in run.warnings
    assert info.run(job_type="sync", api_version="v3").failed


@pytest.mark.parametrize("nth", [1, 2])
def test_a_list_of_v5_that_is_not_read_to_its_end_fails_the_task(info: InfoModule, sim: Simulator, nth: int) -> None:
    sim.faults.add(Fault("jobs", nth=nth, status=403, body={"error_code": "DRS.M00102", "error_msg": "No."}))
    run = info.run(job_type="sync")
    assert run.failed
    assert "DRS.M00102" in run.msg
    assert "jobs" not in run.result


@pytest.mark.parametrize("api_version", ["auto", "v5", "v3"])
def test_where_nothing_is_published_the_error_says_where_to_look(
    info: InfoModule, sim: Simulator, api_version: str
) -> None:
    sim.cloud.configure(generations=())
    run = info.run(api_version=api_version)
    assert run.failed
    assert "The API is not published there: check region, cloud and endpoint" in run.msg


def test_a_version_that_is_insisted_on_is_not_left(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.configure(generations=("v3",))
    run = info.run(api_version="v5")
    assert run.failed
    assert {request.path.split("/")[1] for request in run.requests} == {"v5"}


def test_a_gateway_with_the_other_prefix_is_understood(info: InfoModule, sim: Simulator) -> None:
    sim.faults.add(Fault("jobs", nth=None, status=404, body=NOT_PUBLISHED))
    assert info.run().ids == {RUNNING, OTHER}


@pytest.mark.parametrize("api_version", ["auto", "v5", "v3"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"name": "DRS-1234"}, {RUNNING}),
        ({"name": OTHER}, {OTHER}),
        ({"status": ["PAUSING"]}, {OTHER}),
        ({"status": "pausing, INCRE_TRANSFER_STARTED"}, {RUNNING, OTHER, "far"}),
        ({"status": []}, set()),
        ({"engine_type": "postgresql"}, {"far"}),
        ({"net_type": "vpn"}, {"far"}),
        ({"enterprise_project_id": "finance"}, {"far"}),
        ({"job_type": "migration"}, {"far"}),
        ({"job_type": "sync", "engine_type": "postgresql"}, set()),
    ],
)
def test_filters(
    info: InfoModule, sim: Simulator, api_version: str, options: dict[str, Any], expected: set[str]
) -> None:
    sim.cloud.job(OTHER).status = "PAUSING"
    sim.cloud.add_job(
        "far", job_type="migration", engine_type="postgresql", net_type="vpn", enterprise_project_id="finance"
    )
    assert info.run(api_version=api_version, **options).ids == expected


def test_subtasks_are_with_their_parent(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.add_job("child", parent_id=RUNNING)
    for api_version in ("v5", "v3"):
        rows = {row["id"]: row for row in info.run(api_version=api_version).rows}
        assert set(rows) == {RUNNING, OTHER}
        assert [child["id"] for child in rows[RUNNING]["children"]] == ["child"]


def test_five_hundred_jobs_are_a_result_that_awx_can_hold(info: InfoModule, sim: Simulator) -> None:
    for job_id in job_ids(500):
        sim.cloud.add_job(job_id)
    run = info.run()
    assert run.result["count"] == 502
    assert len(run.stdout) < 300_000


def test_jobs_come_type_by_type_and_those_of_v3_alone_last(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.configure(listed_engines=("mysql",))
    sim.cloud.add_job("moved", job_type="migration")
    sim.cloud.add_job("postgres", job_type="migration", engine_type="postgresql")
    ids = [row["id"] for row in info.run().rows]
    assert (ids[0], ids[-1]) == ("moved", "postgres")
    assert set(ids[1:-1]) == {RUNNING, OTHER}
