# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job as the user reads it, whichever call it came from."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_responses import (
    parse_detail_response,
    parse_list_response,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_info import (
    STABLE_FIELDS,
    JobFilter,
    build_job_row,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import Observation

KEYS = ["id", "name", "status", "phase", *STABLE_FIELDS]
V5: dict[str, Any] = {
    "id": "a",
    "name": "n",
    "status": "INCRE_TRANSFER_STARTED",
    "job_type": "sync",
    "engine_type": "mysql",
    "billing_tag": True,
    "create_time": "1608188903063",
}


def row_of(item: dict[str, Any]) -> dict[str, Any]:
    """Give the row of an item of a list."""
    ((job_id, look),) = parse_list_response({"jobs": [item]})[0].items()
    return build_job_row(job_id, look)


def test_a_row_always_has_the_keys_that_templates_rely_on() -> None:
    missing = build_job_row("b", Observation(missing=True))
    assert list(missing) == KEYS
    assert {name: value for name, value in missing.items() if value is not None} == {"id": "b", "phase": "missing"}


def test_what_else_the_cloud_said_is_there_and_only_that() -> None:
    assert list(row_of({**V5, "node_role": "", "task_type": None})) == [*KEYS, "billing_tag"]


def test_the_generations_have_other_names_for_the_same() -> None:
    v3 = {**V5, "db_use_type": V5["job_type"]}
    del v3["job_type"]
    detail = {"job": {"id": "a", "status": V5["status"], "create_time": V5["create_time"], "base_info": V5}}
    assert row_of(V5) == row_of(v3) == build_job_row("a", parse_detail_response(detail, "a", None))


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("CONFIGURATION", "not_started"),
        ("PAUSING", "running"),
        ("SOMETHING_NEW", "running"),
        ("INCRE_TRANSFER_FAILED", "failed"),
        ("RELEASE_RESOURCE_FAILED", "failed"),
        ("RELEASE_RESOURCE_STARTED", "stopping"),
        ("release_resource_complete", "stopped"),
        ("DELETED", "stopped"),
    ],
)
def test_the_phase_says_what_the_status_means(status: str, phase: str) -> None:
    assert row_of({**V5, "status": status})["phase"] == phase


def test_actions_and_subtasks_are_given_and_nothing_that_could_be_secret() -> None:
    row = row_of(
        {
            **V5,
            "job_action": {"available_actions": ["FREE_RESOURCE", 7], "current_action": "", "other": "x"},
            "children": [{"id": "c", "name": "child", "status": "PAUSING", "db_use_type": "sync"}, "nonsense"],
            "source_endpoint": {"db_user": "root", "db_password": "canary"},
            "description": "two\nlines \ud800",
            "task_type": {"not": "a text"},
        }
    )
    assert row["job_action"] == {
        "available_actions": ["FREE_RESOURCE"],
        "unavailable_actions": [],
        "current_action": "",
    }
    (child,) = row["children"]
    assert (child["id"], child["phase"], child["job_type"]) == ("c", "running", "sync")
    assert list(child) == KEYS
    assert row["description"] == "two lines"
    assert "task_type" not in row
    assert "canary" not in str(row)


@pytest.mark.parametrize("value", [None, "x", 7, [], [1], {"available_actions": "x"}])
def test_nothing_in_the_place_of_lists_breaks_a_row(value: object) -> None:
    row = row_of({**V5, "job_action": value, "children": value})
    assert list(row)[: len(KEYS)] == KEYS
    assert "children" not in row


def test_a_filter_leaves_to_the_cloud_what_it_knows_and_keeps_the_status() -> None:
    job_filter = JobFilter("sync", frozenset({"PAUSING"}), "n", "mysql", "eip", "0")
    assert job_filter.parameters == {
        "name": "n",
        "engine_type": "mysql",
        "net_type": "eip",
        "enterprise_project_id": "0",
    }
    assert JobFilter().parameters == {}
    assert job_filter.matches(Observation(status="pausing"))
    assert not job_filter.matches(Observation(status="CREATING"))
    assert not job_filter.matches(Observation())
    assert JobFilter().matches(Observation())
    assert not JobFilter(statuses=frozenset()).matches(Observation(status="CREATING"))
