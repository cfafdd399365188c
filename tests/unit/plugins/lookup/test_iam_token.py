# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup iam_token, loaded as Ansible loads it, against the simulated cloud."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.plugins.loader import lookup_loader

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.principals import User

pytestmark = pytest.mark.usefixtures("run_folder")

NAME = "huaweicloud.drs.iam_token"
PROJECT_ID = "054ba152d480d55b2f5dc0069e7ddef0"
USER: dict[str, Any] = {"username": "demo", "password": "demo", "domain_name": "demo"}


@pytest.fixture(autouse=True)
def fixture_other_project(sim: Simulator) -> None:
    sim.cloud.add_project("other-id", "other")


def look_up(*terms: str, variables: dict[str, Any] | None = None, **options: Any) -> list[Any]:
    found: list[Any] = lookup_loader.get(NAME).run(list(terms), variables or {}, **options)
    return found


def sent(sim: Simulator) -> list[dict[str, Any]]:
    return [request.json["auth"] for request in sim.requests_to("auth-tokens")]


def test_it_gives_a_plain_string_that_is_a_token_of_the_project(sim: Simulator) -> None:
    found = look_up(iam_endpoint=sim.url, project_name="demo", **USER)

    assert [type(token) for token in found] == [str]
    answer = requests.post(
        f"{sim.url}/v3/{PROJECT_ID}/jobs/batch-status",
        json={"jobs": ["c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"]},
        headers={"X-Auth-Token": found[0]},
        timeout=5,
    )
    assert answer.status_code == 200
    assert [auth["scope"] for auth in sent(sim)] == [{"project": {"name": "demo"}}]


def test_detail_adds_what_iam_says_of_the_token(sim: Simulator) -> None:
    (found,) = look_up(iam_endpoint=f"{sim.url}/v3", project_id=PROJECT_ID, detail=True, **USER)

    assert set(found) == {
        "token", "expires_at", "issued_at", "project_id", "project_name", "user_name", "domain_name",
    }  # fmt: skip
    assert (found["project_id"], found["project_name"]) == (PROJECT_ID, "demo")
    assert (found["user_name"], found["domain_name"]) == ("demo", "demo")
    assert found["issued_at"] < found["expires_at"]
    assert found["expires_at"].endswith("Z")


def test_terms_are_projects_with_one_token_each_in_their_order(sim: Simulator) -> None:
    found = look_up("other", "demo", iam_endpoint=sim.url, detail=True, **USER)

    assert [token["project_name"] for token in found] == ["other", "demo"]


def test_the_region_is_the_project_where_none_is_named(sim: Simulator) -> None:
    sim.cloud.add_project("region-project", "eu-test-1")

    look_up(iam_endpoint=sim.url, region="eu-test-1", **USER)

    assert [auth["scope"] for auth in sent(sim)] == [{"project": {"name": "eu-test-1"}}]


def test_options_come_from_the_environment(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HW_USER_NAME": "demo",
        "HW_USER_PASSWORD": "demo",
        "HW_DOMAIN_NAME": "demo",
        "HW_AUTH_URL": f"{sim.url}/v3/",
        "HW_PROJECT_NAME": "demo",
    }.items():
        monkeypatch.setenv(name, value)

    assert len(look_up()) == 1


def test_options_come_from_play_variables_which_beat_the_environment(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW_PROJECT_NAME", "no such project")
    variables = {f"huaweicloud_{name}": value for name, value in USER.items()}

    found = look_up(
        variables={**variables, "huaweicloud_iam_endpoint": sim.url, "huaweicloud_project_name": "demo"}, detail=True
    )

    assert found[0]["project_name"] == "demo"


def test_keywords_beat_play_variables(sim: Simulator) -> None:
    found = look_up(
        variables={"huaweicloud_project_name": "other"}, iam_endpoint=sim.url, project_name="demo", detail=True, **USER
    )

    assert found[0]["project_name"] == "demo"


def test_a_refused_password_is_tried_once_and_not_shown(sim: Simulator) -> None:
    with pytest.raises(AnsibleLookupError) as failure:
        look_up(iam_endpoint=sim.url, project_name="demo", **{**USER, "password": "canary-password"})

    assert [request.status for request in sim.requests_to("auth-tokens")] == [401]
    message = str(failure.value)
    assert "answered HTTP 401" in message
    assert "request ID" in message
    assert "canary" not in message
    assert "\n" not in message


def test_a_throttled_login_is_sent_again(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    sim.faults.add(Fault("auth-tokens", nth=1, status=429, headers={"Retry-After": "0"}))

    assert len(look_up(iam_endpoint=sim.url, project_name="demo", **USER)) == 1
    assert [request.status for request in sim.requests_to("auth-tokens")] == [429, 201]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"username": "demo", "project_name": "demo"}, "password and domain_name missing"),
        ({**USER}, "no project: give project_id, project_name or region"),
        ({**USER, "iam_endpoint": "nonsense", "project_name": "demo"}, "iam_endpoint is no URL"),
        ({**USER, "iam_endpoint": None, "project_name": "demo"}, "region is missing"),
        ({**USER, "project_name": "demo", "timeout": -1}, "timeout must be"),
        ({**USER, "project_name": "demo", "retries": -1}, "retries must be a whole number, from 0 to 100"),
        (
            {**USER, "project_name": "demo", "timeout": 0},
            "timeout must be a number of seconds, more than 0 and at most 36",
        ),
        ({**USER, "project_name": "demo", "timeout": "30m"}, "it is '30m'"),
        ({**USER, "project_name": "demo", "timeout": True}, "it is true"),
        ({**USER, "project_name": "demo", "timeout": "nan"}, "it is 'nan'"),
        ({**USER, "project_name": "demo", "timeout": 1e10}, "it is 10000000000.0"),
        ({**USER, "project_name": "demo", "timeout": 10**400}, "it is a number with too many digits"),
        ({**USER, "project_name": "demo", "retries": 101}, "retries must be a whole number, from 0 to 100; it is 101"),
        ({**USER, "project_name": "demo", "retries": 1.5}, "it is 1.5"),
        ({**USER, "project_name": "demo", "retries": [1]}, "it is a list"),
        (
            {**USER, "project_name": "demo", "auth_url": "http://127.0.0.1:1"},
            "iam_endpoint and auth_url are one option",
        ),
        ({**USER, "project_name": "demo", "ca_path": "/no/such/file"}, "ca_path"),
    ],
)
def test_bad_options_are_one_line_before_any_request(sim: Simulator, options: dict[str, Any], said: str) -> None:
    options = {"iam_endpoint": sim.url, **options}

    with pytest.raises(AnsibleError) as failure:
        look_up(**{name: value for name, value in options.items() if value is not None})

    assert said in str(failure.value)
    assert "\n" not in str(failure.value)
    assert not sim.requests


@pytest.mark.parametrize("value", ["101", "-1", "five", "1e10"])
def test_numbers_of_variables_have_the_same_bounds(sim: Simulator, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    options = {"iam_endpoint": sim.url, "project_name": "demo", **USER}
    with pytest.raises(AnsibleLookupError, match=r"^retries \(huaweicloud_retries\) must be a whole number"):
        look_up(variables={"huaweicloud_retries": value}, **options)
    monkeypatch.setenv("HW_MAX_RETRIES", value)
    with pytest.raises(AnsibleLookupError, match=r"^retries \(HW_MAX_RETRIES\) must be a whole number, from 0 to 100"):
        look_up(**options)
    assert not sim.requests
    assert look_up(variables={"huaweicloud_retries": "1"}, **options)


def test_an_alias_may_say_the_same(sim: Simulator) -> None:
    for endpoints in (
        {"iam_endpoint": sim.url, "auth_url": sim.url},
        {"iam_endpoint": None, "auth_url": sim.url},
        {"auth_url": None, "iam_endpoint": sim.url},
    ):
        assert look_up(project_name="demo", **endpoints, **USER)


def test_an_answer_without_a_token_is_an_error(sim: Simulator) -> None:
    sim.faults.add(Fault("auth-tokens", status=201, body={"token": {}}))

    with pytest.raises(AnsibleLookupError, match="without a token"):
        look_up(iam_endpoint=sim.url, project_name="demo", **USER)


@pytest.fixture
def protected(sim: Simulator) -> User:
    """A user with login protection by a virtual MFA device."""
    return sim.cloud.add_user("protected", "demo", "demo", mfa_seed="JBSWY3DPEHPK3PXP")


def test_a_virtual_mfa_device_opens_with_its_code(sim: Simulator, clock: ManualClock, protected: User) -> None:
    user: dict[str, Any] = {
        "user_id": protected.id,
        "password": "demo",
        "totp_passcode": protected.passcode(clock.time()),
    }
    (token,) = look_up(iam_endpoint=sim.url, project_name="demo", detail=True, **user)
    assert (token["user_name"], token["project_id"]) == ("protected", PROJECT_ID)
    assert [auth["identity"]["methods"] for auth in sent(sim)] == [["password", "totp"]]
    # The code is part of the identity: with the same one the run has its token, with another it has to log in.
    assert look_up(iam_endpoint=sim.url, project_name="demo", **user) == [token["token"]]
    with pytest.raises(AnsibleLookupError, match=r"IAM\.1061"):
        look_up(iam_endpoint=sim.url, project_name="demo", **{**user, "totp_passcode": "000000"})


def test_name_and_account_go_with_the_id_too(sim: Simulator, clock: ManualClock, protected: User) -> None:
    user: dict[str, Any] = {
        **USER,
        "username": "protected",
        "user_id": protected.id,
        "totp_passcode": protected.passcode(clock.time()),
    }
    assert look_up(iam_endpoint=sim.url, project_name="demo", **user)
    assert sent(sim)[0]["identity"]["password"]["user"]["name"] == "protected"


def test_a_user_with_login_protection_is_refused_without_a_code(sim: Simulator, protected: User) -> None:
    with pytest.raises(AnsibleLookupError, match=r"HTTP 401.*totp_passcode"):
        look_up(iam_endpoint=sim.url, project_name="demo", **{**USER, "username": "protected"})


def test_a_login_with_a_code_is_refused_in_its_own_words(sim: Simulator, protected: User) -> None:
    user: dict[str, Any] = {"user_id": protected.id, "password": "wrong", "totp_passcode": "123456"}
    with pytest.raises(AnsibleLookupError, match="Check user_id, password and totp_passcode") as failure:
        look_up("other", iam_endpoint=sim.url, **user)
    assert "and the project 'other'" in str(failure.value)
    assert "123456" not in str(failure.value)


def test_a_code_without_the_users_id_is_an_error_before_any_request(sim: Simulator) -> None:
    with pytest.raises(AnsibleLookupError, match="user_id is missing"):
        look_up(iam_endpoint=sim.url, project_name="demo", totp_passcode="123456", **USER)
    assert not sim.requests


def test_an_id_alone_names_the_user(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = sim.cloud.accounts.user("demo")
    assert demo is not None
    monkeypatch.setenv("HW_USER_ID", demo.id)
    (token,) = look_up(iam_endpoint=sim.url, project_name="demo", password="demo", detail=True)
    assert token["user_name"] == "demo"


def test_a_mistyped_option_is_an_error_that_names_it_without_its_value(sim: Simulator) -> None:
    with pytest.raises(AnsibleLookupError) as failure:
        look_up(iam_endpoint=sim.url, project_name="demo", pasword="canary", validate_cert=None, **USER)
    message = str(failure.value)
    assert message.startswith("pasword and validate_cert are no options of the lookup huaweicloud.drs.iam_token")
    assert "validate_certs" in message
    assert "canary" not in message
    assert not sim.requests
