# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes a request somebody's, and how a token is renewed."""

from __future__ import annotations

import threading

import pytest
import requests

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import Auth, RequestAuth, TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError, ServiceError

EXPIRED = ServiceError("GET https://drs", status=401, error_code="APIGW.0307", error_text="Expired.")
INVALID = ServiceError("GET https://drs", status=403, error_code="DRS.M00100", error_text="Invalid.")
DOUBTFUL = [
    ServiceError("GET https://drs", status=401),
    ServiceError("GET https://drs", status=401, error_code="APIG.0301"),
    INVALID,
]
REFUSED = ServiceError("POST https://iam", status=401, error_text="Wrong password.")


def token_of(request_auth: RequestAuth) -> str | None:
    """Give the token that an auth puts into a request."""
    request = request_auth(requests.Request("GET", "https://drs.example.com").prepare())
    return request.headers.get("X-Auth-Token")


def test_a_login_carries_nothing_and_cannot_be_renewed() -> None:
    auth = Auth()
    assert token_of(auth.for_request()) is None
    assert auth.refresh(auth.for_request(), EXPIRED) is False
    assert auth.terminal_error is None


def test_a_token_is_carried_until_it_is_renewed() -> None:
    auth = TokenAuth("old", refresh_using=lambda: "new")
    used = auth.for_request()
    assert token_of(used) == "old"
    assert auth.refresh(used, EXPIRED) is True
    assert token_of(auth.for_request()) == "new"
    assert auth.terminal_error is None


def test_all_requests_that_an_old_token_failed_share_one_login() -> None:
    logins: list[str] = []

    def log_in() -> str:
        logins.append("login")
        return f"new-{len(logins)}"

    auth = TokenAuth("old", refresh_using=log_in)
    used = auth.for_request()
    threads = [threading.Thread(target=auth.refresh, args=(used, EXPIRED)) for _attempt in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logins == ["login"]
    assert token_of(auth.for_request()) == "new-1"


class Logins:
    """Gives a new token each time, and counts."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0

    def __call__(self) -> str:
        """Log in."""
        self.count += 1
        return f"token-{self.count}"


def test_a_token_that_has_worked_is_renewed_as_often_as_that_happens() -> None:
    logins = Logins()
    auth = TokenAuth("first", refresh_using=logins)
    for number in range(1, 30):
        used = auth.for_request()
        auth.mark_accepted(used)
        assert auth.refresh(used, [EXPIRED, *DOUBTFUL][number % 4]) is True
        assert token_of(auth.for_request()) == f"token-{number}"
    assert auth.refresh_count == logins.count == 29


@pytest.mark.parametrize("has_worked", [True, False])
def test_a_token_that_never_worked_is_renewed_once(has_worked: bool) -> None:
    logins = Logins()
    auth = TokenAuth("first", refresh_using=logins)
    if has_worked:
        auth.mark_accepted(auth.for_request())
        auth.refresh(auth.for_request(), EXPIRED)
    assert auth.refresh(auth.for_request(), EXPIRED) is True
    with pytest.raises(ServiceError) as caught:
        auth.refresh(auth.for_request(), EXPIRED)
    assert caught.value is auth.terminal_error is EXPIRED
    assert logins.count == (2 if has_worked else 1)


@pytest.mark.parametrize("refusal", DOUBTFUL, ids=lambda refusal: f"{refusal.status} {refusal.error_code}")
def test_only_a_token_that_has_worked_can_have_died_without_a_word_of_it(refusal: ServiceError) -> None:
    logins = Logins()
    auth = TokenAuth("first", refresh_using=logins)
    assert auth.refresh(auth.for_request(), refusal) is False
    auth.mark_accepted(auth.for_request())
    assert auth.refresh(auth.for_request(), refusal) is True
    assert auth.refresh(auth.for_request(), refusal) is False
    assert (logins.count, auth.terminal_error) == (1, None)


def test_what_an_old_token_still_does_says_nothing_of_the_new_one() -> None:
    logins = Logins()
    auth = TokenAuth("first", refresh_using=logins)
    old = auth.for_request()
    auth.mark_accepted(old)
    assert auth.refresh(old, INVALID) is True
    auth.mark_accepted(old)
    assert auth.refresh(auth.for_request(), INVALID) is False
    assert auth.refresh(old, INVALID) is True
    assert logins.count == 1


def test_a_token_that_nobody_can_renew_is_dead() -> None:
    auth = TokenAuth("old")
    used = auth.for_request()
    with pytest.raises(ServiceError) as caught:
        auth.refresh(used, EXPIRED)
    assert caught.value is EXPIRED
    assert auth.terminal_error is EXPIRED


def test_a_refused_login_is_not_tried_twice() -> None:
    logins: list[str] = []

    def refuse() -> str:
        logins.append("login")
        raise REFUSED

    auth = TokenAuth("old", refresh_using=refuse)
    used = auth.for_request()
    for _attempt in range(3):
        with pytest.raises(CloudError, match="Wrong password"):
            auth.refresh(used, EXPIRED)
    with pytest.raises(CloudError, match="Wrong password"):
        auth.for_request()
    assert logins == ["login"]
    assert auth.terminal_error is REFUSED
