# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes a request somebody's, and how a token is renewed."""

from __future__ import annotations

import threading

import pytest
import requests

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import Anonymous, Carrier, TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError, ServiceError

EXPIRED = ServiceError("GET https://drs", status=401, error_code="APIGW.0307", error_text="Expired.")
REFUSED = ServiceError("POST https://iam", status=401, error_text="Wrong password.")


def token_of(carrier: Carrier) -> str | None:
    """Give the token that a carrier puts into a request."""
    request = carrier(requests.Request("GET", "https://drs.example.com").prepare())
    return request.headers.get("X-Auth-Token")


def test_a_login_carries_nothing_and_cannot_be_renewed() -> None:
    auth = Anonymous()
    assert token_of(auth.carrier()) is None
    assert auth.renew(auth.carrier(), EXPIRED) is False
    assert auth.failure is None


def test_a_token_is_carried_until_it_is_renewed() -> None:
    auth = TokenAuth("old", new_token=lambda: "new")
    used = auth.carrier()
    assert token_of(used) == "old"
    assert auth.renew(used, EXPIRED) is True
    assert token_of(auth.carrier()) == "new"
    assert auth.failure is None


def test_all_requests_that_an_old_token_failed_share_one_login() -> None:
    logins: list[str] = []

    def log_in() -> str:
        logins.append("login")
        return f"new-{len(logins)}"

    auth = TokenAuth("old", new_token=log_in)
    used = auth.carrier()
    threads = [threading.Thread(target=auth.renew, args=(used, EXPIRED)) for _attempt in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logins == ["login"]
    assert token_of(auth.carrier()) == "new-1"


def test_a_token_that_nobody_can_renew_is_dead() -> None:
    auth = TokenAuth("old")
    used = auth.carrier()
    with pytest.raises(ServiceError) as caught:
        auth.renew(used, EXPIRED)
    assert caught.value is EXPIRED
    assert auth.failure is EXPIRED


def test_a_refused_login_is_not_tried_twice() -> None:
    logins: list[str] = []

    def refuse() -> str:
        logins.append("login")
        raise REFUSED

    auth = TokenAuth("old", new_token=refuse)
    used = auth.carrier()
    for _attempt in range(3):
        with pytest.raises(CloudError, match="Wrong password"):
            auth.renew(used, EXPIRED)
    with pytest.raises(CloudError, match="Wrong password"):
        auth.carrier()
    assert logins == ["login"]
    assert auth.failure is REFUSED
