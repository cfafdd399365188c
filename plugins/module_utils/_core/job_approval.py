# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What one run of the playbook has shown, and another one may stop. Pure.

An approval is handed on as an artifact of AWX, so it holds plain values, and no secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .jobs import Phase
from .stop_report import JobResult, Outcome

Row = Mapping[str, Any]

# Jobs that need no stop any more, and those that the stop itself reports as missing.
_NOT_TO_STOP = (Phase.STOPPING.value, Phase.STOPPED.value, Phase.MISSING.value)
_APPROVABLE = (Outcome.WOULD_STOP.value, Outcome.UNCHANGED.value)


def build_approval(rows: Iterable[Row], jobs: Iterable[Row], place: str) -> dict[str, Any]:
    """Return the approval of the jobs that a stop in check mode would stop, or would wait for.

    ``rows`` are those of drs_job_batch_stop in check mode, ``jobs`` those of drs_job_info about the same jobs.
    """
    described = {job["id"]: job for job in jobs}
    approved = [
        {
            "job_id": row["job_id"],
            "name": row["name"],
            "is_force_stop": row["is_force_stop"],
            "phase": described.get(row["job_id"], {}).get("phase"),
            "lag": described.get(row["job_id"], {}).get("lag"),
        }
        for row in rows
        if row["outcome"] in _APPROVABLE
    ]
    return {"place": place, "count": len(approved), "jobs": approved}


def hold_changed_jobs(jobs: Iterable[Row], approved_jobs: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows, as of drs_job_batch_stop, of the jobs that are in another phase than when they were approved.

    ``jobs`` are rows of drs_job_info. A job that has stopped or is stopping gets no stop, so it is not held.
    """
    approved = {entry["job_id"]: entry for entry in approved_jobs}
    return [
        _hold(job, approved[job["id"]])
        for job in jobs
        if job["phase"] not in (*_NOT_TO_STOP, approved[job["id"]]["phase"])
    ]


def _hold(job: Row, entry: Row) -> dict[str, Any]:
    return JobResult(
        job_id=job["id"],
        name=job["name"],
        is_force_stop=entry["is_force_stop"],
        changed=False,
        outcome=Outcome.HELD.value,
        status_before=job["status"],
        status=job["status"],
        error_code=None,
        error_msg=f"its phase was {entry['phase']} when it was approved, and is {job['phase']} now",
        request_id=None,
    )._asdict()
