# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated IAM: tokens for passwords, passcodes and agencies, and the projects of an account.

Shapes and rules: IAM API reference (obtaining a user token with a password, with a virtual MFA device, an agency token,
querying projects), the OTC edition of it, and what the official SDK and the Terraform provider send and read.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NoReturn

from .answers import Answer, keystone_error
from .cloud import Cloud
from .iam_login import Scope, caller_of, parse_identity
from .principals import Agency, Project, Token, User, domain_id
from .records import RecordedRequest
from .routing import route
from .validation import Field, Malformed, Problem, checked, json_object, known_query, whole_number

_PAGE_LIMIT = 5000


def create_token(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Answer ``POST /v3/auth/tokens``."""
    try:
        known_query(request, frozenset({"nocatalog"}))
        auth = json_object(request, {"auth": Field(dict, required=True)})["auth"]
        checked(auth, "auth", {"identity": Field(dict, required=True), "scope": Field(dict)})
        login = parse_identity(cloud, auth["identity"])
        scope = Scope.parse(auth.get("scope", {}))
    except Malformed as error:
        _refuse(error)
    grant = login(cloud, request)
    token = cloud.accounts.new_token(grant, scope.find(cloud, grant))
    headers = {"X-Subject-Token": token.value, "X-IAM-Trace-Id": request.request_id}
    # IAM API reference: any value that is not empty leaves the catalog out.
    with_catalog = not request.query.get("nocatalog")
    return Answer.of(201, {"token": _describe(token, request.base_url if with_catalog else None)}, headers)


def list_projects(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Answer ``GET /v3/projects``."""
    caller = caller_of(cloud, request)
    try:
        query = known_query(request, frozenset({"name", "domain_id", "enabled", "page", "per_page"}))
        page = whole_number(query, "page", 1, at_least=1)
        per_page = whole_number(query, "per_page", _PAGE_LIMIT, at_least=1)
    except Malformed as error:
        _refuse(error)
    found = [
        _project_item(project)
        for project in cloud.accounts.projects()
        if query.get("name", project.name) == project.name
        and query.get("domain_id", _domain_id_of(project)) == _domain_id_of(project)
        and query.get("enabled", "true") == "true"
        and (caller.token.grant.may_use(project) if caller.token else caller.may_use(project.id))
    ]
    body = {"projects": found[(page - 1) * per_page : page * per_page], "links": {"self": request.base_url}}
    return Answer.of(200, body, {"X-IAM-Trace-Id": request.request_id})


def list_auth_projects(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Answer ``GET /v3/auth/projects`` (iam_06_0003): those that the caller may use, which takes no permission."""
    caller = caller_of(cloud, request)
    try:
        known_query(request, frozenset())
    except Malformed as error:
        _refuse(error)
    found = [
        _project_item(project)
        for project in cloud.accounts.projects()
        if (caller.token.grant.may_use(project) if caller.token else caller.may_use(project.id))
    ]
    body = {"projects": found, "links": {"self": request.base_url}}
    return Answer.of(200, body, {"X-IAM-Trace-Id": request.request_id})


def verify_token(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Answer ``GET /v3/auth/tokens`` (iam_30_0004), for the own token, which takes no permission."""
    caller_of(cloud, request)
    value = request.headers.get("X-Subject-Token")
    token = cloud.accounts.token(value or "")
    if token is None or value != request.headers.get("X-Auth-Token"):
        raise keystone_error(404, "Could not find token.")
    return Answer.of(200, {"token": _describe(token, None)}, {"X-IAM-Trace-Id": request.request_id})


def _refuse(error: Malformed) -> NoReturn:
    texts = {
        Problem.NOT_JSON: "The request body is not valid JSON: {}.",
        Problem.UNKNOWN: "The request has a field that is not known: {}.",
        Problem.MISSING: "The request lacks a field: {}.",
        Problem.INVALID: "The request has a field that is not valid: {}.",
    }
    raise keystone_error(400, texts[error.problem].format(error.where)) from error


def _domain_id_of(project: Project) -> str:
    return domain_id(project.domain or "")


def _project_item(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "domain_id": _domain_id_of(project),
        "parent_id": _domain_id_of(project),
        "enabled": True,
        "is_domain": False,
        "description": "",
        "links": {},
    }


def _describe(token: Token, catalog_url: str | None) -> dict[str, Any]:
    grant = token.grant
    domain = _describe_domain(grant.domain)
    described: dict[str, Any] = {
        "expires_at": _timestamp(token.expires_at),
        "issued_at": _timestamp(token.issued_at),
        "methods": list(grant.methods),
        "user": _describe_user(grant.acts_as),
        "roles": [{"id": "0", "name": "te_admin"}],
    }
    if "totp" in grant.methods:
        described["mfa_authn_at"] = described["issued_at"]
    if grant.agency is not None:
        described["assumed_by"] = {"user": _describe_user(grant.user)}
    if token.project is None:
        described["domain"] = domain
    else:
        described["project"] = {"id": token.project.id, "name": token.project.name, "domain": domain}
    if catalog_url is not None:
        urls = {"iam": f"{catalog_url}/v3", "drs": f"{catalog_url}/v5/{token.project.id if token.project else ''}"}
        described["catalog"] = [_catalog_item(name, url) for name, url in urls.items()]
    return described


def _describe_domain(name: str) -> dict[str, str]:
    return {"id": domain_id(name), "name": name}


def _describe_user(who: User | Agency) -> dict[str, Any]:
    # Official SDK, agency_token_user.py: an agency has a name of two parts, and no password that might expire.
    special = {"name": f"{who.domain}/{who.name}"} if isinstance(who, Agency) else {"password_expires_at": ""}
    return {"id": who.id, "name": who.name, "domain": _describe_domain(who.domain), **special}


def _catalog_item(name: str, url: str) -> dict[str, Any]:
    endpoint = {"id": name, "interface": "public", "region": "*", "region_id": "*", "url": url}
    return {"id": name, "name": name, "type": name, "endpoints": [endpoint]}


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


ROUTES = (
    route("POST", "/v3/auth/tokens", "auth-tokens", create_token),
    route("GET", "/v3/auth/tokens", "verify-token", verify_token),
    route("GET", "/v3/projects", "projects", list_projects),
    route("GET", "/v3/auth/projects", "auth-projects", list_auth_projects),
)
