# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs by their IDs: one row for each ID, and a failure that names what could not be read."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    InfoModule,
    job_ids,
    module_and_action,
)

GENERATIONS = [("v3", "v5"), ("v3",), ("v5",)]


@pytest.mark.parametrize("shape", ["item", "refuse", "omit"])
def test_an_unknown_id_is_missing_in_every_shape_that_the_cloud_has_for_it(
    info: InfoModule, sim: Simulator, shape: Any
) -> None:
    sim.cloud.configure(missing_shape=shape)
    run = info.run(job_ids=[RUNNING, MISSING])
    if shape == "omit":
        # Neither read says anything of it, and nothing is not "does not exist".
        assert run.failed
        assert MISSING in run.msg
        assert [row["id"] for row in run.rows] == [RUNNING]
    else:
        assert [row["phase"] for row in run.rows] == ["running", "missing"]


def test_an_id_twice_is_two_rows_and_asked_for_once(info: InfoModule) -> None:
    run = info.run(job_ids=[RUNNING, OTHER, RUNNING])
    assert [row["id"] for row in run.rows] == [RUNNING, OTHER, RUNNING]
    assert [row["phase"] for row in run.rows] == ["running"] * 3
    assert run.requests[0].json["jobs"] == [RUNNING, OTHER]


@pytest.mark.parametrize("generations", GENERATIONS, ids=["both", "v3", "v5"])
def test_ids_that_differ_in_case_are_two_jobs(info: InfoModule, sim: Simulator, generations: tuple[str, ...]) -> None:
    sim.cloud.configure(generations=generations)
    sim.cloud.add_job(RUNNING.upper(), name="shouted")
    run = info.run(job_ids=[RUNNING, RUNNING.upper(), OTHER.upper()])
    assert [(row["id"], row["name"], row["phase"]) for row in run.rows] == [
        (RUNNING, "DRS-1234", "running"),
        (RUNNING.upper(), "shouted", "running"),
        (OTHER.upper(), None, "missing"),
    ]


@module_and_action
def test_what_cannot_be_read_fails_the_task_and_keeps_the_rest(info: InfoModule, sim: Simulator) -> None:
    jobs = job_ids(11)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    body = {"error_code": "DRS.M00102", "error_msg": "No."}
    sim.faults.add(Fault("batch-detail", nth=2, status=403, body=body))
    sim.faults.add(Fault("batch-status", nth=None, status=403, body=body))

    run = info.run(job_ids=jobs)

    assert run.failed
    assert "of 11 DRS jobs could not be read: " in run.msg
    assert "DRS.M00102" in run.msg
    assert len(run.rows) in (1, 10)
    assert run.result["count"] == len(run.rows)
