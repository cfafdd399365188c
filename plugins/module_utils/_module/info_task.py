# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: drs_job_info, from its options to its result."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._client.clock import Clock, Deadline
from .._core.config import parse_text
from .._core.errors import CloudError, ConfigurationError
from .._core.job_info import JOB_TYPES, NET_TYPES, JobFilter
from .._core.jobs import KNOWN_STATUSES
from .._core.option_values import format_value
from .arguments import check_job_id, common_argument_spec
from .job_info import InfoSettings, JobInfo, get_jobs
from .secrets import Secrets
from .session import api_versions_result, open_session
from .task import ModuleContext, run

# There is no option for these two.
_CONCURRENCY = 4
_SECONDS = 600.0

_STATUS = re.compile(r"[A-Z_]{1,64}")

FILTERS = ("job_type", "name", "status", "engine_type", "net_type", "enterprise_project_id")
"""The options of drs_job_info that choose jobs by what they are."""


def info_argument_spec() -> dict[str, Any]:
    """Give the options of drs_job_info."""
    return {
        **common_argument_spec(),
        "job_ids": {"type": "list", "elements": "str"},
        "job_type": {"type": "str", "choices": list(JOB_TYPES)},
        "name": {"type": "str"},
        "status": {"type": "list", "elements": "str"},
        "engine_type": {"type": "str"},
        "net_type": {"type": "str"},
        "enterprise_project_id": {"type": "str"},
    }


def get_job_info(task: ModuleContext, clock: Clock | None = None) -> dict[str, Any]:
    """Do what the options ask for, and give the result; one with a ``msg`` is a failure."""
    return run(task, clock, _get_job_info)


def _get_job_info(task: ModuleContext, secrets: Secrets, clock: Clock) -> dict[str, Any]:
    settings = parse_info_settings(task.params, task.warn)
    if settings.job_ids is not None and not settings.job_ids:
        return _info_of(JobInfo([]))
    with open_session(task, secrets, clock, Deadline(clock, _SECONDS, task.is_abandoned), _CONCURRENCY) as log_in:
        try:
            drs = log_in()
            info = get_jobs(settings, drs, task.warn)
        except CloudError as error:
            return {"msg": str(error), "changed": False, **log_in.place()}
        return {**_info_of(info), **log_in.place(), **api_versions_result(task, drs)}


def _info_of(info: JobInfo) -> dict[str, Any]:
    failure = {} if info.message is None else {"msg": info.message}
    return {**failure, "changed": False, "jobs": info.rows, "count": len(info.rows)}


def parse_info_settings(params: Mapping[str, Any], warn: Callable[[str], None]) -> InfoSettings:
    """Give which jobs to look at. Raises ConfigurationError."""
    job_ids: list[str] | None = params["job_ids"]
    given = [name for name in FILTERS if params[name] is not None]
    if job_ids is not None and given:
        raise ConfigurationError(f"job_ids and {' and '.join(given)}: give job IDs or a filter, not both")
    for number, job_id in enumerate(job_ids or [], start=1):
        check_job_id(job_id, f"job_ids: entry {number}")
    for name in given:
        # A variable that is unset often becomes an empty text, and what is listed is often stopped next.
        if isinstance(params[name], str) and parse_text(params.get, name) is None:
            raise ConfigurationError(f"{name} is empty: leave it out where it is not to filter")
    job_filter = JobFilter(
        job_type=params["job_type"],
        statuses=None if params["status"] is None else _statuses_from(params["status"], warn),
        name=parse_text(params.get, "name"),
        engine_type=parse_text(params.get, "engine_type"),
        net_type=parse_text(params.get, "net_type"),
        enterprise_project_id=parse_text(params.get, "enterprise_project_id"),
    )
    if job_filter.net_type is not None:
        _warn_of_unknown("net_type", [job_filter.net_type], NET_TYPES, warn)
    return InfoSettings(None if job_ids is None else tuple(job_ids), job_filter)


def _statuses_from(given: list[str], warn: Callable[[str], None]) -> frozenset[str]:
    """Return the statuses to filter by, in capitals. Raise ConfigurationError for what cannot be one."""
    statuses = [status.strip().upper() for status in given]
    for number, status in enumerate(statuses, start=1):
        if not _STATUS.fullmatch(status):
            raise ConfigurationError(
                f"status: entry {number} {format_value(given[number - 1])} is no status (A to Z and _)"
            )
    _warn_of_unknown("status", statuses, KNOWN_STATUSES, warn)
    return frozenset(statuses)


def _warn_of_unknown(option: str, given: list[str], known: Sequence[str], warn: Callable[[str], None]) -> None:
    """Warn of values that no job may have, for a mistyped filter finds nothing. The cloud adds some over time."""
    unknown = [format_value(value) for value in dict.fromkeys(given) if value not in known]
    if unknown:
        warn(f"{option}: {', '.join(unknown)} is not known and may match no job; known are {', '.join(known)}")
