# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Which jobs lag little enough to be stopped, from one sample to the next. No I/O, no clock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .job_lag import Lag

_MAX_SAMPLE_AGE = 10.0  # seconds


class LagLimits(NamedTuple):
    """How far a job may lag to be stopped. All in seconds."""

    max_lag: float
    max_lag_for: float = 30.0
    """For how long each sample has to be within ``max_lag``."""
    lag_timeout: float = 0.0
    """How long a job that lags is waited for."""

    def find_problem(self, lag: Lag) -> str | None:
        """Return why a job with this lag may not be stopped, None if it may."""
        if lag.seconds is None:
            return f"its lag is not known: {lag.reason}"
        return None if lag.seconds <= self.max_lag else f"its lag of {lag.seconds:g} s is over {self.max_lag:g} s"


class LagGuard:
    """The jobs that may only be stopped with a small lag. ``elapsed`` is in seconds since the guard began."""

    def __init__(self, limits: LagLimits, job_ids: Iterable[str], wait_interval: float) -> None:
        """Begin without a sample. ``wait_interval`` bounds the age of the sample that a stop is based on."""
        self._limits = limits
        self.max_sample_age = min(wait_interval, _MAX_SAMPLE_AGE)
        self._job_ids = list(job_ids)
        self.undecided = list(self._job_ids)
        """The jobs that are neither ready nor held."""
        self.held: dict[str, str] = {}
        """Why each job is held."""
        self.lags: dict[str, float | None] = {}
        """The last lag of each job in seconds, None if it was unknown."""
        self._released: set[str] = set()
        self._good_since: dict[str, float] = {}
        self._sampled_at: dict[str, float] = {}

    @property
    def watched(self) -> list[str]:
        """The jobs that are not held. Those that are ready have to stay it until the others are decided."""
        return [job_id for job_id in self._job_ids if job_id not in self.held and job_id not in self._released]

    def sample(self, lags: Mapping[str, Lag], elapsed: float, *, only_one: bool = False) -> None:
        """Take a sample of watched jobs. ``only_one``: no other follows, since their stop is about to be sent."""
        for job_id, lag in lags.items():
            self.lags[job_id], self._sampled_at[job_id] = lag.seconds, elapsed
            problem = self._limits.find_problem(lag)
            if problem is None:
                self._good_since.setdefault(job_id, elapsed)
                continue
            self._good_since.pop(job_id, None)
            if only_one or elapsed >= self._limits.lag_timeout:
                within = (
                    f" (within {self._limits.lag_timeout:g} s)" if self._limits.lag_timeout and not only_one else ""
                )
                self.held[job_id] = f"{problem}{within}"
        self.undecided = [
            job_id
            for job_id in self.watched
            if not (job_id in self._good_since if only_one else self._is_ready(job_id))
        ]

    def release(self, job_ids: Iterable[str]) -> None:
        """Watch these jobs no longer: they have stopped or are stopping."""
        self._released.update(job_ids)
        self.undecided = [job_id for job_id in self.undecided if job_id not in self._released]

    def select_stale(self, job_ids: Iterable[str], elapsed: float) -> list[str]:
        """Return which of these jobs need another sample before they are stopped."""
        return [job_id for job_id in job_ids if self._age(job_id, elapsed) > self.max_sample_age]

    def hold_undecided(self, reason: str) -> None:
        """Hold all jobs that are not decided yet."""
        self.held.update(dict.fromkeys(self.undecided, reason))
        self.undecided = []

    def _age(self, job_id: str, elapsed: float) -> float:
        return elapsed - self._sampled_at.get(job_id, -math.inf)

    def _is_ready(self, job_id: str) -> bool:
        since = self._good_since.get(job_id)
        return since is not None and self._sampled_at[job_id] - since >= self._limits.max_lag_for
