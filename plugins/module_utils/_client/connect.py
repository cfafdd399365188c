# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: from credentials to a DRS client."""

from __future__ import annotations

from collections.abc import Callable

from .._core.connection import Connection
from .._core.credentials import PasswordCredential, TokenCredential
from .._core.errors import ConfigurationError, NoAnswerError
from .auth import TokenAuth
from .drs import DrsClient
from .http_client import HttpClient
from .iam import Token, fetch_token
from .workers import Workers


def connect(connection: Connection, http: HttpClient, workers: Workers, learn: Callable[[str], None]) -> DrsClient:
    """Log in where that is needed, and give DRS. Raises CloudError.

    ``learn`` is told every secret before anything can print it.
    """
    if isinstance(connection.credential, TokenCredential):
        auth, project_id = TokenAuth(connection.credential.token), connection.project_id
    else:
        credential = connection.credential
        ((auth, project_id),) = workers.map(
            lambda user: _log_in(connection, user, http, learn), [credential], late=_too_late
        )
    if project_id is None:
        raise ConfigurationError(f"IAM gave a token without a project for {connection.scope}: give project_id")
    return DrsClient(http, auth, connection.drs_url, project_id, workers)


def _too_late(credential: PasswordCredential, is_begun: bool) -> tuple[TokenAuth, str | None]:
    raise NoAnswerError("IAM gave no complete answer before time was over", sent=True)


def _log_in(
    connection: Connection, credential: PasswordCredential, http: HttpClient, learn: Callable[[str], None]
) -> tuple[TokenAuth, str | None]:
    iam_url, scope = connection.iam_url, connection.scope
    if iam_url is None or scope is None:
        raise ConfigurationError("a user name needs IAM: give region or iam_endpoint")

    def log_in() -> Token:
        token = fetch_token(http, iam_url, credential, scope)
        learn(token.token)
        return token

    first = log_in()
    return TokenAuth(first.token, new_token=lambda: log_in().token), connection.project_id or first.project_id
