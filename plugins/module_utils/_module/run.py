# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the frame of drs_job_batch_stop. The only place that ends the module."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._client.clock import Clock, Deadline, SystemClock
from .._client.connect import connect
from .._client.http_client import HttpClient
from .._client.workers import ThreadWorkers
from .._core.connection import connection_from, http_settings_from, risks_of
from .._core.errors import CloudError
from .._core.jobs import Observation, Refusal
from .._core.stop_plan import plan_stop
from .._core.stop_report import JobStory, Report, build_report
from .arguments import positive_from, stop_settings_from
from .requirements import missing_requests
from .secrets import Secrets
from .stop_jobs import StopSettings, Surroundings, stop_jobs


def run_stop_module(module: AnsibleModule, clock: Clock | None = None) -> None:
    """Do what the options ask for, and exit: with the result, or with the failure that says what is wrong."""
    secrets = Secrets(module)
    missing = missing_requests()
    if missing is not None:
        module.fail_json(msg=missing)
    try:
        report = _stop(module, secrets, clock or SystemClock())
    except CloudError as error:
        module.fail_json(**secrets.protect({"msg": str(error), "changed": False}))
    result = secrets.protect(_result(report))
    if module._diff:  # Ansible offers no other way to ask for it
        result["diff"] = {"before": report.diff_before, "after": report.diff_after}
    if report.message is not None:
        module.fail_json(**result)
    module.exit_json(**result)


def _stop(module: AnsibleModule, secrets: Secrets, clock: Clock) -> Report:
    settings = stop_settings_from(module.params, check_mode=module.check_mode, warn=module.warn)
    concurrency = positive_from(module.params.get, "concurrency")
    http_settings = http_settings_from(module.params.get, connections=concurrency, language=module.params["language"])
    if not settings.requests:
        return build_report([])
    connection = connection_from(module.params.get, os.environ)
    for secret in connection.credential.secrets:
        secrets.learn(secret)
    for risk in risks_of(http_settings, connection.drs_url, connection.iam_url):
        module.warn(risk)
    deadline = Deadline(clock, settings.wait_timeout)
    # One timeout beyond the deadline is what the last request may take.
    workers = ThreadWorkers(concurrency, patience=lambda: deadline.remaining + http_settings.timeout)
    http = HttpClient(http_settings, clock, deadline)
    try:
        drs = connect(connection, http, clock, workers, secrets.learn)
    except CloudError as error:
        return _nothing_done(settings, error)
    return stop_jobs(settings, Surroundings(drs, workers, clock, deadline))


def _nothing_done(settings: StopSettings, error: CloudError) -> Report:
    """Give the result of a task that could not even log in: in the same shape as any other."""
    look = Observation(reason=Refusal.of_error(error))
    looks = {request.job_id: look for request in settings.requests}
    return build_report([JobStory(planned) for planned in plan_stop(settings.requests, looks)])


def _result(report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {
        "changed": report.changed,
        "jobs": [asdict(row) for row in report.rows],
        "summary": report.summary,
    }
    return result if report.message is None else {"msg": report.message, **result}
