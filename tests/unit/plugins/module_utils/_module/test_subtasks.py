# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The subtasks of jobs, which only lists name. The lag of a parent is that of its worst subtask."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    InfoModule,
    StopModule,
    job_ids,
)

LISTS = ("jobs", "job-list")


@pytest.fixture
def parent(sim: Simulator) -> str:
    """A many-to-one job, of which only a list says that it has subtasks."""
    sim.cloud.add_job("parent", lag=0.0)
    sim.cloud.add_job("first", parent_id="parent", lag=1.0)
    sim.cloud.add_job("second", parent_id="parent", lag=90.0)
    return "parent"


def test_a_parent_is_held_for_a_subtask_that_only_a_list_names(stop: StopModule, parent: str) -> None:
    run = stop(parent, RUNNING, max_lag=5, max_lag_for=0)
    assert run.outcomes == ["held", "stopped"]
    assert run.rows[0]["lag"] == 90.0


@pytest.mark.parametrize("shape", ["own", "none", "omit", "error"])
def test_what_its_own_progress_says_does_not_count(sim: Simulator, stop: StopModule, parent: str, shape: str) -> None:
    sim.cloud.configure(parent_progress=shape)
    assert stop(parent, max_lag=89, max_lag_for=0).outcomes == ["held"]
    assert stop(parent, max_lag=90, max_lag_for=0).outcomes == ["stopped"]


def test_a_subtask_is_stopped_by_its_own_lag(stop: StopModule, parent: str) -> None:
    assert parent
    run = stop("first", "second", max_lag=5, max_lag_for=0)
    assert run.outcomes == ["stopped", "held"]
    assert run.to("job-list") == []


def test_one_list_is_read_once_for_a_hundred_jobs(sim: Simulator, stop: StopModule) -> None:
    for job_id in job_ids(101):
        sim.cloud.add_job(job_id)
    # A full page does not end a list.
    run = stop(*job_ids(101), max_lag=5, max_lag_for=20, wait=False)
    assert run.outcomes == ["stopping"] * 101
    assert [len(run.to(endpoint)) for endpoint in ("job-list", "jobs")] == [3, 0]


def test_without_the_list_of_v3_that_of_v5_is_read(sim: Simulator, stop: StopModule, parent: str) -> None:
    sim.cloud.configure(unpublished=["job-list"])
    assert stop(parent, max_lag=5, max_lag_for=0).outcomes == ["held"]
    assert stop(parent, max_lag=90, max_lag_for=0).outcomes == ["stopped"]


@pytest.mark.parametrize("error", [403, 500])
def test_without_a_list_nobody_knows_the_lag(sim: Simulator, stop: StopModule, error: int) -> None:
    sim.faults.add(Fault("job-list", nth=None, status=error))
    run = stop(RUNNING, max_lag=5, max_lag_for=0, retries=0)
    assert run.outcomes == ["held"]
    assert run.row["error_msg"].startswith("its lag is not known: its subtasks could not be listed: ")


def test_where_no_list_is_published_the_details_decide(sim: Simulator, stop: StopModule) -> None:
    sim.cloud.configure(unpublished=list(LISTS))
    assert stop(RUNNING, max_lag=5, max_lag_for=0).outcomes == ["stopped"]


def test_a_job_that_no_list_has_is_what_its_details_say(sim: Simulator, stop: StopModule) -> None:
    for endpoint in LISTS:
        sim.faults.add(Fault(endpoint, nth=None, status=200, body={"jobs": [], "total_count": 0}))
    assert stop(RUNNING, max_lag=5, max_lag_for=0).outcomes == ["stopped"]


@pytest.mark.parametrize("child", [{}, {"id": None, "status": "INCRE_TRANSFER_STARTED"}, {"id": OTHER}])
def test_a_subtask_that_is_not_described_makes_the_lag_unknown(
    sim: Simulator, stop: StopModule, child: dict[str, object]
) -> None:
    item = {"id": RUNNING, "status": "INCRE_TRANSFER_STARTED", "children": [child]}
    sim.cloud.job(OTHER).lag = None
    sim.faults.add(Fault("jobs", nth=None, status=200, body={"jobs": [item], "total_record": 1}))
    sim.faults.add(Fault("job-list", nth=None, status=200, body={"jobs": [item], "total_count": 1}))
    run = stop(RUNNING, max_lag=5, max_lag_for=0)
    assert run.outcomes == ["held"]
    assert run.row["lag"] is None


def test_drs_job_info_has_the_subtasks_and_their_lags(info: InfoModule, parent: str) -> None:
    (row,) = info.run(job_ids=[parent], details=["lag"]).result["jobs"]
    assert (row["lag"], row["lag_reason"]) == (90.0, None)
    assert [(child["id"], child["lag"]) for child in row["children"]] == [("first", 1.0), ("second", 90.0)]


def test_drs_job_info_says_why_a_lag_is_unknown_without_a_list(sim: Simulator, info: InfoModule, parent: str) -> None:
    for endpoint in LISTS:
        sim.faults.add(Fault(endpoint, nth=None, status=403))
    (row,) = info.run(job_ids=[parent], details=["lag"]).result["jobs"]
    assert row["lag"] is None
    assert row["lag_reason"].startswith("its subtasks could not be listed: ")
