# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What became of each stop, from responses and observations. No I/O, no clock.

No request proves more than its response says. One that was rejected as a whole may have stopped some of its jobs, and
one whose connection broke may have stopped all. So the jobs are observed, and what has changed since the request was
sent is its effect. Only a response that names the job says that this very job was refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .drs_responses import StopReply
from .error_codes import TOO_FREQUENT
from .errors import CloudError
from .jobs import JobError, Observation, StopRequest, can_hide_stop_failure
from .pending_stops import MissingCounter, PendingStops
from .retry import Effect, classify_effect
from .stop_plan import Decision, PlannedJob, plan_stop
from .stop_records import JobRecord, StopResult, StopState, WaitResult

_STATES = {
    Effect.NOT_SENT: StopState.NOT_SENT,
    Effect.NOT_FORWARDED: StopState.DENIED,
    Effect.DENIED: StopState.DENIED,
    Effect.REJECTED: StopState.REJECTED,
    Effect.IN_DOUBT: StopState.UNKNOWN,
}
_SENT = StopResult(StopState.UNKNOWN, JobError(None, "The stop was sent, and no answer is known"))
_NOT_MENTIONED = StopResult(StopState.UNKNOWN, JobError(None, "The cloud's answer does not mention this job"))
_NOT_SENT = StopResult(StopState.NOT_SENT, JobError(None, "The stop was not sent"))
_MAY_STOP = (Decision.STOP, Decision.UNDECIDED)
_NOT_ACCEPTED = (StopState.REFUSED, StopState.REJECTED, StopState.DENIED, StopState.NOT_SENT)


@dataclass
class _JobProgress:
    """What is known of one job."""

    planned: PlannedJob
    result: StopResult | None = None
    last: Observation | None = None
    """The last observation that gave a status."""
    may_have_stopped: bool = False
    """Whether a request named the job that may have stopped it, though its response does not say so."""
    was_in_doubt: bool = False
    """Whether the response to such a request was lost, or could not be read."""
    needs_time: bool = False
    """Whether its request was rejected as a whole, and an accepted stop would not show in the status yet."""
    needs_status: bool = False
    """Whether its request was denied because of an HTTP status alone, and no status of the job was read since."""
    was_contradicted: bool = False
    """Whether a response refused the job by name after an earlier stop of it was in doubt."""
    shows_at: float = 0.0
    """When an accepted stop would show in the status, in seconds of the task's clock."""
    retry_at: float = 0.0
    """When the server wants the next request, in seconds of the task's clock."""
    http_status: int | None = None
    """The status of the response that refused the last request as a whole."""

    @property
    def job_id(self) -> str:
        return self.planned.request.job_id

    @property
    def status_before(self) -> str | None:
        return self.planned.before.status

    @property
    def state(self) -> StopState:
        return (self.result or _NOT_SENT).state

    @property
    def status(self) -> str | None:
        return self.status_before if self.last is None else self.last.status

    @property
    def will_end(self) -> bool:
        """Whether the end of the job is worth waiting for."""
        if self.planned.decision is Decision.AWAIT:
            return True
        if self.result is None or (self.last is not None and self.last.has_stopped):
            return False
        return self.state is StopState.ACCEPTED or (self.last is not None and self.last.is_ending)

    def set_state(self, state: StopState) -> None:
        self.result = (self.result or _NOT_SENT)._replace(state=state)

    def accept(self) -> None:
        self.result = StopResult(StopState.ACCEPTED, name=None if self.result is None else self.result.name)

    def record_error(self, error: CloudError) -> None:
        effect = classify_effect(error)
        self.result = StopResult(_STATES[effect], JobError.from_error(error))
        self.may_have_stopped |= effect is not Effect.NOT_SENT
        self.needs_status |= effect is Effect.DENIED
        self.needs_time |= effect is Effect.REJECTED
        self.was_in_doubt |= effect is Effect.IN_DOUBT

    def record_reply(self, reply: StopReply | None) -> None:
        if reply is None:
            self.result = _NOT_MENTIONED
            self.may_have_stopped = self.was_in_doubt = True
            return
        state = StopState.ACCEPTED if reply.refusal is None else StopState.REFUSED
        self.result = StopResult(state, reply.refusal, reply.name)
        self.was_contradicted |= self.was_in_doubt

    def doubt_contradiction(self) -> None:
        """Make a refusal unknown that may be due to an earlier stop, which seemed not to have arrived."""
        if self.was_contradicted:
            self.set_state(StopState.UNKNOWN)


class StopProgress:
    """The progress of all stops of a task. Several threads may record, each for its own jobs."""

    def __init__(self, plan: Sequence[PlannedJob], confirmation_seconds: float) -> None:
        """Start before anything was sent.

        ``confirmation_seconds`` is how long it may take until an accepted stop shows in the status.
        """
        self._confirmation_seconds = confirmation_seconds
        self._jobs = {planned.request.job_id: _JobProgress(planned) for planned in plan}
        self._undecided_count = sum(planned.decision is Decision.UNDECIDED for planned in plan)
        self.stop_count = sum(planned.decision in _MAY_STOP for planned in plan)
        """How many jobs are to be stopped; until all have been observed, how many at most."""
        self._missing = MissingCounter()
        self._stops: PendingStops | None = None
        self._statuses_without_effect: set[int | None] = set()
        """The HTTP statuses of refused requests that have turned out to have stopped none of their jobs."""

    # The plan.

    @property
    def plan(self) -> list[PlannedJob]:
        """What is to be done about each job."""
        return [job.planned for job in self._jobs.values()]

    @property
    def is_decided(self) -> bool:
        """Whether all jobs have been observed."""
        return self._undecided_count == 0

    def observe_first(self, observations: Mapping[str, Observation]) -> list[StopRequest]:
        """Record the first observations of jobs, and return those to stop."""
        undecided = [self._jobs[job_id] for job_id in observations]
        undecided = [job for job in undecided if job.planned.decision is Decision.UNDECIDED]
        for job in undecided:
            (job.planned,) = plan_stop([job.planned.request], observations)
        requests = [job.planned.request for job in undecided if job.planned.decision is Decision.STOP]
        self._undecided_count -= len(undecided)
        self.stop_count -= len(undecided) - len(requests)
        return requests

    def to_stop(self) -> list[StopRequest]:
        """Return the stops of the plan so far."""
        return [planned.request for planned in self.plan if planned.decision is Decision.STOP]

    # Requests and responses. ``now`` is in seconds of the task's clock.

    def before_send(self, requests: Iterable[StopRequest], now: float) -> None:
        """Record that a request for these jobs is about to be sent."""
        for job in self._select(requests):
            job.result = _SENT
            job.shows_at = now + self._confirmation_seconds

    def observe_before_send(self, observations: Mapping[str, Observation]) -> None:
        """Record the last observation of jobs before their first stop. Some may need none any more."""
        for job_id, observation in observations.items():
            job = self._jobs[job_id]
            if job.result is None:
                job.planned = job.planned.with_observation(observation)

    def hold(self, held: Mapping[str, str]) -> None:
        """Record that no stop is sent for these jobs any more, each with its reason.

        That is all there is to say of a job unless an earlier request may have stopped it.
        """
        for job_id, reason in held.items():
            job = self._jobs[job_id]
            is_unresolved = job.needs_time or job.needs_status
            if job.result is None or (job.state in _NOT_ACCEPTED and not is_unresolved):
                job.planned = job.planned.hold(reason)

    def on_response(
        self, requests: Iterable[StopRequest], response: Mapping[str, StopReply] | CloudError, now: float
    ) -> None:
        """Record the response to a request for these jobs, or the error in its place."""
        for job in self._select(requests):
            if isinstance(response, CloudError):
                job.record_error(response)
                job.http_status = response.status
                job.retry_at = now + (response.retry_after or 0.0)
            else:
                job.record_reply(response.get(job.job_id))

    def on_cancelled(self, requests: Iterable[StopRequest], error: CloudError) -> None:
        """Record that nobody waits any longer for the requests for these jobs, as far as they have no response yet."""
        for job in self._select(requests):
            if job.result is None:
                job.result = StopResult(StopState.NOT_SENT, JobError.from_error(error))
            elif job.result is _SENT:
                job.record_error(error)

    # Observations after a request was not accepted.

    def select_unstopped(
        self, requests: Iterable[StopRequest], observations: Mapping[str, Observation]
    ) -> list[StopRequest]:
        """Return which jobs of a refused request may be sent again: those that show no effect of it."""
        jobs = {request: self._jobs[request.job_id] for request in requests}
        return [request for request, job in jobs.items() if self._is_unstopped(job, observations[job.job_id])]

    def _is_unstopped(self, job: _JobProgress, observation: Observation) -> bool:
        if observation.status is None:  # nobody could tell afterwards who stopped it
            return False
        self._note(job, observation)
        if not observation.stop_took_effect_since(job.status_before):
            return not (job.needs_time and can_hide_stop_failure(job.status_before))
        if job.may_have_stopped:
            job.accept()
        return False

    def seconds_until_conclusive(self, requests: Iterable[StopRequest], now: float) -> float:
        """Return for how long jobs of a refused request have to be observed until it is known not to have stopped them.

        A status with which no request has stopped any job so far needs no second proof.
        """
        return max((job.shows_at - now for job in self._select_inconclusive(requests)), default=0.0)

    def note_without_effect(self, requests: Sequence[StopRequest], unstopped: Collection[StopRequest]) -> None:
        """Record that a refused request has been observed for long enough, and which of its jobs are not stopped."""
        if len(unstopped) == len(requests):
            self._statuses_without_effect.update(job.http_status for job in self._select_inconclusive(requests))

    def _select_inconclusive(self, requests: Iterable[StopRequest]) -> list[_JobProgress]:
        return [
            job
            for job in self._select(requests)
            if job.needs_time and job.http_status not in self._statuses_without_effect
        ]

    def resolve(self, observations: Mapping[str, Observation], elapsed: float) -> list[str]:
        """Resolve stops that were not accepted, and return the jobs that need another observation.

        ``elapsed`` is for how many seconds these jobs have been observed. There are none to return where no further
        observation can succeed.
        """
        had_time = elapsed >= self._confirmation_seconds
        pending = [
            job_id
            for job_id, observation in observations.items()
            if not self._is_resolved(self._jobs[job_id], observation, had_time)
        ]
        return [] if any(observations[job_id].unrecoverable for job_id in pending) else pending

    def _is_resolved(self, job: _JobProgress, observed: Observation, had_time: bool) -> bool:
        observation = self._note(job, observed)
        if job.result is None:
            job.result = _NOT_SENT
        if observation.stop_took_effect_since(job.status_before):
            if job.may_have_stopped:
                job.accept()
            return True
        if observation.missing and job.may_have_stopped:
            return False  # one observation does not prove it
        if job.state is not StopState.UNKNOWN and not job.needs_time:
            job.doubt_contradiction()
            return had_time or not job.needs_status
        if observation.status is None or not had_time:
            return False
        _resolve_without_effect(job)
        return True

    def mark_unresolved_unknown(self) -> None:
        """Record that no observation was possible that would resolve the stops that were rejected as a whole."""
        for job in self._jobs.values():
            if (job.needs_time or job.needs_status) and job.state in _NOT_ACCEPTED:
                job.set_state(StopState.UNKNOWN)

    def _note(self, job: _JobProgress, observation: Observation) -> Observation:
        """Record an observation, and return it as that of a deleted job where it confirms another one."""
        counted = self._missing.count(job.job_id, observation)
        if counted.status is not None:
            job.last = counted
        if observation.status is not None:
            job.needs_status = False
        return counted

    # The state of the stops.

    def unresolved(self, requests: Iterable[StopRequest]) -> list[str]:
        """Return the jobs of which nobody knows whether their stop was accepted."""
        return [job.job_id for job in self._select(requests) if job.state is StopState.UNKNOWN]

    def not_accepted(self, requests: Iterable[StopRequest]) -> list[str]:
        """Return the jobs whose stop was refused, or was not sent."""
        return [job.job_id for job in self._select(requests) if job.state in _NOT_ACCEPTED]

    def throttled(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return the stops that the cloud refused by name because there were too many in a short time."""
        return [
            job.planned.request
            for job in self._select(requests)
            if job.state is StopState.REFUSED and job.result is not None and _is_throttled(job.result)
        ]

    def seconds_until_retry(self, request: StopRequest, now: float) -> float:
        """Return how long the server wants the next request for this job to wait."""
        return max(0.0, self._jobs[request.job_id].retry_at - now)

    def not_arrived(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return the stops that were in doubt, and that would show by now if they had been accepted."""
        return [job.planned.request for job in self._select(requests) if job.state is StopState.NOT_ARRIVED]

    def start_waiting(self) -> PendingStops:
        """Return the jobs whose end is worth waiting for. Their end is recorded there."""
        self._stops = PendingStops({job.job_id: job.status for job in self._jobs.values() if job.will_end})
        return self._stops

    # The result.

    def results(self, job_ids: Iterable[str] | None = None) -> dict[str, StopResult]:
        """Return what became of the stops of these jobs so far, by default of all that are or may be to be stopped."""
        jobs = self._jobs.values() if job_ids is None else [self._jobs[job_id] for job_id in job_ids]
        return {job.job_id: job.result or _NOT_SENT for job in jobs if job.planned.decision in _MAY_STOP}

    def records(self, failure: JobError | None = None) -> list[JobRecord]:
        """Return all that is known of each job. ``failure`` is what ended the task early, if anything."""
        return [self._record(job, failure) for job in self._jobs.values()]

    def _record(self, job: _JobProgress, failure: JobError | None) -> JobRecord:
        result, last = job.result, job.last
        if job.planned.decision is Decision.UNDECIDED:
            (unread,) = plan_stop([job.planned.request], {job.job_id: Observation(reason=failure)})
            return JobRecord(unread)
        if result is None and job.planned.decision is Decision.STOP:
            result = _NOT_SENT if failure is None else _NOT_SENT._replace(reason=failure)
        if self._stops is None or job.job_id not in self._stops.job_ids:
            return JobRecord(job.planned, result, last)
        last = self._stops.last.get(job.job_id, last)
        if job.job_id in self._stops.pending:
            return JobRecord(job.planned, result, last, WaitResult.OVERDUE, self._stops.error or failure)
        return JobRecord(job.planned, result, last, WaitResult.DONE)

    def _select(self, requests: Iterable[StopRequest]) -> list[_JobProgress]:
        jobs = [self._jobs[request.job_id] for request in requests]
        return [job for job in jobs if job.planned.decision is Decision.STOP]


def _resolve_without_effect(job: _JobProgress) -> None:
    """Resolve a stop that would show by now, and does not."""
    if can_hide_stop_failure(job.status_before):
        job.set_state(StopState.UNKNOWN)
    elif job.state is StopState.UNKNOWN:
        job.set_state(StopState.NOT_ARRIVED)
    else:
        job.doubt_contradiction()
    job.needs_time = False


def _is_throttled(result: StopResult) -> bool:
    return result.reason is not None and result.reason.error_code == TOO_FREQUENT
