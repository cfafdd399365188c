# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which generations of the DRS API, and which of its endpoints, a region publishes."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.app import ROUTES
from ansible_collections.huaweicloud.drs.tests.simulator.settings import DRS_ENDPOINTS
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import RUNNING, Client, error_of

NOT_PUBLISHED = (404, "APIGW.0101")


def test_a_region_without_v5(client: Client) -> None:
    client.sim.cloud.generations = ("v3",)
    response = client.batch_stop(RUNNING)

    assert error_of(response) == NOT_PUBLISHED
    assert response.json()["request_id"] == response.headers["X-Request-Id"]
    assert [(request.endpoint, request.status) for request in client.sim.requests] == [("batch-stop", 404)]
    assert client.sim.cloud.accepted_stops == []
    assert error_of(client.post(f"/jobs/{RUNNING}/stop", {})) == NOT_PUBLISHED
    assert error_of(client.get("/jobs", job_type="sync")) == NOT_PUBLISHED
    assert error_of(client.get(f"/jobs/{RUNNING}", type="detail")) == NOT_PUBLISHED
    assert client.batch_status(RUNNING).status_code == 200
    assert client.batch_jobs(RUNNING).status_code == 202


def test_a_region_without_v3(client: Client) -> None:
    client.sim.cloud.generations = ("v5",)
    assert error_of(client.batch_status(RUNNING)) == NOT_PUBLISHED
    assert error_of(client.batch_detail(RUNNING)) == NOT_PUBLISHED
    assert error_of(client.job_list()) == NOT_PUBLISHED
    assert error_of(client.batch_jobs(RUNNING)) == NOT_PUBLISHED
    assert error_of(client.pause(RUNNING)) == NOT_PUBLISHED
    assert client.sim.cloud.accepted_stops == []
    assert client.sim.cloud.job(RUNNING).status == "INCRE_TRANSFER_STARTED"
    assert client.batch_stop(RUNNING).status_code == 200


def test_iam_is_not_concerned(client: Client) -> None:
    client.sim.cloud.generations = ()
    user = {"name": "demo", "password": "demo", "domain": {"name": "demo"}}
    assert client.log_in({"identity": {"methods": ["password"], "password": {"user": user}}}).status_code == 201
    assert client.send("GET", "/v3/auth/projects", headers={"X-Auth-Token": client.token}).status_code == 200


def test_it_is_found_out_before_who_calls_and_how_often(client: Client) -> None:
    client.sim.cloud.configure(generations=["v3"], per_user_rate_limit=[1, 60])
    client.token = "nonsense"
    assert error_of(client.batch_stop(RUNNING)) == NOT_PUBLISHED
    client.token = client.sim.cloud.issue_token("demo", "demo")
    assert error_of(client.batch_stop(RUNNING)) == NOT_PUBLISHED
    assert client.batch_status(RUNNING).status_code == 200


def test_a_region_without_some_endpoints(client: Client) -> None:
    client.sim.cloud.unpublished = ("batch-detail", "job-detail")
    assert error_of(client.batch_detail(RUNNING)) == NOT_PUBLISHED
    assert error_of(client.get(f"/jobs/{RUNNING}", type="detail")) == NOT_PUBLISHED
    assert client.batch_status(RUNNING).status_code == 200
    assert client.get("/jobs", job_type="sync").status_code == 200


def test_the_names_of_endpoints_are_those_of_the_routes() -> None:
    assert sorted(DRS_ENDPOINTS) == sorted(each.endpoint for each in ROUTES if "project_id" in each.path.pattern)


@pytest.mark.parametrize("endpoint", DRS_ENDPOINTS)
def test_every_endpoint_may_be_left_out(sim: Simulator, endpoint: str) -> None:
    sim.cloud.configure(unpublished=[endpoint])
    assert sim.cloud.unpublished == (endpoint,)
