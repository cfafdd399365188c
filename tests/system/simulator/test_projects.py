# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: the projects of an account, and those that somebody may use."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.principals import User, domain_id
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import RUNNING, Client, error_of


@pytest.fixture(autouse=True)
def more_projects(sim: Simulator) -> None:
    """Two more projects, one of them in another account."""
    sim.cloud.add_project("second", "ap-southeast-1")
    sim.cloud.add_project("theirs", "ap-southeast-1", domain="other")


@pytest.fixture(autouse=True)
def demo(sim: Simulator) -> User:
    """Whose token the client has; may list those of the account."""
    (user,) = sim.cloud.accounts.users("demo")
    user.may_list_projects = True
    return user


def items(client: Client, path: str) -> list[dict[str, Any]]:
    """Ask with the token."""
    response = client.send("GET", path, headers={"X-Auth-Token": client.token})
    assert response.status_code == 200
    assert response.headers["X-IAM-Trace-Id"]
    listed: list[dict[str, Any]] = response.json()["projects"]
    return listed


def ids(client: Client, query: str = "") -> list[str]:
    """Ask with the token for those of the account."""
    return [project["id"] for project in items(client, f"/v3/projects{query}")]


def test_all_and_by_name(client: Client) -> None:
    assert ids(client) == [PROJECT_ID, "second"]
    assert ids(client, "?name=demo") == [PROJECT_ID]
    assert ids(client, "?name=nowhere") == []


def test_other_filters_and_paging(client: Client) -> None:
    assert ids(client, "?enabled=false") == []
    assert ids(client, "?domain_id=nobody") == []
    assert ids(client, f"?domain_id={domain_id('demo')}") == [PROJECT_ID, "second"]
    assert ids(client, "?page=2&per_page=1") == ["second"]


def test_those_without_a_role_are_listed_too(client: Client, demo: User) -> None:
    demo.project_ids = frozenset({"second"})
    assert ids(client) == [PROJECT_ID, "second"]


def test_a_signature_will_do(client: Client) -> None:
    response = client.signed("GET", "/v3/projects?name=demo")
    assert [project["id"] for project in response.json()["projects"]] == [PROJECT_ID]


def test_a_disabled_one_says_so(sim: Simulator, client: Client) -> None:
    second = sim.cloud.accounts.project("second")
    assert second is not None
    second.enabled = False
    assert ids(client, "?enabled=true") == [PROJECT_ID]
    assert ids(client, "?enabled=false") == ["second"]
    for path in ("/v3/projects", "/v3/auth/projects"):
        assert [(item["id"], item["enabled"]) for item in items(client, path)] == [
            (PROJECT_ID, True),
            ("second", False),
        ]
    client.token = sim.cloud.issue_token("demo", "second")
    response = client.send("GET", "/v5/second/jobs?job_type=sync", headers={"X-Auth-Token": client.token})
    assert error_of(response) == (403, "APIGW.0310")
    assert error_of(client.signed("GET", "/v5/second/jobs?job_type=sync")) == (403, "APIGW.0310")


class TestPermission:
    """Who lacks the permission cannot list those of the account, but those within reach."""

    @pytest.fixture(autouse=True)
    def nothing_allowed(self, demo: User) -> None:
        demo.may_list_projects = False

    def test_by_token(self, client: Client) -> None:
        response = client.send("GET", "/v3/projects?name=demo", headers={"X-Auth-Token": client.token})
        assert (response.status_code, response.json()["error"]["code"]) == (403, 403)
        assert "identity:list_projects" in response.json()["error"]["message"]
        assert [item["id"] for item in items(client, "/v3/auth/projects")] == [PROJECT_ID, "second"]

    def test_by_signature(self, sim: Simulator, client: Client) -> None:
        assert client.signed("GET", "/v3/projects?name=demo").status_code == 403
        sim.cloud.add_access_key("ak", "sk", project_ids=["second"])
        response = client.signed("GET", "/v3/auth/projects", access="ak", secret="sk")
        assert [item["id"] for item in response.json()["projects"]] == ["second"]

    def test_of_an_agency(self, sim: Simulator, client: Client) -> None:
        agency = sim.cloud.add_agency("operators", "other", "demo")
        agency.may_list_projects = True
        assume = {"domain_name": "other", "agency_name": "operators"}
        identity = {"methods": ["assume_role"], "assume_role": assume}
        client.token = client.log_in({"identity": identity}, **{"X-Auth-Token": client.token}).headers[
            "X-Subject-Token"
        ]
        assert "theirs" in ids(client)
        agency.may_list_projects = False
        assert client.send("GET", "/v3/projects", headers={"X-Auth-Token": client.token}).status_code == 403
        assert "theirs" in [item["id"] for item in items(client, "/v3/auth/projects")]


class TestReach:
    """Which projects somebody may use."""

    def test_those_with_a_role(self, client: Client, demo: User) -> None:
        demo.project_ids = frozenset({"second"})
        for path in ("/v3/auth/projects", f"/v3/users/{demo.id}/projects"):
            assert [item["id"] for item in items(client, path)] == ["second"]
        # What the token is for does not matter, but what is done with it does.
        assert error_of(client.batch_status(RUNNING)) == (403, "DRS.M00100")

    def test_those_of_somebody_else(self, client: Client) -> None:
        response = client.send("GET", "/v3/users/nobody/projects", headers={"X-Auth-Token": client.token})
        assert (response.status_code, response.json()["error"]["code"]) == (403, 403)

    def test_each_key_has_an_account(self, sim: Simulator, client: Client) -> None:
        other = sim.cloud.add_user("user", "secret", "other")
        other.may_list_projects = True
        sim.cloud.add_access_key("ak", "sk", user=other)
        for path in ("/v3/projects", "/v3/auth/projects"):
            listed = client.signed("GET", path, access="ak", secret="sk").json()["projects"]
            assert [item["id"] for item in listed] == [PROJECT_ID, "second", "theirs"]
            listed = client.signed("GET", path).json()["projects"]
            assert [item["id"] for item in listed] == [PROJECT_ID, "second"]
        theirs = "/v5/theirs/jobs?job_type=sync"
        assert client.signed("GET", theirs, access="ak", secret="sk").status_code == 200
        assert error_of(client.signed("GET", theirs)) == (403, "DRS.M00102")

    def test_the_account(self, sim: Simulator, client: Client) -> None:
        response = client.send("GET", "/v3/auth/domains", headers={"X-Auth-Token": client.token})
        (domain,) = response.json()["domains"]
        assert (domain["id"], domain["name"], domain["enabled"]) == (domain_id("demo"), "demo", True)

    @pytest.mark.parametrize("path", ["/v3/auth/projects", "/v3/auth/domains"])
    def test_nothing_can_be_chosen(self, client: Client, path: str) -> None:
        response = client.send("GET", f"{path}?name=demo", headers={"X-Auth-Token": client.token})
        assert response.status_code == 400


@pytest.mark.parametrize("path", ["/v3/projects", "/v3/auth/projects", "/v3/auth/domains", "/v3/users/1/projects"])
def test_without_credentials(client: Client, path: str) -> None:
    assert error_of(client.send("GET", path)) == (401, "APIGW.0301")
    assert error_of(client.signed("GET", path, secret="wrong")) == (401, "APIGW.0301")
    response = client.send("GET", path, headers={"X-Auth-Token": "nonsense"})
    assert (response.status_code, response.json()["error"]["code"]) == (401, 401)


@pytest.mark.parametrize("query", ["names=demo", "page=0", "page=x", "per_page=-1", "page=1" + "0" * 5000])
def test_a_malformed_query_is_refused(client: Client, query: str) -> None:
    response = client.send("GET", f"/v3/projects?{query}", headers={"X-Auth-Token": client.token})
    assert (response.status_code, response.json()["error"]["title"]) == (400, "Bad Request")
