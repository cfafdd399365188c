# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of modules from the environment: an empty variable is not set, and of several the first one counts."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.environment import VARIABLES
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    RUNNING,
    InfoModule,
    StopModule,
    module_and_action,
)


@module_and_action
@pytest.mark.parametrize("first", ["", " "])
def test_the_second_variable_counts_when_the_first_is_empty(
    stop: StopModule, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setenv("HW_PROJECT_ID", first)
    monkeypatch.setenv("HUAWEICLOUD_SDK_PROJECT_ID", PROJECT_ID)
    assert stop(RUNNING, project_id=None).outcomes == ["stopped"]
    monkeypatch.setenv("HW_PROJECT_ID", "first")
    (read,) = stop(RUNNING, project_id=None, check=True).requests
    assert read.path.startswith("/v3/first/")


@module_and_action
@pytest.mark.usefixtures("all_empty")
def test_a_module_works_with_empty_variables(stop: StopModule, info: InfoModule) -> None:
    assert stop(RUNNING).outcomes == ["stopped"]
    assert not info.run(job_ids=[RUNNING]).failed


@module_and_action
@pytest.mark.parametrize(
    "identity",
    [
        {"HW_USER_NAME": "demo", "HW_USER_PASSWORD": "demo", "HW_DOMAIN_NAME": "demo"},
        {"HW_ACCESS_KEY": "demo-ak", "HW_SECRET_KEY": "demo-sk"},
        {"HUAWEICLOUD_SDK_AK": "demo-ak", "HUAWEICLOUD_SDK_SK": "demo-sk"},
        {"HW_AUTH_TOKEN": "{token}", "HW_PROJECT_ID": PROJECT_ID},
    ],
)
def test_one_identity_among_empty_variables(
    stop: StopModule, sim: Simulator, monkeypatch: pytest.MonkeyPatch, identity: dict[str, str]
) -> None:
    token = stop.arguments["token"]
    stop.arguments = {}
    place = {"HW_DRS_ENDPOINT": sim.url, "HW_AUTH_URL": sim.url, "HW_PROJECT_NAME": "demo"}
    for name, value in {**dict.fromkeys(VARIABLES, ""), **place, **identity}.items():
        monkeypatch.setenv(name, value.format(token=token))
    assert stop(RUNNING).outcomes == ["stopped"]
