# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which credential drs_job_batch_stop uses, of those that the task and the environment hold."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule, module_and_action

pytestmark = module_and_action


def credentials_sent(stop: StopModule, sim: Simulator) -> str:
    """Say which credential the module used: ``token`` its value, or ``user`` its name."""
    run = stop(RUNNING)
    logins = run.to("auth-tokens")
    if logins:
        return f"user {logins[0].json['auth']['identity']['password']['user']['name']}"
    return f"token {run.to('batch-status')[0].headers['X-Auth-Token']}"


ENVIRONMENT_USER = {"HW_USER_NAME": "env", "HW_USER_PASSWORD": "env", "HW_DOMAIN_NAME": "env"}
ENVIRONMENT_TOKEN = {"HW_AUTH_TOKEN": "env"}
TASK_USER = {"username": "task", "password": "task", "domain_name": "task"}


@pytest.mark.parametrize(
    ("task", "environment", "expected"),
    [
        ({"token": "task"}, {}, "token task"),
        ({"token": "task", **TASK_USER}, {}, "token task"),
        (TASK_USER, {}, "user task"),
        ({}, ENVIRONMENT_TOKEN, "token env"),
        ({}, ENVIRONMENT_USER, "user env"),
        ({}, {**ENVIRONMENT_TOKEN, **ENVIRONMENT_USER}, "token env"),
        ({"token": "task"}, {**ENVIRONMENT_TOKEN, **ENVIRONMENT_USER}, "token task"),
        (TASK_USER, {**ENVIRONMENT_TOKEN, **ENVIRONMENT_USER}, "user task"),
    ],
)
def test_the_credential_of_the_task_beats_the_environment_as_a_whole(
    stop: StopModule,
    monkeypatch: pytest.MonkeyPatch,
    task: dict[str, str],
    environment: dict[str, str],
    expected: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stop.log_in_as(username=None, password=None, domain_name=None, project_id=PROJECT_ID, retries=0)  # type: ignore[arg-type]
    stop.arguments.update(task)
    assert credentials_sent(stop, stop.sim) == expected


def test_half_a_user_in_the_task_is_not_completed_from_the_environment(
    stop: StopModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT_USER.items():
        monkeypatch.setenv(name, value)
    run = stop(RUNNING, token=None, username="task")
    assert run.failed
    assert run.requests == []
    assert "password" in run.msg


def test_everything_may_come_from_the_environment(
    stop: StopModule, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        "HW_USER_NAME": "demo",
        "HW_USER_PASSWORD": "demo",
        "HW_DOMAIN_NAME": "demo",
        "HW_PROJECT_NAME": "demo",
        "HW_DRS_ENDPOINT": sim.url,
        "HW_AUTH_URL": f"{sim.url}/v3",
        "HW_MAX_RETRIES": "0",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stop.arguments = {}
    assert stop(RUNNING).outcomes == ["stopped"]


@pytest.mark.parametrize("name", ["HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"])
def test_the_project_id_may_come_from_the_environment(
    stop: StopModule, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HUAWEICLOUD_SDK_PROJECT_ID", "another")
    monkeypatch.setenv(name, PROJECT_ID)
    assert stop(RUNNING, project_id=None).outcomes == ["stopped"]
