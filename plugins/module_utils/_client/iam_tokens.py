# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Get tokens from IAM: ``POST /v3/auth/tokens``."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Literal

from .._core.credentials import Agency, PasswordCredential, Scope
from .._core.error_codes import HintContext
from .._core.errors import InvalidResponseError
from .._core.option_values import format_value
from .._core.refusal_history import build_identity
from .._core.response_body import as_mapping, as_text
from .._core.retry import RequestKind
from .auth import Auth
from .http_client import HttpClient

_Caller = Literal["user", "passcode", "agency"]


@dataclass(frozen=True)
class Token:
    """A token and its properties. The times are as IAM sends them: UTC in ISO 8601."""

    token: str = field(repr=False)
    expires_at: str | None
    issued_at: str | None
    project_id: str | None
    project_name: str | None
    user_name: str | None
    domain_name: str | None

    def valid_until(self, now: float) -> float | None:
        """Return when a new token expires, by the clock of ``now``. Both are in seconds since 1970-01-01 UTC.

        The lifetime is that which IAM gives, so it does not matter whether the clocks of both machines agree. Return
        None where IAM does not say when the token expires.
        """
        issued, expires = _parse_time(self.issued_at), _parse_time(self.expires_at)
        if expires is None or issued is None:
            return expires
        return now + expires - issued


def fetch_user_token(http: HttpClient, iam_url: str, user: PasswordCredential, scope: Scope) -> Token:
    """Log in as a user. A refused password is tried once only. Raise CloudError.

    Sources: IAM API reference (iam_30_0001, iam_03_0006) and the models of the official SDK (MfaTotpUser).
    """
    named: dict[str, object] = {"id": user.user_id}
    if user.username and user.domain_name:
        named = {"name": user.username, "domain": {"name": user.domain_name}}
    identity: dict[str, object] = {
        "methods": ["password"],
        "password": {"user": {**named, "password": user.password}},
    }
    if user.totp_passcode:
        identity["methods"] = ["password", "totp"]
        identity["totp"] = {"user": {"id": user.user_id, "passcode": user.totp_passcode}}
    auth = Auth(identity=build_identity(user))
    return _fetch_token(http, iam_url, auth, identity, scope, "passcode" if user.totp_passcode else "user")


def fetch_agency_token(http: HttpClient, iam_url: str, auth: Auth, agency: Agency, scope: Scope) -> Token:
    """Log in to another account with its agency; ``auth`` is who may use the agency (iam_30_0003). Raise CloudError."""
    role = {"domain_name": agency.domain_name, "agency_name": agency.name}
    return _fetch_token(http, iam_url, auth, {"methods": ["assume_role"], "assume_role": role}, scope, "agency")


def _fetch_token(
    http: HttpClient, iam_url: str, auth: Auth, identity: Mapping[str, object], scope: Scope, caller: _Caller
) -> Token:
    # Without nocatalog, IAM sends a list of all its services with the token.
    url = f"{iam_url}/v3/auth/tokens?nocatalog=true"
    body = {"auth": {"identity": identity, **_build_scope(scope)}}
    name = format_value(scope.project_name) if scope.project_name else None
    hint_context = HintContext("login", caller, f"with the ID {scope.project_id}" if scope.project_id else name)
    response = http.request("POST", url, kind=RequestKind.LOGIN, auth=auth, body=body, hint_context=hint_context)
    if not response.subject_token:
        raise InvalidResponseError(
            f"IAM at {iam_url} answered HTTP {response.status} without a token (X-Subject-Token)",
            status=response.status,
            request_id=response.request_id,
        )
    token = as_mapping(response.body.get("token"))
    project = as_mapping(token.get("project"))
    user = as_mapping(token.get("user"))
    return Token(
        token=response.subject_token,
        expires_at=as_text(token.get("expires_at")),
        issued_at=as_text(token.get("issued_at")),
        project_id=as_text(project.get("id")),
        project_name=as_text(project.get("name")),
        user_name=as_text(user.get("name")),
        domain_name=as_text(as_mapping(user.get("domain")).get("name")),
    )


def _build_scope(scope: Scope) -> dict[str, object]:
    """Return the ``scope`` of a request for a token, if any. Without one, IAM uses the account of the user."""
    if scope.project_id:
        return {"scope": {"project": {"id": scope.project_id}}}
    if scope.project_name:
        return {"scope": {"project": {"name": scope.project_name}}}
    return {"scope": {"domain": {"name": scope.domain_name}}} if scope.domain_name else {}


def _parse_time(text: str | None) -> float | None:
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(text or "", form).replace(tzinfo=timezone.utc).timestamp()
    return None
