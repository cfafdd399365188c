# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""drs_job_info: from its options to its result."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._core.batch_message import JobProblem, describe_problems
from .._core.config import parse_text
from .._core.errors import CloudError, ConfigurationError
from .._core.job_info import JOB_TYPES, NET_TYPES, JobFilter, build_job_row
from .._core.jobs import KNOWN_STATUSES, JobError
from .._core.option_values import format_value
from .arguments import ModuleSpec, check_job_id, common_spec
from .job_details import DETAILS, add_details
from .job_rows import list_job_rows
from .session import open_session
from .subtasks import Subtasks, find_subtasks
from .task import ModuleContext, Secrets, failure_fields, run_task

# There is no option for these two.
_CONCURRENCY = 4
_TIMEOUT_SECONDS = 600.0

_STATUS = re.compile(r"[A-Z_]{1,64}")

FILTERS = ("job_type", "name", "status", "engine_type", "net_type", "enterprise_project_id")
"""The options that select jobs by their properties."""


class InfoSettings(NamedTuple):
    """What the user asked for: jobs by their IDs, or those that match a filter."""

    job_ids: tuple[str, ...] | None
    job_filter: JobFilter
    details: frozenset[str] = frozenset()
    """What else to read of each job, of `DETAILS`."""


def info_spec() -> ModuleSpec:
    """Return what drs_job_info accepts."""
    return common_spec(
        {
            "job_ids": {"type": "list", "elements": "str"},
            "job_type": {"type": "str", "choices": list(JOB_TYPES)},
            "name": {"type": "str"},
            "status": {"type": "list", "elements": "str"},
            "engine_type": {"type": "str"},
            "net_type": {"type": "str"},
            "enterprise_project_id": {"type": "str"},
            "details": {"type": "list", "elements": "str", "choices": list(DETAILS), "default": []},
        },
        mutually_exclusive=[("job_ids", name) for name in FILTERS],
    )


def get_job_info(task: ModuleContext, clock: Clock | None = None) -> dict[str, Any]:
    """Read the jobs that the options select, and return the result; one with a ``msg`` is a failure."""
    return run_task(task, clock, _get_job_info)


def parse_info_settings(params: Mapping[str, Any], warn: Callable[[str], None]) -> InfoSettings:
    """Return which jobs to read. Raise ConfigurationError."""
    job_ids: list[str] | None = params["job_ids"]
    for number, job_id in enumerate(job_ids or [], start=1):
        check_job_id(job_id, f"job_ids: entry {number}")
    for name in FILTERS:
        # An unset variable often becomes an empty text, and what is listed is often stopped next.
        if isinstance(params[name], str) and parse_text(params.get, name) is None:
            raise ConfigurationError(f"{name} is empty: leave it out where it is not to filter")
    job_filter = JobFilter(
        job_type=params["job_type"],
        statuses=None if params["status"] is None else _parse_statuses(params["status"], warn),
        name=parse_text(params.get, "name"),
        engine_type=parse_text(params.get, "engine_type"),
        net_type=parse_text(params.get, "net_type"),
        enterprise_project_id=parse_text(params.get, "enterprise_project_id"),
    )
    if job_filter.net_type is not None:
        _warn_of_unknown("net_type", [job_filter.net_type], NET_TYPES, warn)
    return InfoSettings(None if job_ids is None else tuple(job_ids), job_filter, frozenset(params["details"]))


def _get_job_info(task: ModuleContext, secrets: Secrets, clock: Clock) -> dict[str, Any]:
    settings = parse_info_settings(task.params, task.warn)
    if settings.job_ids is not None and not settings.job_ids:
        return {"changed": False, "jobs": [], "count": 0}
    deadline = Deadline(clock, _TIMEOUT_SECONDS, task.is_abandoned)
    with open_session(task, secrets, clock, deadline, _CONCURRENCY) as session:
        try:
            drs = session.log_in()
            result = _read_jobs(settings, drs, task.warn)
        except CloudError as error:
            failure = failure_fields(str(error), JobError.from_error(error))
            return {**failure, "changed": False, **session.location_fields()}
        return {**result, **session.location_fields(), **session.api_version_fields()}


def _read_jobs(settings: InfoSettings, drs: DrsClient, warn: Callable[[str], None]) -> dict[str, Any]:
    if settings.job_ids is None:
        rows = list_job_rows(drs, settings.job_filter, settings.details, warn)
        return {"changed": False, "jobs": rows, "count": len(rows)}
    observations = drs.get_details(list(dict.fromkeys(settings.job_ids)))  # a request must not name a job twice
    subtasks = find_subtasks(drs, observations) if "lag" in settings.details else Subtasks(observations, {})
    found = [(job_id, subtasks.observations[job_id]) for job_id in settings.job_ids]
    rows = [build_job_row(job_id, observation) for job_id, observation in found if not observation.is_unread]
    add_details(rows, subtasks.observations, settings.details, drs, is_listed=False)
    subtasks.correct_lags(rows)
    errors = [
        (job_id, observation.reason or JobError(None, "no reason is known"))
        for job_id, observation in found
        if observation.is_unread
    ]
    failure = _build_failure(errors, len(found)) if errors else {}
    return {**failure, "changed": False, "jobs": rows, "count": len(rows)}


def _build_failure(errors: Sequence[tuple[str, JobError]], total: int) -> dict[str, Any]:
    problems = [JobProblem.from_error(job_id, error) for job_id, error in errors]
    return failure_fields(describe_problems(problems, total, "could not be read"), errors[0][1])


def _parse_statuses(statuses: list[str], warn: Callable[[str], None]) -> frozenset[str]:
    """Return the statuses to filter by, in capitals. Raise ConfigurationError for a text that cannot be one."""
    parsed = [status.strip().upper() for status in statuses]
    for number, (text, status) in enumerate(zip(statuses, parsed, strict=True), start=1):
        if not _STATUS.fullmatch(status):
            raise ConfigurationError(f"status: entry {number} {format_value(text)} is no status (A to Z and _)")
    _warn_of_unknown("status", parsed, KNOWN_STATUSES, warn)
    return frozenset(parsed)


def _warn_of_unknown(option: str, values: list[str], known: Sequence[str], warn: Callable[[str], None]) -> None:
    """Warn of values that no job may have, for a mistyped filter finds nothing. The cloud adds some over time."""
    unknown = [format_value(value) for value in dict.fromkeys(values) if value not in known]
    if unknown:
        warn(f"{option}: {', '.join(unknown)} is not known and may match no job; known are {', '.join(known)}")
