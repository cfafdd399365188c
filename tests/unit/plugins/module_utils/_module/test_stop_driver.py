# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is sent, and when: a job whose lag has grown meanwhile gets no stop. Stops in doubt: test_stop_jobs.py."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING, StopModule


def test_a_batch_is_sent_without_the_jobs_that_are_held_meanwhile(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "40"}))
    later = {"incre_trans_delay": "99", "transfer_status": "INCRE_TRANSFER_STARTED", "task_mode": "INCR_TRANS"}
    good = {**later, "incre_trans_delay": "0"}
    items = [{"job_id": RUNNING, **good}, {"job_id": OTHER, **later}]
    sim.faults.add(Fault("batch-progress", nth=2, status=200, body={"count": 2, "results": items}))

    run = stop(RUNNING, OTHER, max_lag=5, max_lag_for=0)

    assert run.outcomes == ["stopped", "held"]
    assert [[job["job_id"] for job in request.json["jobs"]] for request in run.to("batch-stop")] == [
        [RUNNING, OTHER],
        [RUNNING],
    ]
    assert [row["lag"] for row in run.rows] == [0.0, 99.0]


def test_a_batch_of_which_no_job_is_left_is_not_sent(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "40"}))
    sim.faults.add(Fault("batch-progress", nth=2, status=403))
    run = stop(RUNNING, max_lag=5, max_lag_for=0)
    assert (run.outcomes, run.row["lag"]) == (["held"], None)
    assert len(run.to("batch-stop")) == 1
    assert not sim.cloud.accepted_stops


def test_a_job_that_an_earlier_request_may_have_stopped_is_not_said_to_be_held(
    sim: Simulator, stop: StopModule
) -> None:
    # The first request is rejected after it was acted on, and the status lags behind for longer than is assumed.
    sim.cloud.configure(status_lag=60.0, release_seconds=300.0)
    sim.faults.add(Fault("batch-stop", status=429, headers={"Retry-After": "5"}, after=True))
    sim.faults.add(Fault("batch-progress", nth=2, status=403))
    run = stop(RUNNING, max_lag=5, max_lag_for=0, wait_timeout=15)
    assert run.changed
    assert run.outcomes == ["unknown"]
