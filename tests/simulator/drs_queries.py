# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated DRS: the calls that read jobs by their IDs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .answers import Answer, ApiError, drs_error, drs_text
from .cloud import Cloud
from .drs import check_distinct, for_project
from .drs_paging import PAGE_FIELDS, page_of
from .drs_progress import progress_info
from .jobs import Job
from .records import RecordedRequest
from .routing import route
from .validation import Field, Malformed, Problem, check_choice, checked, json_object, known_query

# OTC DRS API reference and official SDK: page_req of batch-status and batch-detail.
_DEFAULT_PER_PAGE = 5


def batch_status(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v3/{project_id}/jobs/batch-status``."""
    return _batch(cloud, request, project_id, lambda job: {"id": job.job_id, "status": job.shown_status})


def batch_detail(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v3/{project_id}/jobs/batch-detail``."""
    return _batch(cloud, request, project_id, lambda job: _v3_detail(cloud, job))


def job_detail(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``GET /v5/{project_id}/jobs/{job_id}?type=detail`` and ``progress``. Other types are not simulated."""
    query = known_query(request, frozenset({"type"}))
    check_choice(query, "type", ("detail", "progress"), required=True)
    job = cloud.jobs.find(project_id, request.params["job_id"])
    if job is None:
        raise drs_error("DRS.10000010")
    if query["type"] == "progress":
        answer = {"id": job.job_id, "status": job.shown_status, "progress_info": progress_info(cloud, job)}
        return Answer.of(200, {"job": answer})
    base_info = {
        "name": job.name,
        "job_type": job.job_type,
        "engine_type": job.engine_type,
        "job_direction": job.job_direction,
        "task_type": job.task_type,
        "net_type": job.net_type,
        "charging_mode": job.charging_mode,
        "enterprise_project_id": job.enterprise_project_id,
        "description": job.description,
    }
    detail = {"id": job.job_id, "status": job.shown_status, "create_time": job.create_time, "base_info": base_info}
    return Answer.of(200, {"job": detail})


def _batch(
    cloud: Cloud, request: RecordedRequest, project_id: str, describe: Callable[[Job], dict[str, Any]]
) -> Answer:
    known_query(request, frozenset())
    body = json_object(request, {"jobs": Field(list, required=True), "page_req": Field(dict)})
    job_ids: list[Any] = body["jobs"]
    if not all(isinstance(job_id, str) and job_id for job_id in job_ids):
        raise Malformed(Problem.INVALID, "jobs")
    check_distinct(job_ids)
    page_req = checked(body.get("page_req", {}), "page_req", PAGE_FIELDS)
    if cloud.missing_shape == "refuse":
        _refuse_missing(cloud, project_id, job_ids)
    results = []
    for job_id in page_of(job_ids, page_req, _DEFAULT_PER_PAGE):
        job = cloud.jobs.find(project_id, job_id)
        if job is not None:
            results.append(describe(job))
        elif cloud.missing_shape == "item":
            results.append(_missing(job_id))
    return Answer.of(200, {"results": results, "count": len(results)})


def _missing(job_id: str) -> dict[str, str]:
    # error_message here, error_msg elsewhere (OTC DRS API reference).
    return {"id": job_id, "error_code": "DRS.M00289", "error_message": drs_text("DRS.M00289")}


def _refuse_missing(cloud: Cloud, project_id: str, job_ids: list[str]) -> None:
    # The Terraform provider parses this shape.
    for job_id in job_ids:
        if cloud.jobs.find(project_id, job_id) is None:
            raise ApiError(400, {"count": 1, "results": [_missing(job_id)]})


def _v3_detail(cloud: Cloud, job: Job) -> dict[str, Any]:
    # The name mysql-to-kafka holds both databases. Without "-to-" both have the same type.
    source, _to, target = job.engine_type.removeprefix("cloudDataGuard-").partition("-to-")
    detail: dict[str, Any] = {
        "id": job.job_id,
        "name": job.name,
        "status": job.shown_status,
        "description": job.description,
        "create_time": job.create_time,
        "task_type": job.task_type,
        "net_type": job.net_type,
        "job_direction": job.job_direction,
        "db_use_type": job.job_type,
        "is_multi_az": False,
        # Its values are not documented.
        "node_role": "",
        "source_endpoint": {"db_type": source, "db_user": "source_user", "ip": "192.0.2.1", "ssl_link": False},
        "target_endpoint": {"db_type": target or source, "db_user": "target_user", "ip": "192.0.2.2"},
        "tags": [{"key": key, "value": value} for key, value in job.tags.items()],
    }
    if job.parent_id is not None:
        detail |= {"parent_id": job.parent_id, "master_job_id": job.parent_id}
    if job.job_type == "cloudDataGuard" and cloud.jobs.children(job):
        # Dual-active disaster recovery: a subtask for each direction.
        detail["multi_write"] = True
    if job.charging_mode == "period":
        # The Terraform provider detects by this that a job must be unsubscribed.
        detail["period_order"] = {"order_id": f"CS{job.create_time}"}
    return detail


ROUTES = (
    route("POST", "/v3/{project_id}/jobs/batch-status", "batch-status", for_project(batch_status)),
    route("POST", "/v3/{project_id}/jobs/batch-detail", "batch-detail", for_project(batch_detail)),
    route("GET", "/v5/{project_id}/jobs/{job_id}", "job-detail", for_project(job_detail)),
)
