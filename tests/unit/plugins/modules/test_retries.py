# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retries in the result: at -vv, one line each, without a query or a secret."""

from __future__ import annotations

import re

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, InfoModule, StopModule


@pytest.mark.parametrize("verbosity", [0, 1])
def test_below_vv_there_are_none(sim: Simulator, stop: StopModule, verbosity: int) -> None:
    sim.faults.add(Fault("batch-status", status=429))
    assert "retries" not in stop(RUNNING, _ansible_verbosity=verbosity).result


def test_each_retry_is_a_line_with_reason_attempt_and_delay(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-status", status=429, nth=1))
    sim.faults.add(Fault("batch-status", status=503, nth=2))
    run = stop(RUNNING, _ansible_verbosity=2)
    first, second = run.result["retries"]
    assert re.fullmatch(rf"POST {sim.url}/.*/batch-status: HTTP 429, attempt 2 in [\d.]+ s", first)
    assert re.fullmatch(rf"POST {sim.url}/.*/batch-status: HTTP 503, attempt 3 in [\d.]+ s", second)
    assert run.outcomes == ["stopped"]


def test_a_failed_task_has_them_too(sim: Simulator, info: InfoModule) -> None:
    sim.faults.add(Fault("batch-detail", status=503, nth=None))
    sim.faults.add(Fault("batch-status", status=503, nth=None))
    run = info.run(job_ids=[RUNNING], retries=2, _ansible_verbosity=2)
    assert run.failed
    assert [line.partition("batch-")[2].partition(" in ")[0] for line in run.result["retries"]] == [
        "detail: HTTP 503, attempt 2",
        "detail: HTTP 503, attempt 3",
        "status: HTTP 503, attempt 2",
        "status: HTTP 503, attempt 3",
    ]


def test_a_task_without_retries_has_no_such_key(stop: StopModule) -> None:
    assert "retries" not in stop(RUNNING, _ansible_verbosity=3).result


def test_of_many_only_the_latest_are_listed(sim: Simulator, stop: StopModule) -> None:
    for nth in range(1, 61):
        sim.faults.add(Fault("batch-status", status=429, nth=nth))
        sim.faults.add(Fault("batch-stop", status=429, nth=nth))
    run = stop(RUNNING, retries=100, wait_timeout=36_000, _ansible_verbosity=2)
    first, *latest = run.result["retries"]
    assert run.outcomes == ["stopped"]
    assert first == "20 earlier retries are not listed"
    assert len(latest) == 100
    assert "/batch-status: HTTP 429, attempt 22 in " in latest[0]
    assert "/batch-stop: HTTP 429, attempt 61 in " in latest[-1]
