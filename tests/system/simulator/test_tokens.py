# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: tokens for user name and password."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.principals import User
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import REFUSED, RUNNING, Client, error_of


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
        iam, drs = f"{client.sim.url}/v3", f"{client.sim.url}/v5/{PROJECT_ID}"
        assert urls == {"iam": iam, "identity": iam, "drs": drs}


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
    assert message_of(response.json()) == REFUSED
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
    assert (response.status_code, message_of(response.json())) == (401, REFUSED)


def test_a_project_of_another_account(client: Client) -> None:
    client.sim.cloud.add_project("theirs", "theirs", domain="other")
    assert client.log_in({"identity": identity(), "scope": {"project": {"id": "theirs"}}}).status_code == 401


def test_an_account_that_is_not_the_users(client: Client) -> None:
    assert client.log_in({"identity": identity(), "scope": {"domain": {"name": "other"}}}).status_code == 401


def test_five_wrong_passwords_lock_the_account(client: Client, clock: ManualClock) -> None:
    for _attempt in range(5):
        client.log_in({"identity": identity("wrong")})

    response = client.log_in({"identity": identity()})
    assert (response.status_code, message_of(response.json())) == (401, REFUSED)
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


@pytest.mark.parametrize("count", range(3, 11))
def test_how_many_lock_is_a_setting(client: Client, count: int) -> None:
    client.sim.cloud.configure(wrong_logins_to_lock=count)
    for failures, status in ((count - 1, 201), (count, 401)):
        for _attempt in range(failures):
            client.log_in({"identity": identity("wrong")})
        assert client.log_in({"identity": identity()}).status_code == status


def test_each_user_is_locked_alone_and_under_every_name(client: Client) -> None:
    client.sim.cloud.add_user("other", "demo", "demo")
    demo = client.sim.cloud.accounts.user("demo")
    assert demo is not None
    scopes: list[dict[str, Any]] = [{}, {"scope": BY_ID}, {"scope": BY_NAME}, {"scope": {"domain": {"name": "demo"}}}]
    for scope in (*scopes, {}):
        client.log_in({"identity": identity("wrong", id=demo.id), **scope})
    assert client.log_in({"identity": identity()}).status_code == 401
    assert client.log_in({"identity": identity(name="other", domain={"name": "demo"})}).status_code == 201


class TestReasons:
    """Whatever the reason of a refusal is, the answer is the same."""

    @pytest.fixture
    def user(self, sim: Simulator) -> User:
        """Somebody with the right password."""
        sim.cloud.add_project("theirs", "theirs", domain="demo")
        return sim.cloud.add_user("user", "demo", "demo")

    def log_in(self, client: Client, **auth: Any) -> tuple[int, str]:
        """Log in with the right password, and give status and text."""
        who = identity(name="user", domain={"name": "demo"})
        response = client.log_in({"identity": who, "scope": {"project": {"id": "theirs"}}, **auth})
        return response.status_code, "" if response.ok else message_of(response.json())

    def test_none(self, client: Client, user: User) -> None:
        assert self.log_in(client) == (201, "")

    def test_a_disabled_user(self, client: Client, user: User) -> None:
        user.enabled = False
        assert self.log_in(client) == (401, REFUSED)

    def test_a_disabled_account(self, client: Client, user: User) -> None:
        client.sim.cloud.disabled_domains.add("demo")
        assert self.log_in(client) == (401, REFUSED)

    def test_an_expired_password(self, client: Client, user: User, clock: ManualClock) -> None:
        user.password_expires_at = clock.time() + 60
        response = client.log_in({"identity": identity(name="user", domain={"name": "demo"})})
        assert response.json()["token"]["user"]["password_expires_at"].endswith("Z")
        clock.advance(60)
        assert self.log_in(client) == (401, REFUSED)

    def test_a_disabled_project(self, client: Client, user: User) -> None:
        project = client.sim.cloud.accounts.project("theirs")
        assert project is not None
        project.enabled = False
        assert self.log_in(client) == (401, REFUSED)
        assert self.log_in(client, scope={"project": {"name": "theirs", "domain": {"name": "demo"}}}) == (401, REFUSED)
        assert self.log_in(client, scope={}) == (201, "")

    def test_a_project_without_a_role(self, client: Client, user: User) -> None:
        user.project_ids = frozenset({PROJECT_ID})
        assert self.log_in(client) == (401, REFUSED)
        assert self.log_in(client, scope=BY_ID) == (201, "")

    def test_none_but_a_wrong_password_locks(self, client: Client, user: User) -> None:
        user.project_ids = frozenset()
        for _attempt in range(10):
            assert self.log_in(client) == (401, REFUSED)
        user.project_ids, user.enabled = None, False
        for _attempt in range(10):
            assert self.log_in(client, identity=identity("wrong", id=user.id)) == (401, REFUSED)
        user.enabled = True
        assert self.log_in(client) == (201, "")


def test_a_user_of_the_console_alone(sim: Simulator, client: Client) -> None:
    user = sim.cloud.add_user("user", "demo", "demo")
    user.is_console_only = True
    assert error_of(client.log_in({"identity": identity(id=user.id), "scope": BY_ID})) == (403, "IAM.0081")
    response = client.log_in({"identity": identity("wrong", id=user.id), "scope": BY_ID})
    assert (response.status_code, message_of(response.json())) == (401, REFUSED)


def test_a_token_dies_with_its_user_and_its_account(sim: Simulator, client: Client) -> None:
    user = sim.cloud.accounts.user("demo")
    assert user is not None
    user.enabled = False
    assert error_of(client.batch_status(RUNNING)) == (401, "APIGW.0307")
    user.enabled = True
    assert client.batch_status(RUNNING).status_code == 200
    sim.cloud.disabled_domains.add("demo")
    assert error_of(client.batch_status(RUNNING)) == (401, "APIGW.0307")


class TestByToken:
    """Method token: another scope for the same user."""

    def log_in(self, client: Client, token: str, scope: object = None) -> requests.Response:
        """Exchange a token."""
        return client.log_in({"identity": {"methods": ["token"], "token": {"id": token}}, "scope": scope or BY_ID})

    def test_another_scope(self, client: Client, clock: ManualClock) -> None:
        old = client.log_in({"identity": identity()})
        clock.advance(3600)
        response = self.log_in(client, old.headers["X-Subject-Token"])
        assert response.status_code == 201
        token = response.json()["token"]
        assert (token["methods"], token["project"]["id"]) == (["token", "password"], PROJECT_ID)
        # Who exchanges a token again and again proves nothing, so it lives no longer than the first.
        assert token["expires_at"] == old.json()["token"]["expires_at"]
        client.token = response.headers["X-Subject-Token"]
        assert client.batch_status(RUNNING).status_code == 200

    def test_a_scope_out_of_reach(self, client: Client) -> None:
        client.sim.cloud.add_project("theirs", "theirs", domain="other")
        response = self.log_in(client, client.token, {"project": {"id": "theirs"}})
        assert (response.status_code, message_of(response.json())) == (401, REFUSED)

    def test_that_of_an_agency_stays_one(self, sim: Simulator, client: Client) -> None:
        sim.cloud.add_project("theirs", "theirs", domain="customer")
        sim.cloud.add_agency("operators", "customer", "demo")
        assume = {"domain_name": "customer", "agency_name": "operators"}
        identity = {"methods": ["assume_role"], "assume_role": assume}
        first = client.log_in({"identity": identity}, **{"X-Auth-Token": client.token})
        response = self.log_in(client, first.headers["X-Subject-Token"], {"project": {"name": "theirs"}})
        assert response.json()["token"]["methods"] == ["token", "assume_role"]
        assert response.json()["token"]["assumed_by"]["user"]["name"] == "demo"
        assert self.log_in(client, client.token, {"project": {"id": "theirs"}}).status_code == 401

    @pytest.mark.parametrize("is_known", [True, False])
    def test_a_token_that_is_no_good(self, client: Client, is_known: bool) -> None:
        client.sim.cloud.revoke_token(client.token)
        response = self.log_in(client, client.token if is_known else "nonsense")
        assert response.status_code == 404
        assert client.token not in message_of(response.json())


class TestVerify:
    """GET /v3/auth/tokens."""

    def verify(self, client: Client, caller: str, subject: str, query: str = "") -> requests.Response:
        """Ask what a token is."""
        headers = {"X-Auth-Token": caller, "X-Subject-Token": subject}
        return client.send("GET", f"/v3/auth/tokens{query}", headers=headers)

    def test_ones_own(self, client: Client) -> None:
        client.sim.cloud.accounts.users("demo")[0].may_list_projects = False
        response = client.log_in({"identity": identity(), "scope": BY_NAME})
        value = response.headers["X-Subject-Token"]
        verified = self.verify(client, value, value)
        assert (verified.status_code, verified.headers["X-Subject-Token"]) == (200, value)
        assert verified.json() == response.json()
        without = self.verify(client, client.token, value, "?nocatalog=yes")
        assert without.json()["token"]["project"]["id"] == PROJECT_ID
        assert "catalog" not in without.json()["token"]

    def test_that_of_somebody_else(self, sim: Simulator, client: Client) -> None:
        sim.cloud.add_user("other", "demo", "demo")
        response = self.verify(client, client.token, sim.cloud.issue_token("other"))
        assert (response.status_code, response.json()["error"]["code"]) == (403, 403)

    def test_one_that_is_no_good(self, sim: Simulator, client: Client) -> None:
        old = sim.cloud.issue_token("demo")
        sim.cloud.revoke_token(old)
        for subject in (old, "nonsense"):
            response = self.verify(client, client.token, subject)
            assert response.status_code == 404
            assert message_of(response.json()) == "Failed to validate token"
        response = self.verify(client, old, client.token)
        assert (response.status_code, message_of(response.json())) == (401, REFUSED)

    def test_none(self, client: Client) -> None:
        assert self.verify(client, client.token, "").status_code == 400
        assert error_of(client.send("GET", "/v3/auth/tokens")) == (401, "APIGW.0301")


@pytest.mark.parametrize(("path", "status"), [("/", 300), ("/v3", 200), ("/v3/", 200)])
def test_which_versions_there_are(client: Client, path: str, status: int) -> None:
    response = client.send("GET", path)
    assert response.status_code == status
    body = response.json()
    version = body["version"] if status == 200 else body["versions"]["values"][0]
    assert (version["status"], version["links"][0]["href"]) == ("stable", f"{client.sim.url}/v3/")


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
        ({"identity": {**identity(), "methods": ["token"]}}, "password"),
        ({"identity": {**identity(), "methods": ["saml2"]}}, "methods"),
        ({"identity": {**identity(), "methods": [1]}}, "methods"),
        ({"identity": {"methods": ["token"], "token": {}}}, "id"),
        ({"identity": {"methods": ["token"], "token": {"id": "1", "name": "1"}}}, "name"),
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
