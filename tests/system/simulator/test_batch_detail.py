# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: the details of many jobs at once. What it shares with batch-status is tested there."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, OTHER, RUNNING, Client, error_of


def test_a_job(sim: Simulator, client: Client, clock: ManualClock) -> None:
    sim.cloud.add_job("job", description="For you", engine_type="mysql-to-kafka", tags={"env": "prod"})
    response = client.batch_detail("job")

    assert response.status_code == 200
    body = response.json()
    assert body["count"] == 1
    (detail,) = body["results"]
    assert detail.pop("source_endpoint")["db_type"] == "mysql"
    assert detail.pop("target_endpoint")["db_type"] == "kafka"
    assert detail == {
        "id": "job",
        "name": "DRS-job",
        "status": "INCRE_TRANSFER_STARTED",
        "description": "For you",
        "create_time": str(round(clock.time() * 1000)),
        "task_type": "FULL_INCR_TRANS",
        "net_type": "eip",
        "job_direction": "up",
        "db_use_type": "sync",
        "is_multi_az": False,
        "node_role": "",
        "tags": [{"key": "env", "value": "prod"}],
    }
    assert [request.endpoint for request in sim.requests] == ["batch-detail"]


@pytest.mark.parametrize(
    ("engine", "source", "target"),
    [
        ("mysql", "mysql", "mysql"),
        ("cloudDataGuard-mysql", "mysql", "mysql"),
        ("cloudDataGuard-mysql-to-taurus", "mysql", "taurus"),
    ],
)
def test_the_databases(sim: Simulator, client: Client, engine: str, source: str, target: str) -> None:
    sim.cloud.add_job("job", engine_type=engine)
    (detail,) = client.batch_detail("job").json()["results"]
    assert (detail["source_endpoint"]["db_type"], detail["target_endpoint"]["db_type"]) == (source, target)
    assert detail["source_endpoint"]["db_user"] != detail["target_endpoint"]["db_user"]


def test_the_order_of_a_prepaid_job(sim: Simulator, client: Client) -> None:
    sim.cloud.add_job("job", charging_mode="period")
    on_demand, prepaid = client.batch_detail(RUNNING, "job").json()["results"]
    assert "period_order" not in on_demand
    assert prepaid["period_order"]["order_id"]


def test_the_status_shown_may_lag(client: Client, clock: ManualClock) -> None:
    client.sim.cloud.status_lag = 5
    client.batch_stop(RUNNING)
    assert client.batch_detail(RUNNING).json()["results"][0]["status"] == "INCRE_TRANSFER_STARTED"
    clock.advance(5)
    assert client.batch_detail(RUNNING).json()["results"][0]["status"] == "RELEASE_RESOURCE_STARTED"


def test_paging(sim: Simulator, client: Client) -> None:
    jobs = [sim.cloud.add_job(f"job-{number}").job_id for number in range(6)]
    assert [item["id"] for item in client.batch_detail(*jobs).json()["results"]] == jobs[:5]
    assert [item["id"] for item in client.batch_detail(*jobs, cur_page=2).json()["results"]] == jobs[5:]
    assert client.batch_detail(*jobs, per_page=0).json()["count"] == 6
    assert error_of(client.batch_detail(*jobs, cur_page=3)) == (400, "DRS.M00211")


def test_missing_jobs(client: Client) -> None:
    found, missing = client.batch_detail(OTHER, MISSING).json()["results"]
    assert found["name"] == "DRS-3456"
    assert missing.keys() == {"id", "error_code", "error_message"}
    client.sim.cloud.missing_shape = "refuse"
    response = client.batch_detail(OTHER, MISSING)
    assert (response.status_code, response.json()["results"][0]["error_code"]) == (400, "DRS.M00289")
    client.sim.cloud.missing_shape = "omit"
    assert client.batch_detail(OTHER, MISSING).json()["count"] == 1


def test_a_malformed_body(client: Client) -> None:
    assert error_of(client.post("/jobs/batch-detail", {}, version="v3")) == (400, "DRS.M00201")
    assert error_of(client.batch_detail(RUNNING, RUNNING)) == (400, "DRS.M00301")
