# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: tokens for users who have a virtual MFA device."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import Cloud, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.principals import User, domain_id
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import REFUSED, RUNNING, Client, error_of

# RFC 6238, appendix B: the seed 12345678901234567890, and the last six digits of its SHA-1 values.
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VALUES = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}

WRONG_PASSCODE = (400, "IAM.1061")


@pytest.fixture
def user(sim: Simulator) -> User:
    """Somebody with login protection."""
    return sim.cloud.add_user("guarded", "secret", "demo", mfa_seed=SEED)


def log_in(
    client: Client, user: User, passcode: str | None, password: str = "secret", **totp: object
) -> requests.Response:
    """Log in with a password, and with a passcode unless it is None; ``totp`` says what else is in its part."""
    who = {"name": user.name, "password": password, "domain": {"name": user.domain}}
    identity: dict[str, Any] = {"methods": ["password"], "password": {"user": who}}
    if passcode is not None:
        identity["methods"].append("totp")
        identity["totp"] = {"user": {"id": user.id, "passcode": passcode, **totp}}
    return client.log_in({"identity": identity, "scope": {"project": {"id": PROJECT_ID}}})


def refused(response: requests.Response) -> bool:
    """Tell whether a login was refused without a reason."""
    assert "Openstack-Auth-Receipt" not in response.headers
    return (response.status_code, response.json()["error"]["message"]) == (401, REFUSED)


@pytest.mark.parametrize("time", VALUES)
def test_the_values_of_the_rfc(user: User, time: int) -> None:
    assert user.passcode(time) == VALUES[time]


def test_how_seeds_may_be_written(sim: Simulator) -> None:
    assert sim.cloud.add_user("user", "secret", "demo", SEED.lower()).passcode(59) == VALUES[59]
    padded, unpadded = (
        sim.cloud.add_user("user", "secret", "demo", seed) for seed in ("GEZDGNBVGY======", "GEZDGNBVGY")
    )
    assert padded.passcode(59) == unpadded.passcode(59)
    with pytest.raises(ValueError, match="base32"):
        sim.cloud.add_user("user", "secret", "demo", "01890189")
    with pytest.raises(ValueError, match="no MFA device"):
        sim.cloud.add_user("user", "secret", "demo").passcode(59)


def test_a_token(client: Client, user: User, clock: ManualClock) -> None:
    response = log_in(client, user, user.passcode(clock.time()))

    assert response.status_code == 201
    token = response.json()["token"]
    assert token["methods"] == ["password", "totp"]
    assert token["mfa_authn_at"] == token["issued_at"]
    assert token["user"]["id"] == user.id
    client.token = response.headers["X-Subject-Token"]
    assert client.batch_status(RUNNING).status_code == 200


def test_a_passcode_may_be_one_step_old_or_early(client: Client, user: User, clock: ManualClock) -> None:
    now = clock.time()
    assert [log_in(client, user, user.passcode(now + 30 * step)).status_code for step in range(-2, 3)] == [
        400,
        201,
        201,
        201,
        400,
    ]
    passcode = user.passcode(now)
    clock.advance(90)
    assert error_of(log_in(client, user, passcode)) == WRONG_PASSCODE


def test_the_error_has_the_flat_shape(client: Client, user: User) -> None:
    response = log_in(client, user, "12345")
    assert error_of(response) == WRONG_PASSCODE
    assert response.json().keys() == {"error_code", "error_msg"}
    assert "X-Subject-Token" not in response.headers


def test_a_passcode_of_somebody_else(client: Client, user: User, clock: ManualClock) -> None:
    other = client.sim.cloud.add_user("other", "secret", "demo", mfa_seed=SEED)
    assert refused(log_in(client, user, user.passcode(clock.time()), id=other.id))
    assert error_of(log_in(client, user, "12345", id=other.id)) == WRONG_PASSCODE


def test_a_password_alone_is_not_enough_but_no_failure(client: Client, user: User, clock: ManualClock) -> None:
    for _attempt in range(6):
        assert log_in(client, user, None).json()["required_auth_methods"] == [["password", "totp"]]
    assert log_in(client, user, user.passcode(clock.time())).status_code == 201


def test_a_wrong_password_comes_first(client: Client, user: User, clock: ManualClock) -> None:
    for passcode in (None, "12345", user.passcode(clock.time())):
        assert refused(log_in(client, user, passcode, "wrong"))


def test_either_order_and_either_name_of_the_user(client: Client, user: User, clock: ManualClock) -> None:
    names: list[dict[str, Any]] = [
        {"id": user.id},
        {"name": "guarded", "domain": {"name": "demo"}},
        {"name": "guarded", "domain": {"id": domain_id("demo")}},
    ]
    for methods in (["password", "totp"], ["totp", "password"], ["totp", "password", "totp"]):
        for by_password, by_totp in product(names, names):
            identity = {
                "methods": methods,
                "password": {"user": {**by_password, "password": "secret"}},
                "totp": {"user": {**by_totp, "passcode": user.passcode(clock.time())}},
            }
            response = client.log_in({"identity": identity})
            assert response.json()["token"]["methods"] == ["password", "totp"]


class TestReceipts:
    """What a login that lacks a method is given."""

    def log_in(self, client: Client, receipt: str, method: str, **user: str) -> requests.Response:
        """Log in with one method and a receipt."""
        identity = {"methods": [method], method: {"user": user}}
        return client.log_in({"identity": identity}, **{"Openstack-Auth-Receipt": receipt})

    def test_it_says_what_is_missing(self, client: Client, user: User, clock: ManualClock) -> None:
        response = log_in(client, user, None)
        assert response.status_code == 401
        assert len(response.headers["Openstack-Auth-Receipt"]) > 20
        body = response.json()
        assert body["required_auth_methods"] == [["password", "totp"]]
        assert body["receipt"].keys() == {"methods", "user", "expires_at", "issued_at"}
        assert body["receipt"]["methods"] == ["password"]
        assert body["receipt"]["user"] == {
            "id": user.id,
            "name": "guarded",
            "domain": {"id": domain_id("demo"), "name": "demo"},
        }

    def test_the_rest_is_enough(self, client: Client, user: User, clock: ManualClock) -> None:
        receipt = log_in(client, user, None).headers["Openstack-Auth-Receipt"]
        passcode = user.passcode(clock.time())
        response = self.log_in(client, receipt, "totp", id=user.id, passcode=passcode)
        assert response.json()["token"]["methods"] == ["password", "totp"]
        # The other way round, as Keystone has it.
        response = client.log_in(
            {"identity": {"methods": ["totp"], "totp": {"user": {"id": user.id, "passcode": passcode}}}}
        )
        assert response.json()["receipt"]["methods"] == ["totp"]
        receipt = response.headers["Openstack-Auth-Receipt"]
        assert self.log_in(client, receipt, "password", id=user.id, password="secret").status_code == 201

    def test_one_that_is_no_good(self, client: Client, user: User, clock: ManualClock) -> None:
        other = client.sim.cloud.add_user("other", "secret", "demo", mfa_seed=SEED)
        receipt = log_in(client, user, None).headers["Openstack-Auth-Receipt"]
        passcode = user.passcode(clock.time())
        assert refused(self.log_in(client, receipt, "totp", id=other.id, passcode=passcode))
        assert refused(self.log_in(client, "nonsense", "totp", id=user.id, passcode=passcode))
        clock.advance(5 * 60)
        passcode = user.passcode(clock.time())
        assert refused(self.log_in(client, receipt, "totp", id=user.id, passcode=passcode))


def test_wrong_passcodes_lock_the_account(client: Client, user: User, clock: ManualClock) -> None:
    for attempt in range(5):
        response = log_in(client, user, "12345", "secret" if attempt % 2 else "wrong")
        assert response.status_code == (400 if attempt % 2 else 401)

    assert refused(log_in(client, user, user.passcode(clock.time())))
    assert refused(log_in(client, user, None))
    clock.advance(15 * 60)
    assert log_in(client, user, user.passcode(clock.time())).status_code == 201


def test_a_user_without_a_device(client: Client, clock: ManualClock) -> None:
    demo = client.sim.cloud.accounts.user("demo")
    assert demo is not None
    assert error_of(log_in(client, demo, "123456", "demo")) == WRONG_PASSCODE
    assert refused(log_in(client, demo, "123456", "wrong"))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"totp": None}, "totp"),
        ({"totp": {}}, "user"),
        ({"totp": {"user": {"id": "1"}}}, "passcode"),
        ({"totp": {"user": {"passcode": "123456"}}}, "name"),
        ({"totp": {"user": {"name": "guarded", "passcode": "123456"}}}, "domain"),
        ({"totp": {"user": {"id": "1", "passcode": 123456}}}, "passcode"),
        ({"totp": {"user": {"id": "1", "passcode": "123456", "password": "secret"}}}, "password"),
        ({"methods": ["password"], "totp": {"user": {"id": "1", "passcode": "123456"}}}, "totp"),
        ({"methods": ["password", "totp"]}, "totp"),
        ({"methods": ["totp"]}, "password"),
    ],
)
def test_a_malformed_body(client: Client, user: User, changes: dict[str, Any], named: str) -> None:
    who = {"id": user.id, "password": "secret"}
    identity = {"methods": ["password", "totp"], "password": {"user": who}, **changes}
    response = client.log_in({"identity": identity})
    assert response.status_code == 400
    assert f": {named}." in response.json()["error"]["message"]


def test_tokens_without_http_need_no_passcode() -> None:
    cloud = Cloud(ManualClock())
    cloud.add_user("guarded", "secret", "demo", mfa_seed=SEED)
    assert cloud.issue_token("guarded")
