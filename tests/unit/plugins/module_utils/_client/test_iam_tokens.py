# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in to IAM."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.iam_tokens import (
    Token,
    fetch_agency_token,
    fetch_user_token,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    Agency,
    PasswordCredential,
    Scope,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    InvalidResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID

USER = PasswordCredential("demo", "demo", "demo")
DEMO = Scope(project_name="demo")


def test_a_login_gives_the_token_and_what_iam_says_of_it(http: HttpClient, sim: Simulator) -> None:
    token = fetch_user_token(http, sim.url, USER, DEMO)
    known = sim.cloud.accounts.token(token.token)
    assert known is not None
    assert known.project is not None
    assert known.project.id == token.project_id == PROJECT_ID
    assert (token.project_name, token.user_name, token.domain_name) == ("demo", "demo", "demo")
    assert str(token.expires_at).endswith("Z")
    assert str(token.issued_at) < str(token.expires_at)
    assert token.token not in repr(token)


def sent(http: HttpClient, sim: Simulator, user: PasswordCredential, scope: Scope) -> Any:
    """Return what IAM is sent for a token of this user, whatever it answers."""
    with suppress(CloudError):
        fetch_user_token(http, sim.url, user, scope)
    return sim.requests[-1].json["auth"]


def test_the_body_of_a_login_is_that_of_the_iam_api(http: HttpClient, sim: Simulator) -> None:
    assert sent(http, sim, PasswordCredential("me", "p4ssword", "account"), Scope(project_name="cn-north-4")) == {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "me", "password": "p4ssword", "domain": {"name": "account"}}},
        },
        "scope": {"project": {"name": "cn-north-4"}},
    }


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope("id"), {"project": {"id": "id"}}),
        (Scope("id", "name"), {"project": {"id": "id"}}),
        (Scope(None, "name"), {"project": {"name": "name"}}),
        (Scope(None, "name", "account"), {"project": {"name": "name"}}),
        (Scope(domain_name="account"), {"domain": {"name": "account"}}),
        (Scope(), None),
    ],
)
def test_a_scope_is_a_project_by_its_id_or_its_name_or_an_account(
    http: HttpClient, sim: Simulator, scope: Scope, expected: object
) -> None:
    assert sent(http, sim, USER, scope).get("scope") == expected


BY_NAME = {"name": "me", "domain": {"name": "account"}}


@pytest.mark.parametrize(
    ("user", "named"),
    [
        (PasswordCredential(None, "p4ssword", None, "user-id"), {"id": "user-id"}),
        (PasswordCredential(None, "p4ssword", None, "user-id", "123456"), {"id": "user-id"}),
        (PasswordCredential("me", "p4ssword", "account", "user-id", "123456"), BY_NAME),
    ],
)
def test_a_user_can_be_named_by_id_which_a_virtual_mfa_device_needs(
    http: HttpClient, sim: Simulator, user: PasswordCredential, named: dict[str, object]
) -> None:
    identity = sent(http, sim, user, Scope())["identity"]
    assert identity["password"] == {"user": {**named, "password": "p4ssword"}}
    assert identity["methods"] == (["password", "totp"] if user.totp_passcode else ["password"])
    assert identity.get("totp") == ({"user": {"id": "user-id", "passcode": "123456"}} if user.totp_passcode else None)
    assert "123456" not in repr(user)


def test_the_body_for_an_agency_is_that_of_the_iam_api(http: HttpClient, sim: Simulator) -> None:
    auth = TokenAuth(sim.cloud.issue_token("demo", "demo"))
    with suppress(CloudError):
        fetch_agency_token(http, sim.url, auth, Agency("migration", "customer"), Scope(project_name="cn-north-4"))
    (request,) = sim.requests
    assert request.json["auth"] == {
        "identity": {
            "methods": ["assume_role"],
            "assume_role": {"domain_name": "customer", "agency_name": "migration"},
        },
        "scope": {"project": {"name": "cn-north-4"}},
    }
    assert request.headers["X-Auth-Token"]


def test_a_login_asks_for_no_catalog(http: HttpClient, sim: Simulator) -> None:
    fetch_user_token(http, sim.url, USER, Scope(project_id=PROJECT_ID))
    (request,) = sim.requests
    assert (request.method, request.path, request.query) == ("POST", "/v3/auth/tokens", {"nocatalog": "true"})
    assert request.json["auth"]["scope"] == {"project": {"id": PROJECT_ID}}


def test_a_refused_password_is_tried_once(http: HttpClient, sim: Simulator, clock: ManualClock) -> None:
    with pytest.raises(ServiceError, match="requires authentication") as caught:
        fetch_user_token(http, sim.url, PasswordCredential("demo", "canary", "demo"), DEMO)
    assert "canary" not in str(caught.value)
    assert len(sim.requests) == 1
    assert clock.sleeps == []


def test_a_locked_account_is_refused_in_the_same_words(make_http: Callable[..., HttpClient], sim: Simulator) -> None:
    # A client of its own for each: one sends nothing more after two refusals.
    for _attempt in range(5):
        with pytest.raises(ServiceError):
            fetch_user_token(make_http(), sim.url, PasswordCredential("demo", "wrong", "demo"), DEMO)
    with pytest.raises(ServiceError, match="requires authentication"):
        fetch_user_token(make_http(), sim.url, USER, DEMO)


@pytest.mark.parametrize("fault", [Fault("auth-tokens", kind="reset"), Fault("auth-tokens", status=503)])
def test_a_login_that_got_no_answer_is_tried_once_more(http: HttpClient, sim: Simulator, fault: Fault) -> None:
    sim.faults.add(fault)
    assert fetch_user_token(http, sim.url, USER, DEMO).project_id == PROJECT_ID
    assert len(sim.requests) == 2


@pytest.mark.parametrize(
    "body",
    [{}, {"token": None}, {"token": []}, {"token": {"project": "p", "user": 7}}, {"token": {"project": {"id": ["p"]}}}],
)
def test_what_iam_does_not_say_is_none(http: HttpClient, sim: Simulator, body: dict[str, object]) -> None:
    sim.faults.add(Fault("auth-tokens", status=201, headers={"X-Subject-Token": "t"}, body=body))
    assert fetch_user_token(http, sim.url, USER, DEMO) == Token("t", None, None, None, None, None, None)


def test_an_answer_without_a_token_is_unreadable(http: HttpClient, sim: Simulator) -> None:
    sim.faults.add(Fault("auth-tokens", status=201, body={"token": {}}, headers={"X-Request-Id": "r"}))
    with pytest.raises(InvalidResponseError, match="X-Subject-Token") as caught:
        fetch_user_token(http, sim.url, USER, DEMO)
    assert caught.value.request_id == "r"


def test_a_login_page_of_somebody_else_is_no_token(make_http: Callable[..., HttpClient], sim: Simulator) -> None:
    sim.faults.add(Fault("auth-tokens", kind="html"))
    with pytest.raises(CloudError, match="not JSON"):
        fetch_user_token(make_http(retries=0), sim.url, USER, DEMO)
    assert len(sim.requests) == 1


DAY = 24 * 3600.0
NOON = 1_800_000_000.0  # 2027-01-15T08:00:00Z


@pytest.mark.parametrize(
    ("issued_at", "expires_at", "valid_until"),
    [
        ("2027-01-15T08:00:00.000000Z", "2027-01-16T08:00:00.000000Z", NOON + DAY),
        ("2027-01-15T08:00:00Z", "2027-01-16T08:00:00Z", NOON + DAY),
        (None, "2027-01-16T08:00:00.5Z", NOON + DAY + 0.5),
        # This machine's clock is two hours behind: the token lives for a day from now, not for a day and two hours.
        ("2027-01-15T10:00:00.000000Z", "2027-01-16T10:00:00.000000Z", NOON + DAY),
        # Two hours ahead: the same.
        ("2027-01-15T06:00:00.000000Z", "2027-01-16T06:00:00.000000Z", NOON + DAY),
        ("2027-01-15T08:00:00Z", None, None),
        ("2027-01-15T08:00:00Z", "tomorrow", None),
        (None, "", None),
    ],
)
def test_a_token_ends_when_iam_says_whichever_clock_is_right(
    issued_at: str | None, expires_at: str | None, valid_until: float | None
) -> None:
    token = Token("t", expires_at, issued_at, None, None, None, None)
    assert token.valid_until(NOON) == valid_until
