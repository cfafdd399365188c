# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: the list of jobs, and one job in detail."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, OTHER, RUNNING, Client, error_of


def ids(client: Client, **query: Any) -> list[str]:
    """List jobs."""
    response = client.get("/jobs", **{"job_type": "sync", **query})
    assert response.status_code == 200
    return [job["id"] for job in response.json()["jobs"]]


class TestList:
    """``GET /v5/{project_id}/jobs``."""

    @pytest.fixture(autouse=True)
    def jobs(self, sim: Simulator, clock: ManualClock) -> None:
        clock.advance(1)
        sim.cloud.add_job("moved", "A move", "PAUSING", job_type="migration", engine_type="redis", net_type="vpn")
        sim.cloud.add_job("gone", status="DELETED")
        sim.cloud.add_project("second", "ap-southeast-1")
        sim.cloud.add_job("theirs", project_id="second")

    def test_an_item(self, client: Client, clock: ManualClock) -> None:
        body = client.get("/jobs", job_type="migration").json()
        assert body["total_count"] == 1
        (job,) = body["jobs"]
        assert job["id"] == "moved"
        assert job["name"] == "A move"
        assert job["status"] == "PAUSING"
        assert job["create_time"] == str(round(clock.time() * 1000))
        assert job["job_action"]["available_actions"] == ["FREE_RESOURCE"]

    def test_what_can_be_done_changes_with_the_stop(self, client: Client, clock: ManualClock) -> None:
        def action() -> tuple[list[str], str]:
            (job,) = client.get("/jobs", job_type="sync", name=RUNNING).json()["jobs"]
            return job["job_action"]["available_actions"], job["job_action"]["current_action"]

        assert action() == (["FREE_RESOURCE"], "")
        client.batch_stop(RUNNING)
        assert action() == ([], "FREE_RESOURCE")
        clock.advance(3)
        assert action() == (["DELETE"], "")

    def test_filters(self, client: Client) -> None:
        assert ids(client) == [RUNNING, OTHER]
        assert ids(client, job_type="replay") == []
        assert ids(client, name=OTHER) == [OTHER]
        assert ids(client, name="DRS-1234") == [RUNNING]
        assert ids(client, name=f"{OTHER},{MISSING},{RUNNING}") == [RUNNING, OTHER]
        assert ids(client, name="DRS") == []
        assert ids(client, status="INCRE_TRANSFER_STARTED") == [RUNNING, OTHER]
        assert ids(client, status="CREATING") == []
        assert ids(client, engine_type="redis") == []
        assert ids(client, job_type="migration", engine_type="redis", net_type="vpn") == ["moved"]
        assert ids(client, enterprise_project_id="") == [RUNNING, OTHER]
        assert ids(client, enterprise_project_id="1") == []
        assert ids(client, instance_ids="1") == []
        assert ids(client, instance_ip="192.0.2.1") == []

    def test_order(self, sim: Simulator, client: Client, clock: ManualClock) -> None:
        clock.advance(1)
        sim.cloud.add_job("newest", "AAA")
        assert ids(client) == ["newest", RUNNING, OTHER]
        assert ids(client, sort_dir="asc") == [RUNNING, OTHER, "newest"]
        assert ids(client, sort_key="name") == [OTHER, RUNNING, "newest"]

    def test_pages(self, sim: Simulator, client: Client) -> None:
        for number in range(10):
            sim.cloud.add_job(f"job-{number}")
        assert len(ids(client)) == 10
        assert len(ids(client, offset=10)) == 2
        assert ids(client, offset=1, limit=2, sort_key="name", sort_dir="asc") == [OTHER, "job-0"]
        assert ids(client, offset=12) == []
        assert client.get("/jobs", job_type="sync", limit=1).json()["total_count"] == 12

    def test_a_page_may_have_a_maximum_that_nobody_documented(self, sim: Simulator, client: Client) -> None:
        for number in range(10):
            sim.cloud.add_job(f"job-{number}")
        sim.cloud.max_limit = 5
        assert len(ids(client)) == len(ids(client, limit=1000)) == 5
        assert len(ids(client, limit=3)) == 3
        assert len(ids(client, offset=10, limit=1000)) == 2
        assert client.get("/jobs", job_type="sync", limit=1000).json()["total_count"] == 12

    def test_it_may_have_certain_engines_only(self, sim: Simulator, client: Client) -> None:
        sim.cloud.add_job("kafka", engine_type="mysql-to-kafka")
        sim.cloud.listed_engines = ("mysql-to-kafka", "redis")
        assert ids(client) == ["kafka"]
        assert client.get("/jobs", job_type="sync").json()["total_count"] == 1
        assert ids(client, engine_type="mysql") == []
        assert ids(client, job_type="migration") == ["moved"]
        assert client.job_list().json()["total_record"] == 3
        assert client.get(f"/jobs/{RUNNING}", type="detail").status_code == 200

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({}, "DRS.M00201"),
            ({"job_type": ""}, "DRS.M00201"),
            ({"job_type": "SYNC"}, "DRS.M00202"),
            ({"job_type": "sync", "status": "RUNNING"}, "DRS.M00202"),
            ({"job_type": "sync", "status": "PAUSING"}, "DRS.M00202"),
            ({"job_type": "sync", "name": ",".join("abcdefghijk")}, "DRS.M00202"),
            ({"job_type": "sync", "limit": "0"}, "DRS.M00202"),
            ({"job_type": "sync", "limit": "many"}, "DRS.M00202"),
            ({"job_type": "sync", "offset": "-1"}, "DRS.M00202"),
            ({"job_type": "sync", "sort_key": "age"}, "DRS.M00202"),
            ({"job_type": "sync", "sort_dir": "up"}, "DRS.M00202"),
            ({"job_type": "sync", "page": "1"}, "DRS.M00300"),
        ],
    )
    def test_malformed_queries(self, client: Client, query: dict[str, str], code: str) -> None:
        assert error_of(client.get("/jobs", **query)) == (400, code)


class TestDetail:
    """``GET /v5/{project_id}/jobs/{job_id}?type=detail``."""

    def test_a_job(self, client: Client) -> None:
        job = client.get(f"/jobs/{RUNNING}", type="detail").json()["job"]
        assert (job["id"], job["status"]) == (RUNNING, "INCRE_TRANSFER_STARTED")
        assert (job["base_info"]["name"], job["base_info"]["job_type"]) == ("DRS-1234", "sync")

    def test_a_missing_job(self, client: Client) -> None:
        assert error_of(client.get(f"/jobs/{MISSING}", type="detail")) == (400, "DRS.10000010")

    @pytest.mark.parametrize(
        ("query", "code"),
        [({}, "DRS.M00201"), ({"type": "nothing"}, "DRS.M00202"), ({"type": "detail", "x": "1"}, "DRS.M00300")],
    )
    def test_malformed_queries(self, client: Client, query: dict[str, str], code: str) -> None:
        assert error_of(client.get(f"/jobs/{RUNNING}", **query)) == (400, code)
