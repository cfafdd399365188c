# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what became of each stop, from the answers and observations that come. No I/O, no clock.

No request proves more than its answer says. One that was refused as a whole may have stopped some of its jobs, and one
that broke off may have stopped all. So the jobs are observed, and what has changed since the request is its doing.
Only an answer that names the job says that this very job was refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from .drs_responses import StopReply
from .error_codes import TOO_FREQUENT
from .errors import CloudError
from .jobs import DELETED, STOP_FAILED, JobError, Observation, Phase, StopRequest
from .retry import Effect, classify_effect
from .stop_plan import Decision, PlannedJob
from .stop_report import JobRecord, StopResult, StopState, WaitResult

# A RELEASE_RESOURCE_FAILED of an earlier stop may still show for this many seconds after a new one was accepted.
_STALE_SECONDS = 60.0

_STATES = {
    Effect.NOT_SENT: StopState.NOT_SENT,
    Effect.NOT_FORWARDED: StopState.DENIED,
    Effect.DENIED: StopState.DENIED,
    Effect.REJECTED: StopState.REJECTED,
    Effect.IN_DOUBT: StopState.UNKNOWN,
}
_PENDING = StopResult(StopState.UNKNOWN, JobError(None, "The stop was sent, and no answer is known"))
_NOT_MENTIONED = StopResult(StopState.UNKNOWN, JobError(None, "The cloud's answer does not mention this job"))
_NOT_BEGUN = StopResult(StopState.NOT_SENT, JobError(None, "The stop was not sent"))
_NOT_ACCEPTED = (StopState.REFUSED, StopState.REJECTED, StopState.DENIED, StopState.NOT_SENT)


class StopProgress:
    """The fate of each stop, and the last look at each job. Several threads may record, each for its own jobs."""

    def __init__(self, plan: Sequence[PlannedJob]) -> None:
        """Begin before anything was sent."""
        self._plan = plan
        self._before = {planned.request.job_id: planned.before.status for planned in plan}
        self._results: dict[str, StopResult] = {}
        self._last: dict[str, Observation] = {}
        self._missing = MissingCounter()
        self._may_be_ours: set[str] = set()
        """Jobs that a request named which may have stopped them, though its answer does not say so."""
        self._in_doubt: set[str] = set()
        """Those of them whose answer was lost, or made no sense."""
        self._rejected: set[str] = set()
        """Jobs of requests that were refused as a whole, until an accepted stop would have had time to show."""
        self._unseen: set[str] = set()
        """Jobs of requests that were turned away by a status alone, until a look has given a status."""
        self._contradicted: set[str] = set()
        """Jobs that an answer names, although an earlier stop of theirs was in doubt."""
        self._wait_results: dict[str, WaitResult] = {}
        self._wait_error: JobError | None = None

    # What becomes of the requests.

    def before_send(self, requests: Iterable[StopRequest]) -> None:
        """Record that a request for these jobs is about to leave."""
        for request in requests:
            self._results[request.job_id] = _PENDING

    def on_response(self, requests: Iterable[StopRequest], answer: Mapping[str, StopReply] | CloudError) -> None:
        """Record the answer to a request for these jobs, or the error in its place."""
        for request in requests:
            if isinstance(answer, CloudError):
                self._record_error(request.job_id, answer)
            else:
                self._record_answer(request.job_id, answer.get(request.job_id))

    def on_cancelled(self, requests: Iterable[StopRequest], error: CloudError) -> None:
        """Record that nobody waits any longer for the requests for these jobs, as far as they have no answer yet."""
        for request in requests:
            stop_result = self._results.get(request.job_id)
            if stop_result is None:
                self._results[request.job_id] = StopResult(StopState.NOT_SENT, JobError.from_error(error))
            elif stop_result is _PENDING:
                self._record_error(request.job_id, error)

    def _record_error(self, job_id: str, error: CloudError) -> None:
        effect = classify_effect(error)
        self._results[job_id] = StopResult(_STATES[effect], JobError.from_error(error))
        if effect is not Effect.NOT_SENT:
            self._may_be_ours.add(job_id)
        if effect is Effect.DENIED:
            self._unseen.add(job_id)
        if effect is Effect.REJECTED:
            self._rejected.add(job_id)
        if effect is Effect.IN_DOUBT:
            self._in_doubt.add(job_id)

    def _record_answer(self, job_id: str, answer: StopReply | None) -> None:
        if answer is None:
            self._results[job_id] = _NOT_MENTIONED
            self._may_be_ours.add(job_id)
            self._in_doubt.add(job_id)
            return
        kind = StopState.ACCEPTED if answer.refusal is None else StopState.REFUSED
        self._results[job_id] = StopResult(kind, answer.refusal, answer.name)
        if job_id in self._in_doubt:
            self._contradicted.add(job_id)

    # What the jobs look like after that.

    def select_unstopped(
        self, requests: Iterable[StopRequest], observations: Mapping[str, Observation]
    ) -> list[StopRequest]:
        """Return which of the jobs of a refused request may be sent again: those that it shows no sign of a stop of."""
        return [request for request in requests if self._is_unstopped(request.job_id, observations[request.job_id])]

    def _is_unstopped(self, job_id: str, observation: Observation) -> bool:
        if observation.status is None:  # and so nobody could say afterwards who stopped it
            return False
        self._note(job_id, observation)
        if not self._took_effect(job_id, observation):
            return job_id not in self._rejected or not self._looks_unchanged(job_id)
        if job_id in self._may_be_ours:
            self._accept(job_id)
        return False

    def _looks_unchanged(self, job_id: str) -> bool:
        """Return whether nobody can see a stop that has failed at once: the job had failed to stop before, too."""
        return self._before[job_id] == STOP_FAILED

    def select_possibly_stopped(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return which of the jobs of a refused request it may have stopped all the same."""
        return [request for request in requests if request.job_id in self._rejected]

    def resolve(self, job_id: str, observation: Observation, *, had_time: bool) -> bool:
        """Settle the fate of a stop that was not accepted, and return whether this look was enough for that.

        ``had_time`` says whether an accepted stop would show by now.
        """
        self._note(job_id, observation)
        kind = self._results.setdefault(job_id, _NOT_BEGUN).kind
        if self._took_effect(job_id, observation):
            if job_id in self._may_be_ours:
                self._accept(job_id)
            return True
        if observation.missing and job_id in self._may_be_ours:
            return False  # seen once
        if kind is not StopState.UNKNOWN and job_id not in self._rejected:
            self._doubt_contradicted(job_id)
            return job_id not in self._unseen or had_time
        if observation.status is None or not had_time:
            return False
        self._resolve_running(job_id)
        return True

    def _resolve_running(self, job_id: str) -> None:
        """Settle the fate of a stop that would show by now, and does not."""
        stop_result = self._results[job_id]
        if self._looks_unchanged(job_id):
            self._results[job_id] = stop_result._replace(kind=StopState.UNKNOWN)
        elif stop_result.kind is StopState.UNKNOWN:
            self._results[job_id] = stop_result._replace(kind=StopState.NOT_ARRIVED)
        else:
            self._doubt_contradicted(job_id)
        self._rejected.discard(job_id)

    def _doubt_contradicted(self, job_id: str) -> None:
        """Believe no refusal that may well be due to an earlier stop, which seemed not to have arrived."""
        if job_id in self._contradicted:
            self._results[job_id] = self._results[job_id]._replace(kind=StopState.UNKNOWN)

    def mark_unresolved_unknown(self) -> None:
        """Record that no look was possible that would settle the stops that were refused as a whole."""
        for job_id in self._rejected | self._unseen:
            if self._results[job_id].kind in _NOT_ACCEPTED:
                self._results[job_id] = self._results[job_id]._replace(kind=StopState.UNKNOWN)

    def _accept(self, job_id: str) -> None:
        self._results[job_id] = StopResult(StopState.ACCEPTED, name=self._results[job_id].name)

    def _took_effect(self, job_id: str, observation: Observation) -> bool:
        if observation.missing:
            return self._missing.is_confirmed(job_id)
        return observation.stop_took_effect_since(self._before[job_id])

    def _note(self, job_id: str, observation: Observation) -> None:
        self._missing.note(job_id, observation)
        if observation.status is not None:
            self._last[job_id] = observation
            self._unseen.discard(job_id)
        elif self._missing.is_confirmed(job_id):
            self._last[job_id] = replace(observation, status=DELETED, missing=False)

    # What is known then.

    def unresolved(self, requests: Iterable[StopRequest]) -> list[str]:
        """Return the jobs of which nobody knows whether their stop was accepted."""
        return [request.job_id for request in requests if self._kind(request) is StopState.UNKNOWN]

    def not_accepted(self, requests: Iterable[StopRequest]) -> list[str]:
        """Return the jobs whose stop was refused, or was not sent."""
        return [request.job_id for request in requests if self._kind(request) in _NOT_ACCEPTED]

    def throttled(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return the stops that the cloud refused by name because there were too many in a short time."""
        return [
            request
            for request in requests
            if self._kind(request) is StopState.REFUSED and self._code(request) == TOO_FREQUENT
        ]

    def not_arrived(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return the stops that were in doubt, and that would show by now if they had been accepted."""
        return [request for request in requests if self._kind(request) is StopState.NOT_ARRIVED]

    def _kind(self, request: StopRequest) -> StopState:
        return self._results.get(request.job_id, _NOT_BEGUN).kind

    def _code(self, request: StopRequest) -> str | None:
        reason = self._results[request.job_id].reason
        return None if reason is None else reason.error_code

    # Waiting.

    def begin_wait(self) -> dict[str, str | None]:
        """Return the last status of each job whose end is worth waiting for."""
        waiting = [planned.request.job_id for planned in self._plan if self._will_end(planned)]
        self._wait_results = dict.fromkeys(waiting, WaitResult.OVERDUE)
        return {job_id: self._status(job_id) for job_id in waiting}

    def end_wait(self, last: Mapping[str, Observation], pending: Collection[str], wait_error: JobError | None) -> None:
        """Record the last looks, which jobs have not ended, and why they could not be watched any longer."""
        self._last.update(last)
        self._wait_error = wait_error
        self._wait_results = {
            job_id: WaitResult.OVERDUE if job_id in pending else WaitResult.DONE for job_id in self._wait_results
        }

    def _will_end(self, planned: PlannedJob) -> bool:
        if planned.decision is Decision.AWAIT:
            return True
        stop_result, last = self._results.get(planned.request.job_id), self._last.get(planned.request.job_id)
        if stop_result is None or (last is not None and last.phase is Phase.STOPPED):
            return False
        return stop_result.kind is StopState.ACCEPTED or (last is not None and last.is_ending)

    def _status(self, job_id: str) -> str | None:
        last = self._last.get(job_id)
        return self._before[job_id] if last is None else last.status

    # All of it.

    def records(self, failure: JobError | None = None) -> list[JobRecord]:
        """Return all that is known of each job. ``failure`` is what ended the task before its time, if anything."""
        return [self._record(planned, failure) for planned in self._plan]

    def _record(self, planned: PlannedJob, failure: JobError | None) -> JobRecord:
        job_id = planned.request.job_id
        stop_result, wait = self._results.get(job_id), self._wait_results.get(job_id)
        if stop_result is None and planned.decision is Decision.STOP:
            stop_result = _NOT_BEGUN if failure is None else _NOT_BEGUN._replace(reason=failure)
        wait_error = (self._wait_error or failure) if wait is WaitResult.OVERDUE else None
        return JobRecord(planned, stop_result, self._last.get(job_id), wait, wait_error)


class MissingCounter:
    """Counts the looks in a row that show no such job. A single one may be wrong about a job that was there before."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: dict[str, int] = {}

    def note(self, job_id: str, observation: Observation) -> None:
        """Count a look; one that could not be read says nothing."""
        if observation.missing:
            self._counts[job_id] = self._counts.get(job_id, 0) + 1
        elif observation.status is not None:
            self._counts.pop(job_id, None)

    def is_confirmed(self, job_id: str) -> bool:
        """Return whether the job has been deleted, or its entry is gone."""
        return self._counts.get(job_id, 0) > 1


class PendingStops:
    """The jobs that are stopping, look by look."""

    def __init__(self, before: Mapping[str, str | None]) -> None:
        """Take the last status of each."""
        self.pending = dict(before)
        self.last: dict[str, Observation] = {}
        """The last look at each job that gave a status."""
        self._missing = MissingCounter()

    def observe(self, observations: Mapping[str, Observation], elapsed: float) -> None:
        """Record looks at pending jobs, ``elapsed`` seconds after the wait began."""
        for job_id, observation in observations.items():
            self._missing.note(job_id, observation)
            if self._missing.is_confirmed(job_id):
                observation = replace(observation, status=DELETED, missing=False)  # noqa: PLW2901
            if observation.status is None:
                continue
            self.last[job_id] = observation
            if _has_ended(observation, self.pending[job_id], elapsed):
                del self.pending[job_id]
            else:
                self.pending[job_id] = observation.status


def _has_ended(observation: Observation, before: str | None, elapsed: float) -> bool:
    is_stale = before == STOP_FAILED and elapsed < _STALE_SECONDS
    return observation.phase is Phase.STOPPED or (observation.status == STOP_FAILED and not is_stale)
