# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the result that the user gets, the diff and the message, from what happened. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from .jobs import STOP_COMPLETE, STOP_FAILED, STOP_STARTED, JobError, Observation, Phase
from .stop_plan import Decision, PlannedJob

_SHOWN_IN_MESSAGE = 5


class StopState(Enum):
    """What became of a stop."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """By an answer that names the job."""
    REJECTED = "rejected"
    """With the whole request that named it."""
    DENIED = "turned away"
    """With the whole request, before anybody looked at the jobs: by the gateway, or for who asks and for what."""
    NOT_SENT = "not sent"
    NOT_ARRIVED = "not arrived"
    """It was in doubt, and would show by now if it had been accepted."""
    UNKNOWN = "unknown"


class StopResult(NamedTuple):
    """What became of the stop of one job, and why if it was not accepted."""

    kind: StopState
    reason: JobError | None = None
    name: str | None = None


class WaitResult(Enum):
    """What came of waiting for the end of a job."""

    DONE = "done"
    OVERDUE = "overdue"


class Outcome(Enum):
    """What the user reads of each job."""

    STOPPED = "stopped"
    STOPPING = "stopping"
    WOULD_STOP = "would_stop"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNKNOWN = "unknown"


class JobRecord(NamedTuple):
    """All that is known of one job in the end.

    ``fate`` is None where no stop was to be sent, ``last`` is the last look after the stops that gave a status.
    ``wait`` says what came of waiting for its end; it is None where nobody waited.
    """

    planned: PlannedJob
    stop_result: StopResult | None = None
    last: Observation | None = None
    wait: WaitResult | None = None
    wait_error: JobError | None = None
    """Why its end could not be watched for, where that was not for lack of time."""

    @property
    def status(self) -> str | None:
        """The last status seen."""
        return self.planned.before.status if self.last is None else self.last.status

    @property
    def has_failed_to_stop(self) -> bool:
        """Whether the stop, once accepted, ended badly. The sign of an earlier bad end does not count."""
        if self.last is None or self.last.status != STOP_FAILED or self.wait is WaitResult.OVERDUE:
            return False
        if self.stop_result is not None and self.stop_result.kind is not StopState.ACCEPTED:
            return False
        return self.wait is WaitResult.DONE or self.planned.before.status != STOP_FAILED


class JobResult(NamedTuple):
    """One job of the result, as the user reads it; the fields are those of the module's RETURN."""

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


class Report(NamedTuple):
    """The result of the task. ``message`` is None where the task succeeded."""

    rows: tuple[JobResult, ...]
    diff_before: dict[str, str | None]
    diff_after: dict[str, str | None]
    message: str | None

    @property
    def changed(self) -> bool:
        """Whether the cloud accepted, would accept, or may have accepted a stop."""
        return any(row.changed for row in self.rows)

    @property
    def summary(self) -> dict[str, int]:
        """How many jobs were asked for, and how many had each outcome."""
        counts = Counter(row.outcome for row in self.rows)
        return {"requested": len(self.rows), **{outcome.value: counts[outcome.value] for outcome in Outcome}}


def build_report(
    records: Sequence[JobRecord],
    *,
    check_mode: bool = False,
    wait: bool = True,
    wait_timeout: float = 0.0,
    failure: JobError | None = None,
) -> Report:
    """Give the result for these jobs, in their order. ``wait_timeout`` (seconds) is for the message only.

    ``failure`` is what ended the task before its time, if anything.
    """
    outcomes = [_outcome(record, check_mode) for record in records]
    rows = tuple(_row(record, outcome) for record, outcome in zip(records, outcomes, strict=True))
    before: dict[str, str | None] = {}
    after: dict[str, str | None] = {}
    for row in rows:
        if row.changed:
            before[row.job_id] = row.status_before
            after[row.job_id] = _status_after(row, wait)
    pairs = list(zip(rows, records, strict=True))
    overdue = [row for row, record in pairs if record.wait is WaitResult.OVERDUE and record.wait_error is None]
    wait_error = [row for row, record in pairs if record.wait_error is not None]
    lines = {row.job_id: (record.wait_error or _reason(record)).line for row, record in pairs}
    message = _message(rows, overdue, wait_error, lines, wait_timeout)
    if failure is not None and failure.error_msg not in (message or ""):
        message = f"{message}. {failure.error_msg}" if message else failure.error_msg
    return Report(rows, before, after, message)


def _outcome(record: JobRecord, check_mode: bool) -> Outcome:
    decision = record.planned.decision
    if decision is Decision.STOP:
        return Outcome.WOULD_STOP if check_mode else _outcome_of_stop(record)
    if decision is Decision.IMPOSSIBLE or record.has_failed_to_stop:
        return Outcome.FAILED
    return Outcome.UNCHANGED


def _outcome_of_stop(record: JobRecord) -> Outcome:
    kind = StopState.NOT_SENT if record.stop_result is None else record.stop_result.kind
    if kind is StopState.UNKNOWN:
        return Outcome.UNKNOWN
    if kind is StopState.ACCEPTED:
        if record.has_failed_to_stop:
            return Outcome.FAILED
        has_ended = record.last is not None and record.last.phase is Phase.STOPPED
        return Outcome.STOPPED if has_ended else Outcome.STOPPING
    # Refused, but it is ending all the same: somebody else was faster.
    is_ending = record.last is not None and record.last.is_ending
    return Outcome.UNCHANGED if is_ending else Outcome.FAILED


def _row(record: JobRecord, outcome: Outcome) -> JobResult:
    planned, stop_result = record.planned, record.stop_result
    is_ours = stop_result is not None and stop_result.kind in (StopState.ACCEPTED, StopState.UNKNOWN)
    reason = _reason(record) if outcome in (Outcome.FAILED, Outcome.UNKNOWN) else record.wait_error
    return JobResult(
        job_id=planned.request.job_id,
        name=(stop_result.name if stop_result else None)
        or (record.last.name if record.last else None)
        or planned.before.name,
        is_force_stop=planned.request.is_force_stop,
        changed=is_ours or outcome is Outcome.WOULD_STOP,
        outcome=outcome.value,
        status_before=planned.before.status,
        status=record.status,
        error_code=reason.error_code if reason else None,
        error_msg=reason.error_msg if reason else None,
        request_id=reason.request_id if reason else None,
    )


def _reason(record: JobRecord) -> JobError:
    if record.has_failed_to_stop:
        return JobError(None, f"The stop ended in {STOP_FAILED}. Stop the job again, if need be with force")
    reason = record.planned.before.reason if record.stop_result is None else record.stop_result.reason
    return reason or JobError(None, "No reason is known")


def _status_after(row: JobResult, wait: bool) -> str | None:
    if row.outcome == Outcome.WOULD_STOP.value:
        return STOP_COMPLETE if wait else STOP_STARTED
    if row.outcome == Outcome.STOPPING.value:
        # Accepted: that the status shown still lags behind is no reason to show no difference.
        return STOP_STARTED
    return Outcome.UNKNOWN.value if row.outcome == Outcome.UNKNOWN.value else row.status


def _message(
    rows: Sequence[JobResult],
    overdue: Sequence[JobResult],
    wait_error: Sequence[JobResult],
    lines: Mapping[str, str | None],
    wait_timeout: float,
) -> str | None:
    total = f"{len(rows)} DRS job{'s' if len(rows) != 1 else ''}"
    failed = [row for row in rows if row.outcome == Outcome.FAILED.value]
    unknown = [row for row in rows if row.outcome == Outcome.UNKNOWN.value]
    found = (
        (failed, "failed"),
        (unknown, "may or may not have been stopped; look at them before anything else"),
        (wait_error, "could not be watched until they stopped"),
    )
    sentences = [f"{len(some)} of {total} {what}: {_with_errors(some, lines)}" for some, what in found if some]
    if overdue:
        late = f"did not stop within {wait_timeout:g} seconds"
        sentences.append(f"{len(overdue)} of {total} {late}: {_with_statuses(overdue)}")
    return ". ".join(sentence.rstrip(".") for sentence in sentences) or None


def _with_errors(rows: Sequence[JobResult], lines: Mapping[str, str | None]) -> str:
    """Name the first few jobs, those with the same error together, with the words and request ID of the first."""
    groups: dict[str, list[JobResult]] = {}
    for row in rows[:_SHOWN_IN_MESSAGE]:
        groups.setdefault(row.error_code or row.error_msg or "", []).append(row)
    return _and_more(
        len(rows),
        [f"{_ids(group)} ({_error(group[0], lines.get(group[0].job_id))})" for group in groups.values()],
    )


def _with_statuses(rows: Sequence[JobResult]) -> str:
    groups: dict[str, list[JobResult]] = {}
    for row in rows[:_SHOWN_IN_MESSAGE]:
        groups.setdefault(row.status or "unknown", []).append(row)
    return _and_more(len(rows), [f"{_ids(group)} (last status {status})" for status, group in groups.items()])


def _and_more(total: int, shown: Sequence[str]) -> str:
    more = total - _SHOWN_IN_MESSAGE
    listed = "; ".join(shown)
    return f"{listed}; and {more} more, see jobs" if more > 0 else listed


def _ids(rows: Sequence[JobResult]) -> str:
    return ", ".join(row.job_id for row in rows)


def _error(row: JobResult, line: str | None) -> str:
    if line is not None:
        return line.rstrip(".")
    said = ": ".join(part for part in (row.error_code, row.error_msg) if part).rstrip(".")
    return f"{said}, request ID {row.request_id}" if row.request_id else said
