# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: stopping many jobs at once."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Cloud, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, OTHER, RUNNING, Client, error_of

WRONG_STATE = "DRS.M00304"
BUSY = "DRS.M01504"


def results_of(client: Client, *jobs: object) -> dict[str, tuple[str, str | None]]:
    """Stop jobs: ID -> result and error code."""
    response = client.batch_stop(*jobs)
    assert response.status_code == 200
    return {item["id"]: (item["status"], item.get("error_code")) for item in response.json()["jobs"]}


def test_the_example_of_the_api_page(client: Client, clock: ManualClock) -> None:
    response = client.batch_stop(
        {"job_id": RUNNING},
        {"job_id": MISSING, "is_force_stop": False},
        {"job_id": OTHER, "is_force_stop": True},
    )

    assert response.status_code == 200
    assert response.json()["jobs"] == [
        {"id": RUNNING, "name": "DRS-1234", "status": "success"},
        {
            "id": MISSING,
            "status": "failed",
            "error_code": "DRS.10020102",
            "error_msg": "Job does not exist, please check job ID",
        },
        {"id": OTHER, "name": "DRS-3456", "status": "success"},
    ]
    now = clock.time()
    assert client.sim.cloud.accepted_stops == [(RUNNING, False, now), (OTHER, True, now)]


def test_a_stop_takes_its_time(client: Client, clock: ManualClock) -> None:
    job = client.sim.cloud.job(RUNNING)
    assert job.status == "INCRE_TRANSFER_STARTED"
    client.batch_stop(RUNNING)
    assert job.status == "RELEASE_RESOURCE_STARTED"
    clock.advance(2.9)
    assert job.status == "RELEASE_RESOURCE_STARTED"
    clock.advance(0.1)
    assert job.status == "RELEASE_RESOURCE_COMPLETE"
    assert client.sim.cloud.job(OTHER).status == "INCRE_TRANSFER_STARTED"


def test_the_time_is_the_clouds_or_the_jobs_own(sim: Simulator, client: Client, clock: ManualClock) -> None:
    sim.cloud.release_seconds = 100
    sim.cloud.add_job("slow", release_seconds=200)
    client.batch_stop(RUNNING, "slow")
    sim.cloud.release_seconds = 1000
    clock.advance(100)
    assert [sim.cloud.job(job_id).status for job_id in (RUNNING, "slow")] == [
        "RELEASE_RESOURCE_COMPLETE",
        "RELEASE_RESOURCE_STARTED",
    ]


def test_a_stop_may_fail_in_the_end_and_be_tried_again(sim: Simulator, client: Client, clock: ManualClock) -> None:
    job = sim.cloud.add_job("stuck", ends_in="RELEASE_RESOURCE_FAILED")
    client.batch_stop("stuck")
    clock.advance(3)
    assert job.status == "RELEASE_RESOURCE_FAILED"
    job.ends_in = "RELEASE_RESOURCE_COMPLETE"
    assert results_of(client, {"job_id": "stuck", "is_force_stop": True}) == {"stuck": ("success", None)}
    clock.advance(3)
    assert job.status == "RELEASE_RESOURCE_COMPLETE"


def test_a_second_stop_is_refused(client: Client, clock: ManualClock) -> None:
    assert results_of(client, RUNNING) == {RUNNING: ("success", None)}
    assert results_of(client, RUNNING) == {RUNNING: ("failed", WRONG_STATE)}
    clock.advance(3)
    assert results_of(client, {"job_id": RUNNING, "is_force_stop": True}) == {RUNNING: ("failed", WRONG_STATE)}
    assert len(client.sim.cloud.accepted_stops) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("CREATING", None),
        ("CONFIGURATION", None),
        ("WAITING_FOR_START", None),
        ("START_JOB_FAILED", None),
        ("FULL_TRANSFER_COMPLETE", None),
        ("INCRE_TRANSFER_FAILED", None),
        ("PAUSING", None),
        ("RELEASE_RESOURCE_FAILED", None),
        ("A_STATUS_OF_TOMORROW", None),
        ("CREATE_FAILED", WRONG_STATE),
        ("STARTJOBING", BUSY),
        ("REBUILD_NODE_STARTED", BUSY),
        ("RELEASE_RESOURCE_STARTED", WRONG_STATE),
        ("RELEASE_RESOURCE_COMPLETE", WRONG_STATE),
        ("RELEASE_CHILD_TRANSFER_STARTED", WRONG_STATE),
        ("RELEASE_CHILD_TRANSFER_COMPLETE", WRONG_STATE),
        ("DELETED", "DRS.M05004"),
    ],
)
def test_which_statuses_refuse(client: Client, status: str, code: str | None) -> None:
    client.sim.cloud.add_job("job", status=status)
    assert results_of(client, "job") == {"job": ("failed" if code else "success", code)}


@pytest.mark.parametrize(
    ("status", "ends_in"),
    [
        ("RELEASE_RESOURCE_STARTED", "RELEASE_RESOURCE_COMPLETE"),
        ("RELEASE_CHILD_TRANSFER_STARTED", "RELEASE_CHILD_TRANSFER_COMPLETE"),
    ],
)
def test_a_job_that_is_stopping_from_the_beginning_ends(
    sim: Simulator, clock: ManualClock, status: str, ends_in: str
) -> None:
    job = sim.cloud.add_job("job", status=status)
    clock.advance(2)
    assert job.status == status
    clock.advance(1)
    assert job.status == ends_in


def test_a_refusal_of_one_job(client: Client) -> None:
    client.sim.cloud.add_job("job", stop_error=("DRS.10010001", "Not today."))
    response = client.batch_stop("job", RUNNING)
    assert response.json()["jobs"][0] == {
        "id": "job",
        "name": "DRS-job",
        "status": "failed",
        "error_code": "DRS.10010001",
        "error_msg": "Not today.",
    }
    assert [stop.job_id for stop in client.sim.cloud.accepted_stops] == [RUNNING]


def test_a_job_that_fails_the_whole_request(client: Client) -> None:
    client.sim.cloud.add_job("job", poison=True)
    response = client.batch_stop(RUNNING, "job")
    assert response.status_code == 400
    assert response.json() == {"error_code": "DRS.10000001", "error_msg": "Failed."}
    assert error_of(client.post("/jobs/job/stop", {})) == (400, "DRS.10000001")
    assert client.sim.cloud.accepted_stops == []
    assert client.batch_stop(RUNNING).status_code == 200


def test_a_limit_that_nobody_documented(client: Client) -> None:
    client.sim.cloud.max_batch = 1
    assert error_of(client.batch_stop(RUNNING, OTHER)) == (400, "DRS.10000001")
    assert client.batch_stop(RUNNING).status_code == 200


def test_spelling_and_http_status_are_settings(client: Client) -> None:
    client.sim.cloud.result_spelling = "title"
    client.sim.cloud.stop_http_status = 202
    response = client.batch_stop(RUNNING, MISSING)
    assert response.status_code == 202
    assert [item["status"] for item in response.json()["jobs"]] == ["Success", "Failed"]


def test_a_job_of_another_project_does_not_exist(client: Client) -> None:
    client.sim.cloud.add_project("second", "ap-southeast-1")
    client.sim.cloud.add_job("theirs", project_id="second")
    assert results_of(client, "theirs") == {"theirs": ("failed", "DRS.10020102")}


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        ({}, "DRS.M00201", "jobs"),
        ({"jobs": []}, "DRS.M00201", "jobs"),
        ({"jobs": None}, "DRS.M00202", "jobs"),
        ({"jobs": {"job_id": RUNNING}}, "DRS.M00202", "jobs"),
        ({"jobs": [RUNNING]}, "DRS.M00202", "jobs"),
        ({"jobs": [{}]}, "DRS.M00201", "job_id"),
        ({"jobs": [{"job_id": ""}]}, "DRS.M00201", "job_id"),
        ({"jobs": [{"job_id": 1}]}, "DRS.M00202", "job_id"),
        ({"jobs": [{"job_id": RUNNING, "is_force_stop": "true"}]}, "DRS.M00202", "is_force_stop"),
        ({"jobs": [{"job_id": RUNNING, "is_force_stop": 1}]}, "DRS.M00202", "is_force_stop"),
        ({"jobs": [{"job_id": RUNNING, "is_force_stop": None}]}, "DRS.M00202", "is_force_stop"),
        ({"jobs": [{"job_id": RUNNING, "force": True}]}, "DRS.M00300", "force"),
        ({"jobs": [{"job_id": RUNNING}], "force": True}, "DRS.M00300", "force"),
        ({"jobs": [{"job_id": RUNNING}, {"job_id": RUNNING}]}, "DRS.M00301", "job_id"),
        ([{"job_id": RUNNING}], "DRS.M00202", "body"),
    ],
)
def test_a_malformed_body_stops_nothing(client: Client, body: Any, code: str, named: str) -> None:
    response = client.post("/jobs/batch-stop", body)
    assert error_of(response) == (400, code)
    assert response.json().keys() == {"error_code", "error_msg"}
    assert named in response.json()["error_msg"]
    assert client.sim.cloud.accepted_stops == []


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b'{"jobs": [{"job_id": "x"}]}', "text/plain", "DRS.M00202"),
        (b'{"jobs": [{"job_id": "x"}]}', "", "DRS.M00202"),
        (b"", "application/json", "DRS.M00300"),
        (b"jobs", "application/json", "DRS.M00300"),
        (b"\xff", "application/json", "DRS.M00300"),
    ],
)
def test_what_is_no_json_is_refused(client: Client, body: bytes, content_type: str, code: str) -> None:
    headers = {"Content-Type": content_type, "X-Auth-Token": client.token}
    response = client.send("POST", f"/v5/{PROJECT_ID}/jobs/batch-stop", data=body, headers=headers)
    assert error_of(response) == (400, code)


def test_query_and_language_are_checked(client: Client) -> None:
    assert error_of(client.post("/jobs/batch-stop?force=true", {"jobs": [{"job_id": "x"}]})) == (400, "DRS.M00300")
    assert error_of(client.batch_stop(RUNNING, **{"X-Language": "fr-fr"})) == (400, "DRS.M00202")
    assert client.batch_stop(RUNNING, **{"X-Language": "zh-cn"}).status_code == 200


def test_a_job_needs_a_project() -> None:
    with pytest.raises(ValueError, match="project"):
        Cloud(ManualClock()).add_job("job")
