# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup iam_agency_token: a user of one account acts in another that trusts it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.plugins.loader import lookup_loader

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule

pytestmark = pytest.mark.usefixtures("run_folder")

USER: dict[str, Any] = {"username": "operator", "password": "secret", "domain_name": "partner"}
AGENCY: dict[str, Any] = {"agency_name": "migration", "agency_domain_name": "customer"}


@pytest.fixture(autouse=True)
def fixture_agency(sim: Simulator) -> None:
    sim.cloud.add_user("operator", "secret", "partner")
    sim.cloud.add_project("customers-project", "cn-test-1", "customer")
    sim.cloud.add_project("partners-project", "cn-test-1", "partner")
    sim.cloud.add_job("customers-job", project_id="customers-project")
    sim.cloud.add_agency("migration", "customer", "partner")


def look_up(sim: Simulator, *terms: str, variables: dict[str, Any] | None = None, **options: Any) -> list[Any]:
    plugin = lookup_loader.get("huaweicloud.drs.iam_agency_token")
    found: list[Any] = plugin.run(list(terms), variables or {}, iam_endpoint=sim.url, region="cn-test-1", **options)
    return found


def test_the_token_stops_jobs_of_the_other_account(sim: Simulator, stop: StopModule) -> None:
    (token,) = look_up(sim, **USER, **AGENCY)

    run = stop("customers-job", token=token, project_id="customers-project")
    assert run.outcomes == ["stopped"]
    assert stop(RUNNING, token=token).outcomes == ["failed"]


def test_a_user_logs_in_to_their_own_account_first(sim: Simulator) -> None:
    (token,) = look_up(sim, **USER, **AGENCY, detail=True)

    assert (token["project_id"], token["project_name"]) == ("customers-project", "cn-test-1")
    assert token["domain_name"] == "customer"
    login, agency = sim.requests
    assert login.json["auth"]["scope"] == {"domain": {"name": "partner"}}
    assert agency.json["auth"]["identity"] == {
        "methods": ["assume_role"],
        "assume_role": {"domain_name": "customer", "agency_name": "migration"},
    }
    assert "X-Auth-Token" not in login.headers
    assert "X-Auth-Token" in agency.headers


def test_a_token_needs_no_login_and_comes_before_a_user(sim: Simulator) -> None:
    own = sim.cloud.issue_token("operator")
    look_up(sim, **USER, **AGENCY, token=own)
    (agency,) = sim.requests
    assert agency.headers["X-Auth-Token"] == own


def test_a_user_of_the_task_comes_before_a_token_of_the_environment(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW_AUTH_TOKEN", "of-somebody-else")
    look_up(sim, **USER, **AGENCY)
    assert len(sim.requests) == 2


def test_an_access_key_of_the_environment_is_nothing_to_it(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HW_ACCESS_KEY": "demo-ak",
        "HW_SECRET_KEY": "demo-sk",
        "HW_USER_NAME": "operator",
        "HW_USER_PASSWORD": "secret",
        "HW_DOMAIN_NAME": "partner",
        "HW_ASSUME_ROLE_AGENCY_NAME": "migration",
        "HW_ASSUME_ROLE_DOMAIN_NAME": "customer",
    }.items():
        monkeypatch.setenv(name, value)
    assert len(look_up(sim)) == 1
    assert not any("Authorization" in request.headers for request in sim.requests)


def test_the_run_asks_once_for_user_and_agency(sim: Simulator) -> None:
    first = look_up(sim, **USER, **AGENCY)
    assert look_up(sim, **USER, **AGENCY) == first
    assert look_up(sim, "cn-test-1", **USER, **AGENCY) == first
    assert len(sim.requests) == 2


def test_an_agency_that_does_not_exist_is_told_and_nothing_shown(sim: Simulator) -> None:
    for _time in range(3):
        with pytest.raises(AnsibleLookupError) as failure:
            look_up(sim, **USER, agency_name="canary", agency_domain_name="customer")
    message = str(failure.value)
    assert "POST http://127.0.0.1" in message
    assert "answered HTTP 403" in message
    assert "\n" not in message
    assert "secret" not in message
    # A permission that is missing locks nobody, and may be there the next time.
    assert [request.status for request in sim.requests] == [201, 403, 403, 403]


@pytest.mark.parametrize("missing", ["agency_name", "agency_domain_name"])
def test_what_is_missing_is_named(sim: Simulator, missing: str) -> None:
    options = {name: value for name, value in {**USER, **AGENCY}.items() if name != missing}
    with pytest.raises(AnsibleError, match=missing):
        look_up(sim, **options)
    with pytest.raises(AnsibleLookupError, match=f"{missing} is missing"):
        look_up(sim, **{**options, missing: ""})
    assert not sim.requests
