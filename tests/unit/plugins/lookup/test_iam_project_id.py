# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup iam_project_id, with each credential that it takes."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.plugins.loader import lookup_loader

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID

pytestmark = pytest.mark.usefixtures("run_folder")

USER: dict[str, Any] = {"username": "demo", "password": "demo", "domain_name": "demo"}
KEY: dict[str, Any] = {"access_key": "demo-ak", "secret_key": "demo-sk"}


@pytest.fixture(autouse=True)
def fixture_projects(sim: Simulator) -> None:
    sim.cloud.add_project("regions-own", "cn-test-1")


def look_up(sim: Simulator, *terms: str, **options: Any) -> list[Any]:
    plugin = lookup_loader.get("huaweicloud.drs.iam_project_id")
    found: list[Any] = plugin.run(list(terms), {}, iam_endpoint=sim.url, **options)
    return found


def credentials(sim: Simulator) -> list[tuple[dict[str, Any], str]]:
    """Give the ways to say who one is, and the endpoint that each asks."""
    token = {"token": sim.cloud.issue_token("demo")}
    return [(token, "auth-projects"), (KEY, "auth-projects"), (USER, "auth-tokens")]


def test_every_credential_gives_the_ids_in_the_order_of_the_names(sim: Simulator) -> None:
    for credential, endpoint in credentials(sim):
        sim.clear_requests()
        assert look_up(sim, "demo", "cn-test-1", **credential) == [PROJECT_ID, "regions-own"]
        assert [request.endpoint for request in sim.requests] == [endpoint] * 2


def test_the_region_is_the_name_where_none_is_given(sim: Simulator) -> None:
    for credential, _endpoint in credentials(sim):
        assert look_up(sim, region="cn-test-1", **credential) == ["regions-own"]


def test_the_run_asks_once_for_each_identity_and_name(sim: Simulator) -> None:
    for credential, _endpoint in credentials(sim):
        for _time in range(3):
            look_up(sim, "demo", **credential)
    assert len(sim.requests) == 3
    look_up(sim, "demo", **KEY, cache=False)
    assert len(sim.requests) == 4


def test_a_login_whose_answer_names_no_project_asks_on(sim: Simulator) -> None:
    token = sim.cloud.issue_token("demo")
    sim.faults.add(Fault("auth-tokens", status=201, headers={"X-Subject-Token": token}, body={"token": {}}))
    assert look_up(sim, "demo", **USER) == [PROJECT_ID]
    assert [request.endpoint for request in sim.requests] == ["auth-tokens", "auth-projects"]


def test_the_environment_names_the_identity_and_the_task_beats_it(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", "demo-ak")
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "demo-sk")
    assert look_up(sim, "demo") == [PROJECT_ID]
    assert "Authorization" in sim.requests[-1].headers
    assert look_up(sim, "demo", **USER) == [PROJECT_ID]
    assert sim.requests[-1].endpoint == "auth-tokens"


def test_a_name_that_nobody_has_is_named_with_the_region(sim: Simulator) -> None:
    with pytest.raises(AnsibleLookupError, match="knows no project named 'nowhere' in region cn-test-1"):
        look_up(sim, "nowhere", region="cn-test-1", **KEY)


def test_a_name_that_several_have_is_no_answer(sim: Simulator) -> None:
    two = [{"id": "a", "name": "twice"}, {"id": "b", "name": "twice"}]
    sim.faults.add(Fault("auth-projects", status=200, body={"projects": two}))
    with pytest.raises(AnsibleLookupError, match="knows 2 projects named 'twice'"):
        look_up(sim, "twice", **KEY)


def test_a_token_gives_ids_of_projects_that_it_is_not_for(sim: Simulator) -> None:
    token = {"token": sim.cloud.issue_token("demo", "demo")}
    assert look_up(sim, "cn-test-1", "demo", **token) == ["regions-own", PROJECT_ID]
    assert not sim.requests_to("verify-token")


def test_a_token_knows_its_own_project_where_lists_are_forbidden(sim: Simulator) -> None:
    for endpoint in ("auth-projects", "projects"):
        sim.faults.add(Fault(endpoint, status=403, nth=None))
    token = {"token": sim.cloud.issue_token("demo", "demo")}
    assert look_up(sim, "demo", **token) == [PROJECT_ID]
    with pytest.raises(
        AnsibleLookupError, match=f"'cn-test-1'.*the token is good for the project 'demo' .{PROJECT_ID}"
    ):
        look_up(sim, "cn-test-1", **token)


def test_a_disabled_project_is_named_so(sim: Simulator) -> None:
    project = {"id": "old", "name": "cn-test-1", "enabled": False}
    sim.faults.add(Fault("auth-projects", status=200, body={"projects": [project]}))
    with pytest.raises(AnsibleLookupError, match=r"the project 'cn-test-1' in region cn-test-1 \(old\) is disabled"):
        look_up(sim, region="cn-test-1", **KEY)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "no credential: give token"),
        ({"access_key": "demo-ak"}, "secret_key missing"),
        ({**KEY}, "no project: name one, or give region"),
    ],
)
def test_bad_options_are_one_line_before_any_request(sim: Simulator, options: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleLookupError, match=said):
        look_up(sim, **options)
    assert not sim.requests


def test_a_wrong_signature_is_sent_once_in_a_run_and_shows_no_secret(sim: Simulator) -> None:
    for _time in range(8):
        with pytest.raises(AnsibleLookupError) as failure:
            look_up(sim, "demo", access_key="demo-ak", secret_key="canary-secret")
    assert "APIGW.0301" in str(failure.value)
    assert "canary" not in str(failure.value)
    assert len(sim.requests) == 1
