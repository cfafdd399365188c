# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what to ask IAM for a token with."""

from __future__ import annotations

from typing import NamedTuple

from .credentials import PasswordCredential, Scope


class Agency(NamedTuple):
    """The right to act in another account: the agency, and the account that set it up."""

    name: str
    domain_name: str


def password_request(credential: PasswordCredential, scope: Scope) -> dict[str, object]:
    """Give the body of ``POST /v3/auth/tokens`` for a user and password, with the code of a virtual MFA device if any.

    Sources: IAM API reference (iam_30_0001, iam_03_0006) and the official SDK's models (MfaTotpUser).
    """
    user: dict[str, object] = {"id": credential.user_id}
    if credential.username and credential.domain_name:
        user = {"name": credential.username, "domain": {"name": credential.domain_name}}
    identity: dict[str, object] = {
        "methods": ["password"],
        "password": {"user": {**user, "password": credential.password}},
    }
    if credential.totp_passcode:
        identity["methods"] = ["password", "totp"]
        identity["totp"] = {"user": {"id": credential.user_id, "passcode": credential.totp_passcode}}
    return _token_request(identity, scope)


def agency_request(agency: Agency, scope: Scope) -> dict[str, object]:
    """Give the body of ``POST /v3/auth/tokens`` for an agency (IAM API reference, iam_30_0003)."""
    role = {"domain_name": agency.domain_name, "agency_name": agency.name}
    return _token_request({"methods": ["assume_role"], "assume_role": role}, scope)


def scope_of(scope: Scope) -> dict[str, object] | None:
    """Give the ``scope`` of a token request; None for the user's own account. DRS needs a project."""
    if scope.project_id or scope.project_name:
        return {"project": {"id": scope.project_id} if scope.project_id else {"name": scope.project_name}}
    return {"domain": {"name": scope.domain_name}} if scope.domain_name else None


def _token_request(identity: dict[str, object], scope: Scope) -> dict[str, object]:
    said = scope_of(scope)
    return {"auth": {"identity": identity, **({"scope": said} if said else {})}}
