# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""A session: from the options that all modules share to a DrsClient that is logged in."""

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
from .._core.progress_line import MIN_REPORTED_PAUSE, ProgressLine, Show
from .._core.retry import Retry
from .task import ModuleContext, Secrets


class Session:
    """Access to DRS in one region and project."""

    def __init__(self, task: ModuleContext, config: ClientConfig, create_client: Callable[[], DrsClient]) -> None:
        """``create_client`` logs in; it raises CloudError."""
        self._task = task
        self._endpoint = config.drs_url
        self._project_id = config.project_id
        self._create_client = create_client
        self._drs: DrsClient | None = None

    def log_in(self) -> DrsClient:
        """Log in and find the project, where that is needed, and return the client. Raise CloudError."""
        self._drs = self._create_client()
        self._project_id = self._drs.api.project_id
        return self._drs

    def location_fields(self) -> dict[str, str | None]:
        """Return where the task works, as far as that is known, where the result says it."""
        return location_fields(
            self._endpoint, self._project_id, check_mode=self._task.check_mode, verbosity=self._task.verbosity
        )

    def api_version_fields(self) -> dict[str, Any]:
        """Return which version of the API served each kind of call, at -v."""
        return {"api_versions": self._drs.api_versions} if self._drs is not None and self._task.verbosity else {}


@contextmanager
def open_session(
    task: ModuleContext,
    secrets: Secrets,
    clock: Clock,
    deadline: Deadline,
    concurrency: int,
    show: Show | None = None,
) -> Iterator[Session]:
    """Check the options that all modules share, and return a session. Raise CloudError.

    ``show`` shows a line about a retry with a long delay at once.
    """
    params = task.params
    http_settings = parse_http_settings(params.get, pool_size=concurrency, language=params["language"])
    config = parse_client_config(params.get, os.environ)
    for secret in config.credential.secrets:
        secrets.add_secret(secret)
    for warning in security_warnings(http_settings, config.drs_url, config.iam_url):
        task.warn(warning)
    # The last request may take one timeout beyond the deadline.
    executor = ThreadExecutor(concurrency, timeout=lambda: deadline.remaining + http_settings.timeout)

    http = HttpClient(
        http_settings,
        clock,
        deadline,
        masker=secrets.masker,
        lockout=task.lockout(clock, deadline),
        on_retry=lambda retry: _show_retry(retry, task, secrets, show),
    )
    with closing(http):

        def create_client() -> DrsClient:
            auth, project_id = log_in(config, http, clock, executor, secrets.add_secret)
            api = DrsApi(http, auth, config.drs_url, project_id)
            return DrsClient(api, executor, params["api_version"])

        yield Session(task, config, create_client)


def _show_retry(retry: Retry, task: ModuleContext, secrets: Secrets, show: Show | None) -> None:
    """Show a request that is repeated: at -vv, or as progress if its delay is long."""
    line = secrets.masker.mask(str(retry))
    if show is not None and retry.delay > MIN_REPORTED_PAUSE:
        task.retries.append(line)
        show(ProgressLine(line))
    else:
        task.show_retry(line)
