# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_info with job IDs: one row for each, in their order, whatever the cloud has to say of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._module.info_task import FILTERS
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    NULL,
    OTHER,
    RUNNING,
    InfoModule,
    StopModule,
    job_ids,
)

GENERATIONS = [("v3", "v5"), ("v3",), ("v5",)]


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


def test_no_ids_are_no_jobs_and_no_request(info: InfoModule) -> None:
    run = info.run(job_ids=[])
    assert (run.failed, run.rows, run.result["count"], run.requests) == (False, [], 0, [])


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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"job_ids": ["a b"]}, "job_ids: entry 1 'a b' is no job ID"),
        ({"job_ids": [RUNNING, ""]}, "job_ids: entry 2 is empty"),
        ({"job_ids": [RUNNING], "job_type": "sync"}, "parameters are mutually exclusive: job_ids|job_type"),
        ({"job_ids": [], "name": "x", "status": ["y"]}, "job_ids|name, job_ids|status"),
        ({"name": " "}, "name is empty"),
        ({"enterprise_project_id": ""}, "enterprise_project_id is empty"),
        ({"job_type": "everything"}, "job_type"),
        ({"job_ids": 5}, "job_ids must be a list, it is 5"),
        ({"job_ids": True}, "job_ids must be a list, it is true"),
        ({"job_ids": {"id": RUNNING}}, "job_ids must be a list, it is a dictionary"),
        ({"job_ids": ""}, "job_ids: entry 1 is empty"),
        ({"job_ids": [RUNNING, None]}, "job_ids: entry 2 is null"),
        ({"job_ids": [12345]}, "job_ids: entry 1 is 12345, not a text: put it in quotes"),
        ({"job_ids": [RUNNING, False]}, "job_ids: entry 2 is false"),
        ({"job_ids": [[RUNNING]]}, "job_ids: entry 1 is a list"),
        ({"job_ids": [{"id": RUNNING}]}, "job_ids: entry 1 is a dictionary"),
        ({"job_ids": ["-", RUNNING]}, "job_ids: entry 1 '-' is no job ID"),
        ({"job_ids": f"{RUNNING}, {OTHER}"}, f"job_ids: entry 2 ' {OTHER}' is no job ID"),
        ({"job_ids": [f"{RUNNING}\n"]}, "job_ids: entry 1"),
        *(({name: NULL}, f"{name} is null: give a value, or leave the option out") for name in ("job_ids", *FILTERS)),
        ({"status": [None]}, "status: entry 1 is null"),
        ({"status": [1]}, "status: entry 1 is 1, not a text"),
        ({"status": ["PAUSING", "a b"]}, "status: entry 2 'a b' is no status (A to Z and _)"),
        ({"status": "PAUSING,"}, "status: entry 2 '' is no status"),
        ({"status": 5}, "status must be a list, it is 5"),
        ({"name": ["a"]}, "name must be a text, it is a list"),
        ({"engine_type": False}, "engine_type must be a text, it is true or false: put it in quotes"),
        ({"name": 1.1}, "name must be a text, it is a number with a fraction: put it in quotes"),
        ({"iam_endpoint": "https://a.example", "auth_url": "https://b.example"}, "iam_endpoint and auth_url"),
        ({"timeout": 3601}, "timeout must be a number of seconds, more than 0 and at most 3600; it is 3601"),
        ({"retries": "many"}, "retries must be a whole number, from 0 to 100; it is 'many'"),
        ({"api_version": "v4"}, "api_version"),
    ],
)
def test_options_that_make_no_sense_are_told_before_any_request(
    info: InfoModule, options: dict[str, Any], said: str
) -> None:
    run = info.run(**options)
    assert run.failed
    assert said in run.msg
    assert not run.requests


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


def test_the_version_that_served_is_told_at_v(info: InfoModule, sim: Simulator) -> None:
    assert "api_versions" not in info.run(job_ids=[RUNNING]).result
    assert info.run(job_ids=[RUNNING], _ansible_verbosity=1).result["api_versions"] == {"status": "v3"}
    sim.cloud.configure(generations=("v5",))
    assert info.run(job_ids=[RUNNING], _ansible_verbosity=1).result["api_versions"] == {"status": "v5"}
