# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: from the options that all modules share to DRS. A stop without jobs does not load it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._client.drs_api import DrsApi
from .._client.executor import ThreadExecutor
from .._client.http_client import HttpClient
from .._client.login import log_in
from .._core.cloud_region import location_fields
from .._core.config import ClientConfig, parse_client_config, parse_http_settings, security_warnings
from .secrets import Secrets
from .task import ModuleContext


class Session:
    """What logs in, once, and knows where."""

    def __init__(self, task: ModuleContext, connection: ClientConfig, log_in: Callable[[], DrsClient]) -> None:
        """Take the task, where it goes, and what gives DRS."""
        self._task = task
        self._endpoint = connection.drs_url
        self._project_id = connection.project_id
        self._log_in = log_in

    def __call__(self) -> DrsClient:
        """Return DRS. Raise CloudError."""
        drs = self._log_in()
        self._project_id = drs.api.project_id
        return drs

    def place(self) -> dict[str, str | None]:
        """Return where the task goes, as far as that is known, for a result that has to say it."""
        return location_fields(
            self._endpoint, self._project_id, check_mode=self._task.check_mode, verbosity=self._task.verbosity
        )


@contextmanager
def open_session(
    task: ModuleContext, secrets: Secrets, clock: Clock, deadline: Deadline, concurrency: int
) -> Iterator[Session]:
    """Check the options that all modules share, and give what logs in. Both raise CloudError."""
    params = task.params
    http_settings = parse_http_settings(params.get, pool_size=concurrency, language=params["language"])
    connection = parse_client_config(params.get, os.environ)
    for secret in connection.credential.secrets:
        secrets.add_secret(secret)
    for risk in security_warnings(http_settings, connection.drs_url, connection.iam_url):
        task.warn(risk)
    # One timeout beyond the deadline is what the last request may take.
    executor = ThreadExecutor(concurrency, timeout=lambda: deadline.remaining + http_settings.timeout)

    lockout = task.lockout(clock, deadline)
    with closing(HttpClient(http_settings, clock, deadline, masker=secrets.masker, lockout=lockout)) as http:

        def connect() -> DrsClient:
            auth, project_id = log_in(connection, http, clock, executor, secrets.add_secret)
            return DrsClient(DrsApi(http, auth, connection.drs_url, project_id), executor, params["api_version"])

        yield Session(task, connection, connect)


def api_versions_result(task: ModuleContext, drs: DrsClient) -> dict[str, Any]:
    """Give the generation of the API that served, for those who ask for more than the result: at -v."""
    return {"api_versions": drs.api_versions} if task.verbosity else {}
