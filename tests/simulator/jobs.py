# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs of the simulated DRS, and how they stop as time passes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import InitVar, dataclass, field
from typing import Any, NamedTuple

from . import statuses
from .answers import drs_error, drs_text
from .clock import Clock
from .settings import Settings


class AcceptedStop(NamedTuple):
    """One stop that the cloud took on."""

    job_id: str
    is_force_stop: bool
    time: float
    """Seconds since 1970-01-01 UTC."""


class Refusal(NamedTuple):
    """Why something was not done with a job."""

    error_code: str
    error_msg: str

    @classmethod
    def of(cls, code: str) -> Refusal:
        """Make one from an error code of DRS, with its usual text."""
        return cls(code, drs_text(code))


@dataclass(frozen=True)
class _Release:
    """A stop under way: the resources are released from one moment to another, by the monotonic clock."""

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
    """A job; its status is worked out from the clock whenever somebody asks. All fields may be changed at any time."""

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
    """The job that this one is a subtask of; the lists show it there, and not as an item of its own."""
    tags: dict[str, str] = field(default_factory=dict)
    release_seconds: float | None = None
    """How long this job takes to stop; None for the setting of the cloud as it is when the stop is accepted."""
    stop_error: tuple[str, str] | None = None
    """Error code and text with which every stop of this job is refused."""
    ends_in: str = statuses.COMPLETE
    """The status that a stop ends in."""
    poison: bool = False
    """Whether a batch-stop that holds this job fails as a whole, be it v5's or v3's."""
    created_at: float = field(init=False)
    _before: str = field(init=False, repr=False)
    _release: _Release | None = field(init=False, repr=False)

    def __post_init__(self, initial_status: str) -> None:
        """Begin to live."""
        self.created_at = self.clock.time()
        self.status = initial_status

    @property
    def status(self) -> str:
        """The true status as of now."""
        return self._status_at(self.clock.monotonic())

    @status.setter
    def status(self, status: str) -> None:
        self._before = status
        self._release = None
        if status in statuses.STOPPING:
            self._start_release(status)

    @property
    def shown_status(self) -> str:
        """The status that the API shows as of now: the true one, ``status_lag`` seconds ago."""
        return self._status_at(self.clock.monotonic() - self.settings.status_lag)

    @property
    def create_time(self) -> str:
        """When it was added, in milliseconds since 1970-01-01 UTC, as the API writes it."""
        return str(round(self.created_at * 1000))

    def stop(self) -> Refusal | None:
        """Begin to stop, or say why not."""
        if self.stop_error is not None:
            return Refusal(*self.stop_error)
        code = statuses.refusal_of(self.status)
        if code is not None:
            return Refusal.of(code)
        self._before = self.status
        self._start_release(statuses.STARTED)
        return None

    def pause(self) -> Refusal | None:
        """Pause, or say why not."""
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


class Jobs:
    """All jobs of all projects. Safe to share between threads."""

    def __init__(self, clock: Clock, settings: Settings, default_project: Callable[[], str]) -> None:
        """Take what gives the project of a job that is added without one."""
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
        """Add a job; without a project it belongs to the first one.

        The details are the fields of `Job`. Raises ValueError if the ID is taken or its parent does not exist,
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
        """Give a job of any project. Raises KeyError."""
        return self._jobs[job_id]

    def find(self, project_id: str, job_id: str) -> Job | None:
        """Give a job of this project, None if it has no such job."""
        job = None if job_id in self._hidden else self._jobs.get(job_id)
        return job if job is not None and job.project_id == project_id else None

    def all(self, project_id: str | None = None) -> list[Job]:
        """Give the jobs of a project, or of all, in the order in which they were added."""
        with self._lock:
            return [job for job in self._jobs.values() if project_id in (None, job.project_id)]

    def children(self, job: Job) -> list[Job]:
        """Give the subtasks of a job."""
        return [each for each in self.all(job.project_id) if each.parent_id == job.job_id]

    def stop(self, job: Job, is_force_stop: bool) -> Refusal | None:
        """Stop a job and note it, or say why not. Raises ApiError where no more stops are taken on."""
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
        """Take on only so many stops, None for all, and know nothing of some jobs, for as long as this lasts."""
        self._stops_left, self._hidden = accepts, frozenset(hides)
        try:
            yield
        finally:
            self._stops_left, self._hidden = None, frozenset()

    def pause(self, job: Job) -> Refusal | None:
        """Pause a job, or say why not."""
        with self._lock:
            return job.pause()

    def delete(self, job: Job) -> Refusal | None:
        """Remove the entry of a job, and those of its subtasks; or say why not."""
        with self._lock:
            if job.status not in statuses.DELETABLE:
                return Refusal.of(statuses.WRONG_STATE)
            for each in (job, *self.children(job)):
                self._jobs.pop(each.job_id, None)
            return None
