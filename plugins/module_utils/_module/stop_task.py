# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: drs_job_batch_stop, from its options to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._client.clock import Clock, Deadline
from .._core.connection import http_settings_from, number_from
from .._core.errors import CloudError, ConfigurationError
from .._core.jobs import Observation, Refusal, job_key
from .._core.stop_plan import StopRequest, plan_stop
from .._core.stop_report import JobStory, Report, build_report
from .arguments import check_job_id, connection_spec, positive_from
from .run import Task, access, run, versions_of
from .secrets import Secrets
from .stop_jobs import StopSettings, Surroundings, stop_jobs


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


def stop(task: Task, clock: Clock | None = None) -> dict[str, Any]:
    """Do what the options ask for, and give the result; one with a ``msg`` is a failure."""
    return run(task, clock, _stop)


def _stop(task: Task, secrets: Secrets, clock: Clock) -> dict[str, Any]:
    settings = stop_settings_from(task.params, check_mode=task.check_mode, warn=task.warn)
    concurrency = positive_from(task.params.get, "concurrency")
    if not settings.requests:
        http_settings_from(task.params.get)  # what makes no sense is told all the same
        return _result_of(build_report([]))
    deadline = Deadline(clock, settings.wait_timeout)
    with access(task, secrets, clock, deadline, concurrency) as log_in:
        try:
            drs = log_in()
        except CloudError as error:
            return _result_of(_nothing_done(settings, error))
        report = stop_jobs(settings, Surroundings(drs, clock, deadline))
        return {**_result_of(report), **versions_of(task, drs)}


def _nothing_done(settings: StopSettings, error: CloudError) -> Report:
    """Give the result of a task that could not even log in: in the same shape as any other."""
    look = Observation(reason=Refusal.of_error(error))
    looks = {request.job_id: look for request in settings.requests}
    return build_report([JobStory(planned) for planned in plan_stop(settings.requests, looks)])


def _result_of(report: Report) -> dict[str, Any]:
    return {
        **({} if report.message is None else {"msg": report.message}),
        "changed": report.changed,
        "jobs": [row._asdict() for row in report.rows],
        "summary": report.summary,
        "diff": {"before": report.diff_before, "after": report.diff_after},
    }


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
    check_job_id(entry["job_id"], f"jobs: job_id of entry {number}")
    is_force_stop = entry["is_force_stop"]
    return StopRequest(entry["job_id"], force if is_force_stop is None else is_force_stop)
