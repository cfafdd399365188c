# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in to IAM."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.iam_tokens import Token, fetch_token
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    PasswordCredential,
    Scope,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    InvalidResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.token_requests import password_request
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID

USER = PasswordCredential("demo", "demo", "demo")
DEMO = Scope(project_name="demo")


def test_a_login_gives_the_token_and_what_iam_says_of_it(http: HttpClient, sim: Simulator) -> None:
    token = fetch_token(http, sim.url, password_request(USER, DEMO))
    known = sim.cloud.accounts.token(token.token)
    assert known is not None
    assert known.project is not None
    assert known.project.id == token.project_id == PROJECT_ID
    assert (token.project_name, token.user_name, token.domain_name) == ("demo", "demo", "demo")
    assert str(token.expires_at).endswith("Z")
    assert str(token.issued_at) < str(token.expires_at)
    assert token.token not in repr(token)


def test_a_login_asks_for_no_catalog(http: HttpClient, sim: Simulator) -> None:
    fetch_token(http, sim.url, password_request(USER, Scope(project_id=PROJECT_ID)))
    (request,) = sim.requests
    assert (request.method, request.path, request.query) == ("POST", "/v3/auth/tokens", {"nocatalog": "true"})
    assert request.json["auth"]["scope"] == {"project": {"id": PROJECT_ID}}


def test_a_refused_password_is_tried_once(http: HttpClient, sim: Simulator, clock: ManualClock) -> None:
    with pytest.raises(ServiceError, match="requires authentication") as caught:
        fetch_token(http, sim.url, password_request(PasswordCredential("demo", "canary", "demo"), DEMO))
    assert "canary" not in str(caught.value)
    assert len(sim.requests) == 1
    assert clock.sleeps == []


def test_a_locked_account_is_refused_in_the_same_words(http: HttpClient, sim: Simulator) -> None:
    for _attempt in range(5):
        with pytest.raises(ServiceError):
            fetch_token(http, sim.url, password_request(PasswordCredential("demo", "wrong", "demo"), DEMO))
    with pytest.raises(ServiceError, match="requires authentication"):
        fetch_token(http, sim.url, password_request(USER, DEMO))


@pytest.mark.parametrize("fault", [Fault("auth-tokens", kind="reset"), Fault("auth-tokens", status=503)])
def test_a_login_that_got_no_answer_is_tried_once_more(http: HttpClient, sim: Simulator, fault: Fault) -> None:
    sim.faults.add(fault)
    assert fetch_token(http, sim.url, password_request(USER, DEMO)).project_id == PROJECT_ID
    assert len(sim.requests) == 2


@pytest.mark.parametrize(
    "body",
    [{}, {"token": None}, {"token": []}, {"token": {"project": "p", "user": 7}}, {"token": {"project": {"id": ["p"]}}}],
)
def test_what_iam_does_not_say_is_none(http: HttpClient, sim: Simulator, body: dict[str, object]) -> None:
    sim.faults.add(Fault("auth-tokens", status=201, headers={"X-Subject-Token": "t"}, body=body))
    assert fetch_token(http, sim.url, password_request(USER, DEMO)) == Token("t", None, None, None, None, None, None)


def test_an_answer_without_a_token_is_unreadable(http: HttpClient, sim: Simulator) -> None:
    sim.faults.add(Fault("auth-tokens", status=201, body={"token": {}}, headers={"X-Request-Id": "r"}))
    with pytest.raises(InvalidResponseError, match="X-Subject-Token") as caught:
        fetch_token(http, sim.url, password_request(USER, DEMO))
    assert caught.value.request_id == "r"


def test_a_login_page_of_somebody_else_is_no_token(make_http: Callable[..., HttpClient], sim: Simulator) -> None:
    sim.faults.add(Fault("auth-tokens", kind="html"))
    with pytest.raises(CloudError, match="not JSON"):
        fetch_token(make_http(retries=0), sim.url, password_request(USER, DEMO))
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
