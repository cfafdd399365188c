# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of a stop, from answers and looks, one after the other."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_responses import StopReply
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    DeadlineError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation, StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import plan_stop, plan_unobserved
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_progress import StopProgress
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_report import JobResult, build_report

RUNNING = Observation(status="INCRE_TRANSFER_STARTED")
STARTED = Observation(status="RELEASE_RESOURCE_STARTED")
COMPLETE = Observation(status="RELEASE_RESOURCE_COMPLETE")
STOP_FAILED = Observation(status="RELEASE_RESOURCE_FAILED")
MISSING = Observation(missing=True, reason=JobError("DRS.M00289", "No such job."))
UNREAD = Observation(reason=JobError(None, "No."))

A = StopRequest("a", False)


def on_response(status: int, code: str | None = None) -> ServiceError:
    """Give the error of an HTTP answer."""
    return ServiceError("POST https://drs", status=status, error_code=code)


ACCEPTED = StopReply(None, "name of a")
REFUSED = StopReply(JobError("DRS.M00304", "Not in this state.", "r-1"))
LOST = NoResponseError("the connection broke", sent=True)
NOT_SENT = NoResponseError("refused", sent=False)
BAD_REQUEST = on_response(400, "DRS.M00202")
FORBIDDEN = on_response(403, "DRS.M00102")
THROTTLED = on_response(429, "APIGW.0308")
UNAVAILABLE = on_response(503)


class Stop:
    """The stop of one job, step by step."""

    def __init__(self, before: Observation = RUNNING) -> None:
        """Begin with a job that looks like this."""
        self.plan = plan_stop([A], {"a": before})
        self.progress = StopProgress(self.plan, confirmation_seconds=20.0)

    def send(self, answer: StopReply | CloudError | None) -> None:
        """Send a stop, which gets this answer; None for one that does not mention the job."""
        self.progress.before_send([A], now=0.0)
        response = answer if isinstance(answer, CloudError) else {"a": answer} if answer else {}
        self.progress.on_response([A], response, now=0.0)

    def resolve(self, *looks: Observation, had_time: bool = True) -> bool:
        """Look at the job, and return whether the last look was enough."""
        elapsed = 20.0 if had_time else 19.0
        pending = [self.progress.resolve({"a": look}, elapsed) for look in looks]
        return not pending[-1]

    def row(self, failure: JobError | None = None) -> JobResult:
        """Return the row of the job, as it would be in a result now."""
        (row,) = build_report(self.progress.records(failure), wait=False).rows
        return row

    @property
    def seen(self) -> tuple[str, bool]:
        """Outcome and changed."""
        return self.row().outcome, self.row().changed


FAILED, UNCHANGED, STOPPING, UNKNOWN = ("failed", False), ("unchanged", False), ("stopping", True), ("unknown", True)


@pytest.mark.parametrize(
    "error", [LOST, BAD_REQUEST, FORBIDDEN, THROTTLED, UNAVAILABLE, on_response(401), on_response(413)]
)
def test_what_has_changed_since_a_request_without_an_answer_about_the_job_is_its_doing(error: CloudError) -> None:
    stop = Stop()
    stop.send(error)
    assert stop.resolve(STARTED)
    assert stop.seen == STOPPING


@pytest.mark.parametrize("error", [REFUSED, NOT_SENT])
def test_who_was_refused_by_name_or_not_sent_was_stopped_by_somebody_else(error: StopReply | CloudError) -> None:
    stop = Stop()
    stop.send(error)
    assert stop.resolve(STARTED)
    assert stop.seen == UNCHANGED


@pytest.mark.parametrize("first", [LOST, BAD_REQUEST, THROTTLED])
def test_a_refusal_by_name_may_be_due_to_a_request_before_it(first: CloudError) -> None:
    stop = Stop()
    stop.send(first)
    stop.resolve(RUNNING)
    stop.send(REFUSED)
    assert stop.resolve(STARTED)
    assert stop.seen == STOPPING


@pytest.mark.parametrize("error", [LOST, BAD_REQUEST, UNAVAILABLE, on_response(429)])
def test_only_time_shows_that_such_a_request_did_nothing(error: CloudError) -> None:
    stop = Stop()
    stop.send(error)
    assert not stop.resolve(RUNNING, had_time=False)
    assert not stop.resolve(UNREAD)
    assert stop.resolve(RUNNING)
    assert stop.seen == FAILED


@pytest.mark.parametrize("error", [REFUSED, NOT_SENT, FORBIDDEN, THROTTLED])
def test_one_look_is_enough_for_the_others(error: StopReply | CloudError) -> None:
    stop = Stop()
    stop.send(error)
    assert stop.resolve(RUNNING, had_time=False)
    assert stop.seen == FAILED


@pytest.mark.parametrize("error", [BAD_REQUEST, FORBIDDEN])
def test_a_request_that_was_refused_as_a_whole_and_that_nobody_can_look_at_is_in_doubt(error: CloudError) -> None:
    stop = Stop()
    stop.send(error)
    assert not stop.resolve(UNREAD, had_time=False)
    stop.progress.mark_unresolved_unknown()
    assert stop.seen == UNKNOWN


def test_a_job_that_failed_to_stop_before_looks_the_same_when_it_fails_again() -> None:
    for error in (LOST, BAD_REQUEST):
        stop = Stop(STOP_FAILED)
        stop.send(error)
        assert (stop.progress.select_unstopped([A], {"a": STOP_FAILED}) == []) is (error is BAD_REQUEST)
        assert stop.resolve(STOP_FAILED)
        assert stop.seen == UNKNOWN


def test_a_look_that_shows_no_such_job_has_to_be_the_second() -> None:
    stop = Stop()
    stop.send(LOST)
    assert not stop.resolve(MISSING)
    assert not stop.resolve(RUNNING, MISSING, UNREAD, had_time=False)
    assert stop.resolve(MISSING)
    assert (stop.seen, stop.row().status) == (("stopped", True), "DELETED")


def test_what_may_be_sent_again() -> None:
    for look, may_be in ((RUNNING, True), (STARTED, False), (UNREAD, False), (MISSING, False), (STOP_FAILED, False)):
        stop = Stop()
        stop.send(BAD_REQUEST)
        assert stop.progress.select_unstopped([A], {"a": look}) == ([A] if may_be else [])


@pytest.mark.parametrize(
    ("sent", "error", "expected"),
    [
        (False, DeadlineError("not sent: time was over"), FAILED),
        (False, NoResponseError("met an unforeseen", sent=True), FAILED),
        (True, NoResponseError("no complete answer", sent=True), UNKNOWN),
    ],
)
def test_who_is_given_up_is_in_doubt_if_a_request_was_under_way(
    sent: bool, error: CloudError, expected: tuple[str, bool]
) -> None:
    stop = Stop()
    if sent:
        stop.progress.before_send([A], now=0.0)
    stop.progress.on_cancelled([A], error)
    assert stop.seen == expected
    assert stop.row().error_msg == str(error)


def test_what_was_answered_before_is_not_given_up() -> None:
    stop = Stop()
    stop.send(ACCEPTED)
    stop.progress.on_cancelled([A], LOST)
    assert stop.seen == STOPPING


def test_a_task_that_ends_before_its_time_says_what_it_knows() -> None:
    failure = JobError(None, "an unforeseen KeyError")
    stop = Stop()
    assert stop.row(failure).error_msg == "an unforeseen KeyError"
    stop.progress.before_send([A], now=0.0)
    assert stop.seen == UNKNOWN
    stop.progress.on_response([A], {"a": ACCEPTED}, now=0.0)
    assert stop.progress.start_waiting().pending == {"a": "INCRE_TRANSFER_STARTED"}
    report = build_report(stop.progress.records(failure), failure=failure)
    assert (report.rows[0].outcome, report.changed) == ("stopping", True)
    assert "an unforeseen KeyError" in str(report.message)


def test_jobs_are_decided_about_as_they_are_observed() -> None:
    requests = [StopRequest(job_id, False) for job_id in "abcd"]
    progress = StopProgress(plan_unobserved(requests), confirmation_seconds=20.0)
    assert (progress.stop_count, progress.is_decided) == (4, False)
    assert progress.observe_first({"c": RUNNING, "a": STARTED}) == [requests[2]]
    # Whoever is late changes nothing.
    assert progress.observe_first({"a": RUNNING}) == []
    assert (progress.stop_count, progress.is_decided) == (3, False)
    assert progress.observe_first({"b": UNREAD, "d": RUNNING}) == [requests[3]]
    assert (progress.stop_count, progress.is_decided) == (2, True)
    assert progress.to_stop() == [requests[2], requests[3]]
    assert [planned.request for planned in progress.plan] == requests


def test_a_run_that_ends_while_jobs_are_observed_says_so_of_the_others() -> None:
    requests = [StopRequest(job_id, False) for job_id in "abc"]
    progress = StopProgress(plan_unobserved(requests), confirmation_seconds=20.0)
    progress.before_send(progress.observe_first({"a": RUNNING}), now=0.0)
    progress.on_response(requests[:1], {"a": ACCEPTED}, now=0.0)
    progress.observe_first({"b": STARTED})
    assert progress.results().keys() == {"a", "c"}
    rows = build_report(progress.records(JobError(None, "time was over")), wait=False).rows
    assert [(row.job_id, row.outcome, row.status_before) for row in rows] == [
        ("a", "stopping", "INCRE_TRANSFER_STARTED"),
        ("b", "unchanged", "RELEASE_RESOURCE_STARTED"),
        ("c", "failed", None),
    ]
    assert "time was over" in str(rows[2].error_msg)
