# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: stopping, deleting and pausing jobs in v3."""

from __future__ import annotations

import json

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, OTHER, RUNNING, Client, error_of

WRONG_STATE = "DRS.M00304"


def entry(job_id: str, delete_type: str = "delete") -> dict[str, str]:
    """One job in the body of a request."""
    return {"job_id": job_id, "delete_type": delete_type}


def results_of(client: Client, *jobs: object) -> dict[str, tuple[str, str | None]]:
    """Stop or delete jobs: ID -> result and error code."""
    response = client.batch_jobs(*jobs)
    assert response.status_code == 202
    assert response.json()["count"] == len(jobs)
    return {item["id"]: (item["status"], item.get("error_code")) for item in response.json()["results"]}


class TestStop:
    """``DELETE /v3/{project_id}/jobs/batch-jobs``, to stop."""

    def test_normal_and_forced(self, client: Client, clock: ManualClock) -> None:
        response = client.batch_jobs(entry(RUNNING, "terminate"), MISSING, entry(OTHER, "force_terminate"))

        assert response.status_code == 202
        body = response.json()
        assert body["count"] == 3
        assert body["results"][0] == {"id": RUNNING, "status": "success"}
        assert body["results"][1] == {
            "id": MISSING,
            "status": "failed",
            "error_code": "DRS.M00289",
            "error_msg": "The job does not exist.",
        }
        assert body["results"][2] == {"id": OTHER, "status": "success"}
        now = clock.time()
        assert client.sim.cloud.accepted_stops == [(RUNNING, False, now), (OTHER, True, now)]
        assert [request.endpoint for request in client.sim.requests] == ["batch-jobs"]

    def test_it_takes_its_time(self, client: Client, clock: ManualClock) -> None:
        client.batch_jobs({**entry(RUNNING, "terminate"), "is_show_breakpoint_position": True})
        job = client.sim.cloud.job(RUNNING)
        assert job.status == "RELEASE_RESOURCE_STARTED"
        clock.advance(3)
        assert job.status == "RELEASE_RESOURCE_COMPLETE"

    def test_refusals_are_those_of_v5(self, client: Client) -> None:
        client.sim.cloud.add_job("busy", status="REBUILD_NODE_STARTED")
        client.sim.cloud.add_job("own", stop_error=("DRS.10010001", "Not today."))
        client.batch_stop(RUNNING)
        assert results_of(client, RUNNING, "busy", "own") == {
            RUNNING: ("failed", WRONG_STATE),
            "busy": ("failed", "DRS.M01504"),
            "own": ("failed", "DRS.10010001"),
        }

    def test_the_spelling_is_a_setting_and_the_http_status_is_not(self, client: Client) -> None:
        client.sim.cloud.configure(result_spelling="title", stop_http_status=200)
        assert results_of(client, RUNNING, MISSING) == {RUNNING: ("Success", None), MISSING: ("Failed", "DRS.M00289")}

    def test_what_fails_the_whole_request(self, client: Client) -> None:
        client.sim.cloud.add_job("job", poison=True)
        assert error_of(client.batch_jobs(RUNNING, "job")) == (400, "DRS.10000001")
        client.sim.cloud.max_batch = 1
        assert error_of(client.batch_jobs(RUNNING, OTHER)) == (400, "DRS.10000001")
        assert client.sim.cloud.accepted_stops == []
        assert results_of(client, RUNNING) == {RUNNING: ("success", None)}

    def test_a_job_of_another_project_does_not_exist(self, client: Client) -> None:
        client.sim.cloud.add_project("second", "ap-southeast-1")
        client.sim.cloud.add_job("theirs", project_id="second")
        assert results_of(client, "theirs") == {"theirs": ("failed", "DRS.M00289")}

    def test_a_signature_will_do(self, client: Client) -> None:
        body = json.dumps({"jobs": [entry(RUNNING, "terminate")]}).encode()
        assert client.signed("DELETE", f"/v3/{PROJECT_ID}/jobs/batch-jobs", body).status_code == 202

    @pytest.mark.parametrize(
        ("jobs", "code", "named"),
        [
            ([], "DRS.M00201", "jobs"),
            ([[RUNNING]], "DRS.M00202", "jobs"),
            ([{"job_id": RUNNING}], "DRS.M00201", "delete_type"),
            ([{"delete_type": "terminate"}], "DRS.M00201", "job_id"),
            ([entry(RUNNING, "")], "DRS.M00201", "delete_type"),
            ([entry(RUNNING, "stop")], "DRS.M00202", "delete_type"),
            ([entry(RUNNING, "TERMINATE")], "DRS.M00202", "delete_type"),
            ([entry(OTHER, "terminate"), entry(RUNNING, "stop")], "DRS.M00202", "delete_type"),
            ([{**entry(RUNNING), "is_show_breakpoint_position": "true"}], "DRS.M00202", "is_show_breakpoint_position"),
            ([{**entry(RUNNING), "is_force_stop": True}], "DRS.M00300", "is_force_stop"),
            ([entry(RUNNING, "terminate"), entry(RUNNING, "delete")], "DRS.M00301", "job_id"),
        ],
    )
    def test_a_malformed_body_does_nothing(self, client: Client, jobs: list[object], code: str, named: str) -> None:
        response = client.batch_jobs(*jobs)
        assert error_of(response) == (400, code)
        assert named in response.json()["error_msg"]
        assert client.sim.cloud.accepted_stops == []


class TestDelete:
    """``DELETE /v3/{project_id}/jobs/batch-jobs``, to remove entries."""

    def test_the_entry_of_a_stopped_job(self, client: Client, clock: ManualClock) -> None:
        client.batch_jobs(RUNNING)
        assert results_of(client, entry(RUNNING)) == {RUNNING: ("failed", WRONG_STATE)}
        clock.advance(3)
        assert results_of(client, entry(RUNNING)) == {RUNNING: ("success", None)}
        assert results_of(client, entry(RUNNING)) == {RUNNING: ("failed", "DRS.M00289")}
        assert [job["id"] for job in client.get("/jobs", job_type="sync").json()["jobs"]] == [OTHER]
        assert [stop.job_id for stop in client.sim.cloud.accepted_stops] == [RUNNING]

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            ("RELEASE_RESOURCE_COMPLETE", None),
            ("RELEASE_CHILD_TRANSFER_COMPLETE", None),
            ("CREATE_FAILED", None),
            ("CREATING", WRONG_STATE),
            ("INCRE_TRANSFER_FAILED", WRONG_STATE),
            ("RELEASE_RESOURCE_FAILED", WRONG_STATE),
            ("STARTJOBING", WRONG_STATE),
        ],
    )
    def test_which_statuses_refuse(self, client: Client, status: str, code: str | None) -> None:
        client.sim.cloud.add_job("job", status=status)
        assert results_of(client, entry("job")) == {"job": ("failed" if code else "success", code)}

    def test_subtasks_go_with_their_parent(self, sim: Simulator, client: Client) -> None:
        sim.cloud.add_job("parent", status="RELEASE_RESOURCE_COMPLETE")
        sim.cloud.add_job("child", status="RELEASE_RESOURCE_COMPLETE", parent_id="parent")
        assert results_of(client, entry("parent")) == {"parent": ("success", None)}
        assert [job.job_id for job in sim.cloud.jobs.all()] == [RUNNING, OTHER]


class TestPause:
    """``POST /v3/{project_id}/jobs/batch-pause-task``, which the official SDK calls BatchStopJobs."""

    def test_it_stops_nothing(self, client: Client) -> None:
        response = client.pause(RUNNING, {"job_id": OTHER, "pause_mode": "target"}, MISSING)

        assert response.status_code == 202
        body = response.json()
        assert body["count"] == 3
        assert body["results"][:2] == [{"id": RUNNING, "status": "success"}, {"id": OTHER, "status": "success"}]
        assert body["results"][2]["error_code"] == "DRS.M00289"
        assert [item["status"] for item in client.batch_status(RUNNING, OTHER).json()["results"]] == ["PAUSING"] * 2
        assert client.sim.cloud.accepted_stops == []
        assert [request.endpoint for request in client.sim.requests] == ["batch-pause-task", "batch-status"]

    def test_what_is_paused_can_be_stopped_but_not_paused(self, client: Client) -> None:
        client.pause(RUNNING)
        assert client.pause(RUNNING).json()["results"][0]["error_code"] == WRONG_STATE
        assert results_of(client, RUNNING) == {RUNNING: ("success", None)}
        assert client.pause(RUNNING).json()["results"][0]["error_code"] == WRONG_STATE

    @pytest.mark.parametrize(
        ("job", "code"),
        [
            ({"job_id": RUNNING}, "DRS.M00201"),
            ({"job_id": RUNNING, "pause_mode": "some"}, "DRS.M00202"),
            ({"job_id": RUNNING, "pause_mode": "all", "delete_type": "terminate"}, "DRS.M00300"),
        ],
    )
    def test_a_malformed_body(self, client: Client, job: object, code: str) -> None:
        assert error_of(client.pause(job)) == (400, code)
        assert client.sim.cloud.job(RUNNING).status == "INCRE_TRANSFER_STARTED"
