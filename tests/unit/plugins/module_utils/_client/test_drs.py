# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls of DRS: looking at jobs, and stopping them."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs import DrsClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_api import DrsApi
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.workers import ThreadWorkers
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.answers import StopAnswer
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ServiceError,
    UnreadableAnswerError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import Refusal
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import StopRequest
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING, job_ids

STATUS = "INCRE_TRANSFER_STARTED"


@pytest.fixture
def drs(http: HttpClient, sim: Simulator) -> DrsClient:
    """DRS with a token."""
    auth = TokenAuth(sim.cloud.issue_token("demo", "demo"))
    return DrsClient(DrsApi(http, auth, sim.url, PROJECT_ID), ThreadWorkers(2, patience=lambda: 60.0))


def test_a_look_tells_status_and_what_is_missing(drs: DrsClient, sim: Simulator) -> None:
    looks = drs.observe([RUNNING, MISSING])
    assert looks[RUNNING].status == STATUS
    assert looks[MISSING].missing
    assert looks[MISSING].reason == Refusal("DRS.M00289", "The job does not exist.", sim.requests[0].request_id)


@pytest.mark.parametrize(("count", "reads"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_a_look_at_many_takes_a_read_for_each_hundred(drs: DrsClient, sim: Simulator, count: int, reads: int) -> None:
    jobs = job_ids(count)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    looks = drs.observe(jobs)
    assert list(looks) == jobs
    assert {look.status for look in looks.values()} <= {STATUS}
    assert len(sim.requests) == reads
    assert all(request.json["page_req"] == {"cur_page": 1, "per_page": 100} for request in sim.requests)


def test_a_job_that_is_left_out_is_asked_for_once_more(drs: DrsClient, sim: Simulator) -> None:
    sim.cloud.configure(missing_shape="omit")
    looks = drs.observe([RUNNING, MISSING])
    assert (looks[MISSING].status, looks[MISSING].missing) == (None, False)
    assert looks[MISSING].reason is not None
    assert [request.json["jobs"] for request in sim.requests] == [[RUNNING, MISSING], [MISSING]]


def test_a_missing_job_that_refuses_the_page_hides_no_other(drs: DrsClient, sim: Simulator) -> None:
    sim.cloud.configure(missing_shape="refuse")
    looks = drs.observe([RUNNING, MISSING, OTHER])
    assert (looks[RUNNING].status, looks[OTHER].status) == (STATUS, STATUS)
    assert looks[MISSING].missing


def test_a_look_never_raises(drs: DrsClient, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-status", status=500, nth=None, body={"error_code": "DRS.M00004", "error_msg": "No."}))
    looks = drs.observe([RUNNING, OTHER])
    for look in looks.values():
        assert (look.status, look.missing, look.is_last) == (None, False, False)
        assert look.reason is not None
        assert look.reason.error_code == "DRS.M00004"


def test_a_look_with_a_dead_token_is_the_last(drs: DrsClient, sim: Simulator) -> None:
    assert not drs.observe([RUNNING])[RUNNING].is_last
    sim.cloud.revoke_token(sim.requests[0].headers["X-Auth-Token"])
    assert drs.observe([RUNNING])[RUNNING].is_last


def test_a_stop_tells_of_each_job_what_the_cloud_said(drs: DrsClient, sim: Simulator) -> None:
    answers = drs.stop([StopRequest(RUNNING, False), StopRequest(MISSING, True)], 10)
    accepted, refused = answers[RUNNING], answers[MISSING]
    assert accepted == StopAnswer(None, "DRS-1234")
    assert isinstance(refused, StopAnswer)
    assert refused.refusal is not None
    assert (refused.refusal.error_code, refused.refusal.request_id) == ("DRS.10020102", sim.requests[0].request_id)
    assert sim.requests[0].path == f"/v5/{PROJECT_ID}/jobs/batch-stop"


def test_a_job_that_the_answer_leaves_out_is_none(drs: DrsClient, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-stop", status=200, body={"jobs": []}))
    assert drs.stop([StopRequest(RUNNING, False)], 10) == {RUNNING: None}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("batch-stop", status=500), ServiceError),
        (Fault("batch-stop", kind="html"), UnreadableAnswerError),
        (Fault("batch-stop", status=200, body={"tasks": []}), UnreadableAnswerError),
    ],
)
def test_a_stop_whose_request_failed_has_its_error_and_no_other(
    drs: DrsClient, sim: Simulator, fault: Fault, kind: type[CloudError]
) -> None:
    sim.faults.add(fault)
    answers = drs.stop([StopRequest(RUNNING, False), StopRequest(OTHER, False)], 1)
    assert sorted(isinstance(answer, kind) for answer in answers.values()) == [False, True]
    assert len(sim.requests) == 2


def test_a_job_that_refuses_its_batch_keeps_no_other_from_being_stopped(drs: DrsClient, sim: Simulator) -> None:
    jobs = job_ids(10)
    for job_id in jobs:
        sim.cloud.add_job(job_id, poison=job_id == jobs[3])
    answers = drs.stop([StopRequest(job_id, False) for job_id in jobs], 10)
    assert [job_id for job_id in jobs if not isinstance(answers[job_id], StopAnswer)] == [jobs[3]]
    assert len(sim.cloud.accepted_stops) == 9


def test_a_limit_that_nobody_documents_is_no_obstacle(drs: DrsClient, sim: Simulator) -> None:
    sim.cloud.max_batch = 3
    jobs = job_ids(30)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    answers = drs.stop([StopRequest(job_id, False) for job_id in jobs], 10)
    assert all(isinstance(answer, StopAnswer) and answer.refusal is None for answer in answers.values())
    assert len(sim.cloud.accepted_stops) == 30
