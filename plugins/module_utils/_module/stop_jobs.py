# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The run of a stop: observe, plan, send, wait, report. This file loops; what anything means is decided in `_core`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._client.waiter import wait_until_stopped
from .._core.drs_responses import StopReply
from .._core.errors import CloudError, UnexpectedError
from .._core.jobs import JobError, Observation, StopRequest
from .._core.stop_plan import Decision, StopSettings, plan_stop
from .._core.stop_progress import StopProgress
from .._core.stop_records import JobRecord
from .._core.stop_report import Report, build_report

# How often a stop may be sent for one job, each time after observations that showed it running.
_MAX_SENDS = 3
# How often a stop in doubt is observed within confirmation_seconds.
_CONFIRMATION_READS = 5
# The pause before jobs are sent again that the cloud refused one by one as too frequent.
_THROTTLED_SECONDS = 10.0


def stop_jobs(settings: StopSettings, drs: DrsClient, clock: Clock, deadline: Deadline) -> Report:
    """Stop the jobs and return the result, whatever happens on the way. Raise nothing."""
    observed = drs.observe([request.job_id for request in settings.requests])
    plan = plan_stop(settings.requests, observed)
    if settings.check_mode:
        records = [JobRecord(planned) for planned in plan]
        return build_report(records, check_mode=True, wait=settings.wait)
    progress = StopProgress(plan, settings.confirmation_seconds)
    driver = _StopDriver(settings, drs, clock, deadline, progress)
    failure = None
    try:
        driver.send([planned.request for planned in plan if planned.decision is Decision.STOP])
        if settings.wait:
            driver.wait()
    except Exception as unexpected:  # a fault of this collection must not take the result with it
        failure = JobError.from_error(UnexpectedError(unexpected))
    records = progress.records(failure)
    return build_report(records, wait=settings.wait, wait_timeout=settings.wait_timeout, failure=failure)


class _StopDriver:
    """Sends the stops and waits for their ends. Several threads may call it at once, each for its own jobs."""

    def __init__(
        self, settings: StopSettings, drs: DrsClient, clock: Clock, deadline: Deadline, progress: StopProgress
    ) -> None:
        self._settings = settings
        self._drs = drs
        self._clock = clock
        self._deadline = deadline
        self._progress = progress
        self._confirmation_interval = settings.confirmation_seconds / (_CONFIRMATION_READS - 1)

    def send(self, requests: Sequence[StopRequest]) -> None:
        """Send the stops and find out which of them were accepted."""
        progress = self._progress
        pending = list(requests)
        for _attempt in range(_MAX_SENDS):
            self._drs.stop(pending, self._settings.batch_size, self)
            self._resolve(progress.unresolved(pending))
            throttled = progress.throttled(pending)
            if throttled:
                self._sleep(_THROTTLED_SECONDS)
                throttled = progress.select_unstopped(throttled, self._observe(throttled))
            pending = throttled + self._wait_for_retry(progress.not_arrived(pending))
            if not pending:
                break
        self._resolve(progress.not_accepted(requests))
        progress.mark_unresolved_unknown()

    def wait(self) -> None:
        """Wait for the jobs that are stopping."""
        wait_until_stopped(
            self._progress.start_waiting(),
            self._drs.observe,
            interval=self._settings.wait_interval,
            clock=self._clock,
            deadline=self._deadline,
        )

    def before_send(self, requests: Sequence[StopRequest]) -> None:
        """Record that a request for these jobs is about to be sent."""
        self._progress.before_send(requests, self._clock.monotonic())

    def on_response(self, requests: Sequence[StopRequest], response: Mapping[str, StopReply] | CloudError) -> None:
        """Record the response to a request for these jobs."""
        self._progress.on_response(requests, response, self._clock.monotonic())

    def on_cancelled(self, requests: Sequence[StopRequest], error: CloudError) -> None:
        """Record that nobody waits any longer for a response about these jobs."""
        self._progress.on_cancelled(requests, error)

    def select_unstopped(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Observe jobs whose request was refused as a whole, and return those that it has not stopped."""
        progress = self._progress
        unstopped = progress.select_unstopped(requests, self._observe(requests))
        while unstopped and progress.seconds_until_conclusive(requests, self._clock.monotonic()) > 0:
            if self._deadline.is_over:
                return unstopped
            self._sleep(self._confirmation_interval)
            unstopped = progress.select_unstopped(unstopped, self._observe(unstopped))
        progress.note_without_effect(requests, unstopped)
        return unstopped

    def _wait_for_retry(self, requests: Sequence[StopRequest]) -> list[StopRequest]:
        """Wait until the stops may be sent again, and return those for which there is time left then."""
        now, remaining = self._clock.monotonic(), self._deadline.remaining
        pauses = {request: self._progress.seconds_until_retry(request, now) for request in requests}
        in_time = [request for request in requests if pauses[request] < remaining]
        self._sleep(max((pauses[request] for request in in_time), default=0.0))
        return in_time

    def _observe(self, requests: Sequence[StopRequest]) -> Mapping[str, Observation]:
        return self._drs.observe([request.job_id for request in requests])

    def _resolve(self, job_ids: Sequence[str]) -> None:
        """Observe jobs until it is known of each whether its stop was accepted."""
        start = self._clock.monotonic()
        pending = list(job_ids)
        while pending and not self._deadline.is_over:
            elapsed = self._clock.monotonic() - start
            pending = self._progress.resolve(self._drs.observe(pending), elapsed)
            if pending:
                self._sleep(self._confirmation_interval)

    def _sleep(self, seconds: float) -> None:
        allowed = min(seconds, self._deadline.remaining)
        if allowed > 0:
            self._clock.sleep(allowed)
