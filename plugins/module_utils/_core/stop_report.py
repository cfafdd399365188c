# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The result of a stop: rows, diff and message, from the records of the jobs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from .batch_message import JobProblem, describe_problems
from .jobs import STOP_COMPLETE, STOP_FAILED, STOP_STARTED, JobError
from .stop_plan import Decision
from .stop_records import JobRecord, StopState, WaitResult


class Outcome(Enum):
    """The outcome of a job in the result."""

    STOPPED = "stopped"
    STOPPING = "stopping"
    WOULD_STOP = "would_stop"
    UNCHANGED = "unchanged"
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"


class JobResult(NamedTuple):
    """One job of the result; the fields are those of the module's RETURN."""

    job_id: str
    name: str | None
    is_force_stop: bool
    changed: bool
    outcome: str
    status_before: str | None
    status: str | None
    error_code: str | None
    error_msg: str | None
    request_id: str | None
    lag: float | None = None
    """The last one before the stop, in seconds."""


class Report(NamedTuple):
    """The result of the task."""

    rows: tuple[JobResult, ...]
    diff_before: dict[str, str | None]
    diff_after: dict[str, str | None]
    message: str | None
    """None where the task succeeded."""
    error: JobError | None
    """The first of the errors that the message is about."""

    def with_lags(self, lags: Mapping[str, float | None]) -> Report:
        """Return the report with these lags by job ID."""
        return self._replace(rows=tuple(row._replace(lag=lags.get(row.job_id)) for row in self.rows))

    @property
    def changed(self) -> bool:
        """Whether the cloud accepted, would accept, or may have accepted a stop."""
        return any(row.changed for row in self.rows)

    @property
    def summary(self) -> dict[str, int]:
        """The number of jobs, and how many of them had each outcome."""
        counts = Counter(row.outcome for row in self.rows)
        return {"requested": len(self.rows), **{outcome.value: counts[outcome.value] for outcome in Outcome}}


class _Sentence(NamedTuple):
    """One sentence of the message, and the error of the first job that it is about."""

    text: str
    error: JobError


def build_report(
    records: Sequence[JobRecord],
    *,
    check_mode: bool = False,
    wait: bool = True,
    wait_timeout: float = 0.0,
    failure: JobError | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Report:
    """Return the result for these jobs, in their order. ``wait_timeout`` (seconds) is for the message only.

    ``failure`` is what ended the task early, if anything. ``names`` has names that no record has, by job ID.
    """
    outcomes = [_outcome(record, check_mode) for record in records]
    rows = tuple(_row(record, outcome, names) for record, outcome in zip(records, outcomes, strict=True))
    changed = [row for row in rows if row.changed]
    sentences = _sentences(rows, records, wait_timeout)
    if failure is not None and not any(failure.error_msg in sentence.text for sentence in sentences):
        sentences.append(_Sentence(failure.error_msg, failure))
    return Report(
        rows,
        diff_before={row.job_id: row.status_before for row in changed},
        diff_after={row.job_id: _status_after(row, wait) for row in changed},
        message=". ".join(sentence.text.rstrip(".") for sentence in sentences) or None,
        error=sentences[0].error if sentences else None,
    )


def _outcome(record: JobRecord, check_mode: bool) -> Outcome:
    decision = record.planned.decision
    if decision is Decision.HOLD:
        return Outcome.HELD
    if decision is Decision.STOP:
        return Outcome.WOULD_STOP if check_mode else _outcome_of_stop(record)
    if decision is Decision.IMPOSSIBLE or record.has_failed_to_stop:
        return Outcome.FAILED
    return Outcome.UNCHANGED


def _outcome_of_stop(record: JobRecord) -> Outcome:
    state = StopState.NOT_SENT if record.stop_result is None else record.stop_result.state
    if state is StopState.UNKNOWN:
        return Outcome.UNKNOWN
    if state is StopState.ACCEPTED:
        if record.has_failed_to_stop:
            return Outcome.FAILED
        return Outcome.STOPPED if record.last is not None and record.last.has_stopped else Outcome.STOPPING
    # Refused, and stopping all the same: somebody else was faster.
    is_ending = record.last is not None and record.last.is_ending
    return Outcome.UNCHANGED if is_ending else Outcome.FAILED


def _row(record: JobRecord, outcome: Outcome, names: Mapping[str, str]) -> JobResult:
    planned, stop_result, last = record.planned, record.stop_result, record.last
    is_ours = stop_result is not None and stop_result.state in (StopState.ACCEPTED, StopState.UNKNOWN)
    error = _error(record) if outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.HELD) else record.wait_error
    names_seen = [stop_result.name if stop_result else None, last.name if last else None, planned.before.name]
    return JobResult(
        job_id=planned.request.job_id,
        name=next(filter(None, names_seen), None) or names.get(planned.request.job_id),
        is_force_stop=planned.request.is_force_stop,
        changed=is_ours or outcome is Outcome.WOULD_STOP,
        outcome=outcome.value,
        status_before=planned.before.status,
        status=record.status,
        error_code=error.error_code if error else None,
        error_msg=error.error_msg if error else None,
        request_id=error.request_id if error else None,
    )


def _error(record: JobRecord) -> JobError:
    if record.planned.hold_reason is not None:
        return JobError(None, record.planned.hold_reason)
    if record.has_failed_to_stop:
        return JobError(None, f"The stop ended in {STOP_FAILED}. Stop the job again, if need be with force")
    error = record.planned.before.reason if record.stop_result is None else record.stop_result.reason
    return error or JobError(None, "No reason is known")


def _status_after(row: JobResult, wait: bool) -> str | None:
    if row.outcome == Outcome.WOULD_STOP.value:
        return STOP_COMPLETE if wait else STOP_STARTED
    if row.outcome == Outcome.STOPPING.value:
        # Accepted: the status may lag behind, which is no reason to show no difference.
        return STOP_STARTED
    return Outcome.UNKNOWN.value if row.outcome == Outcome.UNKNOWN.value else row.status


def _sentences(rows: Sequence[JobResult], records: Sequence[JobRecord], wait_timeout: float) -> list[_Sentence]:
    pairs = list(zip(rows, records, strict=True))
    failed, unknown, held = (
        [(row, _error(record)) for row, record in pairs if row.outcome == outcome.value]
        for outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.HELD)
    )
    unobserved = [(row, record.wait_error) for row, record in pairs if record.wait_error is not None]
    found = (
        (failed, "failed"),
        (unknown, "may or may not have been stopped; look at them before anything else"),
        (held, "were held, so no stop was sent"),
        (unobserved, "could not be watched until they stopped"),
    )
    sentences = []
    for errors, what in found:
        problems = [JobProblem.from_error(_label(row), error) for row, error in errors]
        if problems:
            text = describe_problems(problems, len(rows), what, more=", see jobs")
            sentences.append(_Sentence(text, errors[0][1]))
    overdue = [row for row, each in pairs if each.wait_result is WaitResult.OVERDUE and each.wait_error is None]
    if overdue:
        problems = [_overdue_problem(row) for row in overdue]
        what = f"did not stop within {wait_timeout:g} seconds"
        text = describe_problems(problems, len(rows), what, more=", see jobs")
        sentences.append(_Sentence(text, JobError(None, text)))
    return sentences


def _overdue_problem(row: JobResult) -> JobProblem:
    status = row.status or "unknown"
    return JobProblem(_label(row), status, f"last status {status}")


def _label(row: JobResult) -> str:
    """Return how messages name a job: operators know it by its name."""
    return row.job_id if row.name is None else f"{row.job_id} [{row.name}]"
