# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read to watch lags. What follows from them: test_drs_job_batch_stop_lag.py."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule, job_ids


@pytest.fixture
def parent(sim: Simulator) -> str:
    """A job with two subtasks, one for each direction."""
    sim.cloud.add_job("parent", job_type="cloudDataGuard", lag=None)
    sim.cloud.add_job("forward", job_type="cloudDataGuard", parent_id="parent", rpo=1.0)
    sim.cloud.add_job("backward", job_type="cloudDataGuard", parent_id="parent", rpo=4.0)
    return "parent"


def test_what_a_job_is_is_read_once_and_its_lag_each_time(sim: Simulator, stop: StopModule) -> None:
    for job_id in job_ids(12):
        sim.cloud.add_job(job_id)
    run = stop(*job_ids(12), max_lag=5, max_lag_for=20, wait=False)
    assert run.outcomes == ["stopping"] * 12
    assert len(run.to("batch-detail")) == 2
    assert len(run.to("batch-progress")) == 2 * 3
    assert run.to("batch-rpo-and-rto") == []


@pytest.mark.parametrize("interval", [3.0, 10.0, 60.0])
def test_lags_are_sampled_each_interval_and_at_least_every_ten_seconds(
    stop: StopModule, clock: ManualClock, interval: float
) -> None:
    start = clock.monotonic()
    run = stop(RUNNING, max_lag=5, max_lag_for=30, wait_interval=interval, wait=False)
    assert len(run.to("batch-progress")) == 30 / min(interval, 10) + 1
    assert clock.monotonic() - start == 30


def test_a_parent_is_told_by_what_only_its_details_say(sim: Simulator, stop: StopModule, parent: str) -> None:
    item = {"id": parent, "status": "INCRE_TRANSFER_STARTED", "db_use_type": "cloudDataGuard", "multi_write": True}
    sim.faults.add(Fault("batch-detail", nth=None, status=200, body={"count": 1, "results": [item]}))
    assert stop(parent, max_lag=5, max_lag_for=0).outcomes == ["stopped"]


def test_a_parent_is_held_for_its_worst_subtask(sim: Simulator, stop: StopModule, parent: str) -> None:
    item = {"id": parent, "status": "INCRE_TRANSFER_STARTED", "db_use_type": "cloudDataGuard", "multi_write": True}
    sim.faults.add(Fault("batch-detail", nth=None, status=200, body={"count": 1, "results": [item]}))
    run = stop(parent, max_lag=3, max_lag_for=0)
    assert run.outcomes == ["held"]
    assert run.row["lag"] == 4.0


def test_a_parent_whose_subtasks_cannot_be_listed_is_held(sim: Simulator, stop: StopModule, parent: str) -> None:
    item = {"id": parent, "status": "INCRE_TRANSFER_STARTED", "db_use_type": "cloudDataGuard", "multi_write": True}
    sim.faults.add(Fault("batch-detail", nth=None, status=200, body={"count": 1, "results": [item]}))
    for endpoint in ("jobs", "job-list"):
        sim.faults.add(Fault(endpoint, nth=None, status=403))
    run = stop(parent, max_lag=5, max_lag_for=0)
    assert run.outcomes == ["held"]
    assert run.row["error_msg"].startswith("its lag is not known: its subtasks could not be listed: ")
    assert "HTTP 403" in run.row["error_msg"]
