# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""IAM: log in, and find projects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from .._core.credentials import Agency, PasswordCredential, RequestCredential, Scope
from .clock import Clock
from .executor import ThreadExecutor
from .http_client import HttpClient
from .iam_projects import find_project_id
from .iam_tokens import Token, fetch_agency_token, fetch_user_token
from .login import build_auth

ResultT = TypeVar("ResultT")


class IamClient:
    """IAM at one URL, which is without a trailing slash."""

    def __init__(
        self, url: str, http: HttpClient, clock: Clock, executor: ThreadExecutor, next_url: str | None = None
    ) -> None:
        """Make no request yet. The connection to the server of ``next_url`` is opened while IAM answers."""
        self._url = url
        self._http = http
        self._clock = clock
        self._executor = executor
        self._next_url = next_url

    def fetch_user_token(self, user: PasswordCredential, scope: Scope) -> Token:
        """Log in as a user. Raise CloudError."""
        return self._call(lambda: fetch_user_token(self._http, self._url, user, scope))

    def fetch_agency_token(self, owner: RequestCredential, agency: Agency, scope: Scope) -> Token:
        """Log in to another account with its agency, which ``owner`` may use. Raise CloudError."""
        auth = build_auth(owner, self._clock)
        return self._call(lambda: fetch_agency_token(self._http, self._url, auth, agency, scope))

    def find_project_id(
        self, owner: RequestCredential, name: str, region: str | None, *, must_match_token: bool = False
    ) -> str:
        """Return the ID of the project with this name, see `find_project_id`. Raise CloudError."""
        auth = build_auth(owner, self._clock)
        return self._call(
            lambda: find_project_id(self._http, self._url, auth, name, region, must_match_token=must_match_token)
        )

    def _call(self, function: Callable[[], ResultT]) -> ResultT:
        """Call the function in a thread: no socket timeout ends a response that arrives byte by byte."""
        if self._next_url is not None and urlsplit(self._next_url).netloc != urlsplit(self._url).netloc:
            self._http.connect_ahead(self._next_url)
        return self._executor.call(function, f"IAM at {self._url}")
