# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: temporary access keys, for a token and for an agency."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import Client, error_of

PATH = "/v3.0/OS-CREDENTIAL/securitytokens"
AGENCY = {"domain_name": "customer", "agency_name": "operators"}
OURS = f"/v5/{PROJECT_ID}/jobs?job_type=sync"
THEIRS = "/v5/theirs/jobs?job_type=sync"


@pytest.fixture(autouse=True)
def agency(sim: Simulator) -> None:
    """The account of the customer lets that of the demo act in its projects."""
    sim.cloud.add_project("theirs", "eu-de", domain="customer")
    sim.cloud.add_agency("operators", "customer", "demo")


def by_token(**token: object) -> dict[str, Any]:
    """The documented form of who wants a key, where that is the caller."""
    return {"methods": ["token"], **({"token": token} if token else {})}


def by_agency(**role: object) -> dict[str, Any]:
    """The same for an agency."""
    return {"methods": ["assume_role"], "assume_role": {**AGENCY, **role}}


def ask(client: Client, identity: object, **headers: str) -> requests.Response:
    """Ask for a temporary key, with the token unless there are other headers."""
    headers = headers or {"X-Auth-Token": client.token}
    return client.send("POST", PATH, json={"auth": {"identity": identity}}, headers=headers)


def use(client: Client, credential: dict[str, str], target: str) -> requests.Response:
    """Send a request that is signed with a temporary key."""
    extra = {"X-Security-Token": credential["securitytoken"]}
    return client.signed("GET", target, access=credential["access"], secret=credential["secret"], extra=extra)


def test_for_a_token(client: Client, clock: ManualClock) -> None:
    response = ask(client, by_token())
    assert response.status_code == 201
    credential = response.json()["credential"]
    assert credential.keys() == {"access", "secret", "securitytoken", "expires_at"}
    assert use(client, credential, OURS).status_code == 200
    assert error_of(use(client, credential, THEIRS)) == (403, "DRS.M00102")
    clock.advance(15 * 60 - 1)
    assert use(client, credential, OURS).status_code == 200
    clock.advance(1)
    assert error_of(use(client, credential, OURS)) == (401, "APIGW.0301")


def test_the_token_may_be_in_the_body_or_a_signature_instead(client: Client) -> None:
    assert ask(client, by_token(id=client.token), Accept="*/*").status_code == 201
    body = json.dumps({"auth": {"identity": by_token(duration_seconds=900)}}).encode()
    assert client.signed("POST", PATH, body).status_code == 201
    assert error_of(client.signed("POST", PATH, body, secret="wrong")) == (401, "APIGW.0301")


def test_for_an_agency(client: Client) -> None:
    credential = ask(client, by_agency(session_user={"name": "somebody"})).json()["credential"]
    assert use(client, credential, THEIRS).status_code == 200
    client.sim.cloud.add_project("ours", "eu-ch", domain="demo")
    assert error_of(use(client, credential, "/v5/ours/jobs?job_type=sync")) == (403, "DRS.M00102")
    listed = use(client, credential, "/v3/auth/projects").json()["projects"]
    assert [project["id"] for project in listed] == [PROJECT_ID, "theirs"]
    body = json.dumps({"auth": {"identity": by_agency()}}).encode()
    assert client.signed("POST", PATH, body).status_code == 201
    client.sim.cloud.disabled_domains.add("customer")
    assert error_of(use(client, credential, THEIRS)) == (401, "APIGW.0301")


def test_a_key_dies_with_its_user(client: Client) -> None:
    credential = ask(client, by_token()).json()["credential"]
    (user,) = client.sim.cloud.accounts.users("demo")
    user.enabled = False
    for response in (use(client, credential, OURS), client.signed("GET", OURS)):
        assert error_of(response) == (401, "APIGW.0301")
        assert "ak not exist" in response.json()["error_msg"]


@pytest.mark.parametrize("seconds", [900, 3600, 24 * 3600])
@pytest.mark.parametrize("identity", [by_token, by_agency])
def test_how_long_it_lives(client: Client, clock: ManualClock, identity: Any, seconds: int) -> None:
    credential = ask(client, identity(duration_seconds=seconds)).json()["credential"]
    key = client.sim.cloud.accounts.access_key(credential["access"])
    assert key is not None
    assert key.expires_at == pytest.approx(clock.time() + seconds)


@pytest.mark.parametrize("seconds", [0, 899, 24 * 3600 + 1, "900", 900.5, True, None])
@pytest.mark.parametrize("identity", [by_token, by_agency])
def test_how_long_it_cannot_live(client: Client, identity: Any, seconds: object) -> None:
    response = ask(client, identity(duration_seconds=seconds))
    assert error_of(response) == (400, "IAM.0073")
    assert "duration_seconds" in response.json()["error_msg"]


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ({}, "IAM.0072"),
        ({"methods": ["password"]}, "IAM.0073"),
        ({"methods": ["token"], "more": 1}, "IAM.0011"),
        ({"methods": ["assume_role"]}, "IAM.0072"),
        ({"methods": ["assume_role"], "assume_role": {"agency_name": "operators"}}, "IAM.0072"),
    ],
)
def test_a_malformed_body(client: Client, identity: dict[str, Any], code: str) -> None:
    assert error_of(ask(client, identity)) == (400, code)


def test_who_may_not(sim: Simulator, client: Client) -> None:
    assert error_of(ask(client, by_agency(agency_name="nobody"))) == (403, "IAM.0002")
    for identity in (by_token(), by_agency()):
        assert error_of(ask(client, identity, **{"X-Auth-Token": "nonsense"})) == (401, "IAM.0001")
    assert error_of(ask(client, by_token(id="nonsense"), Accept="*/*")) == (401, "IAM.0001")
    assert error_of(ask(client, by_token(), Accept="*/*")) == (401, "APIGW.0301")
