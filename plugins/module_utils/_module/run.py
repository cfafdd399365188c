# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the frame of every module. The only place that ends one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._client.clock import Clock, Deadline, SystemClock
from .._client.connect import connect
from .._client.drs import DrsClient
from .._client.http_client import HttpClient
from .._client.requirements import missing_requests
from .._client.workers import ThreadWorkers
from .._core.connection import connection_from, http_settings_from, risks_of
from .._core.errors import CloudError
from .secrets import Secrets

Work = Callable[[AnsibleModule, Secrets, Clock], dict[str, Any]]


def run(module: AnsibleModule, clock: Clock | None, work: Work) -> None:
    """Do the work and exit. A result with a ``msg`` is a failure, and so is a CloudError."""
    secrets = Secrets(module)
    missing = missing_requests("let ansible_python_interpreter name a Python that has it")
    try:
        result = {"msg": missing, "changed": False} if missing else work(module, secrets, clock or SystemClock())
    except CloudError as error:
        result = {"msg": str(error), "changed": False}
    diff = result.pop("diff", None)
    result = secrets.protect(result)
    if diff is not None and module._diff:  # Ansible offers no other way to ask for it
        result["diff"] = diff
    if "msg" in result:
        module.fail_json(**result)
    module.exit_json(**result)


@contextmanager
def access(
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


def versions_of(module: AnsibleModule, drs: DrsClient) -> dict[str, Any]:
    """Give the generation of the API that served, for those who ask for more than the result: at -v."""
    return {"api_versions": drs.versions} if module._verbosity else {}
