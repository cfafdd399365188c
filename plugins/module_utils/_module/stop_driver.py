# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Send the stops of a task and wait for their ends. This file loops; what anything means is decided in `_core`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._client.waiter import wait_until_stopped
from .._core.drs_responses import StopReply
from .._core.errors import CloudError
from .._core.jobs import Observation, StopRequest
from .._core.progress_line import MIN_REPORTED_PAUSE
from .._core.stop_lines import WaitLines, describe_check, describe_pause
from .._core.stop_plan import StopSettings
from .._core.stop_progress import StopProgress
from .progress_reporter import ProgressReporter

if TYPE_CHECKING:
    from .lag_watch import LagWatch

# How often a stop may be sent for one job, each time after observations that showed it running.
_MAX_SENDS = 3
# How often a stop in doubt is observed within confirmation_seconds.
_CONFIRMATION_READS = 5
# The pause before jobs are sent again that the cloud refused one by one as too frequent.
_THROTTLED_SECONDS = 10.0


class StopDriver:
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
        """Send nothing yet."""
        self._lag_watch: LagWatch | None = None
        self._held: dict[str, str] = {}
        """Why jobs are held since the stops have begun."""
        self._settings = settings
        self._drs = drs
        self._clock = clock
        self._deadline = deadline
        self._progress = progress
        self._reporter = reporter
        self._confirmation_interval = settings.confirmation_seconds / (_CONFIRMATION_READS - 1)

    def send(self, lag_watch: LagWatch | None) -> None:
        """Send the stops of the plan, as far as the jobs still lag little enough."""
        self._lag_watch = lag_watch
        requests = self._progress.to_stop()
        self._drs.stop(requests, self._settings.batch_size, self)
        self._complete(requests)

    def observe_and_send(self) -> None:
        """Observe the jobs, and send each batch of stops as soon as its jobs are observed."""
        job_ids = [request.job_id for request in self._settings.requests]
        self._drs.observe_and_stop(job_ids, self._settings.batch_size, self)
        self._complete(self._progress.to_stop())

    def _complete(self, requests: Sequence[StopRequest]) -> None:
        """Find out which of the stops that were sent once are accepted, and send others again."""
        progress = self._progress
        pending = self._select_to_send_again(requests)
        for _attempt in range(_MAX_SENDS - 1):
            if not pending:
                break
            self._drs.stop(pending, self._settings.batch_size, self)
            pending = self._select_to_send_again(pending)
        self._resolve(progress.not_accepted(requests))
        progress.mark_unresolved_unknown()
        progress.hold(self._held)
        self._show_results(requests)

    def _select_to_send_again(self, requests: Sequence[StopRequest]) -> list[StopRequest]:
        """Return those of these stops that are not accepted, as soon as they may be sent again."""
        progress = self._progress
        self._resolve(progress.unresolved(requests))
        throttled = progress.throttled(requests)
        if throttled:
            self._sleep(_THROTTLED_SECONDS)
            throttled = progress.select_unstopped(throttled, self._observe(throttled))
        return throttled + self._wait_for_retry(progress.not_arrived(requests))

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

    def on_observed(self, observations: Mapping[str, Observation]) -> Sequence[StopRequest]:
        """Record the first observations of jobs, and return which of them are to be stopped."""
        requests = self._progress.observe_first(observations)
        self._reporter.show_plan(self._progress)
        return requests

    def select_ready(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Return which of these jobs still lag little enough, and hold the others."""
        if self._lag_watch is None:
            return requests
        job_ids = [request.job_id for request in requests]
        self._lag_watch.refresh(job_ids)
        observed, reasons = self._lag_watch.observed, self._lag_watch.guard.held
        held = {job_id: reasons[job_id] for job_id in job_ids if job_id in reasons}
        self._held.update(held)
        self._progress.hold(held)
        self._progress.observe_before_send({job_id: observed[job_id] for job_id in job_ids if job_id not in held})
        return [each for each in requests if each.job_id not in held and not observed[each.job_id].is_ending]

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
