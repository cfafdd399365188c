# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: tokens with which a user of one account acts in another."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.principals import Agency, domain_id
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import REFUSED, Client, error_of

AGENCY = {"domain_name": "customer", "agency_name": "operators"}
THEIRS = {"project": {"id": "theirs"}}


@pytest.fixture(autouse=True)
def agency(sim: Simulator) -> Agency:
    """The account of the customer lets that of the demo act in its projects."""
    sim.cloud.add_project("theirs", "eu-de", domain="customer")
    sim.cloud.add_project("theirs-too", "eu-nl", domain="customer")
    sim.cloud.add_project("ours", "eu-ch", domain="demo")
    sim.cloud.add_job("job", project_id="theirs")
    sim.cloud.add_user("customer", "secret", "customer")
    return sim.cloud.add_agency("operators", "customer", "demo")


def assume(client: Client, scope: object = None, who: object = None, token: str | None = None) -> requests.Response:
    """Take on an agency, by default the one that there is, for its project."""
    identity = {"methods": ["assume_role"], "assume_role": AGENCY if who is None else who}
    auth = {"identity": identity, "scope": THEIRS if scope is None else scope}
    return client.log_in(auth, **{"X-Auth-Token": client.token if token is None else token})


def status_in(client: Client, token: str, project_id: str) -> requests.Response:
    """Read the status of a job in some project."""
    path, headers = f"/v3/{project_id}/jobs/batch-status", {"X-Auth-Token": token}
    return client.send("POST", path, json={"jobs": ["job"]}, headers=headers)


def message_of(response: requests.Response, status: int) -> str:
    """Check status and shape of an error, and give its text."""
    assert response.status_code == status
    assert response.json()["error"]["code"] == status
    assert "X-Subject-Token" not in response.headers
    return str(response.json()["error"]["message"])


def test_a_token_for_a_project(client: Client, agency: Agency) -> None:
    response = assume(client)

    assert response.status_code == 201
    token = response.json()["token"]
    customer = {"id": domain_id("customer"), "name": "customer"}
    demo = client.sim.cloud.accounts.user("demo")
    assert demo is not None
    assert token["methods"] == ["assume_role"]
    assert token["user"] == {"id": agency.id, "name": "customer/operators", "domain": customer}
    assert token["project"] == {"id": "theirs", "name": "eu-de", "domain": customer}
    assert token["assumed_by"]["user"] == {
        "id": demo.id,
        "name": "demo",
        "domain": {"id": domain_id("demo"), "name": "demo"},
        "password_expires_at": "",
    }
    assert "domain" not in token


def test_it_is_good_for_that_project_only(client: Client) -> None:
    token = assume(client).headers["X-Subject-Token"]
    assert status_in(client, token, "theirs").json()["results"] == [{"id": "job", "status": "INCRE_TRANSFER_STARTED"}]
    assert error_of(status_in(client, token, "theirs-too")) == (403, "DRS.M00100")
    assert error_of(status_in(client, token, PROJECT_ID)) == (403, "DRS.M00100")
    assert error_of(status_in(client, client.token, "theirs")) == (403, "DRS.M00100")


def test_it_expires_and_can_be_revoked(client: Client, clock: ManualClock) -> None:
    first, second = (assume(client).headers["X-Subject-Token"] for _attempt in range(2))
    client.sim.cloud.revoke_token(first)
    assert error_of(status_in(client, first, "theirs")) == (401, "APIGW.0307")
    assert status_in(client, second, "theirs").status_code == 200
    clock.advance(24 * 3600)
    assert error_of(status_in(client, second, "theirs")) == (401, "APIGW.0307")


def test_projects_by_name_and_accounts_by_id(client: Client) -> None:
    by_id = {"domain_id": domain_id("customer"), "agency_name": "operators"}
    response = assume(client, {"project": {"name": "eu-nl"}}, by_id)
    assert response.json()["token"]["project"]["id"] == "theirs-too"
    assert assume(client, who={**AGENCY, **by_id}).status_code == 201
    named = {"name": "eu-de", "domain": {"id": domain_id("customer"), "name": "customer"}}
    assert assume(client, {"project": named}).status_code == 201


@pytest.mark.parametrize("scope", [{}, {"domain": {"name": "customer"}}, {"domain": {"id": domain_id("customer")}}])
def test_a_token_for_the_account(client: Client, agency: Agency, scope: object) -> None:
    agency.may_list_projects = True
    response = assume(client, scope)
    assert response.json()["token"]["domain"]["name"] == "customer"
    token = response.headers["X-Subject-Token"]
    assert error_of(status_in(client, token, "theirs")) == (403, "DRS.M00100")
    listed = client.send("GET", "/v3/projects", headers={"X-Auth-Token": token}).json()["projects"]
    assert [project["id"] for project in listed] == [PROJECT_ID, "theirs", "theirs-too"]


@pytest.mark.parametrize(
    "scope",
    [
        {"project": {"id": "ours"}},
        {"project": {"name": "eu-ch"}},
        {"project": {"name": "nowhere"}},
        {"project": {"name": "eu-de", "domain": {"name": "demo"}}},
        {"domain": {"name": "demo"}},
    ],
)
def test_a_scope_of_another_account(client: Client, scope: object) -> None:
    assert message_of(assume(client, scope), 401) == REFUSED


def test_an_agency_may_be_for_some_projects(sim: Simulator, client: Client) -> None:
    sim.cloud.add_agency("operators", "customer", "demo", project_ids=["theirs"])
    assert message_of(assume(client, {"project": {"name": "eu-nl"}}), 401) == REFUSED
    token = assume(client).headers["X-Subject-Token"]
    assert status_in(client, token, "theirs").status_code == 200
    listed = client.send("GET", "/v3/auth/projects", headers={"X-Auth-Token": token}).json()["projects"]
    assert [project["id"] for project in listed] == ["theirs"]


@pytest.mark.parametrize(
    "who",
    [
        {"domain_name": "customer", "agency_name": "nobody"},
        {"domain_name": "demo", "agency_name": "operators"},
        {"domain_id": "nothing", "agency_name": "operators"},
        {"domain_id": "nothing", **AGENCY},
        {"domain_name": "customer", "agency_name": "for-others"},
    ],
)
def test_an_agency_that_is_none_or_for_others(sim: Simulator, client: Client, who: dict[str, str]) -> None:
    sim.cloud.add_agency("for-others", "customer", "others")
    assert "agency" in message_of(assume(client, who=who), 403)


def test_the_customer_itself_is_not_trusted(client: Client) -> None:
    assert message_of(assume(client, token=client.sim.cloud.issue_token("customer")), 403)


def test_agencies_make_no_chains(sim: Simulator, client: Client) -> None:
    sim.cloud.add_agency("deeper", "inner", "customer")
    deeper = {"domain_name": "inner", "agency_name": "deeper"}
    token = assume(client, {}).headers["X-Subject-Token"]
    assert message_of(assume(client, {}, deeper, token), 403)
    assert assume(client, {}, deeper, sim.cloud.issue_token("customer")).status_code == 201


class TestTheCaller:
    """X-Auth-Token."""

    def test_none(self, client: Client) -> None:
        response = client.log_in({"identity": {"methods": ["assume_role"], "assume_role": AGENCY}})
        assert message_of(response, 401)

    @pytest.mark.parametrize("token", ["", "nonsense"])
    def test_one_that_cannot_be_decoded(self, client: Client, token: str) -> None:
        assert message_of(assume(client, token=token), 401)

    def test_an_expired_one(self, client: Client) -> None:
        assert message_of(assume(client, token=client.sim.cloud.issue_token("demo", lifetime=0)), 401)

    def test_a_signature(self, sim: Simulator, client: Client) -> None:
        body = json.dumps({"auth": {"identity": {"methods": ["assume_role"], "assume_role": AGENCY}, "scope": THEIRS}})
        response = client.signed("POST", "/v3/auth/tokens", body.encode())
        assert response.json()["token"]["assumed_by"]["user"]["name"] == "demo"
        assert status_in(client, response.headers["X-Subject-Token"], "theirs").status_code == 200
        sim.cloud.add_access_key("theirs", "sk", user=sim.cloud.accounts.user("customer"))
        options = {"access": "theirs", "secret": "sk"}
        assert message_of(client.signed("POST", "/v3/auth/tokens", body.encode(), **options), 403)

    def test_a_wrong_signature(self, client: Client) -> None:
        body = json.dumps({"auth": {"identity": {"methods": ["assume_role"], "assume_role": AGENCY}}})
        response = client.signed("POST", "/v3/auth/tokens", body.encode(), secret="wrong")
        assert error_of(response) == (401, "APIGW.0301")


@pytest.mark.parametrize(
    ("identity", "named"),
    [
        ({}, "assume_role"),
        ({"assume_role": {}}, "agency_name"),
        ({"assume_role": {"agency_name": "operators"}}, "domain_name"),
        ({"assume_role": {"domain_name": "", "agency_name": "operators"}}, "domain_name"),
        ({"assume_role": {"domain_name": "customer", "xrole_name": "operators"}}, "xrole_name"),
        ({"assume_role": {"domain_name": 1, "agency_name": "operators"}}, "domain_name"),
        ({"assume_role": AGENCY, "password": {}}, "password"),
        ({"assume_role": AGENCY, "methods": ["password"]}, "assume_role"),
    ],
)
def test_a_malformed_body(client: Client, identity: dict[str, Any], named: str) -> None:
    auth = {"identity": {"methods": ["assume_role"], **identity}}
    response = client.log_in(auth, **{"X-Auth-Token": client.token})
    assert f": {named}." in message_of(response, 400)


def test_requests_count_for_the_agency_not_for_the_user(client: Client) -> None:
    token = assume(client).headers["X-Subject-Token"]
    client.sim.cloud.per_user_rate_limit = (1, 60)
    assert status_in(client, client.token, PROJECT_ID).status_code == 200
    assert [status_in(client, token, "theirs").status_code for _attempt in range(2)] == [200, 429]
