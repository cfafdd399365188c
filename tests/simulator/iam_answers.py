# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON of the simulated IAM for tokens, users, projects, accounts and malformed requests."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NoReturn

from .answers import keystone_error
from .principals import Agency, Project, Token, User, domain_id
from .validation import Malformed, Problem


def refuse(error: Malformed) -> NoReturn:
    """Raise ApiError for a malformed request, in the shape of Keystone."""
    texts = {
        Problem.NOT_JSON: "The request body is not valid JSON: {}.",
        Problem.UNKNOWN: "The request has a field that is not known: {}.",
        Problem.MISSING: "The request lacks a field: {}.",
        Problem.INVALID: "The request has a field that is not valid: {}.",
    }
    raise keystone_error(400, texts[error.problem].format(error.where)) from error


def describe_token(token: Token, catalog_url: str | None) -> dict[str, Any]:
    """Return the JSON of a token. With a URL it includes the catalog."""
    grant = token.grant
    domain = describe_domain(grant.domain)
    described: dict[str, Any] = {
        "expires_at": timestamp(token.expires_at),
        "issued_at": timestamp(token.issued_at),
        "methods": list(grant.methods),
        "user": describe_user(grant.acts_as),
        "roles": [{"id": "0", "name": "te_admin"}],
    }
    if "totp" in grant.methods:
        described["mfa_authn_at"] = described["issued_at"]
    if grant.agency is not None:
        described["assumed_by"] = {"user": describe_user(grant.user)}
    if token.project is None:
        described["domain"] = domain
    else:
        described["project"] = {"id": token.project.id, "name": token.project.name, "domain": domain}
    if catalog_url is not None:
        described["catalog"] = _catalog(catalog_url, token.project)
    return described


def describe_project(project: Project, caller_domain: str, base_url: str) -> dict[str, Any]:
    """Return an item of a list of projects. A project of every account is shown as the caller's."""
    account = domain_id(project.domain or caller_domain)
    return {
        "id": project.id,
        "name": project.name,
        "domain_id": account,
        "parent_id": account,
        "enabled": project.enabled,
        "is_domain": False,
        "description": "",
        "links": {"self": f"{base_url}/v3/projects/{project.id}"},
    }


def describe_domain(name: str) -> dict[str, str]:
    """Return the ID and the name of an account."""
    return {"id": domain_id(name), "name": name}


def describe_user(who: User | Agency) -> dict[str, Any]:
    """Return the JSON of the user or agency of a token."""
    if isinstance(who, Agency):
        # Official SDK, agency_token_user.py: the name of an agency has two parts, and it has no password.
        special = {"name": f"{who.domain}/{who.name}"}
    else:
        # IAM API reference: empty for a password that does not expire.
        expires_at = who.password_expires_at
        special = {"password_expires_at": "" if expires_at is None else timestamp(expires_at)}
    return {"id": who.id, "name": who.name, "domain": describe_domain(who.domain), **special}


def timestamp(seconds: float) -> str:
    """Return a time (epoch seconds) in the format of IAM."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _catalog(base_url: str, project: Project | None) -> list[dict[str, Any]]:
    # The entry of IAM has the type iam. Clients of OpenStack need the type identity, which is added (INFERRED).
    iam, drs = f"{base_url}/v3", f"{base_url}/v5/{project.id if project else ''}"
    return [_catalog_item(kind, url) for kind, url in (("iam", iam), ("identity", iam), ("drs", drs))]


def _catalog_item(name: str, url: str) -> dict[str, Any]:
    endpoint = {"id": name, "interface": "public", "region": "*", "region_id": "*", "url": url}
    return {"id": name, "name": name, "type": name, "endpoints": [endpoint]}
