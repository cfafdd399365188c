# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what the status of a DRS job means, and what was seen of a job.

Source of the statuses: QueryJobStatusResp of the official SDK (v3) and JobDetailResp (v5), 29 values together; the
column "phase" is the contract of this collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from .errors import CloudError

STOP_FAILED = "RELEASE_RESOURCE_FAILED"
STOP_STARTED = "RELEASE_RESOURCE_STARTED"
STOP_COMPLETE = "RELEASE_RESOURCE_COMPLETE"
DELETED = "DELETED"


class Phase(Enum):
    """Where a job is in its life."""

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


def parse_phase(status: str) -> Phase:
    """Give the phase of a status. One that nobody knows yet is running: the cloud adds some over time."""
    return _PHASES.get(status.upper(), Phase.RUNNING)


class StopRequest(NamedTuple):
    """One job that the user named, and whether it is to be stopped by force."""

    job_id: str
    is_force_stop: bool


class JobError(NamedTuple):
    """Why something is not as asked, in the cloud's words where it gave any."""

    error_code: str | None
    error_msg: str
    request_id: str | None = None
    line: str | None = None
    """The whole story in one line, where there is more to say: what was tried, on which host, what to do next."""

    @classmethod
    def from_error(cls, error: CloudError) -> JobError:
        """Give what an error of the client says."""
        return cls(error.error_code, error.error_msg, error.request_id, str(error))


@dataclass(frozen=True)
class Observation:
    """What one look at a job gave: a status, or the reason why there is none."""

    status: str | None = None
    missing: bool = False
    reason: JobError | None = None
    name: str | None = None
    unrecoverable: bool = False
    """Whether no further look can succeed: the credential is dead."""
    is_refused: bool = False
    """Whether the cloud did not take the credential of this look."""
    details: Mapping[str, object] | None = field(default=None, compare=False, repr=False)
    """What else the answer said of the job, as it came. Of the same job it may differ, so it does not count."""

    @property
    def phase(self) -> Phase | None:
        """The phase of the job, None where the look gave nothing."""
        if self.missing:
            return Phase.MISSING
        return None if self.status is None else parse_phase(self.status)

    @property
    def is_worth_another_call(self) -> bool:
        """Whether another call may give the status that this look did not."""
        return self.phase is None and not self.is_refused

    @property
    def is_ending(self) -> bool:
        """Whether a stop, ours or somebody else's, has taken hold of the job."""
        return self.phase in (Phase.STOPPING, Phase.STOPPED)

    def stop_took_effect_since(self, before: str | None) -> bool:
        """Whether a stop has taken hold of the job since it had the status ``before``, whatever came of it."""
        if self.missing or self.is_ending:
            return True
        return self.status == STOP_FAILED and before != STOP_FAILED
