# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stops whose fate is in doubt, and ends that look like what was there before."""

from __future__ import annotations

from typing import Any

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING, StopModule


def test_a_lost_answer_is_followed_by_a_look_and_no_second_stop(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", kind="reset", after=True))

    run = stop(RUNNING)

    assert (run.outcomes, run.changed, run.failed) == (["stopped"], True, False)
    assert len(sim.requests_to("batch-stop")) == 1


def test_a_stop_that_never_arrived_is_sent_again_after_the_status_had_time_to_show_it(
    sim: Simulator, stop: StopModule
) -> None:
    sim.faults.add(Fault("batch-stop", kind="reset"))

    run = stop(RUNNING)

    assert run.outcomes == ["stopped"]
    assert len(sim.requests_to("batch-stop")) == 2
    ((_job_id, _force, time),) = sim.cloud.accepted_stops
    assert time - stop.clock.time() + stop.clock.monotonic() >= 20


def test_a_refusal_after_a_stop_in_doubt_proves_nothing(sim: Simulator, stop: StopModule) -> None:
    # A lag beyond what the module assumes: the second stop is refused because of the first.
    sim.cloud.configure(status_lag=60.0, release_seconds=100.0)
    sim.faults.add(Fault("batch-stop", kind="reset", after=True))

    run = stop(RUNNING)

    assert (run.outcomes, run.changed, run.failed) == (["unknown"], True, True)
    assert len(sim.cloud.accepted_stops) == 1


def test_a_stop_that_fails_again_at_once_does_not_wait_for_ever(sim: Simulator, stop: StopModule) -> None:
    job = sim.cloud.job(RUNNING)
    job.status = job.ends_in = "RELEASE_RESOURCE_FAILED"

    run = stop(RUNNING)

    assert (run.outcomes, run.changed, run.failed) == (["failed"], True, True)
    assert stop.clock.monotonic() < 120


def test_a_status_counts_in_whatever_case(sim: Simulator, stop: StopModule) -> None:
    body = {"results": [{"id": RUNNING, "status": "release_resource_failed"}], "count": 1}
    sim.faults.add(Fault("batch-status", status=200, body=body, nth=2))

    assert stop(RUNNING).outcomes == ["failed"]


def test_a_batch_that_never_left_is_not_in_doubt(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", kind="trickle", after=True, interval=0.1))

    run = stop(RUNNING, OTHER, batch_size=1, concurrency=1, timeout=0.3, wait_timeout=0.7)

    assert [row["changed"] for row in run.rows] == [True, False]
    assert len(sim.requests_to("batch-stop")) == 1


def test_a_second_token_that_is_refused_too_ends_it(sim: Simulator, stop: StopModule) -> None:
    body = {"error_code": "APIGW.0307", "error_msg": "The token must be updated."}
    sim.faults.add(Fault("batch-status", nth=None, status=401, body=body))
    user: dict[str, Any] = {
        "username": "demo",
        "password": "demo",
        "domain_name": "demo",
        "project_name": "demo",
        "token": None,
    }

    run = stop(RUNNING, OTHER, iam_endpoint=sim.url, **user)

    assert run.outcomes == ["failed", "failed"]
    assert len(sim.requests_to("auth-tokens")) == 2
    assert len(sim.requests_to("batch-status")) == 2


def test_jobs_that_are_refused_as_too_frequent_one_by_one_are_sent_again(sim: Simulator, stop: StopModule) -> None:
    item = {"id": RUNNING, "status": "failed", "error_code": "DRS.M01503", "error_msg": "too frequent"}
    sim.faults.add(Fault("batch-stop", status=200, body={"jobs": [item]}))

    assert stop(RUNNING).outcomes == ["stopped"]
    assert len(sim.requests_to("batch-stop")) == 2
