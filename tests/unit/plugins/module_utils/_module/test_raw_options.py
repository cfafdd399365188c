# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as their author meant them. What nobody can have meant is refused: test_drs_job_batch_stop_input.py."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    NULL,
    OTHER,
    RUNNING,
    StopModule,
    module_and_action,
)


@module_and_action
def test_numbers_and_words_of_yaml_are_understood(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.add_job("12345")
    run = stop({"job_id": "12345", "is_force_stop": "yes"}, wait_timeout="60", wait_interval="0.5", batch_size="1")
    assert run.outcomes == ["stopped"]
    assert sim.cloud.accepted_stops[0].is_force_stop is True


@module_and_action
@pytest.mark.parametrize(
    "options",
    [
        {"jobs": [{"job_id": RUNNING, "id": RUNNING}]},
        {"jobs": [{"job_id": RUNNING, "is_force_stop": True, "force": "yes"}]},
        {"jobs": [{"id": RUNNING}], "iam_endpoint": "http://127.0.0.1:1", "auth_url": "http://127.0.0.1:1"},
        {"jobs": f"job_id={RUNNING}"},
        {"jobs": [f"id={RUNNING} job_id={RUNNING}"]},
    ],
)
def test_the_same_value_twice_is_said_once(stop: StopModule, options: dict[str, Any]) -> None:
    run = stop.run(**options)
    assert run.outcomes == ["stopped"]
    assert "warnings" not in run.result


@module_and_action
def test_null_leaves_what_has_a_default_as_if_it_were_not_there(stop: StopModule, sim: Simulator) -> None:
    options = "force wait wait_timeout wait_interval batch_size concurrency language validate_certs timeout retries"
    nothing: dict[str, Any] = dict.fromkeys(
        [*options.split(), "api_version", "region", "iam_endpoint", "auth_url", "ca_path"], NULL
    )
    run = stop({"job_id": RUNNING, "is_force_stop": None, "force": True}, {"id": OTHER, "force": None}, **nothing)
    assert run.outcomes == ["stopped", "stopped"]
    assert {each.job_id: each.is_force_stop for each in sim.cloud.accepted_stops} == {RUNNING: True, OTHER: False}
    assert "warnings" not in run.result


@module_and_action
def test_null_leaves_what_the_environment_says(
    stop: StopModule, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW_DRS_ENDPOINT", sim.url)
    assert stop(RUNNING, endpoint=NULL).outcomes == ["stopped"]


@module_and_action
def test_a_run_without_a_mistake_has_no_warning(stop: StopModule) -> None:
    assert "warnings" not in stop(RUNNING).result
