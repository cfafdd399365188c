# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated DRS: the calls of v3 that stop, delete and pause jobs.

The names of the official SDK are misleading: BatchStopJobs pauses jobs, and BatchDeleteJobs stops them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .answers import Answer
from .cloud import Cloud
from .drs import find_all, for_project, outcome
from .jobs import Job, Refusal
from .records import RecordedRequest
from .routing import route
from .validation import Field, check_choice, checked, json_object, known_query

# OTC DRS API reference. The official SDK has a fourth type for jobs with a standby, which are not simulated.
_DELETE_TYPES = ("terminate", "force_terminate", "delete")
_PAUSE_MODES = ("target", "all")


def batch_jobs(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``DELETE /v3/{project_id}/jobs/batch-jobs``, which stops jobs or removes stopped jobs from the list."""
    fields = {
        "job_id": Field(str, required=True),
        "delete_type": Field(str, required=True),
        "is_show_breakpoint_position": Field(bool),
    }
    entries = _entries(request, fields)
    for entry in entries:
        check_choice(entry, "delete_type", _DELETE_TYPES)
    return _answer(cloud, project_id, entries, _stop_or_delete)


def batch_pause_task(cloud: Cloud, request: RecordedRequest, project_id: str) -> Answer:
    """Handle ``POST /v3/{project_id}/jobs/batch-pause-task``, which only pauses jobs."""
    entries = _entries(request, {"job_id": Field(str, required=True), "pause_mode": Field(str, required=True)})
    for entry in entries:
        check_choice(entry, "pause_mode", _PAUSE_MODES)
    return _answer(cloud, project_id, entries, lambda cloud, job, _entry: cloud.jobs.pause(job))


def _entries(request: RecordedRequest, fields: dict[str, Field]) -> list[dict[str, Any]]:
    known_query(request, frozenset())
    entries: list[Any] = json_object(request, {"jobs": Field(list, required=True)})["jobs"]
    return [checked(entry, "jobs", fields) for entry in entries]


def _answer(
    cloud: Cloud,
    project_id: str,
    entries: list[dict[str, Any]],
    act: Callable[[Cloud, Job, dict[str, Any]], Refusal | None],
) -> Answer:
    jobs = find_all(cloud, project_id, [entry["job_id"] for entry in entries])
    results = []
    for entry, job in zip(entries, jobs, strict=True):
        # The code differs from that of v5 (Terraform provider).
        refusal = Refusal.of("DRS.M00289") if job is None else act(cloud, job, entry)
        results.append({"id": entry["job_id"], **outcome(cloud, refusal)})
    return Answer.of(202, {"count": len(results), "results": results})


def _stop_or_delete(cloud: Cloud, job: Job, entry: dict[str, Any]) -> Refusal | None:
    if entry["delete_type"] == "delete":
        return cloud.jobs.delete(job)
    return cloud.jobs.stop(job, is_force_stop=entry["delete_type"] == "force_terminate")


ROUTES = (
    route("DELETE", "/v3/{project_id}/jobs/batch-jobs", "batch-jobs", for_project(batch_jobs)),
    route("POST", "/v3/{project_id}/jobs/batch-pause-task", "batch-pause-task", for_project(batch_pause_task)),
)
