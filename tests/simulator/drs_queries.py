# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated DRS: the calls that read jobs."""

from __future__ import annotations

from math import ceil
from typing import Any

from . import statuses
from .answers import Answer, ApiError, drs_error, drs_text
from .cloud import Cloud
from .drs import check_distinct, for_project
from .jobs import Job
from .records import RecordedRequest
from .routing import route
from .validation import Field, Malformed, Problem, checked, json_object, known_query, whole_number

# OTC DRS API reference and official SDK: page_req of batch-status.
_DEFAULT_PER_PAGE = 5
_MAX_PER_PAGE = 100
# Official SDK, list_jobs_request.py.
_JOB_TYPES = ("migration", "sync", "cloudDataGuard", "replay")
_MAX_NAMES = 10
_SORT_KEYS = {
    "name": "name",
    "status": "shown_status",
    "create_time": "created_at",
    "net_type": "net_type",
    "job_direction": "job_direction",
    "pay_mode": "charging_mode",
}
_FILTERS = {
    "status": "shown_status",
    "engine_type": "engine_type",
    "net_type": "net_type",
    "enterprise_project_id": "enterprise_project_id",
}
_LIST_QUERY = frozenset(
    {"job_type", "name", "offset", "limit", "sort_key", "sort_dir", "instance_ids", "instance_ip", *_FILTERS}
)
# The default is not stated; other lists of DRS have this one.
_DEFAULT_LIMIT = 10


def batch_status(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Answer ``POST /v3/{project_id}/jobs/batch-status``."""
    known_query(request, frozenset())
    body = json_object(request, {"jobs": Field(list, required=True), "page_req": Field(dict)})
    job_ids: list[Any] = body["jobs"]
    if not all(isinstance(job_id, str) and job_id for job_id in job_ids):
        raise Malformed(Problem.INVALID, "jobs")
    check_distinct(job_ids)
    if cloud.missing_shape == "refuse":
        _refuse_missing(cloud, project_id, job_ids)
    results = []
    for job_id in _page(job_ids, body.get("page_req", {})):
        job = cloud.jobs.find(project_id, job_id)
        if job is not None:
            results.append({"id": job_id, "status": job.shown_status})
        elif cloud.missing_shape == "item":
            results.append(_missing(job_id))
    return Answer.of(200, {"results": results, "count": len(results)})


def list_jobs(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Answer ``GET /v5/{project_id}/jobs``."""
    query = known_query(request, _LIST_QUERY)
    _check_choice(query, "job_type", _JOB_TYPES, required=True)
    _check_choice(query, "status", statuses.LISTABLE)
    _check_choice(query, "sort_key", _SORT_KEYS)
    _check_choice(query, "sort_dir", ("asc", "desc"))
    if len(query.get("name", "").split(",")) > _MAX_NAMES:
        raise Malformed(Problem.INVALID, "name")
    offset = whole_number(query, "offset", 0)
    limit = whole_number(query, "limit", _DEFAULT_LIMIT, at_least=1)
    found = [job for job in cloud.jobs.all(project_id) if _is_listed(job, query)]
    sort_key = _SORT_KEYS[query.get("sort_key", "create_time")]
    found.sort(key=lambda job: getattr(job, sort_key), reverse=query.get("sort_dir", "desc") == "desc")
    items = [_list_item(job) for job in found[offset : offset + limit]]
    return Answer.of(200, {"total_count": len(found), "jobs": items})


def job_detail(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Answer ``GET /v5/{project_id}/jobs/{job_id}?type=detail``; the other types are not simulated."""
    query = known_query(request, frozenset({"type"}))
    _check_choice(query, "type", ("detail",), required=True)
    job = cloud.jobs.find(project_id, request.params["job_id"])
    if job is None:
        raise drs_error("DRS.10000010")
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
    detail = {"id": job.job_id, "status": job.shown_status, "create_time": _milliseconds(job), "base_info": base_info}
    return Answer.of(200, {"job": detail})


def _page(job_ids: list[str], page_req: dict[str, Any]) -> list[str]:
    checked(page_req, "page_req", {"cur_page": Field(int), "per_page": Field(int)})
    current = page_req.get("cur_page", 1)
    size = page_req.get("per_page", _DEFAULT_PER_PAGE)
    if not 0 <= size <= _MAX_PER_PAGE:
        raise drs_error("DRS.M00210", "per_page")
    if size == 0:
        # All of them at once; the page may only be 0 or 1 then (official SDK, page_req.py).
        if current not in (0, 1):
            raise drs_error("DRS.M00210", "cur_page")
        return job_ids
    if current < 1:
        raise drs_error("DRS.M00210", "cur_page")
    if current > ceil(len(job_ids) / size):
        raise drs_error("DRS.M00211")
    return job_ids[(current - 1) * size : current * size]


def _missing(job_id: str) -> dict[str, str]:
    # Here it is error_message, elsewhere error_msg (OTC DRS API reference).
    return {"id": job_id, "error_code": "DRS.M00289", "error_message": drs_text("DRS.M00289")}


def _refuse_missing(cloud: Cloud, project_id: str, job_ids: list[str]) -> None:
    # The Terraform provider reads this shape.
    for job_id in job_ids:
        if cloud.jobs.find(project_id, job_id) is None:
            raise ApiError(400, {"count": 1, "results": [_missing(job_id)]})


def _check_choice(query: dict[str, str], name: str, choices: Any, required: bool = False) -> None:
    if required and not query.get(name):
        raise Malformed(Problem.MISSING, name)
    if query.get(name) and query[name] not in choices:
        raise Malformed(Problem.INVALID, name)


def _is_listed(job: Job, query: dict[str, str]) -> bool:
    names = query.get("name", "")
    return (
        job.job_type == query["job_type"]
        and job.shown_status != statuses.DELETED
        and (not names or not {job.job_id, job.name}.isdisjoint(names.split(",")))
        and all(getattr(job, field) == query[name] for name, field in _FILTERS.items() if query.get(name))
        # No simulated job is bound to a database instance of the cloud.
        and not query.get("instance_ids")
        and not query.get("instance_ip")
    )


def _list_item(job: Job) -> dict[str, Any]:
    status = job.shown_status
    ended = status in statuses.STOPPED
    stoppable = statuses.refusal_of(status) is None
    return {
        "id": job.job_id,
        "name": job.name,
        "status": status,
        "description": job.description,
        "create_time": _milliseconds(job),
        "engine_type": job.engine_type,
        "net_type": job.net_type,
        "charging_mode": job.charging_mode,
        "billing_tag": not ended,
        "job_direction": job.job_direction,
        "job_type": job.job_type,
        "task_type": job.task_type,
        "enterprise_project_id": job.enterprise_project_id,
        "job_mode": "single",
        "is_multi_az": False,
        "job_action": {
            # FREE_RESOURCE is the name of ending a job, DELETE of removing the entry (official SDK, job_actions.py).
            "available_actions": ["FREE_RESOURCE"] if stoppable else ["DELETE"] if ended else [],
            "unavailable_actions": [],
            "current_action": "FREE_RESOURCE" if status in statuses.STOPPING else "",
        },
        "children": [],
    }


def _milliseconds(job: Job) -> str:
    return str(round(job.created_at * 1000))


ROUTES = (
    route("POST", "/v3/{project_id}/jobs/batch-status", "batch-status", for_project(batch_status)),
    route("GET", "/v5/{project_id}/jobs", "jobs", for_project(list_jobs)),
    route("GET", "/v5/{project_id}/jobs/{job_id}", "job-detail", for_project(job_detail)),
)
