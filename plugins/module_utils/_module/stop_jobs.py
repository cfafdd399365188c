# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The run of a stop: observe, plan, send, wait, report."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._core.errors import CloudError, UnexpectedError
from .._core.jobs import JobError, Observation
from .._core.progress_line import ProgressLine, Show
from .._core.stop_lines import (
    describe_early_end,
    describe_held,
    describe_plan,
)
from .._core.stop_plan import (
    Decision,
    PlannedJob,
    StopSettings,
    hold_all_if_any_is_impossible,
    hold_lagging,
    hold_misnamed,
    plan_stop,
    plan_unobserved,
)
from .._core.stop_progress import StopProgress
from .._core.stop_records import JobRecord, StopResult, StopState
from .._core.stop_report import Report, build_report
from .progress_reporter import ProgressReporter
from .stop_driver import StopDriver
from .supervisor import EarlyEnd
from .task import TaskTimeout

if TYPE_CHECKING:
    from .lag_watch import LagWatch

ShowLast = Callable[[ProgressLine, bool], None]


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
        self._lag_watch: LagWatch | None = None
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
            return self._complete_names(drs, self.report())
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
        report = build_report(
            records,
            check_mode=settings.check_mode,
            wait=settings.wait,
            wait_timeout=settings.wait_timeout,
            failure=failure,
            names=self._names,
        )
        return report if self._lag_watch is None else report.with_lags(self._lag_watch.guard.lags)

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
        if settings.needs_all_statuses:
            self._plan = self._make_plan(drs)
            if settings.check_mode:
                return
        plan = self._plan or plan_unobserved(settings.requests)
        self._progress = progress = StopProgress(plan, settings.confirmation_seconds)
        driver = StopDriver(settings, drs, self._clock, self._deadline, progress, self._reporter)
        if self._plan is None:
            driver.observe_and_send()
        else:
            driver.send(self._lag_watch)
        if settings.wait:
            driver.wait()

    def _make_plan(self, drs: DrsClient) -> Sequence[PlannedJob]:
        """Observe all jobs, and return and show what is to be done about each."""
        observed = drs.observe([request.job_id for request in self._settings.requests])
        plan = self._hold(plan_stop(self._settings.requests, observed), drs)
        for line in (describe_plan(plan), *describe_held(plan)):
            self._reporter.show(line)
        return plan

    def _hold(self, plan: Sequence[PlannedJob], drs: DrsClient) -> Sequence[PlannedJob]:
        """Return the plan in which jobs are held that do not meet the conditions of the task."""
        unnamed = [planned.request.job_id for planned in plan if planned.needs_name]
        plan = hold_misnamed(plan, drs.get_details(unnamed) if unnamed else {})
        if not self._settings.all_or_none:
            return self._hold_lagging(plan, drs)
        # First, since nobody needs to wait for a lag if nothing can be stopped anyway.
        plan = self._hold_lagging(hold_all_if_any_is_impossible(plan), drs)
        return hold_all_if_any_is_impossible(plan)

    def _hold_lagging(self, plan: Sequence[PlannedJob], drs: DrsClient) -> Sequence[PlannedJob]:
        limits = self._settings.effective_lag_limits
        job_ids = [planned.request.job_id for planned in plan if planned.decision is Decision.STOP]
        if limits is None or not job_ids:
            return plan
        # Imported only for this: most tasks do not ask for it.
        from .._core.lag_guard import LagGuard  # noqa: PLC0415
        from .lag_watch import LagWatch  # noqa: PLC0415

        guard = LagGuard(limits, job_ids, self._settings.wait_interval)
        self._lag_watch = LagWatch(guard, drs, self._clock, self._deadline, self._reporter)
        self._lag_watch.watch()
        return hold_lagging(plan, self._lag_watch.observed, guard.held)

    def _complete_names(self, drs: DrsClient, report: Report) -> Report:
        """Return the report with the names that no response has given so far."""
        unnamed = [row.job_id for row in report.rows if row.name is None and row.status is not None]
        if not unnamed:
            return report
        with contextlib.suppress(Exception):  # nothing depends on them
            self._names = drs.get_names(unnamed)
        return self.report()
