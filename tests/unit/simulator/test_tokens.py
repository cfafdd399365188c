# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: tokens for user name and password."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.simulator.client import RUNNING, Client, error_of


def identity(password: str = "demo", **user: Any) -> dict[str, Any]:
    """The documented form of who logs in."""
    user = user or {"name": "demo", "domain": {"name": "demo"}}
    return {"methods": ["password"], "password": {"user": {**user, "password": password}}}


BY_ID = {"project": {"id": PROJECT_ID}}
BY_NAME = {"project": {"name": "demo"}}


def message_of(body: Any) -> str:
    """Check the shape of an error of IAM and give its text."""
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"code", "message", "title"}
    return str(body["error"]["message"])


@pytest.mark.parametrize("scope", [BY_ID, BY_NAME, {"project": {"name": "demo", "domain": {"name": "demo"}}}])
def test_a_token_for_a_project(client: Client, clock: ManualClock, scope: object) -> None:
    response = client.log_in({"identity": identity(), "scope": scope}, "?nocatalog=true")

    assert response.status_code == 201
    assert response.headers["X-IAM-Trace-Id"]
    token = response.json()["token"]
    assert token["project"]["id"] == PROJECT_ID
    assert token["project"]["name"] == "demo"
    assert token["project"]["domain"] == token["user"]["domain"]
    assert token["user"]["name"] == "demo"
    assert token["methods"] == ["password"]
    assert "catalog" not in token
    assert "domain" not in token
    issued, expires = (
        datetime.strptime(token[key], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()
        for key in ("issued_at", "expires_at")
    )
    assert issued == pytest.approx(clock.time(), abs=0.001)
    assert expires - issued == pytest.approx(24 * 3600)
    client.token = response.headers["X-Subject-Token"]
    assert client.batch_status(RUNNING).status_code == 200


def test_the_catalog_comes_unless_it_is_declined(client: Client) -> None:
    for query in ("", "?nocatalog="):
        token = client.log_in({"identity": identity(), "scope": BY_ID}, query).json()["token"]
        urls = {item["type"]: item["endpoints"][0]["url"] for item in token["catalog"]}
        assert urls == {"iam": f"{client.sim.url}/v3", "drs": f"{client.sim.url}/v5/{PROJECT_ID}"}


def test_a_project_wins_over_a_domain(client: Client) -> None:
    response = client.log_in({"identity": identity(), "scope": {**BY_NAME, "domain": {"name": "demo"}}})
    assert response.json()["token"]["project"]["id"] == PROJECT_ID


@pytest.mark.parametrize("auth", [{}, {"scope": {}}, {"scope": {"domain": {"name": "demo"}}}])
def test_a_token_for_the_account_is_no_good_for_drs(client: Client, auth: dict[str, Any]) -> None:
    response = client.log_in({"identity": identity(), **auth})

    assert response.status_code == 201
    assert response.json()["token"]["domain"]["name"] == "demo"
    client.token = response.headers["X-Subject-Token"]
    assert error_of(client.batch_status(RUNNING)) == (403, "DRS.M00100")


def test_users_may_be_named_by_id_and_domains_too(client: Client) -> None:
    user = client.log_in({"identity": identity()}).json()["token"]["user"]
    for named in ({"id": user["id"]}, {"name": "demo", "domain": {"id": user["domain"]["id"]}}):
        assert client.log_in({"identity": identity(**named)}).status_code == 201


@pytest.mark.parametrize(
    "who",
    [
        identity("wrong"),
        identity(name="nobody", domain={"name": "demo"}),
        identity(name="demo", domain={"name": "other"}),
        identity(name="demo", domain={"id": "other"}),
        identity(id="nobody"),
    ],
)
def test_a_wrong_user_or_password(client: Client, who: object) -> None:
    response = client.log_in({"identity": who, "scope": BY_ID})

    assert response.status_code == 401
    assert message_of(response.json()) == "The username or password is wrong."
    assert response.json()["error"]["title"] == "Unauthorized"
    assert "X-Subject-Token" not in response.headers


@pytest.mark.parametrize(
    "project",
    [
        {"name": "nowhere"},
        {"id": "nothing"},
        {"id": PROJECT_ID, "name": "nowhere"},
        {"name": "demo", "domain": {"name": "other"}},
    ],
)
def test_a_project_that_does_not_exist(client: Client, project: object) -> None:
    response = client.log_in({"identity": identity(), "scope": {"project": project}})
    assert response.status_code == 401
    assert "project" in message_of(response.json())


def test_a_project_of_another_account(client: Client) -> None:
    client.sim.cloud.add_project("theirs", "theirs", domain="other")
    assert client.log_in({"identity": identity(), "scope": {"project": {"id": "theirs"}}}).status_code == 401


def test_an_account_that_is_not_the_users(client: Client) -> None:
    assert client.log_in({"identity": identity(), "scope": {"domain": {"name": "other"}}}).status_code == 401


def test_five_wrong_passwords_lock_the_account(client: Client, clock: ManualClock) -> None:
    for _attempt in range(5):
        client.log_in({"identity": identity("wrong")})

    response = client.log_in({"identity": identity()})
    assert response.status_code == 401
    assert "locked" in message_of(response.json())
    clock.advance(15 * 60)
    assert client.log_in({"identity": identity()}).status_code == 201


def test_wrong_passwords_long_ago_or_before_a_right_one_do_not_count(client: Client, clock: ManualClock) -> None:
    for _attempt in range(2):
        for _attempt in range(4):
            client.log_in({"identity": identity("wrong")})
        assert client.log_in({"identity": identity()}).status_code == 201
    for _attempt in range(6):
        client.log_in({"identity": identity("wrong")})
        clock.advance(5 * 60)
    assert client.log_in({"identity": identity()}).status_code == 201


PASSWORD = {"methods": ["password"], "password": {"user": {"name": "demo", "password": "demo"}}}
DOMAIN = {"name": "demo"}


@pytest.mark.parametrize(
    ("auth", "named"),
    [
        ([], "auth"),
        (None, "auth"),
        ({}, "identity"),
        ({"identity": identity(), "more": 1}, "more"),
        ({"identity": []}, "identity"),
        ({"identity": {"methods": ["password"]}}, "password"),
        ({"identity": {**identity(), "methods": ["token"]}}, "methods"),
        ({"identity": {**identity(), "methods": []}}, "methods"),
        ({"identity": {**identity(), "methods": "password"}}, "methods"),
        ({"identity": PASSWORD}, "domain"),
        ({"identity": identity(domain=DOMAIN)}, "name"),
        ({"identity": identity(name="demo", domain={})}, "domain"),
        ({"identity": identity(name="demo", domain="demo")}, "domain"),
        ({"identity": identity(name="", domain=DOMAIN)}, "name"),
        ({"identity": identity("", name="demo", domain=DOMAIN)}, "password"),
        ({"identity": identity(), "scope": "demo"}, "scope"),
        ({"identity": identity(), "scope": {"projects": {}}}, "projects"),
        ({"identity": identity(), "scope": {"project": {}}}, "project"),
        ({"identity": identity(), "scope": {"project": {"name": 1}}}, "name"),
        ({"identity": identity(), "scope": {"domain": {}}}, "domain"),
    ],
)
def test_a_malformed_body_is_refused_by_name(client: Client, auth: object, named: str) -> None:
    response = client.log_in(auth)
    assert response.status_code == 400
    assert f": {named}." in message_of(response.json())


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"auth": NaN}', "application/json"),
        (b'{"auth": {}, "auth": {}}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"auth": "\\ud800"}', "application/json"),
        (b"{}", "text/plain"),
    ],
)
def test_no_json_is_refused(client: Client, body: bytes, content_type: str) -> None:
    response = client.send("POST", "/v3/auth/tokens", data=body, headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert message_of(response.json())


def test_the_documented_content_type_has_a_charset(client: Client) -> None:
    response = client.send(
        "POST",
        "/v3/auth/tokens",
        json={"auth": {"identity": identity()}},
        headers={"Content-Type": "application/json;charset=utf8"},
    )
    assert response.status_code == 201


def test_an_unknown_query_is_refused(client: Client) -> None:
    assert client.log_in({"identity": identity()}, "?nocatalogue=true").status_code == 400


def test_the_lifetime_is_a_setting(sim: Simulator, client: Client, clock: ManualClock) -> None:
    sim.cloud.token_lifetime = 60
    client.token = client.log_in({"identity": identity(), "scope": BY_ID}).headers["X-Subject-Token"]
    clock.advance(59)
    assert client.batch_status(RUNNING).status_code == 200
    clock.advance(1)
    assert error_of(client.batch_status(RUNNING)) == (401, "APIGW.0307")


def test_tokens_without_http(sim: Simulator, client: Client) -> None:
    with pytest.raises(LookupError, match="nobody"):
        sim.cloud.issue_token("nobody")
    with pytest.raises(LookupError, match="nowhere"):
        sim.cloud.issue_token("demo", "nowhere")
    client.token = sim.cloud.issue_token("demo", PROJECT_ID, lifetime=1)
    assert client.batch_status(RUNNING).status_code == 200
    assert len(sim.requests) == 1
