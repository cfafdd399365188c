# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The field ``error`` of a failed result: what a playbook can branch on."""

from __future__ import annotations

from typing import Any

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    InfoModule,
    StopModule,
)


def test_a_success_has_no_error(stop: StopModule, info: InfoModule) -> None:
    assert "error" not in stop(RUNNING).result
    assert "error" not in info.run(job_ids=[RUNNING]).result


def test_a_refused_job_gives_the_error_of_its_row(stop: StopModule) -> None:
    run = stop(RUNNING, MISSING)
    _stopped, refused = run.rows
    assert run.failed
    assert run.result["error"] == {
        "code": "DRS.M00289",
        "message": refused["error_msg"],
        "http_status": None,
        "request_id": refused["request_id"],
    }


def test_a_refused_request_gives_its_http_status(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", status=403, nth=None, body={"error_code": "DRS.M00102", "error_msg": "No role"}))
    run = stop(RUNNING, OTHER)
    assert {**run.result["error"], "request_id": None} == {
        "code": "DRS.M00102",
        "message": "No role",
        "http_status": 403,
        "request_id": None,
    }
    assert run.result["error"]["request_id"] == run.rows[0]["request_id"]


def test_a_refused_login_gives_its_http_status(stop: StopModule, info: InfoModule) -> None:
    for module, options in ((stop, {"jobs": [{"job_id": RUNNING}]}), (info, {"job_ids": [RUNNING]})):
        module.log_in_as(password="wrong-password")
        error = module.run(**options).result["error"]
        assert (error["code"], error["http_status"]) == (None, 401)
        assert error["request_id"]


def test_a_job_that_is_late_gives_an_error_without_a_code(sim: Simulator, stop: StopModule) -> None:
    sim.cloud.configure(release_seconds=3600.0)
    run = stop(RUNNING, wait_timeout=60)
    assert run.result["error"] == error_without_code(run.msg)


def test_invalid_options_give_an_error_without_a_code(stop: StopModule) -> None:
    for options in ({"jobs": [{"job_id": "no ID"}]}, {"jobs": [RUNNING]}, {}, {"jobs": None}):
        run = stop.run(**options)
        assert run.failed
        assert run.result["error"] == error_without_code(run.msg)


def test_several_errors_give_the_one_that_the_message_begins_with(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-stop", kind="reset", after=True))
    sim.cloud.configure(release_seconds=3600.0)
    run = stop(MISSING, RUNNING, wait_timeout=100)
    assert run.msg.index("DRS.M00289") < run.msg.index("did not stop within")
    assert run.result["error"]["code"] == "DRS.M00289"


def error_without_code(message: str) -> dict[str, Any]:
    """Return the error of a task that failed without an error of the cloud."""
    return {"code": None, "message": message, "http_status": None, "request_id": None}
