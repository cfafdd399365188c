# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result, the diff and the message, from what happened to each job."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation, StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import PlannedJob, decide
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_records import (
    JobRecord,
    StopResult,
    StopState,
    WaitResult,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_report import JobResult, Report, build_report

RUNNING = "INCRE_TRANSFER_STARTED"
STARTED = "RELEASE_RESOURCE_STARTED"
COMPLETE = "RELEASE_RESOURCE_COMPLETE"
STOP_FAILED = "RELEASE_RESOURCE_FAILED"
NO_JOB = JobError("DRS.M00289", "The job does not exist.", "r-1")
BROKEN = JobError(None, "POST https://drs/v5: the connection broke", None)

ACCEPTED = StopResult(StopState.ACCEPTED, name="DRS-1")
REFUSED = StopResult(StopState.REFUSED, JobError("DRS.M00308", "No.", "r-2"))
NOT_SENT = StopResult(StopState.NOT_SENT, JobError(None, "not sent: time was over"))
UNKNOWN = StopResult(StopState.UNKNOWN, BROKEN)


def planned(before: str | Observation = RUNNING, job_id: str = "a", force: bool = False) -> PlannedJob:
    """Give the plan for a job that had this status, or looked like this."""
    look = Observation(status=before) if isinstance(before, str) else before
    return PlannedJob(StopRequest(job_id, force), look, decide(look))


def build_record(
    before: str | Observation = RUNNING,
    stop_result: StopResult | None = None,
    last: str | None = None,
    wait: WaitResult | None = None,
    job_id: str = "a",
) -> JobRecord:
    """Give the story of a job; ``last`` is the last status seen after the stops."""
    return JobRecord(planned(before, job_id), stop_result, None if last is None else Observation(status=last), wait)


MISSING = Observation(missing=True, reason=NO_JOB)
UNREAD = Observation(reason=BROKEN)

# Story -> changed, outcome, status, error code.
STORIES: dict[str, tuple[JobRecord, tuple[bool, str, str | None, str | None]]] = {
    "stopped": (
        build_record(stop_result=ACCEPTED, last=COMPLETE, wait=WaitResult.DONE),
        (True, "stopped", COMPLETE, None),
    ),
    "stopped while nobody waited": (
        build_record(stop_result=ACCEPTED, last=COMPLETE),
        (True, "stopped", COMPLETE, None),
    ),
    "deleted meanwhile": (
        build_record(stop_result=ACCEPTED, last="DELETED", wait=WaitResult.DONE),
        (True, "stopped", "DELETED", None),
    ),
    "not waited for": (build_record(stop_result=ACCEPTED), (True, "stopping", RUNNING, None)),
    "too late": (
        build_record(stop_result=ACCEPTED, last=STARTED, wait=WaitResult.OVERDUE),
        (True, "stopping", STARTED, None),
    ),
    "too late, still running": (
        build_record(stop_result=ACCEPTED, last=RUNNING, wait=WaitResult.OVERDUE),
        (True, "stopping", RUNNING, None),
    ),
    "never seen again": (
        build_record(stop_result=ACCEPTED, wait=WaitResult.OVERDUE),
        (True, "stopping", RUNNING, None),
    ),
    "stop failed": (
        build_record(stop_result=ACCEPTED, last=STOP_FAILED, wait=WaitResult.DONE),
        (True, "failed", STOP_FAILED, None),
    ),
    "stop failed again": (
        build_record(STOP_FAILED, ACCEPTED, STOP_FAILED, WaitResult.DONE),
        (True, "failed", STOP_FAILED, None),
    ),
    "earlier failure still shown": (
        build_record(STOP_FAILED, ACCEPTED, STOP_FAILED, WaitResult.OVERDUE),
        (True, "stopping", STOP_FAILED, None),
    ),
    "stopped already": (build_record(COMPLETE), (False, "unchanged", COMPLETE, None)),
    "never created": (build_record("CREATE_FAILED"), (False, "unchanged", "CREATE_FAILED", None)),
    "stopping already": (build_record(STARTED, None, COMPLETE, WaitResult.DONE), (False, "unchanged", COMPLETE, None)),
    "stopping already, too late": (
        build_record(STARTED, None, STARTED, WaitResult.OVERDUE),
        (False, "unchanged", STARTED, None),
    ),
    "stopping already, then failed": (
        build_record(STARTED, None, STOP_FAILED, WaitResult.DONE),
        (False, "failed", STOP_FAILED, None),
    ),
    "missing": (build_record(MISSING), (False, "failed", None, "DRS.M00289")),
    "unread": (build_record(UNREAD), (False, "failed", None, None)),
    "refused": (build_record(stop_result=REFUSED, last=RUNNING), (False, "failed", RUNNING, "DRS.M00308")),
    "refused and not looked at": (build_record(stop_result=REFUSED), (False, "failed", RUNNING, "DRS.M00308")),
    "refused, somebody was faster": (
        build_record(stop_result=REFUSED, last=STARTED),
        (False, "unchanged", STARTED, None),
    ),
    "refused, stopped by somebody": (
        build_record(stop_result=REFUSED, last=COMPLETE, wait=WaitResult.DONE),
        (False, "unchanged", COMPLETE, None),
    ),
    "no time": (build_record(stop_result=NOT_SENT), (False, "failed", RUNNING, None)),
    "unknown": (build_record(stop_result=UNKNOWN), (True, "unknown", RUNNING, None)),
}


@pytest.mark.parametrize("name", STORIES)
def test_each_story_has_its_row(name: str) -> None:
    record, (changed, outcome, status, code) = STORIES[name]
    (row,) = build_report([record]).rows
    assert (row.changed, row.outcome, row.status, row.error_code) == (changed, outcome, status, code)
    assert row.status_before == record.planned.before.status


@pytest.mark.parametrize("name", STORIES)
def test_the_task_fails_for_what_failed_is_unknown_or_came_too_late(name: str) -> None:
    record, (_changed, outcome, *_rest) = STORIES[name]
    report = build_report([record])
    assert (report.message is not None) is (
        outcome in ("failed", "unknown") or record.wait_result is WaitResult.OVERDUE
    )


@pytest.mark.parametrize("name", STORIES)
def test_only_a_failure_says_why(name: str) -> None:
    record, (_changed, outcome, *_rest) = STORIES[name]
    (row,) = build_report([record]).rows
    assert (row.error_msg is not None) is (outcome in ("failed", "unknown"))
    if row.error_msg is None:
        assert row.error_code is None
        assert row.request_id is None


@pytest.mark.parametrize(
    ("before", "changed", "outcome"),
    [
        (RUNNING, True, "would_stop"),
        (STOP_FAILED, True, "would_stop"),
        (STARTED, False, "unchanged"),
        (COMPLETE, False, "unchanged"),
        (MISSING, False, "failed"),
        (UNREAD, False, "failed"),
    ],
)
def test_check_mode_foretells(before: str | Observation, changed: bool, outcome: str) -> None:
    report = build_report([build_record(before)], check_mode=True)
    assert [(row.changed, row.outcome) for row in report.rows] == [(changed, outcome)]
    assert report.changed is changed


def test_a_row_holds_all_that_is_known() -> None:
    record = JobRecord(planned(job_id="b", force=True), ACCEPTED, Observation(status=COMPLETE), WaitResult.DONE)
    assert build_report([record]).rows == (
        JobResult("b", "DRS-1", True, True, "stopped", RUNNING, COMPLETE, None, None, None),
    )
    assert build_report([build_record(MISSING)]).rows == (
        JobResult("a", None, False, False, "failed", None, None, "DRS.M00289", "The job does not exist.", "r-1"),
    )


def test_the_name_of_a_job_is_the_one_that_any_answer_gave() -> None:
    look = Observation(status=RUNNING, name="first")
    assert build_report([JobRecord(planned(look))], check_mode=True).rows[0].name == "first"
    later = JobRecord(planned(look), REFUSED, Observation(status=RUNNING, name="later"))
    assert build_report([later]).rows[0].name == "later"
    assert build_report([later._replace(stop_result=ACCEPTED)]).rows[0].name == "DRS-1"


def test_the_summary_counts_every_outcome_also_those_of_nobody() -> None:
    records = [
        build_record(COMPLETE, job_id="a"),
        build_record(COMPLETE, job_id="b"),
        build_record(MISSING, job_id="c"),
    ]
    assert build_report(records).summary == {
        "requested": 3,
        "stopped": 0,
        "stopping": 0,
        "would_stop": 0,
        "unchanged": 2,
        "held": 0,
        "failed": 1,
        "unknown": 0,
    }
    assert set(build_report([]).summary.values()) == {0}


def test_nothing_to_do_is_a_success() -> None:
    assert build_report([]) == Report((), {}, {}, None, None)
    assert build_report([]).changed is False


@pytest.mark.parametrize(
    ("record", "options", "after"),
    [
        (build_record(), {"check_mode": True}, COMPLETE),
        (build_record(), {"check_mode": True, "wait": False}, STARTED),
        (build_record(stop_result=ACCEPTED, last=COMPLETE, wait=WaitResult.DONE), {}, COMPLETE),
        (build_record(stop_result=ACCEPTED), {"wait": False}, STARTED),
        (build_record(stop_result=ACCEPTED, last=STARTED, wait=WaitResult.OVERDUE), {}, STARTED),
        (build_record(stop_result=ACCEPTED, last=STOP_FAILED, wait=WaitResult.DONE), {}, STOP_FAILED),
        (build_record(stop_result=UNKNOWN), {}, "unknown"),
    ],
)
def test_the_diff_holds_the_status_of_each_job_that_changes(
    record: JobRecord, options: dict[str, Any], after: str
) -> None:
    report = build_report([record, build_record(COMPLETE, job_id="b"), build_record(MISSING, job_id="c")], **options)
    assert (report.diff_before, report.diff_after) == ({"a": RUNNING}, {"a": after})


def test_the_message_names_job_code_text_and_request() -> None:
    report = build_report([build_record(MISSING), build_record(COMPLETE, job_id="b")])
    assert report.message == ("1 of 2 DRS jobs failed: a (DRS.M00289: The job does not exist, request ID r-1)")


def test_the_message_for_a_single_job_is_in_the_singular() -> None:
    assert str(build_report([build_record(MISSING)]).message).startswith("1 of 1 DRS job failed: a (")


def test_the_message_names_the_jobs_with_the_same_reason_together() -> None:
    other = Observation(reason=JobError("DRS.M00004", "Service abnormal."))
    records = [build_record(MISSING, job_id="a"), build_record(other, job_id="b"), build_record(MISSING, job_id="c")]
    assert build_report(records).message == (
        "3 of 3 DRS jobs failed: a, c (DRS.M00289: The job does not exist, request ID r-1);"
        " b (DRS.M00004: Service abnormal)"
    )


@pytest.mark.parametrize(("count", "more"), [(5, None), (6, "and 1 more, see jobs"), (100, "and 95 more, see jobs")])
def test_the_message_names_the_first_five(count: int, more: str | None) -> None:
    message = str(build_report([build_record(MISSING, job_id=f"job-{number:03}") for number in range(count)]).message)
    assert [f"job-{number:03}" in message for number in range(count)] == [number < 5 for number in range(count)]
    assert message.startswith(f"{count} of {count} DRS jobs failed: ")
    assert (more in message) if more else ("more" not in message)


def test_the_message_says_what_is_in_doubt_and_what_came_too_late() -> None:
    records = [
        build_record(MISSING, job_id="a"),
        build_record(stop_result=UNKNOWN, job_id="b"),
        build_record(stop_result=ACCEPTED, last=STARTED, wait=WaitResult.OVERDUE, job_id="c"),
    ]
    assert build_report(records, wait_timeout=1800.0).message == (
        "1 of 3 DRS jobs failed: a (DRS.M00289: The job does not exist, request ID r-1)."
        " 1 of 3 DRS jobs may or may not have been stopped; look at them before anything else:"
        " b (POST https://drs/v5: the connection broke)."
        f" 1 of 3 DRS jobs did not stop within 1800 seconds: c [DRS-1] (last status {STARTED})"
    )


def test_the_message_says_why_the_end_could_not_be_watched() -> None:
    wait_error = JobError("APIGW.0307", "The token must be updated.", "r-3")
    record = build_record(stop_result=ACCEPTED, last=STARTED, wait=WaitResult.OVERDUE)._replace(wait_error=wait_error)
    report = build_report([record], wait_timeout=1800.0)
    assert [row.outcome for row in report.rows] == ["stopping"]
    assert "APIGW.0307" in str(report.message)
    assert "1800" not in str(report.message)
    assert report.error == wait_error


def test_the_line_of_an_error_stands_in_the_message_as_it_is() -> None:
    line = "POST https://drs answered HTTP 500: sorry (request ID r-9). Try later."
    reason = JobError("APIGW.0601", "sorry", "r-9", 500, line)
    message = build_report([build_record(Observation(reason=reason))]).message
    assert message == f"1 of 1 DRS job failed: a ({line.rstrip('.')})"


def test_a_request_id_is_told_once() -> None:
    reason = JobError(None, "sorry", "r-9")
    assert str(build_report([build_record(Observation(reason=reason))]).message).count("r-9") == 1
