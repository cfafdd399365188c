# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The jobs that are stopping, from one observation to the next. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from .jobs import JobError, Observation, is_new_stop_failure


class PendingStops:
    """Jobs whose stop was accepted, until each has stopped or failed to."""

    def __init__(self, statuses: Mapping[str, str | None]) -> None:
        """Take the last known status of each job."""
        self.job_ids = frozenset(statuses)
        self.pending = dict(statuses)
        """The jobs that have not ended, with their last status."""
        self.last: dict[str, Observation] = {}
        """The last observation of each job that gave a status."""
        self.error: JobError | None = None
        """Why no further observation can succeed; None as long as one can."""
        self._missing = MissingCounter()

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to observe."""
        return not self.pending or self.error is not None

    def observe(self, observations: Mapping[str, Observation], elapsed: float) -> None:
        """Record observations of pending jobs, ``elapsed`` seconds after the wait began."""
        for job_id, each in observations.items():
            observation = self._missing.count(job_id, each)
            if observation.unrecoverable and self.error is None:
                self.error = observation.reason
            if observation.status is None:
                continue
            self.last[job_id] = observation
            if _has_ended(observation, self.pending[job_id], elapsed):
                del self.pending[job_id]
            else:
                self.pending[job_id] = observation.status


class MissingCounter:
    """Counts observations in a row that find no such job. A single one may be wrong about a job that was there."""

    def __init__(self) -> None:
        """Start at zero for each job."""
        self._counts: dict[str, int] = {}

    def count(self, job_id: str, observation: Observation) -> Observation:
        """Count an observation, and return it as that of a deleted job where it confirms another one."""
        if observation.missing:
            self._counts[job_id] = self._counts.get(job_id, 0) + 1
        elif observation.status is not None:
            self._counts.pop(job_id, None)
        # A read that failed proves nothing, either way.
        return observation.as_deleted() if self._counts.get(job_id, 0) > 1 else observation


def _has_ended(observation: Observation, before: str | None, elapsed: float) -> bool:
    return observation.has_stopped or is_new_stop_failure(observation.status, before, elapsed)
