# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""DRS jobs: what a status means, and what an observation of a job shows.

Source of the statuses: QueryJobStatusResp of the official SDK (v3) and JobDetailResp (v5), 29 values together. The
phases are the contract of this collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple

from .errors import CloudError

STOP_FAILED = "RELEASE_RESOURCE_FAILED"
STOP_STARTED = "RELEASE_RESOURCE_STARTED"
STOP_COMPLETE = "RELEASE_RESOURCE_COMPLETE"
DELETED = "DELETED"

# A RELEASE_RESOURCE_FAILED of an earlier stop may still show for this many seconds after a new one was accepted.
_STALE_FAILURE_SECONDS = 60.0


class Phase(Enum):
    """A stage in the life of a job."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"
    MISSING = "missing"


_STATUSES = {
    Phase.STOPPED: (
        STOP_COMPLETE,
        "RELEASE_CHILD_TRANSFER_COMPLETE",
        DELETED,
        "CREATE_FAILED",  # there is nothing to stop: such a job is deleted (v3 page, Terraform provider)
    ),
    Phase.STOPPING: (STOP_STARTED, "RELEASE_CHILD_TRANSFER_STARTED"),
    Phase.NOT_STARTED: ("CREATING", "CONFIGURATION", "WAITING_FOR_START"),
    Phase.RUNNING: (
        "STARTJOBING",
        "FULL_TRANSFER_STARTED",
        "FULL_TRANSFER_COMPLETE",
        "INCRE_TRANSFER_STARTED",
        "PAUSING",
        "PAUSEING",  # how one page of the documentation spells it
        "REBUILD_NODE_STARTED",
        "CHANGE_JOB_STARTED",
        "CHILD_TRANSFER_STARTING",
        "CHILD_TRANSFER_STARTED",
        "CHILD_TRANSFER_COMPLETE",
        "NODE_UPGRADE_START",
        "NODE_UPGRADE_COMPLETE",
    ),
    Phase.FAILED: (
        STOP_FAILED,
        "START_JOB_FAILED",
        "FULL_TRANSFER_FAILED",
        "INCRE_TRANSFER_FAILED",
        "REBUILD_NODE_FAILED",
        "CHANGE_JOB_FAILED",
        "CHILD_TRANSFER_FAILED",
        "NODE_UPGRADE_FAILED",
    ),
}
_PHASES = {status: phase for phase, statuses in _STATUSES.items() for status in statuses}
KNOWN_STATUSES = tuple(sorted(_PHASES))
PHASES = tuple(phase.value for phase in Phase)
LISTED_PHASES = tuple(phase.value for phase in Phase if phase is not Phase.MISSING)
"""The phases of jobs in lists."""
RUNNING = Phase.RUNNING.value


def parse_phase(status: str) -> Phase:
    """Return the phase of a status. An unknown status means running: the cloud adds some over time."""
    return _PHASES.get(status.upper(), Phase.RUNNING)


def is_new_stop_failure(status: str | None, before: str | None, elapsed: float = 0.0) -> bool:
    """Return whether a status shows that a stop has failed, and not that an earlier stop had failed.

    ``before`` is the status before the stop, ``elapsed`` the seconds since it was accepted.
    """
    return status == STOP_FAILED and not (can_hide_stop_failure(before) and elapsed < _STALE_FAILURE_SECONDS)


def can_hide_stop_failure(before: str | None) -> bool:
    """Return whether a job with this status would look the same if another stop of it failed."""
    return before == STOP_FAILED


class StopRequest(NamedTuple):
    """A job to be stopped, by force or not."""

    job_id: str
    is_force_stop: bool
    name: str | None = None
    """The name that the job must have to be stopped; None for any."""


class JobError(NamedTuple):
    """Why a job could not be observed or stopped, in the cloud's words where it gave any."""

    error_code: str | None
    error_msg: str
    request_id: str | None = None
    http_status: int | None = None
    """The status of the response, where it refused the request as a whole."""
    detail: str | None = None
    """The whole error in one line, where there is more to say: the request, its host, what to do next."""

    @classmethod
    def from_error(cls, error: CloudError) -> JobError:
        """Return what an error of the client says of a job."""
        return cls(error.error_code, error.error_msg, error.request_id, error.status, str(error))


@dataclass(frozen=True)
class Observation:
    """One observation of a job: a status, or the reason why there is none."""

    status: str | None = None
    missing: bool = False
    reason: JobError | None = None
    name: str | None = None
    unrecoverable: bool = False
    """Whether no further observation can succeed: the credential is rejected for good."""
    is_refused: bool = False
    """Whether the cloud rejected the credential of this read."""
    details: Mapping[str, object] | None = field(default=None, compare=False, repr=False)
    """All that the response says of the job. It differs between calls, so it does not count in comparisons."""

    @property
    def phase(self) -> Phase | None:
        """The phase of the job, None where there is no status."""
        if self.missing:
            return Phase.MISSING
        return None if self.status is None else parse_phase(self.status)

    @property
    def is_unread(self) -> bool:
        """Whether it is not known what became of the job."""
        return self.phase is None

    @property
    def is_worth_another_call(self) -> bool:
        """Whether another API call may give the status that this one did not."""
        return self.is_unread and not self.is_refused

    @property
    def is_ending(self) -> bool:
        """Whether the job is stopping or stopped, whoever stopped it."""
        return self.phase in (Phase.STOPPING, Phase.STOPPED)

    @property
    def has_stopped(self) -> bool:
        """Whether the job has stopped."""
        return self.phase is Phase.STOPPED

    def stop_took_effect_since(self, before: str | None) -> bool:
        """Return whether a stop has taken effect since the job had the status ``before``, also one that failed.

        That there is no such job proves nothing yet, see `MissingCounter`.
        """
        return self.is_ending or is_new_stop_failure(self.status, before)

    def as_deleted(self) -> Observation:
        """Return the observation of a job that was there before, and is known to be gone."""
        return replace(self, status=DELETED, missing=False)
