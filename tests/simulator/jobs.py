# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs of the simulated DRS, whose stops take time."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import InitVar, dataclass, field
from typing import Any, NamedTuple

from . import statuses
from .answers import drs_error, drs_text
from .clock import Clock
from .settings import Settings


class AcceptedStop(NamedTuple):
    """An accepted stop."""

    job_id: str
    is_force_stop: bool
    time: float
    """Seconds since 1970-01-01 UTC."""


class Refusal(NamedTuple):
    """The error of an operation on a job."""

    error_code: str
    error_msg: str

    @classmethod
    def of(cls, code: str) -> Refusal:
        """Return a refusal with an error code of DRS and its usual text."""
        return cls(code, drs_text(code))


@dataclass(frozen=True)
class _Release:
    """A stop in progress: the times of its start and end, by the monotonic clock, and its statuses."""

    begins: float
    ends: float
    meanwhile: str
    ends_in: str

    def status_at(self, moment: float) -> str | None:
        if moment < self.begins:
            return None
        return self.meanwhile if moment < self.ends else self.ends_in


@dataclass
class Job:
    """A job. Its status is computed from the clock on each access. All fields may be changed at any time."""

    clock: Clock = field(repr=False)
    settings: Settings = field(repr=False)
    initial_status: InitVar[str]
    job_id: str
    name: str
    project_id: str
    job_type: str = "sync"
    engine_type: str = "mysql"
    net_type: str = "eip"
    job_direction: str = "up"
    task_type: str = "FULL_INCR_TRANS"
    charging_mode: str = "on_demand"
    enterprise_project_id: str = "0"
    description: str = ""
    parent_id: str | None = None
    """The parent of a subtask. The lists show a subtask only below its parent."""
    tags: dict[str, str] = field(default_factory=dict)
    release_seconds: float | None = None
    """The seconds that a stop takes. None means the setting of the cloud at the time of the stop."""
    stop_error: tuple[str, str] | None = None
    """The error code and text that refuse every stop of this job."""
    ends_in: str = statuses.COMPLETE
    """The status at the end of a stop."""
    lag: float | Sequence[tuple[float, float]] | None = 0.0
    """The seconds by which the target lags behind the source in the incremental phase. None is sent as ``-1``.

    A list of points, each the seconds since the job was added and the lag, makes it change in a straight line from one
    point to the next. Two points at the same time are a jump.
    """
    progress_error: tuple[str, str] | None = None
    """The error code and text of this job in the responses about progress."""
    rpo: float | None = 0.0
    rto: float | None = 0.0
    """The seconds of RPO and RTO of a disaster recovery job. None is sent as ``-1``."""
    poison: bool = False
    """Whether a stop of a batch with this job fails as a whole, with v5 and v3."""
    created_at: float = field(init=False)
    _added_at: float = field(init=False, repr=False)
    _before: str = field(init=False, repr=False)
    _release: _Release | None = field(init=False, repr=False)

    def __post_init__(self, initial_status: str) -> None:
        """Set the time of creation and the initial status."""
        self.created_at = self.clock.time()
        self._added_at = self.clock.monotonic()
        self.status = initial_status

    @property
    def status(self) -> str:
        """The current status."""
        return self._status_at(self.clock.monotonic())

    @status.setter
    def status(self, status: str) -> None:
        self._before = status
        self._release = None
        if status in statuses.STOPPING:
            self._start_release(status)

    @property
    def shown_status(self) -> str:
        """The status that the API returns: the status of ``status_lag`` seconds ago."""
        return self._status_at(self.clock.monotonic() - self.settings.status_lag)

    @property
    def shown_lag(self) -> float | None:
        """The current lag."""
        if self.lag is None or isinstance(self.lag, int | float):
            return self.lag
        times, lags = zip(*self.lag, strict=True)
        return interpolate(times, lags, self.clock.monotonic() - self._added_at)

    @property
    def create_time(self) -> str:
        """The time of creation in milliseconds since 1970-01-01 UTC, as the API returns it."""
        return str(round(self.created_at * 1000))

    def stop(self) -> Refusal | None:
        """Start to stop. Return the refusal, or None."""
        if self.stop_error is not None:
            return Refusal(*self.stop_error)
        code = statuses.refusal_of(self.status)
        if code is not None:
            return Refusal.of(code)
        self._before = self.status
        self._start_release(statuses.STARTED)
        return None

    def pause(self) -> Refusal | None:
        """Pause. Return the refusal, or None."""
        if self.status not in statuses.PAUSABLE:
            return Refusal.of(statuses.WRONG_STATE)
        self.status = statuses.PAUSED
        return None

    def _status_at(self, moment: float) -> str:
        return (self._release and self._release.status_at(moment)) or self._before

    def _start_release(self, meanwhile: str) -> None:
        begins = self.clock.monotonic()
        ends = begins + (self.settings.release_seconds if self.release_seconds is None else self.release_seconds)
        ends_in = statuses.CHILD_COMPLETE if meanwhile == statuses.CHILD_STARTED else self.ends_in
        self._release = _Release(begins, ends, meanwhile, ends_in)


def interpolate(times: Sequence[float], values: Sequence[float], moment: float) -> float:
    """Return the value at a moment, on straight lines between the points, and that of the first or last outside."""
    after = bisect_right(times, moment)
    if after in (0, len(times)):
        return values[min(after, len(times) - 1)]
    begin, end = times[after - 1], times[after]
    share = (moment - begin) / (end - begin)
    return values[after - 1] + share * (values[after] - values[after - 1])


class Jobs:
    """All jobs of all projects. Thread-safe."""

    def __init__(self, clock: Clock, settings: Settings, default_project: Callable[[], str]) -> None:
        """Initialize without jobs. ``default_project`` returns the project of jobs that are added without one."""
        self._clock = clock
        self._settings = settings
        self._default_project = default_project
        self._jobs: dict[str, Job] = {}
        self._lock = threading.RLock()
        self._stops_left: int | None = None
        self._hidden: frozenset[str] = frozenset()
        self.accepted_stops: list[AcceptedStop] = []

    def add(
        self,
        job_id: str,
        name: str | None = None,
        status: str = "INCRE_TRANSFER_STARTED",
        project_id: str | None = None,
        **details: Any,
    ) -> Job:
        """Add a job. Without a project it belongs to the first one.

        The details are fields of `Job`. Raise ValueError if the ID exists or the parent does not exist,
        TypeError for an unknown detail.
        """
        project_id = self._default_project() if project_id is None else project_id
        name = f"DRS-{job_id[-4:]}" if name is None else name
        job = Job(self._clock, self._settings, status, job_id=job_id, name=name, project_id=project_id, **details)
        with self._lock:
            if job_id in self._jobs:
                raise ValueError(f"there is a job {job_id} already")
            if job.parent_id is not None and self.find(project_id, job.parent_id) is None:
                raise ValueError(f"there is no job {job.parent_id} to be the parent of {job_id}")
            self._jobs[job_id] = job
        return job

    def get(self, job_id: str) -> Job:
        """Return a job of any project. Raise KeyError."""
        return self._jobs[job_id]

    def find(self, project_id: str, job_id: str) -> Job | None:
        """Return a job of this project, None if it does not exist."""
        job = None if job_id in self._hidden else self._jobs.get(job_id)
        return job if job is not None and job.project_id == project_id else None

    def all(self, project_id: str | None = None) -> list[Job]:
        """Return the jobs of a project (default: all projects) in the order of their creation."""
        with self._lock:
            return [job for job in self._jobs.values() if project_id in (None, job.project_id)]

    def children(self, job: Job) -> list[Job]:
        """Return the subtasks of a job."""
        return self.families(job.project_id).get(job.job_id, [])

    def families(self, project_id: str) -> dict[str, list[Job]]:
        """Return the subtasks of a project by the ID of their parent."""
        found: dict[str, list[Job]] = {}
        for job in self.all(project_id):
            if job.parent_id is not None:
                found.setdefault(job.parent_id, []).append(job)
        return found

    def stop(self, job: Job, is_force_stop: bool) -> Refusal | None:
        """Stop a job and record the stop. Return the refusal, or None. Raise ApiError if no more stops are accepted."""
        with self._lock:
            if self._stops_left == 0:
                raise drs_error("DRS.10000001")
            refusal = job.stop()
            if refusal is None:
                if self._stops_left is not None:
                    self._stops_left -= 1
                self.accepted_stops.append(AcceptedStop(job.job_id, is_force_stop, self._clock.time()))
            return refusal

    @contextmanager
    def impaired(self, accepts: int | None, hides: Collection[str]) -> Iterator[None]:
        """Accept at most ``accepts`` stops (None: all), and hide jobs, until the context exits."""
        self._stops_left, self._hidden = accepts, frozenset(hides)
        try:
            yield
        finally:
            self._stops_left, self._hidden = None, frozenset()

    def pause(self, job: Job) -> Refusal | None:
        """Pause a job. Return the refusal, or None."""
        with self._lock:
            return job.pause()

    def delete(self, job: Job) -> Refusal | None:
        """Delete a job and its subtasks. Return the refusal, or None."""
        with self._lock:
            if job.status not in statuses.DELETABLE:
                return Refusal.of(statuses.WRONG_STATE)
            for each in (job, *self.children(job)):
                self._jobs.pop(each.job_id, None)
            return None
