# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated DRS: the common parts of its calls, and the calls of v5 that stop jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .answers import Answer, drs_error, gateway_error
from .cloud import Cloud
from .gateway import authenticate, throttle
from .jobs import Job, Refusal
from .records import RecordedRequest
from .routing import Handler, route
from .validation import Field, Malformed, Problem, checked, json_object, known_query

ProjectHandler = Callable[[Cloud, RecordedRequest, str], Answer]

_PROBLEM_CODES = {
    Problem.NOT_JSON: "DRS.M00300",
    Problem.UNKNOWN: "DRS.M00300",
    Problem.MISSING: "DRS.M00201",
    Problem.INVALID: "DRS.M00202",
}
# API page, table 2.
_LANGUAGES = ("en-us", "zh-cn")


def for_project(handler: ProjectHandler) -> Handler:
    """Wrap a call of DRS: authenticate, throttle, check project and language, and report malformed requests."""

    def handle(cloud: Cloud, request: RecordedRequest) -> Answer:
        _check_published(cloud, request)
        caller = authenticate(cloud, request)
        throttle(cloud, caller)
        project_id = request.params["project_id"]
        project = cloud.accounts.project(project_id)
        if project is None:
            raise drs_error("DRS.M00261")
        if not caller.may_use(project):
            # A token is bound to one project, and a token of an account to none. For other projects the validation of
            # the token with IAM fails (M00100). An access key is valid everywhere, but lacks a permission (M00102).
            raise drs_error("DRS.M00100" if caller.token else "DRS.M00102")
        if not project.enabled:
            raise gateway_error("0310")
        if request.endpoint in caller.grant.acts_as.forbidden:
            # Each call has its own permission, for example drs:migrationJobs:getProgress ("Permissions and Actions").
            raise drs_error("DRS.M00102")
        try:
            if request.headers.get("X-Language", _LANGUAGES[0]) not in _LANGUAGES:
                raise Malformed(Problem.INVALID, "X-Language")
            return handler(cloud, request, project_id)
        except Malformed as error:
            raise drs_error(_PROBLEM_CODES[error.problem], error.where) from error

    return handle


def _check_published(cloud: Cloud, request: RecordedRequest) -> None:
    # The gateway checks whether the API is published before it authenticates the caller.
    generation = request.path.split("/")[1]
    if generation not in cloud.generations or request.endpoint in cloud.unpublished:
        raise gateway_error("0101")


def check_distinct(job_ids: list[str]) -> None:
    """Raise ApiError if an ID occurs twice."""
    if len(set(job_ids)) != len(job_ids):
        raise drs_error("DRS.M00301", "job_id")


def find_all(cloud: Cloud, project_id: str, job_ids: list[str]) -> list[Job | None]:
    """Return the jobs of a batch, None for each missing one. Raise ApiError if the batch is refused as a whole."""
    check_distinct(job_ids)
    jobs = [cloud.jobs.find(project_id, job_id) for job_id in job_ids]
    # The code is from the v5 page. For v3 it is INFERRED to be the same.
    too_many = cloud.max_batch is not None and len(job_ids) > cloud.max_batch
    if too_many or any(job is not None and job.poison for job in jobs):
        raise drs_error("DRS.10000001")
    return jobs


def outcome(cloud: Cloud, refusal: Refusal | None) -> dict[str, str]:
    """Return the fields of a result of a batch: the status, and the error of a refusal."""
    if refusal is None:
        return {"status": _spell(cloud, "success")}
    return {"status": _spell(cloud, "failed"), **refusal._asdict()}


def batch_stop(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v5/{project_id}/jobs/batch-stop`` (API page)."""
    known_query(request, frozenset())
    entries = json_object(request, {"jobs": Field(list, required=True)})["jobs"]
    for entry in entries:
        checked(entry, "jobs", {"job_id": Field(str, required=True), "is_force_stop": Field(bool)})
    jobs = find_all(cloud, project_id, [entry["job_id"] for entry in entries])
    results = [_stop_one(cloud, entry, job) for entry, job in zip(entries, jobs, strict=True)]
    return Answer.of(cloud.stop_http_status, {"jobs": results})


def stop(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v5/{project_id}/jobs/{job_id}/stop``."""
    known_query(request, frozenset())
    body = json_object(request, {"is_force_stop": Field(bool)})
    job = cloud.jobs.find(project_id, request.params["job_id"])
    if job is None:
        # The code differs from that of the batch call. The status is HTTP 400 (page of the single stop).
        raise drs_error("DRS.10000010")
    if job.poison:
        raise drs_error("DRS.10000001")
    return Answer.of(cloud.stop_http_status, _stop_one(cloud, {"job_id": job.job_id, **body}, job))


def _stop_one(cloud: Cloud, entry: dict[str, Any], job: Job | None) -> dict[str, Any]:
    if job is None:
        return {"id": entry["job_id"], **outcome(cloud, Refusal.of("DRS.10020102"))}
    refusal = cloud.jobs.stop(job, entry.get("is_force_stop", False))
    return {"id": job.job_id, "name": job.name, **outcome(cloud, refusal)}


def _spell(cloud: Cloud, result: str) -> str:
    return result.title() if cloud.result_spelling == "title" else result


ROUTES = (
    route("POST", "/v5/{project_id}/jobs/batch-stop", "batch-stop", for_project(batch_stop)),
    route("POST", "/v5/{project_id}/jobs/{job_id}/stop", "stop", for_project(stop)),
)
