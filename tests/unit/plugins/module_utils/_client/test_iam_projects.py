# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How drs_job_batch_stop finds the project of a token or an access key, for users who may do little in IAM."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, ModuleRun, StopModule

KEY: dict[str, Any] = {"token": None, "access_key": "demo-ak", "secret_key": "demo-sk"}
TOKEN: dict[str, Any] = {}
EVERYBODY = pytest.mark.parametrize("credential", [TOKEN, KEY], ids=["token", "key"])
FORBIDDEN = {"error": {"code": 403, "message": "You are not authorized to perform the requested action."}}
LISTS = ("auth-projects", "projects")


def let_list_all(sim: Simulator) -> None:
    """Give the user the permission to list all projects of the account."""
    sim.cloud.accounts.users("demo")[0].may_list_projects = True


def forbid(sim: Simulator, *endpoints: str, status: int = 403) -> None:
    """Let IAM refuse these calls to everybody."""
    for endpoint in endpoints:
        headers = {"X-Openstack-Request-Id": f"req-{endpoint}"}
        sim.faults.add(Fault(endpoint, status=status, body=FORBIDDEN, headers=headers, nth=None))


def list_as(sim: Simulator, *projects: dict[str, Any], endpoint: str = "auth-projects", **more: Any) -> None:
    """Let IAM know just these projects."""
    sim.faults.add(Fault(endpoint, status=200, body={"projects": list(projects), "links": {}, **more}, nth=None))


def stopped_in(stop: StopModule, name: str = "demo", **options: Any) -> ModuleRun:
    """Stop a job in a project that is named."""
    return stop(RUNNING, project_id=None, project_name=name, iam_endpoint=stop.sim.url, **options)


def iam_calls(run: ModuleRun) -> list[str]:
    """Give what IAM was asked, in order."""
    return [name for name in run.endpoints if name in ("auth-tokens", "verify-token", *LISTS)]


def assert_nothing_was_tried(run: ModuleRun) -> None:
    """Check that the task failed before it asked DRS."""
    assert (run.outcomes, run.changed, run.failed) == (["failed"], False, True)
    assert "batch-status" not in run.endpoints
    assert "batch-stop" not in run.endpoints
    assert ".." not in run.msg.replace("...", "")


@EVERYBODY
def test_no_permission_is_needed_to_find_the_own_project(
    stop: StopModule, sim: Simulator, credential: dict[str, Any]
) -> None:
    forbid(sim, "projects")
    assert stopped_in(stop, **credential).outcomes == ["stopped"]


@EVERYBODY
@pytest.mark.parametrize("status", [403, 404, 405])
def test_where_the_own_projects_are_not_told_those_of_the_account_are_asked_for(
    stop: StopModule, sim: Simulator, credential: dict[str, Any], status: int
) -> None:
    let_list_all(sim)
    forbid(sim, "auth-projects", status=status)
    run = stopped_in(stop, **credential)
    assert run.outcomes == ["stopped"]
    assert iam_calls(run)[:2] == ["auth-projects", "projects"]
    assert run.to("projects")[0].query == {"name": "demo"}


@EVERYBODY
@pytest.mark.parametrize(
    "body", [None, {"error_code": "APIGW.0301", "error_msg": "No"}, {"error_code": "APIGW.0307", "error_msg": "No"}]
)
def test_a_refused_credential_is_not_tried_with_another_call(
    stop: StopModule, sim: Simulator, credential: dict[str, Any], body: dict[str, str] | None
) -> None:
    sim.faults.add(Fault("auth-projects", status=401, body=body, nth=None))
    run = stopped_in(stop, **credential)
    assert_nothing_was_tried(run)
    assert iam_calls(run) == ["auth-projects"]
    assert "HTTP 401" in run.msg


def test_a_token_tells_its_own_project_where_lists_are_forbidden(stop: StopModule, sim: Simulator) -> None:
    forbid(sim, *LISTS)
    run = stopped_in(stop)
    assert run.outcomes == ["stopped"]
    assert iam_calls(run) == ["auth-projects", "projects", "verify-token"]
    (asked,) = run.to("verify-token")
    assert asked.query == {"nocatalog": "true"}
    assert asked.headers["X-Subject-Token"] == asked.headers["X-Auth-Token"]


def test_a_token_that_is_not_for_the_wanted_project_is_told_with_both_names(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.add_project("second-id", "second")
    run = stopped_in(stop, "second")
    assert_nothing_was_tried(run)
    for named in ("'demo'", PROJECT_ID, "'second'", "second-id"):
        assert named in run.msg
    forbid(sim, *LISTS)
    run = stopped_in(stop, "second")
    assert_nothing_was_tried(run)
    for named in ("'demo'", PROJECT_ID, "'second'"):
        assert named in run.msg


@pytest.mark.parametrize(
    ("scope", "said"),
    [({"domain": {"id": "d", "name": "the-account"}}, "the account 'the-account'"), ({}, "no project at all")],
)
def test_a_token_without_a_project_is_told_so_where_no_project_is_found(
    stop: StopModule, sim: Simulator, scope: dict[str, Any], said: str
) -> None:
    body = {"token": {"user": {"id": "u", "name": "demo"}, **scope}}
    sim.faults.add(Fault("verify-token", status=200, body=body, nth=None))
    forbid(sim, *LISTS)
    run = stopped_in(stop)
    assert_nothing_was_tried(run)
    assert f"the token is good for {said}" in run.msg
    assert "'demo'" in run.msg


def test_drs_speaks_of_a_token_without_a_project(stop: StopModule, sim: Simulator) -> None:
    stop.arguments["token"] = sim.cloud.issue_token("demo")
    run = stopped_in(stop)
    assert (run.row["outcome"], run.row["error_code"]) == ("failed", "DRS.M00100")
    assert "check region and project_id" in run.msg


@pytest.mark.parametrize("status", [400, 403, 404])
def test_where_iam_does_not_say_what_a_token_is_for_drs_does(stop: StopModule, sim: Simulator, status: int) -> None:
    forbid(sim, "verify-token", status=status)
    assert stopped_in(stop).outcomes == ["stopped"]
    sim.cloud.add_project("second-id", "second")
    run = stopped_in(stop, "second")
    assert (run.row["outcome"], run.row["error_code"]) == ("failed", "DRS.M00100")


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": {"project": {}}}, {"token": {"project": ["p"]}}])
def test_an_odd_answer_about_a_token_says_nothing(stop: StopModule, sim: Simulator, body: dict[str, Any]) -> None:
    sim.faults.add(Fault("verify-token", status=200, body=body, nth=None))
    assert stopped_in(stop).outcomes == ["stopped"]


@EVERYBODY
def test_a_disabled_project_is_not_taken(stop: StopModule, sim: Simulator, credential: dict[str, Any]) -> None:
    disabled = {"id": PROJECT_ID, "name": "demo", "enabled": False}
    list_as(sim, disabled)
    run = stopped_in(stop, **credential)
    assert_nothing_was_tried(run)
    assert "the project 'demo'" in run.msg
    assert "is disabled" in run.msg
    sim.faults.clear()
    forbid(sim, "auth-projects")
    list_as(sim, disabled, endpoint="projects")
    assert "is disabled" in stopped_in(stop, **credential).msg


@EVERYBODY
def test_of_two_projects_of_one_name_the_enabled_one_is_taken(
    stop: StopModule, sim: Simulator, credential: dict[str, Any]
) -> None:
    list_as(
        sim,
        {"id": "old", "name": "demo", "enabled": False},
        {"id": PROJECT_ID, "name": "demo", "enabled": True},
        {"id": "other", "name": "Demo"},
        {"id": "more", "name": "demo_more"},
    )
    assert stopped_in(stop, **credential).outcomes == ["stopped"]


@EVERYBODY
def test_two_enabled_projects_of_one_name_are_no_choice(
    stop: StopModule, sim: Simulator, credential: dict[str, Any]
) -> None:
    list_as(sim, {"id": PROJECT_ID, "name": "demo", "domain_id": "a"}, {"id": "b", "name": "demo", "domain_id": "b"})
    run = stopped_in(stop, **credential)
    assert_nothing_was_tried(run)
    assert "knows 2 projects named 'demo'" in run.msg
    assert f"({PROJECT_ID}, b): give project_id" in run.msg


@EVERYBODY
@pytest.mark.parametrize("more", [{"truncated": True}, {"links": {"next": "http://elsewhere.invalid/v3"}}])
def test_a_list_that_is_not_all_is_completed_by_name(
    stop: StopModule, sim: Simulator, credential: dict[str, Any], more: dict[str, Any]
) -> None:
    let_list_all(sim)
    list_as(sim, {"id": "a", "name": "first"}, **more)
    assert stopped_in(stop, **credential).outcomes == ["stopped"]
    sim.faults.clear()
    list_as(sim, {"id": "a", "name": "demo"}, **more)
    assert "knows 2 projects" in stopped_in(stop, **credential).msg


@EVERYBODY
@pytest.mark.parametrize("projects", [None, {}, "x", [None], [7], [{"name": "demo"}], [{"id": ["a"], "name": "demo"}]])
def test_an_odd_list_is_an_empty_one(
    stop: StopModule, sim: Simulator, credential: dict[str, Any], projects: Any
) -> None:
    for endpoint in LISTS:
        sim.faults.add(Fault(endpoint, status=200, body={"projects": projects}, nth=None))
    run = stopped_in(stop, "elsewhere", **credential)
    assert_nothing_was_tried(run)
    assert "knows no project named 'elsewhere'" in run.msg


def test_a_key_that_may_list_nothing_is_told_what_to_give(stop: StopModule, sim: Simulator) -> None:
    forbid(sim, *LISTS)
    run = stopped_in(stop, **KEY)
    assert_nothing_was_tried(run)
    assert f"GET {sim.url}/v3/auth/projects answered HTTP 403: You are not authorized" in run.msg
    assert "Give the project_id of 'demo'" in run.msg
    assert run.row["request_id"]


def test_a_wrong_iam_endpoint_is_told_so(stop: StopModule, sim: Simulator) -> None:
    for credential in (KEY, TOKEN):
        run = stop(RUNNING, **credential, project_id=None, project_name="demo", iam_endpoint=f"{sim.url}/identity")
        assert_nothing_was_tried(run)
        assert "check iam_endpoint" in run.msg
        assert "Give the project_id of 'demo'" in run.msg
