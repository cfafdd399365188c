# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: from credentials to the calls of DRS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .._core.config import ClientConfig
from .._core.credentials import (
    AccessKeyCredential,
    Credential,
    PasswordCredential,
    Scope,
    TokenCredential,
)
from .._core.error_codes import HintContext
from .._core.errors import ConfigurationError
from .auth import Auth, TokenAuth
from .clock import Clock
from .drs_api import DrsApi
from .executor import Executor, call
from .http_client import HttpClient

if TYPE_CHECKING:
    from .iam_tokens import Token


def connect(
    connection: ClientConfig, http: HttpClient, clock: Clock, executor: Executor, add_secret: Callable[[str], None]
) -> DrsApi:
    """Log in and find the project where that is needed, and give DRS. Raises CloudError.

    ``learn`` is told every secret before anything can print it.
    """

    def identify(credential: Credential) -> tuple[Auth, str]:
        if isinstance(credential, PasswordCredential):
            return _log_in(connection, credential, http, add_secret)
        auth = auth_of(credential, clock)
        project_id = connection.project_id or _project_id(connection, http, auth)
        return auth_of(credential, clock, project_id), project_id

    # In a thread of its own: no timeout of a socket ends an answer that comes byte by byte.
    auth, project_id = call(executor, lambda: identify(connection.credential), f"IAM at {connection.iam_url}")
    return DrsApi(http, auth, connection.drs_url, project_id)


def auth_of(credential: TokenCredential | AccessKeyCredential, clock: Clock, project_id: str | None = None) -> Auth:
    """Give what identifies the requests of somebody who need not log in; for IAM without ``project_id``."""
    if isinstance(credential, TokenCredential):
        return TokenAuth(credential.token, hint_context=HintContext("iam" if project_id is None else "drs", "token"))
    # Here, like IAM below, because many tasks have no use for it, and each file costs time to load.
    from .access_key_auth import AccessKeyAuth  # noqa: PLC0415

    return AccessKeyAuth(credential, clock, project_id)


def _project_id(connection: ClientConfig, http: HttpClient, auth: Auth) -> str:
    from .iam_projects import find_project_id  # noqa: PLC0415  see above

    iam_url, scope = _iam_of(connection)
    return find_project_id(http, iam_url, auth, scope.project_name or "", connection.region, must_match_token=True)


def _log_in(
    connection: ClientConfig, credential: PasswordCredential, http: HttpClient, add_secret: Callable[[str], None]
) -> tuple[Auth, str]:
    from .iam_tokens import fetch_user_token  # noqa: PLC0415  see above

    iam_url, scope = _iam_of(connection)

    def log_in() -> Token:
        token = fetch_user_token(http, iam_url, credential, scope)
        add_secret(token.token)
        return token

    first = log_in()
    project_id = connection.project_id or first.project_id
    if project_id is None:
        raise ConfigurationError(f"IAM gave a token without a project for {scope}: give project_id")
    return TokenAuth(first.token, refresh_using=lambda: log_in().token), project_id


def _iam_of(connection: ClientConfig) -> tuple[str, Scope]:
    if connection.iam_url is None or connection.scope is None:
        raise ConfigurationError("IAM is needed to log in or to find the project: give region or iam_endpoint")
    return connection.iam_url, connection.scope
