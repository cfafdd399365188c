# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_info without job IDs: all jobs that the filters let through, from every page of every list that has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawRequest, RawServer, Reply, just
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING, InfoModule, Run, job_ids

GENERATIONS = [("v3", "v5"), ("v3",), ("v5",)]
NOT_PUBLISHED = {"error_code": "APIG.0101", "error_msg": "The API does not exist"}


def ids_of(run: Run) -> set[str]:
    """Give the IDs of the jobs, of which there must be no two the same."""
    assert not run.failed, run.result
    assert run.result["count"] == len(run.rows)
    ids = [row["id"] for row in run.rows]
    assert len(ids) == len(set(ids))
    return set(ids)


@pytest.mark.parametrize("generations", GENERATIONS, ids=["both", "v3", "v5"])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_all_pages_are_read(info: InfoModule, sim: Simulator, generations: tuple[str, ...], count: int) -> None:
    sim.cloud.configure(generations=generations)
    jobs = job_ids(count)
    for job_id in jobs:
        sim.cloud.add_job(job_id, job_type="migration")
    assert ids_of(info.run(job_type="migration")) == set(jobs)


@pytest.mark.parametrize("limit", [1, 7, 10, 50])
def test_a_list_that_gives_shorter_pages_than_asked_for_is_read_to_its_end(
    info: InfoModule, sim: Simulator, limit: int
) -> None:
    sim.cloud.configure(max_limit=limit)
    jobs = job_ids(21)
    for job_id in jobs:
        sim.cloud.add_job(job_id, job_type="migration")
    assert ids_of(info.run(job_type="migration", api_version="v5")) == set(jobs)


@pytest.mark.parametrize("body", [{"jobs": []}, {"jobs": [], "total_count": 1000}])
def test_an_empty_page_is_the_end_whatever_the_total_says(info: InfoModule, sim: Simulator, body: Any) -> None:
    sim.faults.add(Fault("jobs", nth=None, status=200, body=body))
    assert ids_of(info.run(api_version="v5")) == set()


def test_a_list_that_ignores_the_offset_does_not_go_on_for_ever(info: InfoModule, sim: Simulator) -> None:
    page = {"jobs": [{"id": "a", "status": "CREATING"}], "total_count": 5}
    sim.faults.add(Fault("jobs", nth=None, status=200, body=page))
    run = info.run(job_type="sync", api_version="v5")
    assert ids_of(run) == {"a"}
    assert len(run.requests) == 2


@pytest.mark.parametrize("generations", GENERATIONS, ids=["both", "v3", "v5"])
def test_jobs_of_all_types_are_given(info: InfoModule, sim: Simulator, generations: tuple[str, ...]) -> None:
    sim.cloud.configure(generations=generations)
    for job_type in ("migration", "cloudDataGuard", "replay"):
        sim.cloud.add_job(job_type, job_type=job_type)
    # v3 does not know replays.
    replays = {"replay"} if "v5" in generations else set()
    assert ids_of(info.run()) == {RUNNING, OTHER, "migration", "cloudDataGuard", *replays}


def test_a_region_that_does_not_know_replays_lists_the_rest(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.configure(job_types=("migration", "sync", "cloudDataGuard"))
    run = info.run(api_version="v5")
    assert sorted(request.query["job_type"] for request in run.requests if request.status == 400) == ["replay"]
    assert ids_of(run) == {RUNNING, OTHER}


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
    assert ids_of(run) == {RUNNING, OTHER, "postgres"}
    assert run.result["api_versions"] == {"list": "v5 and v3"}
    # Who insists on one generation gets what it has.
    assert ids_of(info.run(job_type="sync", api_version="v5")) == {RUNNING, OTHER}
    assert ids_of(info.run(job_type="sync", api_version="v3")) == {RUNNING, OTHER, "postgres"}


def test_a_list_of_v3_that_fails_beside_that_of_v5_is_a_warning(info: InfoModule, sim: Simulator) -> None:
    body = {"error_code": "DRS.M00102", "error_msg": "No."}
    sim.faults.add(Fault("job-list", nth=None, status=403, body=body))
    run = info.run(job_type="sync")
    assert ids_of(run) == {RUNNING, OTHER}
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
    assert ids_of(info.run()) == {RUNNING, OTHER}


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
    assert ids_of(info.run(api_version=api_version, **options)) == expected


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"status": ["PAUSNG", "PAUSING", "newer_status"]}, ["status: 'PAUSNG', 'NEWER_STATUS' is", "PAUSING"]),
        ({"net_type": "VPC"}, ["net_type: 'VPC' is", "eip, vpn, vpc"]),
    ],
)
def test_a_filter_that_may_be_mistyped_is_named(info: InfoModule, options: dict[str, Any], named: list[str]) -> None:
    run = info.run(**options)
    assert ids_of(run) == set()
    assert all(name in run.warnings for name in named)


def test_a_new_status_of_the_cloud_is_found_all_the_same(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.job(OTHER).status = "NEWER_STATUS"
    assert ids_of(info.run(status="newer_status")) == {OTHER}


def test_known_filters_are_no_reason_to_warn(info: InfoModule) -> None:
    run = info.run(status=["pausing", "PAUSEING", " DELETED "], net_type="vpc", name=5)
    assert ids_of(run) == set()
    assert "warnings" not in run.result


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


# Lists whose total is not true, and lists that never end.


def rows(first: int, count: int) -> list[dict[str, str]]:
    """Give rows of a list."""
    return [{"id": f"job-{number}", "status": "CREATING"} for number in range(first, first + count)]


class Lists:
    """Stands before the cloud, and sends pages of its own for both lists."""

    def __init__(self, jobs: int | None, page: int, total: int | None) -> None:
        """``jobs`` are on each list, endlessly many for None; ``page`` on a page, whatever is asked for."""
        self._jobs = jobs
        self._page = page
        self._total = total

    def __call__(self, request: RawRequest, _nth: int) -> Reply:
        """Answer a request for a page."""
        if request.method == "GET":
            first = int(parse_qs(urlsplit(request.target).query)["offset"][0])
        else:
            first = (json.loads(request.body)["cur_page"] - 1) * self._page
        count = self._page if self._jobs is None else max(0, min(self._page, self._jobs - first))
        body = {"jobs": rows(first, count), "total_count": self._total, "total_record": self._total}
        content = json.dumps(body).encode()
        return Reply(just(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)), acts=False)


@contextmanager
def served(sim: Simulator, jobs: int | None, page: int, total: int | None) -> Iterator[dict[str, Any]]:
    """Give the options that lead to such lists."""
    with RawServer(sim.url, script=Lists(jobs, page, total)) as server:
        yield {"endpoint": f"http://127.0.0.1:{server.port}", "job_type": "sync"}


TOTALS = (0, 1, 99, 249, 250, 251, 10**9, -1)


@pytest.mark.parametrize("api_version", ["v5", "v3", "auto"])
@pytest.mark.parametrize(
    ("page", "total"),
    # Without a total, a short page is all that says where a list ends.
    [*((30, total) for total in TOTALS), *((100, total) for total in (*TOTALS, None))],
)
def test_a_total_that_is_not_true_loses_no_job(
    info: InfoModule, sim: Simulator, api_version: str, page: int, total: int | None
) -> None:
    with served(sim, 250, page, total) as options:
        assert len(ids_of(info.run(api_version=api_version, **options))) == 250


@pytest.mark.parametrize("api_version", ["v5", "v3", "auto"])
def test_ten_thousand_jobs_are_listed(info: InfoModule, sim: Simulator, api_version: str) -> None:
    with served(sim, 10_000, 100, 10_000) as options:
        assert len(ids_of(info.run(api_version=api_version, **options))) == 10_000


@pytest.mark.parametrize(("api_version", "total"), [("v5", 3), ("v5", None), ("v3", 10**9), ("auto", None)])
def test_a_list_that_does_not_end_is_an_error_that_says_so(
    info: InfoModule, sim: Simulator, api_version: str, total: int | None
) -> None:
    with served(sim, None, 100, total) as options:
        run = info.run(api_version=api_version, **options)
    assert run.failed
    assert "a list of more than 20000 jobs, or one that does not end" in run.msg


def test_a_list_takes_no_more_memory_than_lists_may(info: InfoModule, sim: Simulator) -> None:
    rest = json.dumps({"status": "CREATING", "x": [[]] * 500})[1:]
    jobs = ",".join(f'{{"id": "PAGE-{number}", {rest}' for number in range(100))

    def script(_request: RawRequest, nth: int) -> Reply:
        content = b'{"jobs": [%b]}' % jobs.replace("PAGE", str(nth)).encode()
        return Reply(just(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)), acts=False)

    with RawServer(sim.url, script=script) as server:
        run = info.run(api_version="v5", job_type="sync", endpoint=f"http://127.0.0.1:{server.port}")
    assert run.failed
    assert "does not end" in run.msg
    assert len(server.seen) < 200
