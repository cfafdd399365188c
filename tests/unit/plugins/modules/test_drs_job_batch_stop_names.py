# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names: in every row, and as a condition of a stop."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    NULL,
    OTHER,
    RUNNING,
    StopModule,
    job_ids,
    module_and_action,
)

pytestmark = module_and_action

NAME, OTHER_NAME = "DRS-1234", "DRS-3456"


def test_every_row_has_a_name_in_each_of_the_four_steps(stop: StopModule) -> None:
    for run in stop.four_steps(RUNNING, MISSING, OTHER):
        assert [row["name"] for row in run.rows] == [NAME, None, OTHER_NAME]


@pytest.mark.parametrize("count", [1, 10, 11, 45])
def test_names_take_one_more_request_for_ten_jobs_after_everything_else(
    sim: Simulator, stop: StopModule, count: int
) -> None:
    for job_id in job_ids(count):
        sim.cloud.add_job(job_id)
    run = stop(*job_ids(count), MISSING, check=True)
    requests = -(-count // 10)
    assert run.endpoints[-requests:] == ["batch-detail"] * requests
    assert len(run.to("batch-detail")) == requests
    assert MISSING not in [job_id for request in run.to("batch-detail") for job_id in request.json["jobs"]]
    assert None not in [row["name"] for row in run.rows[:-1]]


def test_a_stop_that_is_answered_with_the_name_needs_no_other_request(stop: StopModule) -> None:
    run = stop(RUNNING)
    assert run.row["name"] == NAME
    assert run.to("batch-detail") == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 403, "body": {"error_code": "DRS.M00102", "error_msg": "No."}},
        {"status": 503, "headers": {"Retry-After": "60"}},
        {"status": 429},
        {"kind": "reset"},
        {"status": 200, "body": {"results": "none"}},
    ],
)
def test_names_that_cannot_be_read_are_asked_for_once_and_fail_nothing(
    sim: Simulator, clock: ManualClock, stop: StopModule, fault: dict[str, Any]
) -> None:
    sim.cloud.job(RUNNING).status = "RELEASE_RESOURCE_COMPLETE"
    sim.faults.add(Fault("batch-detail", nth=None, **fault))
    run = stop(RUNNING)
    assert not run.failed
    assert (run.row["outcome"], run.row["name"]) == ("unchanged", None)
    assert run.endpoints == ["batch-status", "batch-detail"]
    assert clock.sleeps == []


def test_a_job_with_its_name_is_stopped_in_four_steps(sim: Simulator, stop: StopModule) -> None:
    runs = stop.four_steps({"job_id": RUNNING, "name": NAME}, {"job_id": OTHER, "name": OTHER_NAME}, batch_size=1)
    assert [run.outcomes for run in runs] == [["would_stop"] * 2, ["stopped"] * 2, *[["unchanged"] * 2] * 2]
    assert [run.failed for run in runs] == [False] * 4
    # The names are seen before any stop.
    assert runs[1].endpoints[:3] == ["batch-status", "batch-detail", "batch-stop"]
    assert len(sim.cloud.accepted_stops) == 2


def test_a_job_with_another_name_is_held_in_four_steps_and_the_others_are_stopped(
    sim: Simulator, stop: StopModule
) -> None:
    runs = stop.four_steps({"job_id": RUNNING, "name": NAME.lower()}, {"job_id": OTHER, "name": OTHER_NAME})
    assert [run.outcomes for run in runs] == [
        ["held", "would_stop"],
        ["held", "stopped"],
        ["held", "unchanged"],
        ["held", "unchanged"],
    ]
    for run in runs:
        assert run.failed
        held = run.rows[0]
        assert held["error_msg"] == f"its name is '{NAME}', and must be '{NAME.lower()}'"
        assert (held["changed"], held["name"], held["error_code"]) == (False, NAME, None)
        assert run.msg == (f"1 of 2 DRS jobs were held, so no stop was sent: {RUNNING} [{NAME}] ({held['error_msg']})")
        assert run.result["error"]["message"] == held["error_msg"]
        assert run.counts()["held"] == 1
    assert [stopped.job_id for stopped in sim.cloud.accepted_stops] == [OTHER]


def test_a_job_whose_name_cannot_be_read_is_held(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(
        Fault("batch-detail", nth=None, status=403, body={"error_code": "DRS.M00102", "error_msg": "No permission"})
    )
    run = stop({"job_id": RUNNING, "name": NAME}, OTHER)
    assert run.outcomes == ["held", "stopped"]
    assert run.rows[0]["error_msg"].startswith(f"its name could not be read, and must be '{NAME}'")


def test_without_v3_the_name_comes_with_the_status(sim: Simulator, stop: StopModule) -> None:
    sim.cloud.configure(generations=("v5",))
    run = stop({"job_id": RUNNING, "name": NAME}, {"job_id": OTHER, "name": "x"})
    assert run.outcomes == ["stopped", "held"]


@pytest.mark.parametrize("status", ["RELEASE_RESOURCE_COMPLETE", "RELEASE_RESOURCE_STARTED"])
def test_a_job_that_needs_no_stop_needs_no_name(sim: Simulator, stop: StopModule, status: str) -> None:
    sim.cloud.job(RUNNING).status = status
    assert stop({"job_id": RUNNING, "name": "another"}).outcomes == ["unchanged"]


def test_a_missing_job_is_missing_whatever_its_name_must_be(stop: StopModule) -> None:
    run = stop({"job_id": MISSING, "name": "any"})
    assert run.outcomes == ["failed"]
    assert run.row["error_code"] == "DRS.M00289"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{"job_id": RUNNING, "name": ""}], "jobs: name of entry 1 is empty"),
        ([{"job_id": OTHER}, {"job_id": RUNNING, "name": " "}], "jobs: name of entry 2 is empty"),
        ([{"job_id": RUNNING, "name": None}], "name of entry 1 is null"),
        ([{"job_id": RUNNING, "name": [NAME]}], "name"),
        ([{"job_id": RUNNING, "name": NAME}, {"job_id": RUNNING}], "is named twice, with different names"),
        ([{"job_id": RUNNING, "name": NAME}, {"job_id": RUNNING, "name": "x"}], "is named twice, with different names"),
    ],
)
def test_what_cannot_be_meant_is_an_error_before_any_request(
    stop: StopModule, entries: list[dict[str, Any]], message: str
) -> None:
    run = stop.run(jobs=entries)
    assert run.failed
    assert message in run.msg
    assert run.requests == []


@pytest.mark.parametrize("problem", ["missing", "unread", "held"])
def test_all_or_none_sends_nothing_if_one_job_cannot_be_stopped(sim: Simulator, stop: StopModule, problem: str) -> None:
    entries: list[dict[str, Any]] = [{"job_id": RUNNING}, {"job_id": OTHER}]
    if problem == "missing":
        entries[1] = {"job_id": MISSING}
    elif problem == "held":
        entries[1]["name"] = "another"
    else:
        unread = {"results": [{"id": RUNNING, "status": "INCRE_TRANSFER_STARTED"}]}
        sim.faults.add(Fault("batch-status", nth=None, status=200, body=unread))
        sim.faults.add(Fault("batch-detail", nth=None, status=403))
    bad = entries[1]["job_id"]
    for check in (True, False):
        run = stop(*entries, check=check, all_or_none=True)
        assert run.failed
        assert run.outcomes == ["held", "held" if problem == "held" else "failed"]
        assert run.rows[0]["error_msg"] == (f"all_or_none: nothing is stopped, because 1 of 2 jobs cannot be: {bad}")
        assert run.to("batch-stop") == []
    assert not sim.cloud.accepted_stops


def test_all_or_none_in_four_steps_does_not_mind_what_is_stopped_or_stopping(sim: Simulator, stop: StopModule) -> None:
    sim.cloud.job(OTHER).status = "RELEASE_RESOURCE_COMPLETE"
    runs = stop.four_steps(RUNNING, OTHER, all_or_none=True)
    assert [run.outcomes for run in runs] == [
        ["would_stop", "unchanged"],
        ["stopped", "unchanged"],
        *[["unchanged", "unchanged"]] * 2,
    ]


def test_the_null_of_an_option_is_its_default(stop: StopModule) -> None:
    assert stop(RUNNING, all_or_none=NULL).outcomes == ["stopped"]
