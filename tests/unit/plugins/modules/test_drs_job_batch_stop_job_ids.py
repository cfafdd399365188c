# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option job_ids, the short form of jobs."""

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

pytestmark = module_and_action


def test_jobs_are_stopped_in_four_steps(sim: Simulator, stop: StopModule) -> None:
    runs = [stop.run(job_ids=[RUNNING, OTHER], _ansible_check_mode=check) for check in (True, False, True, False)]
    outcomes = [["would_stop"] * 2, ["stopped"] * 2, ["unchanged"] * 2, ["unchanged"] * 2]
    assert [run.outcomes for run in runs] == outcomes
    assert [run.changed for run in runs] == [True, True, False, False]
    assert [stopped[:2] for stopped in sim.cloud.accepted_stops] == [(RUNNING, False), (OTHER, False)]


def test_force_is_for_all_of_them(sim: Simulator, stop: StopModule) -> None:
    run = stop.run(job_ids=[RUNNING], force=True)
    assert run.row["is_force_stop"]
    assert [stopped[:2] for stopped in sim.cloud.accepted_stops] == [(RUNNING, True)]


def test_an_empty_list_is_a_success_without_a_request(stop: StopModule) -> None:
    run = stop.run(job_ids=[])
    assert (run.failed, run.changed, run.rows, run.requests) == (False, False, [], [])


def test_a_job_that_is_named_twice_is_stopped_once(sim: Simulator, stop: StopModule) -> None:
    run = stop.run(job_ids=[RUNNING, RUNNING])
    assert run.outcomes == ["stopped"]
    assert f"job_ids: {RUNNING} is named more than once; its stop is sent once" in run.warnings
    assert len(sim.cloud.accepted_stops) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "one of the following is required: jobs, job_ids"),
        ({"job_ids": [RUNNING], "jobs": [{"job_id": OTHER}]}, "parameters are mutually exclusive: jobs|job_ids"),
        ({"job_ids": [], "jobs": []}, "parameters are mutually exclusive: jobs|job_ids"),
        ({"job_ids": NULL}, "job_ids is null"),
        ({"jobs": NULL}, "jobs is null"),
        ({"job_ids": [RUNNING, "no ID"]}, "job_ids: entry 2 'no ID' is no job ID"),
        ({"job_ids": [RUNNING, ""]}, "job_ids: entry 2 is empty"),
        ({"job_ids": [{"job_id": RUNNING}]}, "job_ids: entry 1"),
        ({"job_ids": {"a": 1}}, "job_ids must be a list"),
    ],
)
def test_what_cannot_be_meant_is_an_error_before_any_request(
    stop: StopModule, options: dict[str, Any], message: str
) -> None:
    run = stop.run(**options)
    assert run.failed
    assert message in run.msg
    assert run.requests == []
