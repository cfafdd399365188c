# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: the projects of an account."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.simulator.client import Client, error_of


@pytest.fixture(autouse=True)
def more_projects(sim: Simulator) -> None:
    """Two more projects, one of them in another account."""
    sim.cloud.add_project("second", "ap-southeast-1")
    sim.cloud.add_project("theirs", "ap-southeast-1", domain="other")


def ids(client: Client, query: str = "") -> list[str]:
    """Ask with the token."""
    response = client.send("GET", f"/v3/projects{query}", headers={"X-Auth-Token": client.token})
    assert response.status_code == 200
    assert response.headers["X-IAM-Trace-Id"]
    return [project["id"] for project in response.json()["projects"]]


def test_all_and_by_name(client: Client) -> None:
    assert ids(client) == [PROJECT_ID, "second"]
    assert ids(client, "?name=demo") == [PROJECT_ID]
    assert ids(client, "?name=nowhere") == []


def test_other_filters_and_paging(client: Client) -> None:
    assert ids(client, "?enabled=false") == []
    assert ids(client, "?domain_id=nobody") == []
    assert ids(client, "?page=2&per_page=1") == ["second"]


def test_a_signature_will_do(client: Client) -> None:
    response = client.signed("GET", "/v3/projects?name=demo")
    assert [project["id"] for project in response.json()["projects"]] == [PROJECT_ID]


def test_a_key_sees_its_own_projects(sim: Simulator, client: Client) -> None:
    sim.cloud.add_access_key("ak", "sk", project_ids=["second"])
    response = client.signed("GET", "/v3/projects", access="ak", secret="sk")
    assert [project["id"] for project in response.json()["projects"]] == ["second"]


def test_without_credentials(client: Client) -> None:
    assert error_of(client.send("GET", "/v3/projects")) == (401, "APIGW.0301")
    assert error_of(client.signed("GET", "/v3/projects", secret="wrong")) == (401, "APIGW.0301")
    response = client.send("GET", "/v3/projects", headers={"X-Auth-Token": "nonsense"})
    assert (response.status_code, response.json()["error"]["code"]) == (401, 401)


@pytest.mark.parametrize("query", ["names=demo", "page=0", "page=x", "per_page=-1", "page=1" + "0" * 5000])
def test_a_malformed_query_is_refused(client: Client, query: str) -> None:
    response = client.send("GET", f"/v3/projects?{query}", headers={"X-Auth-Token": client.token})
    assert (response.status_code, response.json()["error"]["title"]) == (400, "Bad Request")
