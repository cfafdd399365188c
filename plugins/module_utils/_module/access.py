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
from .._client.connect import connect
from .._client.drs import DrsClient
from .._client.http_client import HttpClient
from .._client.workers import ThreadWorkers
from .._core.connection import Connection, connection_from, http_settings_from, risks_of
from .._core.place import place_shown
from .run import Task
from .secrets import Secrets


class LogIn:
    """What logs in, once, and knows where."""

    def __init__(self, task: Task, connection: Connection, log_in: Callable[[], DrsClient]) -> None:
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
        return place_shown(
            self._endpoint, self._project_id, check_mode=self._task.check_mode, verbosity=self._task.verbosity
        )


@contextmanager
def access(task: Task, secrets: Secrets, clock: Clock, deadline: Deadline, concurrency: int) -> Iterator[LogIn]:
    """Check the options that all modules share, and give what logs in. Both raise CloudError."""
    params = task.params
    http_settings = http_settings_from(params.get, connections=concurrency, language=params["language"])
    connection = connection_from(params.get, os.environ)
    for secret in connection.credential.secrets:
        secrets.learn(secret)
    for risk in risks_of(http_settings, connection.drs_url, connection.iam_url):
        task.warn(risk)
    # One timeout beyond the deadline is what the last request may take.
    workers = ThreadWorkers(concurrency, patience=lambda: deadline.remaining + http_settings.timeout)

    lockout = task.lockout(clock, deadline)
    with closing(HttpClient(http_settings, clock, deadline, masker=secrets.masker, lockout=lockout)) as http:
        yield LogIn(
            task,
            connection,
            lambda: DrsClient(connect(connection, http, clock, workers, secrets.learn), workers, params["api_version"]),
        )


def versions_of(task: Task, drs: DrsClient) -> dict[str, Any]:
    """Give the generation of the API that served, for those who ask for more than the result: at -v."""
    return {"api_versions": drs.versions} if task.verbosity else {}
