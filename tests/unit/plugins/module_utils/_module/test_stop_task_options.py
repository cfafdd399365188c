# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How drs_job_batch_stop reads its options: numbers within their bounds, and each job once."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.bounds import BOUNDS
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.stop_task import stop_spec
from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    StopModule,
    module_and_action,
)


@pytest.mark.parametrize("value", [-1, True, "30m", "", "nan", "inf", "1e3", 1.5, 10**9, 1e10, 10**400, [1], {}])
@pytest.mark.parametrize("option", ["concurrency", "batch_size", "retries"])
def test_a_count_is_a_whole_number_within_its_bounds(stop: StopModule, option: str, value: Any) -> None:
    run = stop(RUNNING, **{option: value})
    assert f"{option} must be a whole number, {BOUNDS[option].text}; it is " in run.msg
    assert len(run.msg) < 200
    assert run.requests == []


@pytest.mark.parametrize("value", [-0.1, True, "30m", "10s", "", "nan", "-inf", 10**9, 1e10, "1e999", 10**400, [1], {}])
@pytest.mark.parametrize("option", ["timeout", "wait_timeout", "wait_interval"])
def test_a_time_is_a_number_of_seconds_within_its_bounds(stop: StopModule, option: str, value: Any) -> None:
    run = stop(RUNNING, **{option: value})
    assert f"{option} must be a number of seconds, {BOUNDS[option].text}; it is " in run.msg
    assert len(run.msg) < 200
    assert run.requests == []


@pytest.mark.parametrize("value", ["101", "-1", "five", "1.5", "1e10", "9" * 5000])
def test_the_environment_has_the_same_bounds(stop: StopModule, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HW_MAX_RETRIES", value)
    run = stop(RUNNING)
    assert "retries (HW_MAX_RETRIES) must be a whole number, from 0 to 100; it is " in run.msg
    assert len(run.msg) < 200
    assert run.requests == []
    assert stop(RUNNING, retries=0).outcomes == ["stopped"]


@pytest.mark.parametrize("option", sorted(BOUNDS.keys() & stop_spec().argument_spec.keys()))
def test_what_is_just_out_of_bounds_is_refused(stop: StopModule, option: str) -> None:
    outside: list[dict[str, Any]] = [{option: BOUNDS[option].minimum - 1}, {option: BOUNDS[option].maximum + 1}]
    for options in outside:
        run = stop(RUNNING, **options)
        assert run.failed
        assert f"{option} must be" in run.msg
        assert run.requests == []


@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_the_bounds_belong_to_what_is_allowed(stop: StopModule, end: str) -> None:
    numbers: dict[str, Any] = {name: getattr(bounds, end) for name, bounds in BOUNDS.items()}
    numbers["timeout"] = max(numbers["timeout"], 0.001)
    run = stop(RUNNING, check=True, **numbers)
    assert "must be" not in run.result.get("msg", "")


@module_and_action
def test_the_same_job_twice_is_one_stop_and_a_warning(stop: StopModule, sim: Simulator) -> None:
    run = stop(RUNNING, OTHER, {"job_id": RUNNING, "is_force_stop": False})
    assert run.outcomes == ["stopped", "stopped"]
    assert RUNNING in run.warnings
    assert [each.job_id for each in sim.cloud.accepted_stops] == [RUNNING, OTHER]


@pytest.mark.parametrize("generations", [("v3", "v5"), ("v3",), ("v5",)], ids=["both", "v3", "v5"])
def test_the_same_job_in_another_case_is_another_job(
    stop: StopModule, sim: Simulator, generations: tuple[str, ...]
) -> None:
    sim.cloud.configure(generations=generations)
    sim.cloud.add_job(RUNNING.upper())
    run = stop(RUNNING, {"job_id": RUNNING.upper(), "is_force_stop": True})
    assert run.outcomes == ["stopped", "stopped"]
    assert [row["job_id"] for row in run.rows] == [RUNNING, RUNNING.upper()]
    assert [(each.job_id, each.is_force_stop) for each in sim.cloud.accepted_stops] == [
        (RUNNING, False),
        (RUNNING.upper(), True),
    ]
    assert "warnings" not in run.result


def test_a_job_in_another_case_is_missing_where_the_cloud_has_none(stop: StopModule, sim: Simulator) -> None:
    run = stop(RUNNING.upper(), RUNNING)
    assert run.outcomes == ["failed", "stopped"]
    assert [each.job_id for each in sim.cloud.accepted_stops] == [RUNNING]
