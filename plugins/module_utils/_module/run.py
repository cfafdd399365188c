# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the frame of every module. The only place that ends one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._client.clock import Clock, Deadline, SystemClock
from .._client.connect import connect
from .._client.drs import DrsClient
from .._client.http_client import HttpClient
from .._client.workers import ThreadWorkers
from .._core.connection import connection_from, http_settings_from, risks_of
from .._core.errors import CloudError
from .._core.jobs import Observation, Refusal
from .._core.stop_plan import plan_stop
from .._core.stop_report import JobStory, Report, build_report
from .arguments import info_settings_from, positive_from, stop_settings_from
from .job_info import JobInfo, look_at_jobs
from .requirements import missing_requests
from .secrets import Secrets
from .stop_jobs import StopSettings, Surroundings, stop_jobs

# drs_job_info has no option for these two.
_INFO_CONCURRENCY = 4
_INFO_SECONDS = 600.0

Work = Callable[[AnsibleModule, Secrets, Clock], dict[str, Any]]


def run_stop_module(module: AnsibleModule, clock: Clock | None = None) -> None:
    """Do what the options of drs_job_batch_stop ask for, and exit: with the result, or with the failure."""
    _run(module, clock, _stop)


def run_info_module(module: AnsibleModule, clock: Clock | None = None) -> None:
    """Do what the options of drs_job_info ask for, and exit: with the result, or with the failure."""
    _run(module, clock, _look)


def _run(module: AnsibleModule, clock: Clock | None, work: Work) -> None:
    """Do the work and exit. A result with a ``msg`` is a failure, and so is a CloudError."""
    secrets = Secrets(module)
    missing = missing_requests()
    if missing is not None:
        module.fail_json(msg=missing)
    try:
        result = work(module, secrets, clock or SystemClock())
    except CloudError as error:
        result = {"msg": str(error), "changed": False}
    diff = result.pop("diff", None)
    result = secrets.protect(result)
    if diff is not None and module._diff:  # Ansible offers no other way to ask for it
        result["diff"] = diff
    if "msg" in result:
        module.fail_json(**result)
    module.exit_json(**result)


def _stop(module: AnsibleModule, secrets: Secrets, clock: Clock) -> dict[str, Any]:
    settings = stop_settings_from(module.params, check_mode=module.check_mode, warn=module.warn)
    concurrency = positive_from(module.params.get, "concurrency")
    if not settings.requests:
        http_settings_from(module.params.get)  # what makes no sense is told all the same
        return _result_of(build_report([]))
    deadline = Deadline(clock, settings.wait_timeout)
    with _access(module, secrets, clock, deadline, concurrency) as log_in:
        try:
            drs = log_in()
        except CloudError as error:
            return _result_of(_nothing_done(settings, error))
        report = stop_jobs(settings, Surroundings(drs, clock, deadline))
        return {**_result_of(report), **_versions(module, drs)}


def _look(module: AnsibleModule, secrets: Secrets, clock: Clock) -> dict[str, Any]:
    settings = info_settings_from(module.params)
    if settings.job_ids is not None and not settings.job_ids:
        return _info_of(JobInfo([]))
    with _access(module, secrets, clock, Deadline(clock, _INFO_SECONDS), _INFO_CONCURRENCY) as log_in:
        drs = log_in()
        info = look_at_jobs(settings, drs, module.warn)
        return {**_info_of(info), **_versions(module, drs)}


@contextmanager
def _access(
    module: AnsibleModule, secrets: Secrets, clock: Clock, deadline: Deadline, concurrency: int
) -> Iterator[Callable[[], DrsClient]]:
    """Check the options that all modules share, and give what logs in. Both raise CloudError."""
    params = module.params
    http_settings = http_settings_from(params.get, connections=concurrency, language=params["language"])
    connection = connection_from(params.get, os.environ)
    for secret in connection.credential.secrets:
        secrets.learn(secret)
    for risk in risks_of(http_settings, connection.drs_url, connection.iam_url):
        module.warn(risk)
    # One timeout beyond the deadline is what the last request may take.
    workers = ThreadWorkers(concurrency, patience=lambda: deadline.remaining + http_settings.timeout)

    with closing(HttpClient(http_settings, clock, deadline)) as http:
        yield lambda: DrsClient(
            connect(connection, http, clock, workers, secrets.learn), workers, params["api_version"]
        )


def _nothing_done(settings: StopSettings, error: CloudError) -> Report:
    """Give the result of a task that could not even log in: in the same shape as any other."""
    look = Observation(reason=Refusal.of_error(error))
    looks = {request.job_id: look for request in settings.requests}
    return build_report([JobStory(planned) for planned in plan_stop(settings.requests, looks)])


def _result_of(report: Report) -> dict[str, Any]:
    return {
        **({} if report.message is None else {"msg": report.message}),
        "changed": report.changed,
        "jobs": [asdict(row) for row in report.rows],
        "summary": report.summary,
        "diff": {"before": report.diff_before, "after": report.diff_after},
    }


def _info_of(info: JobInfo) -> dict[str, Any]:
    failure = {} if info.message is None else {"msg": info.message}
    return {**failure, "changed": False, "jobs": info.rows, "count": len(info.rows)}


def _versions(module: AnsibleModule, drs: DrsClient) -> dict[str, Any]:
    """Give the generation of the API that served, for those who ask for more than the result: at -v."""
    return {"api_versions": drs.versions} if module._verbosity else {}
