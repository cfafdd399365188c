# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_info with job IDs: one row for each, in their order, whatever the cloud has to say of it."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    InfoModule,
    StopModule,
    job_ids,
    module_and_action,
)

GENERATIONS = [("v3", "v5"), ("v3",), ("v5",)]


@module_and_action
@pytest.mark.parametrize("generations", GENERATIONS, ids=["both", "v3", "v5"])
@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_jobs_come_in_the_order_of_their_ids_with_what_the_cloud_says(
    info: InfoModule, sim: Simulator, generations: tuple[str, ...], check: bool
) -> None:
    sim.cloud.configure(generations=generations)
    sim.cloud.job(OTHER).status = "PAUSING"

    run = info.run(job_ids=[OTHER, MISSING, RUNNING], _ansible_check_mode=check)

    assert not run.failed
    assert not run.changed
    assert run.result["count"] == 3
    assert [(row["id"], row["name"], row["status"], row["phase"], row["job_type"]) for row in run.rows] == [
        (OTHER, "DRS-3456", "PAUSING", "running", "sync"),
        (MISSING, None, None, "missing", None),
        (RUNNING, "DRS-1234", "INCRE_TRANSFER_STARTED", "running", "sync"),
    ]


def test_ten_jobs_are_read_with_one_request(info: InfoModule, sim: Simulator) -> None:
    jobs = job_ids(25)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    run = info.run(job_ids=jobs)
    assert [row["id"] for row in run.rows] == jobs
    assert run.endpoints == ["batch-detail"] * 3
    assert sorted(len(request.json["jobs"]) for request in run.requests) == [5, 10, 10]


def test_a_region_without_details_still_has_statuses(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.configure(unpublished=("batch-detail",))
    run = info.run(job_ids=[RUNNING, MISSING])
    assert [(row["name"], row["phase"]) for row in run.rows] == [(None, "running"), (None, "missing")]
    assert run.endpoints == ["batch-detail", "batch-status"]


def test_a_refused_login_is_told(info: InfoModule) -> None:
    info.log_in_as(password="wrong")
    run = info.run(job_ids=[RUNNING])
    assert run.failed
    assert "requires authentication" in run.msg
    assert run.endpoints == ["auth-tokens"]


def test_its_jobs_feed_the_stop_and_show_its_progress(info: InfoModule, stop: StopModule) -> None:
    ids = [row["id"] for row in info.run(job_type="sync").rows if row["phase"] == "running"]
    assert sorted(ids) == [RUNNING, OTHER]
    assert stop(*ids, wait=False).outcomes == ["stopping"] * 2
    assert {row["phase"] for row in info.run(job_ids=ids).rows} == {"stopping"}
    stop.clock.advance(60)
    assert {row["phase"] for row in info.run(job_ids=ids).rows} == {"stopped"}
