# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated IAM: tokens for passwords, and the projects of an account.

Shapes and rules: IAM API reference (obtaining a user token with a password, querying projects), the OTC edition of it,
and what the official SDK and the Terraform provider send and read.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NoReturn

from .accounts import AccountLocked, Project, Token, User, WrongPassword, domain_id
from .answers import Answer, ApiError, keystone_error
from .cloud import Cloud
from .gateway import Caller, authenticate
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
        name, user, password = _identity(cloud, auth["identity"])
        scope = _Scope.parse(auth.get("scope", {}))
    except Malformed as error:
        _refuse(error)
    try:
        user = cloud.accounts.log_in(user, password)
    except AccountLocked as error:
        raise keystone_error(401, f"The account of user {name} is locked after too many wrong passwords.") from error
    except WrongPassword as error:
        raise keystone_error(401, "The username or password is wrong.") from error
    token = cloud.accounts.new_token(user, scope.find(cloud, user))
    headers = {"X-Subject-Token": token.value, "X-IAM-Trace-Id": request.request_id}
    # IAM API reference: any value that is not empty leaves the catalog out.
    with_catalog = not request.query.get("nocatalog")
    return Answer.of(201, {"token": _describe(token, request.base_url if with_catalog else None)}, headers)


def list_projects(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Answer ``GET /v3/projects``."""
    caller = _authenticate(cloud, request)
    try:
        query = known_query(request, frozenset({"name", "domain_id", "enabled", "page", "per_page"}))
        page = whole_number(query, "page", 1, at_least=1)
        per_page = whole_number(query, "per_page", _PAGE_LIMIT, at_least=1)
    except Malformed as error:
        _refuse(error)
    own_domain = caller.token.user.domain if caller.token else None
    found = [
        _project_item(project)
        for project in cloud.accounts.projects(own_domain)
        if query.get("name", project.name) == project.name
        and query.get("domain_id", _domain_id_of(project)) == _domain_id_of(project)
        and query.get("enabled", "true") == "true"
        and (caller.token is not None or caller.may_use(project.id))
    ]
    body = {"projects": found[(page - 1) * per_page : page * per_page], "links": {"self": request.base_url}}
    return Answer.of(200, body, {"X-IAM-Trace-Id": request.request_id})


class _Scope:
    """What a token is to be good for. A project wins over a domain; without both it is the account."""

    def __init__(self, project_id: str | None, project_name: str | None) -> None:
        self.project_id = project_id
        self.project_name = project_name

    @classmethod
    def parse(cls, scope: dict[str, Any]) -> _Scope:
        checked(scope, "scope", {"project": Field(dict), "domain": Field(dict)})
        if "domain" in scope:
            _name_or_id(scope["domain"], "domain")
        if "project" not in scope:
            return cls(None, None)
        # The Terraform provider adds the domain when it gives the name of the project.
        project = dict(scope["project"])
        if "domain" in project:
            _name_or_id(project.pop("domain"), "domain")
        _name_or_id(project, "project")
        return cls(project.get("id"), project.get("name"))

    def find(self, cloud: Cloud, user: User) -> Project | None:
        if self.project_id is None and self.project_name is None:
            return None
        for project in cloud.accounts.projects(user.domain):
            if self.project_id in (None, project.id) and self.project_name in (None, project.name):
                return project
        # As Keystone does, from which this API comes (INFERRED: no sample was found).
        raise keystone_error(401, "The project of the scope does not exist, or the user has no access to it.")


def _identity(cloud: Cloud, identity: dict[str, Any]) -> tuple[str, User | None, str]:
    checked(identity, "identity", {"methods": Field(list, required=True), "password": Field(dict, required=True)})
    if identity["methods"] != ["password"]:
        raise Malformed(Problem.INVALID, "methods")
    fields = {"user": Field(dict, required=True)}
    given = checked(identity["password"], "password", fields)["user"]
    fields = {"id": Field(str), "name": Field(str), "domain": Field(dict), "password": Field(str, required=True)}
    checked(given, "user", fields)
    if "id" in given:
        return given["id"], cloud.accounts.user_by_id(given["id"]), given["password"]
    checked(given, "user", {**fields, "name": Field(str, required=True), "domain": Field(dict, required=True)})
    _name_or_id(given["domain"], "domain")
    user = cloud.accounts.user(given["name"], given["domain"].get("name"))
    if user is not None and given["domain"].get("id", domain_id(user.domain)) != domain_id(user.domain):
        user = None
    return given["name"], user, given["password"]


def _name_or_id(value: Any, where: str) -> None:
    checked(value, where, {"id": Field(str), "name": Field(str)})
    if not (value.get("id") or value.get("name")):
        raise Malformed(Problem.MISSING, where)


def _refuse(error: Malformed) -> NoReturn:
    texts = {
        Problem.NOT_JSON: "The request body is not valid JSON: {}.",
        Problem.UNKNOWN: "The request has a field that is not known: {}.",
        Problem.MISSING: "The request lacks a field: {}.",
        Problem.INVALID: "The request has a field that is not valid: {}.",
    }
    raise keystone_error(400, texts[error.problem].format(error.where)) from error


def _authenticate(cloud: Cloud, request: RecordedRequest) -> Caller:
    try:
        return authenticate(cloud, request)
    except ApiError as error:
        if "X-Auth-Token" in request.headers:
            # IAM checks tokens itself (it has codes of its own for that: IAM.0066, IAM.0067); signatures are the
            # gateway's business.
            raise keystone_error(401, "The request you have made requires authentication.") from error
        raise


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
    domain = {"id": domain_id(token.user.domain), "name": token.user.domain}
    user = {"id": token.user.id, "name": token.user.name, "password_expires_at": "", "domain": domain}
    described: dict[str, Any] = {
        "expires_at": _timestamp(token.expires_at),
        "issued_at": _timestamp(token.issued_at),
        "methods": ["password"],
        "user": user,
        "roles": [{"id": "0", "name": "te_admin"}],
    }
    if token.project is None:
        described["domain"] = domain
    else:
        described["project"] = {"id": token.project.id, "name": token.project.name, "domain": domain}
    if catalog_url is not None:
        urls = {"iam": f"{catalog_url}/v3", "drs": f"{catalog_url}/v5/{token.project.id if token.project else ''}"}
        described["catalog"] = [_catalog_item(name, url) for name, url in urls.items()]
    return described


def _catalog_item(name: str, url: str) -> dict[str, Any]:
    endpoint = {"id": name, "interface": "public", "region": "*", "region_id": "*", "url": url}
    return {"id": name, "name": name, "type": name, "endpoints": [endpoint]}


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


ROUTES = (
    route("POST", "/v3/auth/tokens", "auth-tokens", create_token),
    route("GET", "/v3/projects", "projects", list_projects),
)
