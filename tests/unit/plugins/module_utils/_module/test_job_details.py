# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The details of drs_job_info: lag, progress and endpoints, from whichever calls a region has."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.settings import DELAY_UNITS
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    InfoModule,
    Row,
    job_ids,
    module_and_action,
)

pytestmark = module_and_action

SECRET = "Heron42Tulip-password-of-a-database"
FIELDS = ["ip", "db_port", "inst_id", "inst_name", "region", "db_type", "db_name"]


def details_of(info: InfoModule, *details: str, **options: Any) -> Row:
    """Return the row of the running job with these details."""
    (row,) = info.run(job_ids=[RUNNING], details=list(details), **options).rows
    return row


def test_without_details_nothing_else_is_read(info: InfoModule) -> None:
    no_details: list[dict[str, Any]] = [{}, {"details": []}]
    for options in no_details:
        run = info.run(job_ids=[RUNNING], **options)
        assert run.endpoints == ["batch-detail"]
        assert not run.rows[0].keys() & {"lag", "lag_reason", "progress", "task_mode", "source", "target"}


@pytest.mark.parametrize("generations", [("v3", "v5"), ("v3",), ("v5",)])
@pytest.mark.parametrize(("units", "lag"), [(DELAY_UNITS, 2.25), (["seconds"], 2.0), (["milliseconds"], 2.25)])
def test_the_lag(sim: Simulator, info: InfoModule, generations: tuple[str, ...], units: Any, lag: float) -> None:
    sim.cloud.configure(generations=generations, delay_units=units)
    sim.cloud.job(RUNNING).lag = 2.25
    row = details_of(info, "lag")
    assert (row["lag"], row["lag_reason"]) == (lag, None)


@pytest.mark.parametrize("status", [200, 202])
def test_either_http_status_is_a_success(sim: Simulator, info: InfoModule, status: int) -> None:
    sim.cloud.configure(progress_http_status=status)
    assert details_of(info, "lag")["lag"] == 0.0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lag": None}, "incre_trans_delay is '-1', which is no delay"),
        ({"status": "FULL_TRANSFER_STARTED"}, "the status is FULL_TRANSFER_STARTED"),
        ({"status": "PAUSING"}, "the status is PAUSING"),
        ({"status": "RELEASE_RESOURCE_COMPLETE"}, "the status is RELEASE_RESOURCE_COMPLETE"),
        ({"task_type": "FULL_TRANS"}, "the task mode is FULL_TRANS"),
    ],
)
def test_an_unknown_lag_is_null_with_its_reason(
    sim: Simulator, info: InfoModule, change: dict[str, Any], reason: str
) -> None:
    for name, value in change.items():
        setattr(sim.cloud.job(RUNNING), name, value)
    row = details_of(info, "lag")
    assert row["lag"] is None
    assert reason in row["lag_reason"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 403, "body": {"error_code": "DRS.M00102", "error_msg": "No permission"}},
        {"status": 404, "body": {"error_code": "DRS.M00289", "error_msg": "No such job"}},
        {"status": 429},
        {"status": 500},
        {"kind": "reset"},
        {"status": 200, "body": {"results": "none"}},
        {"status": 200, "body": {"results": []}},
    ],
)
def test_a_lag_that_cannot_be_read_fails_nothing(sim: Simulator, info: InfoModule, fault: dict[str, Any]) -> None:
    sim.faults.add(Fault("batch-progress", nth=None, **fault))
    run = info.run(job_ids=[RUNNING], details=["lag"], retries=1)
    assert not run.failed
    assert run.rows[0]["lag"] is None
    assert run.rows[0]["lag_reason"].startswith("the progress is not known: ")


def test_a_missing_job_has_none(info: InfoModule) -> None:
    found, missing = info.run(job_ids=[RUNNING, MISSING], details=["lag", "progress", "endpoints"]).rows
    assert found["lag"] == 0.0
    assert (missing["phase"], missing["lag"]) == ("missing", None)
    assert missing["progress"] == dict.fromkeys(("structure", "data", "index"))
    assert missing["source"] == dict.fromkeys(FIELDS)


@pytest.mark.parametrize(
    ("rpo", "rto", "lag"), [(0.0, 1.5, 1.5), (2.0, 1.5, 2.0), (None, 0.0, None), (0.0, None, None)]
)
def test_the_lag_of_a_disaster_recovery_job(
    sim: Simulator, info: InfoModule, rpo: float | None, rto: float | None, lag: float | None
) -> None:
    sim.cloud.add_job("dr-job", job_type="cloudDataGuard", lag=90.0, rpo=rpo, rto=rto)
    run = info.run(job_ids=["dr-job", RUNNING], details=["lag"])
    assert [row["lag"] for row in run.rows] == [lag, 0.0]
    assert [request.json["jobs"] for request in run.to("batch-rpo-and-rto")] == [["dr-job"]]


def test_a_parent_has_the_lag_of_its_worst_subtask(sim: Simulator, info: InfoModule) -> None:
    sim.cloud.add_job("parent", job_type="cloudDataGuard", lag=None)
    sim.cloud.add_job("forward", job_type="cloudDataGuard", parent_id="parent", rpo=1.0)
    sim.cloud.add_job("backward", job_type="cloudDataGuard", parent_id="parent", rpo=4.0)
    (row,) = info.run(job_type="cloudDataGuard", details=["lag"]).rows
    assert {child["id"]: child["lag"] for child in row["children"]} == {"forward": 1.0, "backward": 4.0}
    assert row["lag"] == 4.0
    sim.cloud.job("forward").rpo = None
    (row,) = info.run(job_type="cloudDataGuard", details=["lag"]).rows
    assert row["lag"] is None
    assert row["lag_reason"].startswith("subtask forward: ")


def test_the_progress(sim: Simulator, info: InfoModule) -> None:
    sim.cloud.job(RUNNING).status = "FULL_TRANSFER_STARTED"
    row = details_of(info, "progress")
    assert row["progress"] == {"structure": 50, "data": 50, "index": 50}
    assert row["task_mode"] == "FULL_INCR_TRANS"
    assert "lag" not in row


@pytest.mark.parametrize("options", [{"job_ids": [RUNNING]}, {"name": "DRS-1234"}], ids=["by ID", "by filter"])
def test_the_endpoints_have_the_listed_fields_only(sim: Simulator, info: InfoModule, options: dict[str, Any]) -> None:
    endpoint = {"ip": "192.0.2.7", "db_type": "mysql", "db_port": 3306, "db_user": "root", "db_password": SECRET}
    body = {
        "count": 1,
        "results": [
            {
                "id": RUNNING,
                "status": "INCRE_TRANSFER_STARTED",
                "source_endpoint": {**endpoint, "ssl_cert_key": SECRET, "kafka_security_config": {"password": SECRET}},
                "target_endpoint": [{**endpoint, "inst_name": "rds-1", "inst_id": {"password": SECRET}}],
            }
        ],
    }
    sim.faults.add(Fault("batch-detail", status=200, body=body))
    run = info.run(details=["endpoints"], **options)
    (row,) = run.rows
    assert list(row["source"]) == list(row["target"]) == FIELDS
    assert row["source"] == {**dict.fromkeys(FIELDS), "ip": "192.0.2.7", "db_port": 3306, "db_type": "mysql"}
    assert (row["target"]["inst_name"], row["target"]["inst_id"]) == ("rds-1", None)
    assert SECRET not in run.stdout


def test_many_jobs_take_a_request_for_ten(sim: Simulator, info: InfoModule) -> None:
    for job_id in job_ids(25):
        sim.cloud.add_job(job_id)
    run = info.run(job_ids=[*job_ids(25), job_ids(1)[0]], details=["lag", "progress"])
    assert sorted(len(request.json["jobs"]) for request in run.to("batch-progress")) == [5, 10, 10]
    assert {row["lag"] for row in run.rows} == {0.0}


def test_an_unknown_detail_is_an_error_before_any_request(info: InfoModule) -> None:
    run = info.run(job_ids=[OTHER], details=["lags"])
    assert run.failed
    assert "value of details must be one or more of: lag, progress, endpoints" in run.msg
    assert run.requests == []
