# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The lines that a stop shows while it works, and the last one if it ends before its result. Pure.

The lines are also the record of a run that is aborted, so each job whose stop was sent is named in one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from .batch_message import JobProblem
from .jobs import JobError, Observation
from .pending_stops import PendingStops
from .progress_line import LineKind, ProgressLine
from .stop_plan import Decision, PlannedJob
from .stop_records import StopResult, StopState

if TYPE_CHECKING:
    from .lag_guard import LagGuard

# The longest time without a line while a task waits, in seconds.
_MAX_SILENCE = 60.0

_VERDICTS = {
    StopState.ACCEPTED: "accepted",
    StopState.UNKNOWN: "in doubt",
    StopState.NOT_ARRIVED: "not arrived",
    StopState.REFUSED: "refused",
    StopState.REJECTED: "rejected",
    StopState.DENIED: "rejected",
    StopState.NOT_SENT: "not sent",
}


def describe_plan(plan: Sequence[PlannedJob]) -> ProgressLine:
    """Return the line about what was found."""
    counts = Counter(_describe_decision(planned) for planned in plan)
    found = ", ".join(f"{count} {what}" for what, count in counts.items())
    has_problem = any(planned.decision in (Decision.IMPOSSIBLE, Decision.HOLD) for planned in plan)
    return ProgressLine(f"{_jobs(len(plan))}: {found}", LineKind.PROBLEM if has_problem else LineKind.INFORMATION)


def describe_held(plan: Sequence[PlannedJob]) -> list[ProgressLine]:
    """Return the lines about jobs that are held: one for each reason, with all IDs."""
    groups: dict[str, list[str]] = {}
    for planned in plan:
        if planned.hold_reason is not None:
            groups.setdefault(planned.hold_reason, []).append(planned.request.job_id)
    return [
        ProgressLine(f"{_jobs(len(job_ids))} held: {', '.join(job_ids)} ({reason})", LineKind.PROBLEM)
        for reason, job_ids in groups.items()
    ]


def describe_results(results: Mapping[str, StopResult], accepted: int, total: str) -> list[ProgressLine]:
    """Return the lines about what became of these stops, by job ID: one for each verdict, with all IDs.

    ``accepted`` stops of the task are accepted so far, ``total`` says of how many.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for job_id, result in results.items():
        verdict = _VERDICTS[result.state]
        reason = "" if result.reason is None else JobProblem.from_error(job_id, result.reason).text
        groups.setdefault((verdict, "" if verdict == "accepted" else reason), []).append(job_id)
    lines = []
    for (verdict, reason), job_ids in groups.items():
        about = f", {accepted} of {total} so far" if verdict == "accepted" else ""
        text = f"Stop of {_jobs(len(job_ids))} {verdict}{about}: {', '.join(job_ids)}"
        kind = LineKind.CHANGE if verdict == "accepted" else LineKind.PROBLEM
        lines.append(ProgressLine(f"{text} ({reason})" if reason else text, kind))
    return lines


def describe_check(job_count: int, seconds: float) -> ProgressLine:
    """Return the line about jobs that are observed, because nobody knows whether their stops were accepted."""
    return ProgressLine(
        f"Checking for up to {format_seconds(seconds)} whether the stop of {_jobs(job_count)} was accepted"
    )


def describe_pause(seconds: float) -> ProgressLine:
    """Return the line about a pause before the next stop request."""
    return ProgressLine(f"The next stop request is sent in {format_seconds(seconds)}, as the cloud asks")


def describe_early_end(reason: str, results: Mapping[str, StopResult]) -> ProgressLine:
    """Return the last line of a task that ends before its result. ``results`` has all jobs to stop, by ID."""
    counts = Counter(_VERDICTS[result.state] for result in results.values())
    always = ("accepted", "in doubt", "not sent")
    verdicts = dict.fromkeys((*always, *_VERDICTS.values()))
    known = ", ".join(f"{counts[verdict]} {verdict}" for verdict in verdicts if counts[verdict] or verdict in always)
    sentences = [f"{reason}. Stops: {known}"]
    for title, verdict in (("Accepted", "accepted"), ("In doubt", "in doubt")):
        job_ids = [job_id for job_id, result in results.items() if _VERDICTS[result.state] == verdict]
        if job_ids:
            sentences.append(f"{title}: {', '.join(job_ids)}")
    return ProgressLine(". ".join(sentences), LineKind.PROBLEM)


class WaitLines:
    """The lines about a wait: one when a number has changed, and one at least each minute."""

    def __init__(self, wait_timeout: float) -> None:
        """``wait_timeout`` is for the whole task, in seconds."""
        self._wait_timeout = wait_timeout
        self._numbers: tuple[int, int] | None = None
        self._shown_at = 0.0

    def next_line(
        self, stops: PendingStops, observations: Mapping[str, Observation], elapsed: float
    ) -> ProgressLine | None:
        """Return the line to show after these observations, if any. ``elapsed`` is for the whole task, in seconds."""
        unread = [each for each in observations.values() if each.is_unread]
        numbers = (len(stops.pending), len(unread))
        if not stops.job_ids:
            return None
        if numbers == self._numbers and elapsed - self._shown_at < _MAX_SILENCE:
            return None
        self._numbers, self._shown_at = numbers, elapsed
        return self._line(stops, unread, elapsed)

    def _line(self, stops: PendingStops, unread: Collection[Observation], elapsed: float) -> ProgressLine:
        total, left = len(stops.job_ids), len(stops.pending)
        failed = sum(not each.has_stopped for job_id, each in stops.last.items() if job_id not in stops.pending)
        ended = f"{total - left} of {_jobs(total)} ended" + (f" ({failed} failed to stop)" if failed else "")
        if not left:
            kind = LineKind.PROBLEM if failed else LineKind.CHANGE
            return ProgressLine(f"{ended}, after {format_seconds(elapsed)}", kind)
        text = f"{ended}, {left} left, {format_seconds(elapsed)} of {format_seconds(self._wait_timeout)}"
        if not unread:
            return ProgressLine(text)
        reasons = [each.reason for each in unread if each.reason is not None]
        about = f" ({_describe_briefly(reasons[0])})" if reasons else ""
        return ProgressLine(f"{text}; {len(unread)} could not be read{about}", LineKind.PROBLEM)


class LagLines:
    """The lines about jobs whose lag is watched before the stop: one when a number has changed, one each minute."""

    def __init__(self, total: int) -> None:
        """``total`` is the number of these jobs."""
        self._total = total
        self._numbers: tuple[int, int] | None = None
        self._shown_at = 0.0

    def next_line(self, guard: LagGuard, elapsed: float) -> ProgressLine | None:
        """Return the line to show after a sample, if any."""
        numbers = (len(guard.undecided), len(guard.held))
        if numbers == self._numbers and elapsed - self._shown_at < _MAX_SILENCE:
            return None
        self._numbers, self._shown_at = numbers, elapsed
        left, held = numbers
        known = [lag for job_id, lag in guard.lags.items() if lag is not None and job_id not in guard.held]
        worst = f", the largest lag is {max(known):g} s" if known else ""
        text = f"Lag within the limit: {self._total - left - held} of {_jobs(self._total)}, {left} watched, {held} held"
        return ProgressLine(f"{text}{worst}", LineKind.PROBLEM if held else LineKind.INFORMATION)


def format_seconds(seconds: float) -> str:
    """Return a time for people: in seconds up to two minutes, then in minutes, then in hours."""
    whole = round(seconds)
    if whole < 120:  # noqa: PLR2004  two minutes
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 120:  # noqa: PLR2004  two hours
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _describe_decision(planned: PlannedJob) -> str:
    if planned.decision is Decision.IMPOSSIBLE:
        return "not found" if planned.before.missing else "with unknown status"
    return {
        Decision.STOP: "to stop",
        Decision.AWAIT: "stopping already",
        Decision.NOTHING: "stopped already",
        Decision.HOLD: "held",
    }[planned.decision]


def _describe_briefly(error: JobError) -> str:
    """Return what fits a line: the code or the HTTP status."""
    return error.error_code or ("no response" if error.http_status is None else f"HTTP {error.http_status}")


def _jobs(count: int) -> str:
    return f"{count} job{'' if count == 1 else 's'}"
