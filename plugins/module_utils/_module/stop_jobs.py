# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The run of a stop: observe, plan, send, wait, report. This file loops; what anything means is decided in `_core`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._client.waiter import wait_until_stopped
from .._core.drs_responses import StopReply
from .._core.errors import CloudError, UnexpectedError
from .._core.jobs import JobError, Observation, StopRequest
from .._core.progress_line import MIN_REPORTED_PAUSE, ProgressLine, Show
from .._core.stop_lines import (
    WaitLines,
    describe_check,
    describe_early_end,
    describe_held,
    describe_pause,
    describe_plan,
)
from .._core.stop_plan import (
    Decision,
    PlannedJob,
    StopSettings,
    hold_all_if_any_is_impossible,
    hold_misnamed,
    plan_stop,
)
from .._core.stop_progress import StopProgress
from .._core.stop_records import JobRecord, StopResult, StopState
from .._core.stop_report import Report, build_report
from .progress_reporter import ProgressReporter
from .supervisor import EarlyEnd
from .task import TaskTimeout

ShowLast = Callable[[ProgressLine, bool], None]

# How often a stop may be sent for one job, each time after observations that showed it running.
_MAX_SENDS = 3
# How often a stop in doubt is observed within confirmation_seconds.
_CONFIRMATION_READS = 5
# The pause before jobs are sent again that the cloud refused one by one as too frequent.
_THROTTLED_SECONDS = 10.0


class StopRun:
    """A stop of many jobs. While one thread runs it, another one may ask for its state at any time."""

    def __init__(
        self, settings: StopSettings, clock: Clock, deadline: Deadline, show: Show | None, show_last: ShowLast
    ) -> None:
        """``show`` shows a line at once, from any thread, and ``show_last`` the last one of a run that ends early."""
        self._settings = settings
        self._clock = clock
        self._deadline = deadline
        self._show_last = show_last
        self.timeout: TaskTimeout | None = None
        """The keyword ``timeout`` of the task, if that has ended the run."""
        self._reporter = ProgressReporter(show)
        self._plan: Sequence[PlannedJob] | None = None
        self._progress: StopProgress | None = None
        self._names: dict[str, str] = {}
        self._is_done = False
        """Whether nothing is left to do but to read names."""

    def run(self, log_in: Callable[[], DrsClient]) -> Report:
        """Stop the jobs and return the report, whatever happens on the way. Raise nothing."""
        failure = None
        try:
            drs = log_in()
            self._run(drs)
            self._is_done = True
            self._read_names(drs)
        except CloudError as error:
            failure = JobError.from_error(error)
        except Exception as error:  # a fault of this collection must not take the result with it
            unexpected = UnexpectedError(error)
            failure = JobError.from_error(unexpected)
            self._show_last_line(EarlyEnd(str(unexpected)))
        return self.report(failure)

    def end_early(self, end: EarlyEnd) -> Report:
        """Send nothing from now on, show what is known, and return it."""
        self._deadline.expire(end.reason)
        if self._is_done:
            return self.report()
        self.timeout = end.timeout
        self._show_last_line(end)
        return self.report(JobError(None, end.reason))

    def report(self, failure: JobError | None = None) -> Report:
        """Return what is known of each job. ``failure`` is what ended the run early, if anything."""
        settings = self._settings
        if self._progress is not None:
            records = self._progress.records(failure)
        elif self._plan is not None:
            records = [JobRecord(planned) for planned in self._plan]
        else:  # no job has been observed
            unread = Observation(reason=failure)
            plan = plan_stop(settings.requests, {request.job_id: unread for request in settings.requests})
            records = [JobRecord(planned) for planned in plan]
        return build_report(
            records,
            check_mode=settings.check_mode,
            wait=settings.wait,
            wait_timeout=settings.wait_timeout,
            failure=failure,
            names=self._names,
        )

    def _show_last_line(self, end: EarlyEnd) -> None:
        self._reporter.close()
        if self._progress is not None:
            self._progress.mark_unresolved_unknown()
            results = self._progress.results()
        else:
            results = {request.job_id: StopResult(StopState.NOT_SENT) for request in self._settings.requests}
        with contextlib.suppress(Exception):  # the result matters more
            self._show_last(describe_early_end(end.reason, results), end.has_ansible_ended)

    def _run(self, drs: DrsClient) -> None:
        settings = self._settings
        self._reporter.show(ProgressLine(drs.api.location))
        observed = drs.observe([request.job_id for request in settings.requests])
        self._plan = plan = self._hold(plan_stop(settings.requests, observed), drs)
        self._reporter.show(describe_plan(plan))
        for line in describe_held(plan):
            self._reporter.show(line)
        if settings.check_mode:
            return
        self._progress = progress = StopProgress(plan, settings.confirmation_seconds)
        driver = _StopDriver(settings, drs, self._clock, self._deadline, progress, self._reporter)
        driver.send([planned.request for planned in plan if planned.decision is Decision.STOP])
        if settings.wait:
            driver.wait()

    def _hold(self, plan: Sequence[PlannedJob], drs: DrsClient) -> Sequence[PlannedJob]:
        """Return the plan in which jobs are held that do not meet the conditions of the task."""
        unnamed = [planned.request.job_id for planned in plan if planned.needs_name]
        plan = hold_misnamed(plan, drs.get_details(unnamed) if unnamed else {})
        return hold_all_if_any_is_impossible(plan) if self._settings.all_or_none else plan

    def _read_names(self, drs: DrsClient) -> None:
        """Read the names that no response has given so far."""
        unnamed = [row.job_id for row in self.report().rows if row.name is None and row.status is not None]
        with contextlib.suppress(Exception):  # nothing depends on them
            self._names = drs.get_names(unnamed) if unnamed else {}


class _StopDriver:
    """Sends the stops and waits for their ends. Several threads may call it at once, each for its own jobs."""

    def __init__(
        self,
        settings: StopSettings,
        drs: DrsClient,
        clock: Clock,
        deadline: Deadline,
        progress: StopProgress,
        reporter: ProgressReporter,
    ) -> None:
        self._settings = settings
        self._drs = drs
        self._clock = clock
        self._deadline = deadline
        self._progress = progress
        self._reporter = reporter
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
        self._show_results(requests)

    def wait(self) -> None:
        """Wait for the jobs that are stopping."""
        stops = self._progress.start_waiting()
        lines = WaitLines(self._settings.wait_timeout)

        def report(observations: Mapping[str, Observation]) -> None:
            self._reporter.show(lines.next_line(stops, observations, self._deadline.elapsed))

        wait_until_stopped(
            stops,
            self._drs.observe,
            report,
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
        self._show_results(requests)

    def on_cancelled(self, requests: Sequence[StopRequest], error: CloudError) -> None:
        """Record that nobody waits any longer for a response about these jobs."""
        self._progress.on_cancelled(requests, error)
        self._show_results(requests)

    def select_unstopped(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Observe jobs whose request was refused as a whole, and return those that it has not stopped."""
        progress = self._progress
        unstopped = progress.select_unstopped(requests, self._observe(requests))
        seconds = progress.seconds_until_conclusive(requests, self._clock.monotonic())
        if unstopped and seconds > MIN_REPORTED_PAUSE:
            self._reporter.show(describe_check(len(unstopped), seconds))
        while unstopped and progress.seconds_until_conclusive(requests, self._clock.monotonic()) > 0:
            if self._deadline.is_over:
                return unstopped
            self._sleep(self._confirmation_interval)
            unstopped = progress.select_unstopped(unstopped, self._observe(unstopped))
        progress.note_without_effect(requests, unstopped)
        self._show_results(requests)
        return unstopped

    def _wait_for_retry(self, requests: Sequence[StopRequest]) -> list[StopRequest]:
        """Wait until the stops may be sent again, and return those for which there is time left then."""
        now, remaining = self._clock.monotonic(), self._deadline.remaining
        pauses = {request: self._progress.seconds_until_retry(request, now) for request in requests}
        in_time = [request for request in requests if pauses[request] < remaining]
        pause = max((pauses[request] for request in in_time), default=0.0)
        if pause > MIN_REPORTED_PAUSE:
            self._reporter.show(describe_pause(pause))
        self._sleep(pause)
        return in_time

    def _observe(self, requests: Sequence[StopRequest]) -> Mapping[str, Observation]:
        return self._drs.observe([request.job_id for request in requests])

    def _resolve(self, job_ids: Sequence[str]) -> None:
        """Observe jobs until it is known of each whether its stop was accepted."""
        start = self._clock.monotonic()
        pending = list(job_ids)
        is_announced = False
        while pending and not self._deadline.is_over:
            elapsed = self._clock.monotonic() - start
            pending = self._progress.resolve(self._drs.observe(pending), elapsed)
            if pending:
                if not is_announced:
                    self._reporter.show(describe_check(len(pending), self._settings.confirmation_seconds))
                    is_announced = True
                self._sleep(self._confirmation_interval)
        self._reporter.show_results(self._progress, job_ids)

    def _show_results(self, requests: Sequence[StopRequest]) -> None:
        self._reporter.show_results(self._progress, [request.job_id for request in requests])

    def _sleep(self, seconds: float) -> None:
        allowed = min(seconds, self._deadline.remaining)
        if allowed > 0:
            self._clock.sleep(allowed)
