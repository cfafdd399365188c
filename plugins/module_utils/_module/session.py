# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""A session: from the options that all modules share to a DrsClient that is logged in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._client.drs_api import DrsApi
from .._client.executor import ThreadExecutor
from .._client.http_client import HttpClient
from .._client.lockout import Lockout
from .._client.login import TokenCache, log_in
from .._core.cloud_region import location_fields
from .._core.config import ClientConfig, parse_client_config, parse_http_settings, security_warnings
from .._core.masking import Masker
from .._core.progress_line import MIN_REPORTED_PAUSE, ProgressLine, Show
from .._core.retry import Retry


class SessionTask(Protocol):
    """What a session needs of a task, or of an inventory."""

    params: dict[str, Any]
    """The validated options that all modules share."""
    check_mode: bool
    verbosity: int
    retries: list[str]

    def warn(self, warning: str) -> None:
        """Add a warning."""

    def show_retry(self, retry: str) -> None:
        """Show a line about a request that is repeated."""

    def lockout(self, clock: Clock, deadline: Deadline) -> Lockout | None:
        """Return what counts refused credentials beyond this session."""


class SecretRegistry(Protocol):
    """The secrets of a task."""

    masker: Masker

    def add_secret(self, secret: str) -> None:
        """Register a secret that was found or obtained at run time."""


class Session:
    """Access to DRS in one region and project."""

    def __init__(
        self, task: SessionTask, config: ClientConfig, create_client: Callable[[TokenCache | None], DrsClient]
    ) -> None:
        """``create_client`` logs in; it raises CloudError."""
        self._task = task
        self.endpoint = config.drs_url
        """The base URL of DRS."""
        self.project_id = config.project_id
        """The ID of the project. None if it is not known before the login."""
        self._create_client = create_client
        self._drs: DrsClient | None = None

    def log_in(self, tokens: TokenCache | None = None) -> DrsClient:
        """Log in and find the project, where that is needed, and return the client. Raise CloudError."""
        self._drs = self._create_client(tokens)
        self.project_id = self._drs.api.project_id
        return self._drs

    def location_fields(self) -> dict[str, str | None]:
        """Return where the task works, as far as that is known, where the result says it."""
        return location_fields(
            self.endpoint, self.project_id, check_mode=self._task.check_mode, verbosity=self._task.verbosity
        )

    def api_version_fields(self) -> dict[str, Any]:
        """Return which version of the API served each kind of call, at -v."""
        return {"api_versions": self._drs.api_versions} if self._drs is not None and self._task.verbosity else {}


@contextmanager
def open_session(
    task: SessionTask,
    secrets: SecretRegistry,
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

        def create_client(tokens: TokenCache | None) -> DrsClient:
            auth, project_id = log_in(config, http, clock, executor, secrets.add_secret, tokens=tokens)
            api = DrsApi(http, auth, config.drs_url, project_id)
            return DrsClient(api, executor, params["api_version"])

        yield Session(task, config, create_client)


def _show_retry(retry: Retry, task: SessionTask, secrets: SecretRegistry, show: Show | None) -> None:
    """Show a request that is repeated: at -vv, or as progress if its delay is long."""
    line = secrets.masker.mask(str(retry))
    if show is not None and retry.delay > MIN_REPORTED_PAUSE:
        task.retries.append(line)
        show(ProgressLine(line))
    else:
        task.show_retry(line)
