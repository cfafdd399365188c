# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Watch the lag of jobs until each may be stopped, or is held."""

from __future__ import annotations

from collections.abc import Sequence

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._core.job_info import build_job_row
from .._core.job_lag import Lag
from .._core.jobs import Observation
from .._core.lag_guard import LagGuard
from .._core.stop_lines import LagLines
from .job_details import Row, add_details
from .progress_reporter import ProgressReporter
from .subtasks import find_subtasks

# Seconds; wait_interval=0 must not be a busy loop.
_MIN_INTERVAL = 0.1


class LagWatch:
    """Watches the lag of jobs. Several threads may refresh samples at once, each of its own jobs."""

    def __init__(
        self, guard: LagGuard, drs: DrsClient, clock: Clock, deadline: Deadline, reporter: ProgressReporter
    ) -> None:
        """Read what the jobs are: the lag of each kind is read in another way."""
        self.guard = guard
        self.observed: dict[str, Observation] = {}
        """The last observation of each job, since lags are watched."""
        self._drs = drs
        self._clock = clock
        self._deadline = deadline
        self._reporter = reporter
        self._start = clock.monotonic()
        self._reader = drs.progress_reader()
        self._jobs = find_subtasks(drs, drs.get_details(guard.undecided))

    def watch(self) -> None:
        """Sample the lags until each job is ready or held."""
        lines = LagLines(len(self.guard.undecided))
        while self.guard.undecided:
            if self._deadline.is_over:
                self.guard.hold_undecided("its lag could not be watched for long enough: time was over")
                break
            self._sample(self.guard.watched)
            self._reporter.show(lines.next_line(self.guard, self._elapsed))
            if self.guard.undecided:
                self._sleep()

    def refresh(self, job_ids: Sequence[str]) -> None:
        """Sample once more the jobs whose last sample is too old for a stop."""
        stale = self.guard.select_stale(job_ids, self._elapsed)
        if stale:
            self._sample(stale, only_one=True)

    @property
    def _elapsed(self) -> float:
        return self._clock.monotonic() - self._start

    def _sleep(self) -> None:
        interval = max(self.guard.max_sample_age, _MIN_INTERVAL)
        self._clock.sleep(min(interval, max(0.0, self._deadline.remaining)))

    def _sample(self, job_ids: Sequence[str], *, only_one: bool = False) -> None:
        elapsed = self._elapsed  # a response that takes long is about a moment before
        rows: list[Row] = [build_job_row(job_id, self._jobs.observations[job_id]) for job_id in job_ids]
        jobs = [job for row in rows for job in (row, *row.get("children", ())) if job["id"] is not None]
        # The status counts as much as the progress, and may have changed since the details were read.
        self.observed.update(self._drs.observe(list(dict.fromkeys(job["id"] for job in jobs))))
        for job in jobs:
            job["status"] = self.observed[job["id"]].status
        add_details(rows, self._jobs.observations, ("lag",), self._drs, is_listed=False, reader=self._reader)
        self._jobs.correct_lags(rows)
        ended = {job_id for job_id in job_ids if self.observed[job_id].is_ending}
        self.guard.release(ended)
        lags = {row["id"]: Lag(row["lag"], row["lag_reason"]) for row in rows if row["id"] not in ended}
        self.guard.sample(lags, elapsed, only_one=only_one)
