# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated DRS: the calls that list jobs. Subtasks are listed only below their parents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import statuses
from .answers import Answer
from .cloud import Cloud
from .drs import for_project
from .drs_paging import PAGE_FIELDS, page_of
from .jobs import Job
from .records import RecordedRequest
from .routing import route
from .validation import Field, Malformed, Problem, check_choice, json_object, known_query, whole_number

# Official SDK, list_jobs_request.py and query_jobs_req.py.
_V3_JOB_TYPES = ("migration", "sync", "cloudDataGuard")
_NET_TYPES = ("vpn", "vpc", "eip")
_V5_MAX_NAMES = 10
_V3_MAX_NAMES = 100
_MAX_INSTANCES = 10
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
_V5_QUERY = frozenset(
    {"job_type", "name", "offset", "limit", "sort_key", "sort_dir", "instance_ids", "instance_ip", *_FILTERS}
)
_V3_BODY = {
    **PAGE_FIELDS,
    "db_use_type": Field(str, required=True),
    "tags": Field(dict, nullable=True),
    "instance_ids": Field(list, nullable=True),
    **{name: Field(str, nullable=True) for name in ("name", "service_name", "instance_ip", *_FILTERS)},
}
# The default of v5 is not documented. Other lists of DRS have this one.
_DEFAULT_LIMIT = 10


def list_jobs(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``GET /v5/{project_id}/jobs``."""
    query = known_query(request, _V5_QUERY)
    check_choice(query, "job_type", cloud.job_types, required=True)
    check_choice(query, "status", statuses.LISTABLE)
    check_choice(query, "sort_key", _SORT_KEYS)
    check_choice(query, "sort_dir", ("asc", "desc"))
    _check_length(query.get("name", "").split(","), "name", _V5_MAX_NAMES)
    offset = whole_number(query, "offset", 0)
    limit = whole_number(query, "limit", _DEFAULT_LIMIT, at_least=1)
    if cloud.max_limit is not None:
        limit = min(limit, cloud.max_limit)
    found = [job for job in _found(cloud, project_id, query["job_type"], query) if _is_in_v5(cloud, job)]
    sort_key = _SORT_KEYS[query.get("sort_key", "create_time")]
    found.sort(key=lambda job: getattr(job, sort_key), reverse=query.get("sort_dir", "desc") == "desc")
    families = cloud.jobs.families(project_id)
    items = [_v5_item(job, _children(families, job)) for job in found[offset : offset + limit]]
    return Answer.of(200, {"total_count": len(found), "jobs": items})


def job_list(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v3/{project_id}/jobs``."""
    known_query(request, frozenset())
    body = json_object(request, _V3_BODY)
    check_choice(body, "db_use_type", _V3_JOB_TYPES)
    check_choice(body, "status", statuses.ALL)
    check_choice(body, "net_type", _NET_TYPES)
    check_choice(body, "service_name", ("eps",))
    _check_length((body.get("name") or "").split(","), "name", _V3_MAX_NAMES)
    _check_length(_texts(body.get("instance_ids") or [], "instance_ids"), "instance_ids", _MAX_INSTANCES)
    # Null means all. Only here an empty string is an error (query_jobs_req.py).
    if body.get("enterprise_project_id") == "":
        raise Malformed(Problem.INVALID, "enterprise_project_id")
    tags: dict[str, str] = body.get("tags") or {}
    _texts(tags.values(), "tags")
    found = _found(cloud, project_id, body["db_use_type"], body)
    found = [job for job in found if tags.items() <= job.tags.items()]
    # The order is not documented. This is the order of v5.
    found.sort(key=lambda job: job.created_at, reverse=True)
    families = cloud.jobs.families(project_id)
    items = [_v3_item(job, _children(families, job)) for job in page_of(found, body, _DEFAULT_LIMIT)]
    return Answer.of(200, {"total_record": len(found), "jobs": items})


def _texts(values: Iterable[Any], name: str) -> list[str]:
    texts = list(values)
    if not all(isinstance(text, str) for text in texts):
        raise Malformed(Problem.INVALID, name)
    return texts


def _check_length(values: list[str], name: str, most: int) -> None:
    if len(values) > most:
        raise Malformed(Problem.INVALID, name)


def _found(cloud: Cloud, project_id: str, job_type: str, wanted: Mapping[str, Any]) -> list[Job]:
    if wanted.get("instance_ids") or wanted.get("instance_ip"):
        # No simulated job belongs to a database instance of the cloud.
        return []
    names = (wanted.get("name") or "").split(",")
    return [
        job
        for job in cloud.jobs.all(project_id)
        if job.job_type == job_type
        and job.parent_id is None
        # A deleted job is not listed. But v3 accepts this status as a filter, and then returns it (INFERRED).
        and (job.shown_status != statuses.DELETED or wanted.get("status") == statuses.DELETED)
        and (names == [""] or not {job.job_id, job.name}.isdisjoint(names))
        and all(getattr(job, field) == wanted[name] for name, field in _FILTERS.items() if wanted.get(name))
    ]


def _is_in_v5(cloud: Cloud, job: Job) -> bool:
    return cloud.listed_engines is None or job.engine_type in cloud.listed_engines


def _children(families: Mapping[str, list[Job]], job: Job) -> list[Job]:
    return [child for child in families.get(job.job_id, ()) if child.shown_status != statuses.DELETED]


def _v5_item(job: Job, children: list[Job]) -> dict[str, Any]:
    role = {"job_mode_role": "parent"} if children else {}
    return {
        **_v5_described(job),
        **role,
        "children": [{**_v5_described(child), "job_mode_role": "child"} for child in children],
    }


def _v3_item(job: Job, children: list[Job]) -> dict[str, Any]:
    return {**_v3_described(job), "children": [_v3_described(child) for child in children]}


def _v5_described(job: Job) -> dict[str, Any]:
    return {
        **_described(job),
        "charging_mode": job.charging_mode,
        "job_type": job.job_type,
        "enterprise_project_id": job.enterprise_project_id,
        "job_mode": "single",
        "is_multi_az": False,
    }


def _v3_described(job: Job) -> dict[str, Any]:
    # The spelling of node_newFramework is that of the API (official SDK, job_info.py).
    return {**_described(job), "db_use_type": job.job_type, "node_newFramework": False}


def _described(job: Job) -> dict[str, Any]:
    status = job.shown_status
    ended = status in statuses.STOPPED
    stoppable = statuses.refusal_of(status) is None
    return {
        "id": job.job_id,
        "name": job.name,
        "status": status,
        "description": job.description,
        "create_time": job.create_time,
        "engine_type": job.engine_type,
        "net_type": job.net_type,
        "billing_tag": not ended,
        "job_direction": job.job_direction,
        "task_type": job.task_type,
        "job_action": {
            # FREE_RESOURCE ends a job, DELETE removes it from the list (official SDK, job_actions.py).
            "available_actions": ["FREE_RESOURCE"] if stoppable else ["DELETE"] if ended else [],
            "unavailable_actions": [],
            "current_action": "FREE_RESOURCE" if status in statuses.STOPPING else "",
        },
    }


ROUTES = (
    route("GET", "/v5/{project_id}/jobs", "jobs", for_project(list_jobs)),
    route("POST", "/v3/{project_id}/jobs", "job-list", for_project(job_list)),
)
