# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls of DRS: looking at jobs, and stopping them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs import DrsClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_api import DrsApi
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_responses import StopReply
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    InvalidResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation, StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import Retry
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING, job_ids

STATUS = "INCRE_TRANSFER_STARTED"


class Listener:
    """Keeps what it is told of each job."""

    def __init__(self, drs: DrsClient) -> None:
        """Look at jobs with this client."""
        self._drs = drs
        self.answers: dict[str, StopReply | CloudError | None] = {}
        self.events: list[str] = []

    def on_observed(self, observations: Mapping[str, Observation]) -> Sequence[StopRequest]:
        """Stop all that run."""
        self.events.append(f"observed {len(observations)}")
        return [StopRequest(job_id, False) for job_id, look in observations.items() if look.status == STATUS]

    def select_ready(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Hold none."""
        return requests

    def before_send(self, requests: Sequence[StopRequest]) -> None:
        """Note a request."""
        self.events.append(f"sending {len(requests)}")

    def on_response(self, requests: Sequence[StopRequest], answer: Mapping[str, StopReply] | CloudError) -> None:
        """Note an answer."""
        self.events.append(f"answered {len(requests)}")
        for request in requests:
            self.answers[request.job_id] = answer if isinstance(answer, CloudError) else answer.get(request.job_id)

    def on_cancelled(self, requests: Sequence[StopRequest], error: CloudError) -> None:
        """Fail: nothing takes that long here."""
        raise AssertionError(error)

    def select_unstopped(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Look at the jobs."""
        self.events.append(f"looking at {len(requests)}")
        looks = self._drs.observe([request.job_id for request in requests])
        return [request for request in requests if looks[request.job_id].status == STATUS]


def stopped(drs: DrsClient, requests: Sequence[StopRequest], batch_size: int) -> Listener:
    """Stop jobs, and return what was told of them."""
    listener = Listener(drs)
    drs.stop(requests, batch_size, listener)
    return listener


@pytest.fixture
def drs(http: HttpClient, sim: Simulator) -> DrsClient:
    """DRS with a token."""
    auth = TokenAuth(sim.cloud.issue_token("demo", "demo"))
    return DrsClient(DrsApi(http, auth, sim.url, PROJECT_ID), ThreadExecutor(2, timeout=lambda: 60.0))


def test_a_look_tells_status_and_what_is_missing(drs: DrsClient, sim: Simulator) -> None:
    looks = drs.observe([RUNNING, MISSING])
    assert looks[RUNNING].status == STATUS
    assert looks[MISSING].missing
    assert looks[MISSING].reason == JobError("DRS.M00289", "The job does not exist.", sim.requests[0].request_id)


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
        assert (look.status, look.missing, look.unrecoverable) == (None, False, False)
        assert look.reason is not None
        assert look.reason.error_code == "DRS.M00004"


def test_a_look_with_a_dead_token_is_the_last(drs: DrsClient, sim: Simulator) -> None:
    assert not drs.observe([RUNNING])[RUNNING].unrecoverable
    sim.cloud.revoke_token(sim.requests[0].headers["X-Auth-Token"])
    assert drs.observe([RUNNING])[RUNNING].unrecoverable


def test_a_stop_tells_of_each_job_what_the_cloud_said(drs: DrsClient, sim: Simulator) -> None:
    answers = stopped(drs, [StopRequest(RUNNING, False), StopRequest(MISSING, True)], 10).answers
    accepted, refused = answers[RUNNING], answers[MISSING]
    assert accepted == StopReply(None, "DRS-1234")
    assert isinstance(refused, StopReply)
    assert refused.refusal is not None
    assert (refused.refusal.error_code, refused.refusal.request_id) == ("DRS.10020102", sim.requests[0].request_id)
    assert sim.requests[0].path == f"/v5/{PROJECT_ID}/jobs/batch-stop"


def test_a_job_that_the_answer_leaves_out_is_none(drs: DrsClient, sim: Simulator) -> None:
    sim.faults.add(Fault("batch-stop", status=200, body={"jobs": []}))
    assert stopped(drs, [StopRequest(RUNNING, False)], 10).answers == {RUNNING: None}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("batch-stop", status=500), ServiceError),
        (Fault("batch-stop", kind="html"), InvalidResponseError),
        (Fault("batch-stop", status=200, body={"tasks": []}), InvalidResponseError),
    ],
)
def test_a_stop_whose_request_failed_has_its_error_and_no_other(
    drs: DrsClient, sim: Simulator, fault: Fault, kind: type[CloudError]
) -> None:
    sim.faults.add(fault)
    answers = stopped(drs, [StopRequest(RUNNING, False), StopRequest(OTHER, False)], 1).answers
    assert sorted(isinstance(answer, kind) for answer in answers.values()) == [False, True]
    assert len(sim.requests) == 2


THROTTLED = Fault("batch-stop", status=429, headers={"Retry-After": "3"})
EXPIRED = Fault("batch-stop", status=401, body={"error_code": "APIGW.0307", "error_msg": "The token must be updated."})


@pytest.mark.parametrize(("fault", "sleeps"), [(THROTTLED, [3]), (EXPIRED, [])], ids=["throttled", "expired"])
def test_the_jobs_are_looked_at_before_a_stop_that_was_turned_away_is_sent_again(
    http: HttpClient, sim: Simulator, fault: Fault, sleeps: list[float]
) -> None:
    assert isinstance(sim.cloud.clock, ManualClock)
    token = sim.cloud.issue_token("demo", "demo")
    auth = TokenAuth(token, refresh_using=lambda: token)
    drs = DrsClient(DrsApi(http, auth, sim.url, PROJECT_ID), ThreadExecutor(2, timeout=lambda: 60.0))
    sim.faults.add(fault)
    sim.cloud.job(OTHER).status = "RELEASE_RESOURCE_STARTED"

    listener = stopped(drs, [StopRequest(RUNNING, False), StopRequest(OTHER, False)], 10)

    assert listener.events == ["sending 2", "answered 2", "looking at 2", "sending 1", "answered 1"]
    assert listener.answers[RUNNING] == StopReply(None, "DRS-1234")
    assert [len(request.json["jobs"]) for request in sim.requests_to("batch-stop")] == [2, 1]
    assert sim.cloud.clock.sleeps == sleeps


def test_a_job_that_refuses_its_batch_keeps_no_other_from_being_stopped(drs: DrsClient, sim: Simulator) -> None:
    jobs = job_ids(10)
    for job_id in jobs:
        sim.cloud.add_job(job_id, poison=job_id == jobs[3])
    answers = stopped(drs, [StopRequest(job_id, False) for job_id in jobs], 10).answers
    assert [job_id for job_id in jobs if not isinstance(answers[job_id], StopReply)] == [jobs[3]]
    assert len(sim.cloud.accepted_stops) == 9


def test_a_limit_that_nobody_documents_is_no_obstacle(drs: DrsClient, sim: Simulator) -> None:
    sim.cloud.max_batch = 3
    jobs = job_ids(30)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    answers = stopped(drs, [StopRequest(job_id, False) for job_id in jobs], 10).answers
    assert all(isinstance(answer, StopReply) and answer.refusal is None for answer in answers.values())
    assert len(sim.cloud.accepted_stops) == 30


def test_a_stop_that_is_sent_again_is_a_retry_too(make_http: Callable[..., HttpClient], sim: Simulator) -> None:
    told: list[Retry] = []
    auth = TokenAuth(sim.cloud.issue_token("demo", "demo"))
    http = make_http(on_retry=told.append)
    drs = DrsClient(DrsApi(http, auth, sim.url, PROJECT_ID), ThreadExecutor(2, timeout=lambda: 60.0))
    sim.faults.add(THROTTLED)
    stopped(drs, [StopRequest(RUNNING, False)], 10)
    assert told == [Retry(f"POST {sim.url}/v5/{PROJECT_ID}/jobs/batch-stop", "HTTP 429", 3, 2)]


@pytest.fixture
def one_at_a_time(http: HttpClient, sim: Simulator) -> DrsClient:
    """DRS with one thread, and pages of three jobs."""
    auth = TokenAuth(sim.cloud.issue_token("demo", "demo"))
    drs = DrsClient(DrsApi(http, auth, sim.url, PROJECT_ID), ThreadExecutor(1, timeout=lambda: 60.0))
    drs.page_size = 3
    return drs


def add_jobs(sim: Simulator, count: int) -> list[str]:
    """Add so many jobs to the cloud, and return their IDs."""
    jobs = job_ids(count)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    return jobs


def batches(sim: Simulator) -> list[tuple[str, int]]:
    """Return the requests so far, each with its number of jobs."""
    return [(request.endpoint, len(request.json["jobs"])) for request in sim.requests]


def test_a_batch_leaves_before_the_statuses_of_others_are_read(one_at_a_time: DrsClient, sim: Simulator) -> None:
    jobs, listener = add_jobs(sim, 8), Listener(one_at_a_time)
    one_at_a_time.observe_and_stop(jobs, 2, listener)
    # The third job of a page waits for the next one, so that there are no more batches than needed.
    read, stop = ("batch-status", 3), ("batch-stop", 2)
    assert batches(sim) == [read, stop, read, stop, stop, ("batch-status", 2), stop]
    assert listener.answers.keys() == {*jobs}
    assert all(isinstance(answer, StopReply) and answer.refusal is None for answer in listener.answers.values())


def test_a_job_that_is_left_out_is_read_after_the_stops_of_others(one_at_a_time: DrsClient, sim: Simulator) -> None:
    jobs, listener = [*add_jobs(sim, 2), MISSING, RUNNING], Listener(one_at_a_time)
    sim.cloud.configure(missing_shape="omit")
    one_at_a_time.observe_and_stop(jobs, 2, listener)
    assert batches(sim) == [
        ("batch-status", 3),
        ("batch-stop", 2),
        ("batch-status", 1),
        ("batch-status", 1),
        ("batch-stop", 1),
    ]
    assert sim.requests[3].json["jobs"] == [MISSING]
    assert listener.answers.keys() == {*jobs} - {MISSING}
    # Each job once, also the one without a status.
    assert [event for event in listener.events if event.startswith("observed")] == [
        "observed 2",
        "observed 1",
        "observed 0",
        "observed 1",
    ]


def test_a_batch_leaves_before_others_are_read_one_by_one(one_at_a_time: DrsClient, sim: Simulator) -> None:
    jobs = add_jobs(sim, 3)
    sim.faults.add(Fault("batch-status", status=404, nth=None, body={"error_code": "APIGW.0101", "error_msg": "No."}))
    one_at_a_time.observe_and_stop(jobs, 2, Listener(one_at_a_time))
    assert [request.endpoint for request in sim.requests] == [
        "batch-status",
        "job-detail",
        "job-detail",
        "batch-stop",
        "job-detail",
        "batch-stop",
    ]
    assert one_at_a_time.api_versions == {"status": "v5", "stop": "v5"}


def test_a_page_that_cannot_be_read_keeps_no_other_from_being_stopped(drs: DrsClient, sim: Simulator) -> None:
    jobs, listener = add_jobs(sim, 3), Listener(drs)
    drs.page_size = 1
    sim.faults.add(Fault("batch-status", status=403, nth=2, body={"error_code": "DRS.M00102", "error_msg": "No."}))
    drs.observe_and_stop(jobs, 10, listener)
    assert len(listener.answers) == len(jobs) - 1
    assert sim.requests[-1].endpoint == "batch-stop"
    assert len(sim.requests) == len(jobs) + 1
