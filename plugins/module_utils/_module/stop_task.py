# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""drs_job_batch_stop: from its options to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._client.clock import Clock, Deadline
from .._core.bounds import parse_integer, parse_number
from .._core.config import parse_http_settings
from .._core.errors import ConfigurationError
from .._core.jobs import StopRequest
from .._core.stop_plan import StopSettings
from .._core.stop_report import Report, build_report
from .arguments import ModuleSpec, check_job_id, common_spec
from .task import ModuleContext, Secrets, failure_fields, run_task

if TYPE_CHECKING:
    from .._core.lag_guard import LagLimits

_LAG_OPTIONS = ("max_lag", "max_lag_for", "lag_timeout")


def stop_spec() -> ModuleSpec:
    """Return what drs_job_batch_stop accepts."""
    job = {
        "job_id": {"type": "str", "required": True, "aliases": ["id"]},
        "is_force_stop": {"type": "bool", "aliases": ["force"]},
        "name": {"type": "str"},
    }
    return common_spec(
        {
            "jobs": {"type": "list", "elements": "dict", "options": job},
            "job_ids": {"type": "list", "elements": "str"},
            "force": {"type": "bool", "default": False},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "float", "default": 1800},
            "wait_interval": {"type": "float", "default": 10},
            "batch_size": {"type": "int", "default": 10},
            "concurrency": {"type": "int", "default": 4},
            "max_lag": {"type": "float"},
            "max_lag_for": {"type": "float"},
            "lag_timeout": {"type": "float"},
            "all_or_none": {"type": "bool", "default": False},
            "progress": {"type": "bool", "default": True},
        },
        mutually_exclusive=[("jobs", "job_ids")],
        required_one_of=[("jobs", "job_ids")],
    )


def stop(task: ModuleContext, clock: Clock | None = None) -> dict[str, Any]:
    """Stop the jobs that the options name, and return the result; one with a ``msg`` is a failure."""
    return run_task(task, clock, _stop)


def parse_stop_settings(params: Mapping[str, Any], *, check_mode: bool, warn: Callable[[str], None]) -> StopSettings:
    """Return what is to be stopped and how. Raise ConfigurationError."""
    return StopSettings(
        requests=_parse_requests(params, warn),
        wait=params["wait"],
        wait_timeout=parse_number("wait_timeout", params["wait_timeout"]),
        wait_interval=parse_number("wait_interval", params["wait_interval"]),
        batch_size=parse_integer("batch_size", params["batch_size"]),
        check_mode=check_mode,
        all_or_none=params["all_or_none"],
        lag_limits=_parse_lag_limits(params),
    )


def _stop(task: ModuleContext, secrets: Secrets, clock: Clock) -> dict[str, Any]:
    settings = parse_stop_settings(task.params, check_mode=task.check_mode, warn=task.warn)
    concurrency = parse_integer("concurrency", task.params["concurrency"])
    if not settings.requests:
        parse_http_settings(task.params.get)  # invalid options are an error without jobs, too
        return _build_result(build_report([]))
    # Imported only where there are jobs: a task without any needs neither the client nor requests.
    from .session import open_session  # noqa: PLC0415
    from .stop_jobs import StopRun  # noqa: PLC0415
    from .supervisor import supervise  # noqa: PLC0415

    deadline = Deadline(clock, settings.wait_timeout, task.is_abandoned)
    show = task.show_progress if task.params["progress"] else None
    run = StopRun(settings, clock, deadline, show, task.show_last_line)
    with open_session(task, secrets, clock, deadline, concurrency, show) as session:
        report = supervise(lambda: run.run(session.log_in), run.end_early, task, clock)
        result = {**_build_result(report), **session.location_fields(), **session.api_version_fields()}
        if run.timeout is not None:
            result["timedout"] = {"period": run.timeout.period}  # as Ansible does, for its test `timedout`
        return result


def _parse_lag_limits(params: Mapping[str, Any]) -> LagLimits | None:
    given = {name: parse_number(name, params[name]) for name in _LAG_OPTIONS if params[name] is not None}
    if not given:
        return None
    if "max_lag" not in given:
        raise ConfigurationError(f"{' and '.join(given)} without max_lag: say how far a job may lag")
    # Imported only for this: most tasks do not ask for it.
    from .._core.lag_guard import LagLimits  # noqa: PLC0415

    return LagLimits(**given)


def _parse_requests(params: Mapping[str, Any], warn: Callable[[str], None]) -> tuple[StopRequest, ...]:
    option = "jobs" if params["job_ids"] is None else "job_ids"
    requests: dict[str, StopRequest] = {}
    for number, entry in enumerate(params[option], start=1):
        request = _parse_request(number, entry, params["force"])
        first = requests.setdefault(request.job_id, request)
        if first is request:
            continue
        if first.is_force_stop != request.is_force_stop:
            raise ConfigurationError(f"{option}: {request.job_id} is named twice, with and without force")
        if first.name != request.name:
            raise ConfigurationError(f"{option}: {request.job_id} is named twice, with different names")
        warn(f"{option}: {request.job_id} is named more than once; its stop is sent once")
    return tuple(requests.values())


def _parse_request(number: int, entry: str | dict[str, Any], force: bool) -> StopRequest:
    """Return the request for an entry of ``job_ids``, which is an ID, or of ``jobs``."""
    if isinstance(entry, str):
        check_job_id(entry, f"job_ids: entry {number}")
        return StopRequest(entry, force)
    check_job_id(entry["job_id"], f"jobs: job_id of entry {number}")
    is_force_stop, name = entry["is_force_stop"], entry["name"]
    if name is not None and not name.strip():
        raise ConfigurationError(f"jobs: name of entry {number} is empty: leave it out where it is not to count")
    return StopRequest(entry["job_id"], force if is_force_stop is None else is_force_stop, name)


def _build_result(report: Report) -> dict[str, Any]:
    failure = {}
    if report.message is not None and report.error is not None:
        failure = failure_fields(report.message, report.error)
    return {
        **failure,
        "changed": report.changed,
        "jobs": [row._asdict() for row in report.rows],
        "summary": report.summary,
        "diff": {"before": report.diff_before, "after": report.diff_after},
    }
