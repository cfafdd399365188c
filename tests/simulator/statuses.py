# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The statuses of jobs: which are known, which refuse a stop, and with which error.

The names are the union of the v3 and v5 models of the official SDK. The user guide of the console lists the statuses
that allow a stop, the API page does not. The documentation of the Terraform provider states that a stop of a stopped or
stopping job fails. Its code is not documented, so the closest of the OTC DRS error codes is used.
"""

from __future__ import annotations

STARTED = "RELEASE_RESOURCE_STARTED"
COMPLETE = "RELEASE_RESOURCE_COMPLETE"
FAILED = "RELEASE_RESOURCE_FAILED"
CHILD_STARTED = "RELEASE_CHILD_TRANSFER_STARTED"
CHILD_COMPLETE = "RELEASE_CHILD_TRANSFER_COMPLETE"
DELETED = "DELETED"
PAUSED = "PAUSING"

STOPPING = frozenset({STARTED, CHILD_STARTED})
STOPPED = frozenset({COMPLETE, CHILD_COMPLETE})

# The 22 values of the filter of the v5 list (official SDK, list_jobs_request.py).
LISTABLE = frozenset(
    {
        "CREATING",
        "CREATE_FAILED",
        "CONFIGURATION",
        "STARTJOBING",
        "WAITING_FOR_START",
        "START_JOB_FAILED",
        "FULL_TRANSFER_STARTED",
        "FULL_TRANSFER_FAILED",
        "FULL_TRANSFER_COMPLETE",
        "INCRE_TRANSFER_STARTED",
        "INCRE_TRANSFER_FAILED",
        "RELEASE_RESOURCE_STARTED",
        "RELEASE_RESOURCE_FAILED",
        "RELEASE_RESOURCE_COMPLETE",
        "CHANGE_JOB_STARTED",
        "CHANGE_JOB_FAILED",
        "CHILD_TRANSFER_STARTING",
        "CHILD_TRANSFER_STARTED",
        "CHILD_TRANSFER_COMPLETE",
        "CHILD_TRANSFER_FAILED",
        "RELEASE_CHILD_TRANSFER_STARTED",
        "RELEASE_CHILD_TRANSFER_COMPLETE",
    }
)

# The 29 values of the filter of the v3 list (official SDK, query_jobs_req.py).
ALL = LISTABLE | {
    PAUSED,
    DELETED,
    "REBUILD_NODE_STARTED",
    "REBUILD_NODE_FAILED",
    "NODE_UPGRADE_START",
    "NODE_UPGRADE_COMPLETE",
    "NODE_UPGRADE_FAILED",
}

# Page of the v3 stop: jobs that have ended or were never created can be deleted.
DELETABLE = STOPPED | {"CREATE_FAILED"}
# INFERRED: running jobs. No source lists the statuses.
PAUSABLE = frozenset({"FULL_TRANSFER_STARTED", "FULL_TRANSFER_COMPLETE", "INCRE_TRANSFER_STARTED"})

WRONG_STATE = "DRS.M00304"
_BUSY = "DRS.M01504"

_REFUSALS: dict[str, str] = {
    **dict.fromkeys(STOPPING | STOPPED, WRONG_STATE),
    # A job that was never created is deleted, not stopped (v3 rules; the Terraform provider sends no stop).
    "CREATE_FAILED": WRONG_STATE,
    # User guide: these jobs cannot be stopped until the operation in progress has ended.
    "STARTJOBING": _BUSY,
    "REBUILD_NODE_STARTED": _BUSY,
    DELETED: "DRS.M05004",
}


def refusal_of(status: str) -> str | None:
    """Return the error code of a stop in this status, None if the stop is accepted."""
    return _REFUSALS.get(status)
