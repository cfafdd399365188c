# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls of the simulated DRS that return the progress of jobs, and how far they lag behind their sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .answers import Answer
from .cloud import Cloud
from .drs import check_distinct, for_project
from .jobs import Job, Refusal
from .records import RecordedRequest
from .routing import route
from .settings import ParentProgress
from .validation import Field, Malformed, Problem, json_object, known_query

_INCREMENTAL = "INCRE_TRANSFER_STARTED"
_FULL = ("FULL_TRANSFER_STARTED", "FULL_TRANSFER_FAILED")
# What services send where there is no delay (OTC DRS API reference, example 2 of batch-progress).
_NO_DELAY = "-1"


def batch_progress(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v3/{project_id}/jobs/batch-progress`` (drs_03_0114)."""
    return _batch(
        cloud, request, project_id, cloud.progress_http_status, lambda job: _progress(cloud, job, "incre_trans_delay")
    )


def batch_rpo_and_rto(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v3/{project_id}/jobs/batch-rpo-and-rto`` (drs_03_0117)."""
    return _batch(
        cloud,
        request,
        project_id,
        202,
        lambda job: {"rpo_info": _point(job, job.rpo), "rto_info": _point(job, job.rto)},
    )


def progress_info(cloud: Cloud, job: Job) -> dict[str, Any]:
    """Return the field ``progress_info`` of v5, which spells the delay in another way."""
    return _progress(cloud, job, "incr_trans_delay")


def _batch(
    cloud: Cloud, request: RecordedRequest, project_id: str, status: int, describe: Callable[[Job], dict[str, Any]]
) -> Answer:
    known_query(request, frozenset())
    job_ids: list[Any] = json_object(request, {"jobs": Field(list, required=True)})["jobs"]
    if not all(isinstance(job_id, str) and job_id for job_id in job_ids):
        raise Malformed(Problem.INVALID, "jobs")
    check_distinct(job_ids)
    results: list[dict[str, Any]] = []
    for job_id in job_ids:
        job = cloud.jobs.find(project_id, job_id)
        refusal = _find_refusal(cloud, job)
        if refusal is not None:
            # error_msg here, and error_message in batch-status. The code is INFERRED to be the same.
            results.append({"job_id": job_id, **refusal._asdict()})
        elif job is not None and not _is_parent_shown_as(cloud, job, "omit"):
            results.append({"job_id": job_id, **describe(job)})
    return Answer.of(status, {"count": len(results), "results": results})


def _find_refusal(cloud: Cloud, job: Job | None) -> Refusal | None:
    """Return the error in place of the progress of a job, None without one."""
    if job is None:
        return None if cloud.missing_shape == "omit" else Refusal.of("DRS.M00289")
    if job.progress_error is not None:
        return Refusal(*job.progress_error)
    return Refusal.of("DRS.M00307") if _is_parent_shown_as(cloud, job, "error") else None


def _is_parent_shown_as(cloud: Cloud, job: Job, shape: ParentProgress) -> bool:
    return cloud.parent_progress == shape and bool(cloud.jobs.children(job))


def _progress(cloud: Cloud, job: Job, delay_name: str) -> dict[str, Any]:
    is_incremental = job.shown_status == _INCREMENTAL
    lag = job.shown_lag if is_incremental and not _is_parent_shown_as(cloud, job, "none") else None
    delays = {
        "seconds": {delay_name: _NO_DELAY if lag is None else str(int(lag))},
        "milliseconds": {f"{delay_name}_millis": _NO_DELAY if lag is None else str(round(lag * 1000))},
    }
    percent = f"{50 if job.shown_status in _FULL else 100}%"
    return {
        "progress": "100" if is_incremental else "0",
        **{name: value for unit in cloud.delay_units for name, value in delays[unit].items()},
        "task_mode": job.task_type,
        "transfer_status": job.shown_status,
        "process_time": str(round(job.clock.time() * 1000)),
        "remaining_time": "0",
        "progress_map": {key: {"completed": percent, "remaining_time": None} for key in ("struct", "data", "index")},
    }


def _point(job: Job, delay: float | None) -> dict[str, Any]:
    shown = _NO_DELAY if delay is None or job.shown_status != _INCREMENTAL else str(round(delay * 1000))
    return {"check_point": "mysql-bin.000514:197", "delay": shown, "gtid_set": "NA", "time": "2026-01-01 08:00:00"}


ROUTES = (
    route("POST", "/v3/{project_id}/jobs/batch-progress", "batch-progress", for_project(batch_progress)),
    route("POST", "/v3/{project_id}/jobs/batch-rpo-and-rto", "batch-rpo-and-rto", for_project(batch_rpo_and_rto)),
)
