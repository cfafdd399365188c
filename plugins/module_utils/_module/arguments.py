# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the argument specs, and the options parsed once into what the rest works with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.parameters import env_fallback

from .._core.connection import Get, number_from, text_from
from .._core.errors import ConfigurationError
from .._core.job_info import JOB_TYPES, JobFilter
from .._core.jobs import job_key
from .._core.stop_plan import StopRequest
from .job_info import InfoSettings
from .stop_jobs import StopSettings

# Real IDs look like UUIDs but hold other letters than those of hexadecimal digits (examples of the API page).
_JOB_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


def connection_spec() -> dict[str, Any]:
    """Give the options that every module shares; a doc fragment says what they mean.

    Credentials have no fallback to the environment here: a credential of the task beats the environment's as a whole.
    """
    return {
        "region": {"type": "str", "fallback": (env_fallback, ["HW_REGION_NAME"])},
        "project_id": {"type": "str", "fallback": (env_fallback, ["HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"])},
        "project_name": {"type": "str", "fallback": (env_fallback, ["HW_PROJECT_NAME"])},
        "token": {"type": "str", "no_log": True},
        "access_key": {"type": "str", "no_log": False},
        "secret_key": {"type": "str", "no_log": True},
        "security_token": {"type": "str", "no_log": True},
        "username": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "domain_name": {"type": "str"},
        "cloud": {"type": "str", "fallback": (env_fallback, ["HW_CLOUD"])},
        "endpoint": {"type": "str", "fallback": (env_fallback, ["HW_DRS_ENDPOINT"])},
        "iam_endpoint": {"type": "str", "aliases": ["auth_url"], "fallback": (env_fallback, ["HW_AUTH_URL"])},
        "language": {"type": "str", "default": "en-us", "choices": ["en-us", "zh-cn"]},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path", "fallback": (env_fallback, ["HW_CA_PATH"])},
        "timeout": {"type": "float", "default": 30},
        "retries": {"type": "int", "default": 5, "fallback": (env_fallback, ["HW_MAX_RETRIES"])},
        "api_version": {"type": "str", "default": "auto", "choices": ["auto", "v5", "v3"]},
    }


def stop_spec() -> dict[str, Any]:
    """Give the options of drs_job_batch_stop."""
    job = {
        "job_id": {"type": "str", "required": True, "aliases": ["id"]},
        "is_force_stop": {"type": "bool", "aliases": ["force"]},
    }
    return {
        **connection_spec(),
        "jobs": {"type": "list", "elements": "dict", "required": True, "options": job},
        "force": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 1800},
        "wait_interval": {"type": "float", "default": 10},
        "batch_size": {"type": "int", "default": 10},
        "concurrency": {"type": "int", "default": 4},
    }


FILTERS = ("job_type", "name", "status", "engine_type", "net_type", "enterprise_project_id")
"""The options of drs_job_info that choose jobs by what they are."""


def info_spec() -> dict[str, Any]:
    """Give the options of drs_job_info."""
    return {
        **connection_spec(),
        "job_ids": {"type": "list", "elements": "str"},
        "job_type": {"type": "str", "choices": list(JOB_TYPES)},
        "name": {"type": "str"},
        "status": {"type": "list", "elements": "str"},
        "engine_type": {"type": "str"},
        "net_type": {"type": "str"},
        "enterprise_project_id": {"type": "str"},
    }


def info_settings_from(params: Mapping[str, Any]) -> InfoSettings:
    """Give which jobs to look at. Raises ConfigurationError."""
    job_ids: list[str] | None = params["job_ids"]
    given = [name for name in FILTERS if params[name] is not None]
    if job_ids is not None and given:
        raise ConfigurationError(f"job_ids and {' and '.join(given)}: give job IDs or a filter, not both")
    for number, job_id in enumerate(job_ids or [], start=1):
        _check_job_id(job_id, f"job_ids: entry {number}")
    for name in given:
        # A variable that is unset often becomes an empty text, and what is listed is often stopped next.
        if isinstance(params[name], str) and text_from(params.get, name) is None:
            raise ConfigurationError(f"{name} is empty: leave it out where it is not to filter")
    statuses = params["status"]
    wanted = JobFilter(
        job_type=params["job_type"],
        statuses=None if statuses is None else frozenset(status.strip().upper() for status in statuses),
        name=text_from(params.get, "name"),
        engine_type=text_from(params.get, "engine_type"),
        net_type=text_from(params.get, "net_type"),
        enterprise_project_id=text_from(params.get, "enterprise_project_id"),
    )
    return InfoSettings(None if job_ids is None else tuple(job_ids), wanted)


def stop_settings_from(params: Mapping[str, Any], *, check_mode: bool, warn: Callable[[str], None]) -> StopSettings:
    """Give what is to be stopped and how. Raises ConfigurationError."""
    return StopSettings(
        requests=_requests_from(params["jobs"], params["force"], warn),
        wait=params["wait"],
        wait_timeout=number_from(params.get, "wait_timeout"),
        wait_interval=number_from(params.get, "wait_interval"),
        batch_size=positive_from(params.get, "batch_size"),
        check_mode=check_mode,
    )


def positive_from(get: Get, name: str) -> int:
    """Give an option that is a count. Raises ConfigurationError for one below 1."""
    value: int = get(name)
    if value < 1:
        raise ConfigurationError(f"{name} must be at least 1, it is {value}")
    return value


def _requests_from(entries: list[dict[str, Any]], force: bool, warn: Callable[[str], None]) -> tuple[StopRequest, ...]:
    requests: dict[str, StopRequest] = {}
    for number, entry in enumerate(entries, start=1):
        request = _request_from(number, entry, force)
        first = requests.setdefault(job_key(request.job_id), request)
        if first is request:
            continue
        if first.is_force_stop != request.is_force_stop:
            raise ConfigurationError(f"jobs: {request.job_id} is named twice, with and without force")
        warn(f"jobs: {request.job_id} is named more than once; its stop is sent once")
    return tuple(requests.values())


def _request_from(number: int, entry: dict[str, Any], force: bool) -> StopRequest:
    _check_job_id(entry["job_id"], f"jobs: job_id of entry {number}")
    is_force_stop = entry["is_force_stop"]
    return StopRequest(entry["job_id"], force if is_force_stop is None else is_force_stop)


def _check_job_id(job_id: str, where: str) -> None:
    if not _JOB_ID.fullmatch(job_id):
        problem = "is empty" if not job_id.strip() else f"{job_id[:80]!r} is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)"
        raise ConfigurationError(f"{where} {problem}")
