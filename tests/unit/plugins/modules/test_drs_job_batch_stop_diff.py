# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diff of drs_job_batch_stop: the status of each job that changes, foretold by check mode."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    StopModule,
    module_and_action,
)

pytestmark = module_and_action

BEFORE = "INCRE_TRANSFER_STARTED"
STARTED = "RELEASE_RESOURCE_STARTED"
COMPLETE = "RELEASE_RESOURCE_COMPLETE"


def test_check_mode_foretells_the_diff_of_the_run(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.add_job("stopped-already", status=COMPLETE)
    jobs = (RUNNING, MISSING, OTHER, "stopped-already")
    check, run, check_again, run_again = stop.four_steps(*jobs, _ansible_diff=True)

    expected = {"before": {RUNNING: BEFORE, OTHER: BEFORE}, "after": {RUNNING: COMPLETE, OTHER: COMPLETE}}
    assert check.result["diff"] == run.result["diff"] == expected
    nothing: dict[str, dict[str, str]] = {"before": {}, "after": {}}
    assert check_again.result["diff"] == run_again.result["diff"] == nothing


def test_without_wait_the_job_is_stopping_afterwards(stop: StopModule) -> None:
    check, run, *_again = stop.four_steps(RUNNING, wait=False, _ansible_diff=True)
    expected = {"before": {RUNNING: BEFORE}, "after": {RUNNING: STARTED}}
    assert check.result["diff"] == run.result["diff"] == expected


@pytest.mark.parametrize("options", [{}, {"_ansible_diff": False}])
def test_there_is_no_diff_that_nobody_asked_for(stop: StopModule, options: dict[str, Any]) -> None:
    for step in stop.four_steps(RUNNING, **options):
        assert "diff" not in step.result


def test_a_refused_stop_is_no_difference(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.job(RUNNING).stop_error = ("DRS.M00308", "No.")
    assert stop(RUNNING, _ansible_diff=True).result["diff"] == {"before": {}, "after": {}}


def test_a_stop_that_failed_is_a_difference(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.job(RUNNING).ends_in = "RELEASE_RESOURCE_FAILED"
    diff = stop(RUNNING, _ansible_diff=True).result["diff"]
    assert diff == {"before": {RUNNING: BEFORE}, "after": {RUNNING: "RELEASE_RESOURCE_FAILED"}}


def test_a_stop_of_unknown_fate_is_a_difference(stop: StopModule, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-stop", kind="reset", after=True))
    for nth in range(2, 100):
        sim.faults.add(Fault("batch-status", status=500, nth=nth))
    run = stop(RUNNING, _ansible_diff=True, wait_timeout=30, retries=0)
    assert run.outcomes == ["unknown"]
    diff = run.result["diff"]
    assert diff["before"] == {RUNNING: BEFORE}
    assert diff["after"].keys() == {RUNNING}
    assert diff["after"] != diff["before"]


def test_a_run_that_cannot_log_in_makes_no_difference(stop: StopModule) -> None:
    stop.log_in_as(password="wrong")
    assert stop(RUNNING, _ansible_diff=True).result["diff"] == {"before": {}, "after": {}}
