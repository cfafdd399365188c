# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How drs_job_info reads its options, and what it says of filters that may be mistyped."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._module.info_task import FILTERS
from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    NULL,
    OTHER,
    RUNNING,
    InfoModule,
    module_and_action,
)

pytestmark = module_and_action


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


def test_no_ids_are_no_jobs_and_no_request(info: InfoModule) -> None:
    run = info.run(job_ids=[])
    assert (run.failed, run.rows, run.result["count"], run.requests) == (False, [], 0, [])


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"status": ["PAUSNG", "PAUSING", "newer_status"]}, ["status: 'PAUSNG', 'NEWER_STATUS' is", "PAUSING"]),
        ({"net_type": "VPC"}, ["net_type: 'VPC' is", "eip, vpn, vpc"]),
    ],
)
def test_a_filter_that_may_be_mistyped_is_named(info: InfoModule, options: dict[str, Any], named: list[str]) -> None:
    run = info.run(**options)
    assert (run.failed, run.rows) == (False, [])
    assert all(name in run.warnings for name in named)


def test_a_new_status_of_the_cloud_is_found_all_the_same(info: InfoModule, sim: Simulator) -> None:
    sim.cloud.job(OTHER).status = "NEWER_STATUS"
    assert [row["id"] for row in info.run(status="newer_status").rows] == [OTHER]


def test_known_filters_are_no_reason_to_warn(info: InfoModule) -> None:
    run = info.run(status=["pausing", "PAUSEING", " DELETED "], net_type="vpc", name=5)
    assert (run.failed, run.rows) == (False, [])
    assert "warnings" not in run.result
