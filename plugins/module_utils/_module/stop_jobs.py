# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: look, plan, stop, wait, report. The loop only; what it all means is in `_core`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._client.waiter import wait_until_stopped
from .._core.drs_responses import StopReply
from .._core.errors import CloudError, UnexpectedError
from .._core.jobs import JobError, Observation, StopRequest
from .._core.stop_plan import Decision, plan_stop
from .._core.stop_progress import StopProgress
from .._core.stop_report import JobRecord, Report, build_report
from .stop_options import StopSettings

# How often a stop may be sent for one job, each time after looks that showed it running.
_MAX_SENDS = 3
# How often to look at a stop in doubt within confirmation_seconds.
_CONFIRMATION_READS = 5
# Before jobs that the cloud refused one by one as too frequent are sent again.
_THROTTLED_SECONDS = 10.0


class StopContext(NamedTuple):
    """What the run works with."""

    drs: DrsClient
    clock: Clock
    deadline: Deadline


def stop_jobs(settings: StopSettings, context: StopContext) -> Report:
    """Stop the jobs and return the result, whatever happens on the way. Raises nothing."""
    observed = context.drs.observe([request.job_id for request in settings.requests])
    plan = plan_stop(settings.requests, observed)
    if settings.check_mode:
        records = [JobRecord(planned) for planned in plan]
        return build_report(records, check_mode=True, wait=settings.wait)
    progress = StopProgress(plan)
    run = _StopDriver(settings, context, progress)
    failure = None
    try:
        run.send([planned.request for planned in plan if planned.decision is Decision.STOP])
        if settings.wait:
            run.wait()
    except Exception as unforeseen:  # a fault of ours must not keep from anybody what is known of the stops
        failure = JobError.from_error(UnexpectedError(unforeseen))
    records = progress.records(failure)
    return build_report(records, wait=settings.wait, wait_timeout=settings.wait_timeout, failure=failure)


class _StopDriver:
    """Sends the stops and waits for their ends. Several threads may report to it at once, each on its own jobs."""

    def __init__(self, settings: StopSettings, context: StopContext, progress: StopProgress) -> None:
        self._settings = settings
        self._context = context
        self._progress = progress
        self._shows_since: dict[str, float] = {}
        """When an accepted stop of a job would show in its status."""
        self._not_before: dict[str, float] = {}
        """When a server asked for the next attempt."""
        self._refused_with: dict[str, int | None] = {}
        """The HTTP status with which the last request for a job was refused."""
        self._all_or_nothing: set[int | None] = set()
        """The HTTP statuses of requests that have been seen to have stopped none of their jobs."""

    def send(self, requests: Sequence[StopRequest]) -> None:
        """Send the stops and find out what became of each."""
        progress = self._progress
        pending = list(requests)
        for _attempt in range(_MAX_SENDS):
            self._context.drs.stop(pending, self._settings.batch_size, self)
            self._resolve(progress.unresolved(pending))
            throttled = progress.throttled(pending)
            if throttled:
                self._sleep(_THROTTLED_SECONDS)
                throttled = progress.select_unstopped(throttled, self._observe(throttled))
            pending = throttled + self._in_time(progress.not_arrived(pending))
            if not pending:
                break
        self._resolve(progress.not_accepted(requests))
        progress.mark_unresolved_unknown()

    def wait(self) -> None:
        """Wait for the jobs that are stopping."""
        last, pending, wait_error = wait_until_stopped(
            self._progress.begin_wait(),
            self._context.drs.observe,
            interval=self._settings.wait_interval,
            clock=self._context.clock,
            deadline=self._context.deadline,
        )
        self._progress.end_wait(last, pending, wait_error)

    def before_send(self, requests: Sequence[StopRequest]) -> None:
        """Record that a request for these jobs is about to leave."""
        self._progress.before_send(requests)
        shows = self._context.clock.monotonic() + self._settings.confirmation_seconds
        self._shows_since.update({request.job_id: shows for request in requests})

    def on_response(self, requests: Sequence[StopRequest], answer: Mapping[str, StopReply] | CloudError) -> None:
        """Record the answer to a request for these jobs."""
        self._progress.on_response(requests, answer)
        if isinstance(answer, CloudError):
            self._refused_with.update({request.job_id: answer.status for request in requests})
        if isinstance(answer, CloudError) and answer.retry_after is not None:
            then = self._context.clock.monotonic() + answer.retry_after
            self._not_before.update({request.job_id: then for request in requests})

    def on_cancelled(self, requests: Sequence[StopRequest], error: CloudError) -> None:
        """Record that nobody waits any longer for an answer about these jobs."""
        self._progress.on_cancelled(requests, error)

    def select_unstopped(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Look at jobs whose request was refused as a whole, and return those that it has not stopped.

        The first time, until an accepted stop would show. Where it has stopped none, one look is enough from then on
        for requests that are refused with the same status.
        """
        left = self._progress.select_unstopped(requests, self._observe(requests))
        suspects = [
            request
            for request in self._progress.select_possibly_stopped(requests)
            if self._refused_with[request.job_id] not in self._all_or_nothing
        ]
        shows = max((self._shows_since[request.job_id] for request in suspects), default=0.0)
        while left and self._context.clock.monotonic() < shows and not self._context.deadline.is_over:
            self._sleep(self._settings.confirmation_seconds / (_CONFIRMATION_READS - 1))
            left = self._progress.select_unstopped(left, self._observe(left))
        if suspects and len(left) == len(requests) and self._context.clock.monotonic() >= shows:
            self._all_or_nothing.update(self._refused_with[request.job_id] for request in suspects)
        return left

    def _in_time(self, requests: Sequence[StopRequest]) -> list[StopRequest]:
        """Wait until the stops may be sent again, and return those for which there is time left then."""
        now, remaining = self._context.clock.monotonic(), self._context.deadline.remaining
        pauses = {request: self._not_before.get(request.job_id, now) - now for request in requests}
        left = [request for request in requests if pauses[request] < remaining]
        self._sleep(max((pauses[request] for request in left), default=0.0))
        return left

    def _observe(self, requests: Sequence[StopRequest]) -> Mapping[str, Observation]:
        return self._context.drs.observe([request.job_id for request in requests])

    def _resolve(self, job_ids: Sequence[str]) -> None:
        """Look at jobs until each has shown what became of its stop."""
        clock, resolve = self._context.clock, self._settings.confirmation_seconds
        start = clock.monotonic()
        pending = list(job_ids)
        while pending and not self._context.deadline.is_over:
            had_time = clock.monotonic() - start >= resolve
            observations = self._context.drs.observe(pending)
            pending = [
                job_id
                for job_id in pending
                if not self._progress.resolve(job_id, observations[job_id], had_time=had_time)
            ]
            if any(observations[job_id].unrecoverable for job_id in pending):
                return
            if pending:
                self._sleep(resolve / (_CONFIRMATION_READS - 1))

    def _sleep(self, seconds: float) -> None:
        allowed = min(seconds, self._context.deadline.remaining)
        if allowed > 0:
            self._context.clock.sleep(allowed)
