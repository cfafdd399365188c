# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: drs_job_batch_stop, from its options to its result."""

from __future__ import annotations

from typing import Any

from .._client.clock import Clock, Deadline
from .._core.bounds import parse_integer
from .._core.config import parse_http_settings
from .._core.errors import CloudError
from .._core.jobs import JobError, Observation
from .._core.stop_plan import plan_stop
from .._core.stop_report import JobRecord, Report, build_report
from .secrets import Secrets
from .stop_options import StopSettings, parse_stop_settings
from .task import ModuleContext, run


def stop(task: ModuleContext, clock: Clock | None = None) -> dict[str, Any]:
    """Do what the options ask for, and give the result; one with a ``msg`` is a failure."""
    return run(task, clock, _stop)


def _stop(task: ModuleContext, secrets: Secrets, clock: Clock) -> dict[str, Any]:
    settings = parse_stop_settings(task.params, check_mode=task.check_mode, warn=task.warn)
    concurrency = parse_integer("concurrency", task.params["concurrency"])
    if not settings.requests:
        parse_http_settings(task.params.get)  # what makes no sense is told all the same
        return _result_of(build_report([]))
    # Here, because without jobs there is no use for the client, and each file costs a module time to load.
    from .session import api_versions_result, open_session  # noqa: PLC0415
    from .stop_jobs import StopContext, stop_jobs  # noqa: PLC0415

    deadline = Deadline(clock, settings.wait_timeout, task.is_abandoned)
    with open_session(task, secrets, clock, deadline, concurrency) as log_in:
        try:
            drs = log_in()
        except CloudError as error:
            return {**_result_of(_nothing_done(settings, error)), **log_in.place()}
        report = stop_jobs(settings, StopContext(drs, clock, deadline))
        return {**_result_of(report), **log_in.place(), **api_versions_result(task, drs)}


def _nothing_done(settings: StopSettings, error: CloudError) -> Report:
    """Give the result of a task that could not even log in: in the same shape as any other."""
    observation = Observation(reason=JobError.from_error(error))
    observations = {request.job_id: observation for request in settings.requests}
    return build_report([JobRecord(planned) for planned in plan_stop(settings.requests, observations)])


def _result_of(report: Report) -> dict[str, Any]:
    return {
        **({} if report.message is None else {"msg": report.message}),
        "changed": report.changed,
        "jobs": [row._asdict() for row in report.rows],
        "summary": report.summary,
        "diff": {"before": report.diff_before, "after": report.diff_after},
    }
