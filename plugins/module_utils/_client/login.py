# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""From credentials to the auth of requests to DRS, and the ID of the project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from .._core.config import ClientConfig
from .._core.credentials import PasswordCredential, RequestCredential, Scope, TokenCredential
from .._core.error_codes import HintContext
from .._core.errors import ConfigurationError
from .auth import Auth, TokenAuth
from .clock import Clock
from .executor import ThreadExecutor
from .http_client import HttpClient

if TYPE_CHECKING:
    from .iam_tokens import Token


class TokenCache(Protocol):
    """The tokens of users at one IAM, of several tasks or plugins."""

    def get_user_token(self, user: PasswordCredential, scope: Scope, fetch: Callable[[], Token]) -> Token:
        """Return a token that was not refused: a cached one, or else that of ``fetch``. Raise CloudError."""

    def note_refused(self, token: str) -> None:
        """Record that a token was refused."""


def log_in(
    config: ClientConfig,
    http: HttpClient,
    clock: Clock,
    executor: ThreadExecutor,
    add_secret: Callable[[str], None],
    *,
    tokens: TokenCache | None = None,
) -> tuple[Auth, str]:
    """Return the auth for requests to a project, and its ID. Raise CloudError.

    ``add_secret`` gets each new token. Without ``tokens``, each call logs in.
    """
    credential, project_id = config.credential, config.project_id
    if config.iam_url is None or config.scope is None:
        if project_id is None or isinstance(credential, PasswordCredential):
            raise ConfigurationError("IAM is needed to log in or to find the project: give region or iam_endpoint")
        return build_auth(credential, clock, project_id), project_id
    # Late, because Ansible compiles the code of a module anew for each task, and one with a token needs no IAM.
    from .iam_client import IamClient  # noqa: PLC0415

    iam, scope = IamClient(config.iam_url, http, clock, executor, next_url=config.drs_url), config.scope
    if not isinstance(credential, PasswordCredential):
        if project_id is None:
            name = scope.project_name or ""
            project_id = iam.find_project_id(credential, name, config.region, must_match_token=True)
        return build_auth(credential, clock, project_id), project_id

    user_tokens = _UserTokens(lambda: iam.fetch_user_token(credential, scope), credential, scope, tokens, add_secret)
    first = user_tokens.fetch()
    project_id = project_id or first.project_id
    if project_id is None:
        raise ConfigurationError(f"IAM gave a token without a project for {scope}: give project_id")
    return TokenAuth(first.token, refresh_using=lambda: user_tokens.fetch().token), project_id


class _UserTokens:
    """The tokens of a user in one session: the first one, and others after one was refused."""

    def __init__(
        self,
        log_in: Callable[[], Token],
        user: PasswordCredential,
        scope: Scope,
        cache: TokenCache | None,
        add_secret: Callable[[str], None],
    ) -> None:
        self._log_in = log_in
        self._user = user
        self._scope = scope
        self._cache = cache
        self._add_secret = add_secret
        self._last: str | None = None

    def fetch(self) -> Token:
        """Return another token than the last one. Raise CloudError."""
        if self._cache is None:
            token = self._log_in()
        else:
            if self._last is not None:
                self._cache.note_refused(self._last)
            token = self._cache.get_user_token(self._user, self._scope, self._log_in)
        self._last = token.token
        self._add_secret(token.token)
        return token


def build_auth(credential: RequestCredential, clock: Clock, project_id: str | None = None) -> Auth:
    """Return the auth of a credential that needs no login; for requests to IAM without ``project_id``."""
    if isinstance(credential, TokenCredential):
        return TokenAuth(credential.token, hint_context=HintContext("iam" if project_id is None else "drs", "token"))
    # Late for the same reason: most tasks sign nothing.
    from .access_key_auth import AccessKeyAuth  # noqa: PLC0415

    return AccessKeyAuth(credential, clock, project_id)
