# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_batch_stop with permanent and temporary access keys, and the project that it finds by itself."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule, module_and_action

KEY: dict[str, Any] = {"token": None, "access_key": "demo-ak", "secret_key": "demo-sk"}


def test_the_project_is_found_by_its_name(sim: Simulator, stop: StopModule) -> None:
    run = stop(RUNNING, **KEY, project_id=None, project_name="demo", iam_endpoint=sim.url)

    assert run.outcomes == ["stopped"]
    assert [request.endpoint for request in sim.requests][:2] == ["auth-projects", "batch-status"]
    assert sim.requests[0].query == {}


def test_the_project_of_a_token_is_found_too(sim: Simulator, stop: StopModule) -> None:
    run = stop(RUNNING, project_id=None, project_name="demo", iam_endpoint=sim.url)

    assert run.outcomes == ["stopped"]
    assert [request.endpoint for request in sim.requests][:3] == ["auth-projects", "verify-token", "batch-status"]


def test_a_project_that_nobody_knows_is_named(sim: Simulator, stop: StopModule) -> None:
    run = stop(RUNNING, **KEY, project_id=None, project_name="nowhere", iam_endpoint=sim.url)

    assert (run.outcomes, run.changed) == (["failed"], False)
    assert "knows no project named 'nowhere'" in run.msg
    assert [request.endpoint for request in run.requests] == ["auth-projects", "projects"]


def test_several_projects_of_one_name_are_no_choice(sim: Simulator, stop: StopModule) -> None:
    two = [{"id": "a", "name": "twice"}, {"id": "b", "name": "twice"}]
    sim.faults.add(Fault("auth-projects", status=200, body={"projects": two}))

    assert (
        "knows 2 projects named 'twice'"
        in stop(RUNNING, **KEY, project_id=None, project_name="twice", iam_endpoint=sim.url).msg
    )


@pytest.mark.parametrize(("minutes", "said"), [(20, "20 minutes ahead of"), (-20, "20 minutes behind")])
def test_a_clock_that_is_off_is_called_so(sim: Simulator, stop: StopModule, minutes: int, said: str) -> None:
    stop.clock = ManualClock(time.time() + minutes * 60)

    run = stop(RUNNING, **KEY)

    assert run.outcomes == ["failed"]
    assert said in run.msg


@module_and_action
@pytest.mark.parametrize("prefix", ["HW_{}_KEY", "HUAWEICLOUD_SDK_{}"])
def test_a_key_comes_from_the_environment(stop: StopModule, monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    names = ("ACCESS", "SECRET") if prefix.startswith("HW") else ("AK", "SK")
    for name, value in zip(names, ("demo-ak", "demo-sk"), strict=True):
        monkeypatch.setenv(prefix.format(name), value)

    assert stop(RUNNING, token=None).outcomes == ["stopped"]


def test_the_two_sets_of_names_in_the_environment_are_not_mixed(
    stop: StopModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW_ACCESS_KEY", "demo-ak")
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "demo-sk")

    run = stop.run(jobs=[{"job_id": RUNNING}], token=None)

    assert "secret_key missing" in run.msg
    assert not run.requests


@pytest.mark.parametrize("half", ["access_key", "secret_key"])
def test_half_a_key_is_an_error_before_any_request(stop: StopModule, half: str) -> None:
    run = stop.run(jobs=[{"job_id": RUNNING}], token=None, **{half: "something-long"})

    assert run.msg == "parameters are required together: access_key, secret_key"
    assert not run.requests


def test_a_token_beats_a_key_and_a_key_beats_a_user(sim: Simulator, stop: StopModule) -> None:
    user = {"username": "demo", "password": "demo", "domain_name": "demo"}

    assert stop(RUNNING, **{**KEY, **user}).outcomes == ["stopped"]
    assert not sim.requests_to("auth-tokens")
    assert all("Authorization" in request.headers for request in sim.requests)
