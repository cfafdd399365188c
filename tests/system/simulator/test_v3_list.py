# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: the list of jobs in v3."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, OTHER, RUNNING, Client, error_of


def ids(client: Client, **body: Any) -> list[str]:
    """List jobs."""
    response = client.job_list(**body)
    assert response.status_code == 200
    return [job["id"] for job in response.json()["jobs"]]


@pytest.fixture
def others(sim: Simulator) -> None:
    """Jobs of other kinds, and one that is gone."""
    sim.cloud.add_job("moved", "A move", "PAUSING", job_type="migration", engine_type="redis", net_type="vpn")
    sim.cloud.add_job("replayed", job_type="replay")
    sim.cloud.add_job("gone", status="DELETED")
    sim.cloud.add_job("tagged", status="NODE_UPGRADE_FAILED", tags={"env": "prod", "team": "a"})
    sim.cloud.add_project("second", "ap-southeast-1")
    sim.cloud.add_job("theirs", project_id="second")


@pytest.mark.usefixtures("others")
def test_an_item(client: Client, clock: ManualClock) -> None:
    body = client.job_list(db_use_type="migration").json()
    assert body.keys() == {"total_record", "jobs"}
    assert body["total_record"] == 1
    assert body["jobs"] == [
        {
            "id": "moved",
            "name": "A move",
            "status": "PAUSING",
            "create_time": str(round(clock.time() * 1000)),
            "description": "",
            "engine_type": "redis",
            "net_type": "vpn",
            "billing_tag": True,
            "job_direction": "up",
            "db_use_type": "migration",
            "task_type": "FULL_INCR_TRANS",
            "node_newFramework": False,
            "job_action": {"available_actions": ["FREE_RESOURCE"], "unavailable_actions": [], "current_action": ""},
            "children": [],
        }
    ]


@pytest.mark.usefixtures("others")
def test_filters(client: Client) -> None:
    assert ids(client) == [RUNNING, OTHER, "tagged"]
    assert ids(client, db_use_type="cloudDataGuard") == []
    assert ids(client, name="DRS-1234") == [RUNNING]
    assert ids(client, name=f"{OTHER},{MISSING},{RUNNING}") == [RUNNING, OTHER]
    assert ids(client, name=",".join([RUNNING, *map(str, range(99))])) == [RUNNING]
    assert ids(client, name="DRS") == []
    assert ids(client, status="INCRE_TRANSFER_STARTED") == [RUNNING, OTHER]
    assert ids(client, status="NODE_UPGRADE_FAILED") == ["tagged"]
    assert ids(client, status="DELETED") == ["gone"]
    assert ids(client, db_use_type="migration", status="PAUSING", net_type="vpn", engine_type="redis") == ["moved"]
    assert ids(client, db_use_type="migration", net_type="eip") == []
    assert ids(client, tags={"env": "prod"}) == ["tagged"]
    assert ids(client, tags={"env": "test"}) == []
    assert ids(client, enterprise_project_id="0", service_name="eps") == [RUNNING, OTHER, "tagged"]
    assert ids(client, enterprise_project_id="1") == []
    assert ids(client, instance_ids=["1"]) == []
    assert ids(client, instance_ip="192.0.2.1") == []


@pytest.mark.usefixtures("others")
def test_null_is_no_filter(client: Client) -> None:
    nothing = dict.fromkeys(
        "name status engine_type net_type service_name tags instance_ids instance_ip enterprise_project_id".split()
    )
    assert ids(client, **nothing) == [RUNNING, OTHER, "tagged"]


def test_the_newest_come_first(sim: Simulator, client: Client, clock: ManualClock) -> None:
    clock.advance(1)
    sim.cloud.add_job("newest")
    assert ids(client) == ["newest", RUNNING, OTHER]


def test_pages(sim: Simulator, client: Client, clock: ManualClock) -> None:
    expected = [OTHER, RUNNING]
    sim.cloud.job(RUNNING).created_at += 0.5
    for number in range(10):
        clock.advance(1)
        expected.append(sim.cloud.add_job(f"job-{number}").job_id)
    expected.reverse()
    assert ids(client) == expected[:10]
    assert ids(client, cur_page=2) == expected[10:]
    assert ids(client, cur_page=3, per_page=5) == expected[10:]
    assert ids(client, per_page=100) == expected
    assert ids(client, per_page=0) == ids(client, cur_page=0, per_page=0) == expected
    assert client.job_list(per_page=1).json()["total_record"] == 12
    assert ids(client, name="nothing") == ids(client, name="nothing", per_page=0) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"db_use_type": ""}, "DRS.M00201"),
        ({"db_use_type": "replay"}, "DRS.M00202"),
        ({"db_use_type": None}, "DRS.M00202"),
        ({"job_type": "sync"}, "DRS.M00300"),
        ({"status": "RUNNING"}, "DRS.M00202"),
        ({"net_type": "lan"}, "DRS.M00202"),
        ({"service_name": "iam"}, "DRS.M00202"),
        ({"enterprise_project_id": ""}, "DRS.M00202"),
        ({"name": ",".join(map(str, range(101)))}, "DRS.M00202"),
        ({"instance_ids": [str(number) for number in range(11)]}, "DRS.M00202"),
        ({"instance_ids": [1]}, "DRS.M00202"),
        ({"instance_ids": "1"}, "DRS.M00202"),
        ({"tags": {"env": 1}}, "DRS.M00202"),
        ({"tags": ["env"]}, "DRS.M00202"),
        ({"cur_page": "1"}, "DRS.M00202"),
        ({"cur_page": 0}, "DRS.M00210"),
        ({"per_page": 101}, "DRS.M00210"),
        ({"cur_page": 2, "per_page": 0}, "DRS.M00210"),
        ({"cur_page": 2}, "DRS.M00211"),
        ({"cur_page": 2, "name": "nothing"}, "DRS.M00211"),
    ],
)
def test_a_malformed_body(client: Client, body: dict[str, Any], code: str) -> None:
    assert error_of(client.job_list(**body)) == (400, code)


def test_a_body_without_a_type_and_a_query(client: Client) -> None:
    assert error_of(client.post("/jobs", {}, version="v3")) == (400, "DRS.M00201")
    assert error_of(client.post("/jobs?offset=1", {"db_use_type": "sync"}, version="v3")) == (400, "DRS.M00300")
    assert [request.endpoint for request in client.sim.requests] == ["job-list"] * 2
    assert client.sim.requests[0].path == f"/v3/{PROJECT_ID}/jobs"


class TestChildren:
    """Subtasks, in both lists."""

    @pytest.fixture(autouse=True)
    def family(self, sim: Simulator) -> None:
        sim.cloud.add_job("parent", job_type="cloudDataGuard", status="FULL_TRANSFER_STARTED")
        for name, status in [("one", "CHILD_TRANSFER_STARTED"), ("two", "CHILD_TRANSFER_FAILED"), ("gone", "DELETED")]:
            sim.cloud.add_job(name, status=status, parent_id="parent", job_type="cloudDataGuard")

    def test_in_v3(self, client: Client) -> None:
        body = client.job_list(db_use_type="cloudDataGuard").json()
        (parent,) = body["jobs"]
        assert body["total_record"] == 1
        assert (parent["id"], parent["status"]) == ("parent", "FULL_TRANSFER_STARTED")
        children = [(child["id"], child["status"], child["db_use_type"]) for child in parent["children"]]
        assert children == [
            ("one", "CHILD_TRANSFER_STARTED", "cloudDataGuard"),
            ("two", "CHILD_TRANSFER_FAILED", "cloudDataGuard"),
        ]
        assert all("children" not in child for child in parent["children"])
        assert ids(client, db_use_type="cloudDataGuard", name="one") == []

    def test_in_v5(self, client: Client) -> None:
        body = client.get("/jobs", job_type="cloudDataGuard").json()
        (parent,) = body["jobs"]
        assert body["total_count"] == 1
        assert (parent["id"], parent["job_mode_role"]) == ("parent", "parent")
        children = [(child["id"], child["job_type"], child["job_mode_role"]) for child in parent["children"]]
        assert children == [("one", "cloudDataGuard", "child"), ("two", "cloudDataGuard", "child")]

    def test_they_can_be_asked_for_and_stopped_like_others(self, client: Client) -> None:
        assert client.batch_status("one").json()["results"] == [{"id": "one", "status": "CHILD_TRANSFER_STARTED"}]
        (detail,) = client.batch_detail("one").json()["results"]
        assert (detail["parent_id"], detail["master_job_id"]) == ("parent", "parent")
        assert client.batch_stop("one").json()["jobs"][0]["status"] == "success"

    def test_a_parent_has_to_exist_in_the_same_project(self, sim: Simulator) -> None:
        sim.cloud.add_project("second", "ap-southeast-1")
        with pytest.raises(ValueError, match="nobody"):
            sim.cloud.add_job("orphan", parent_id="nobody")
        with pytest.raises(ValueError, match="no job parent"):
            sim.cloud.add_job("orphan", parent_id="parent", project_id="second")
