# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated IAM: the lists of projects and accounts.

Pages: KeystoneListProjects (iam_06_0001), which needs a permission; KeystoneListProjectsForUser (iam_06_0002), which
needs none for the caller's own projects; KeystoneListAuthProjects (iam_06_0003) and KeystoneListAuthDomains, which need
none.
"""

from __future__ import annotations

from collections.abc import Iterable

from .answers import Answer, ApiError, keystone_error
from .cloud import Cloud
from .gateway import Caller
from .iam_answers import describe_domain, describe_project, refuse
from .iam_login import caller_of
from .principals import Project, domain_id
from .records import RecordedRequest
from .routing import route
from .validation import Malformed, known_query, whole_number

_PAGE_LIMIT = 5000


def list_projects(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``GET /v3/projects``: the projects of the account, also those without a role of the caller."""
    caller = caller_of(cloud, request)
    if not caller.grant.acts_as.may_list_projects:
        raise _forbidden("list_projects")
    try:
        query = known_query(request, frozenset({"name", "domain_id", "enabled", "page", "per_page"}))
        page = whole_number(query, "page", 1, at_least=1)
        per_page = whole_number(query, "per_page", _PAGE_LIMIT, at_least=1)
    except Malformed as error:
        refuse(error)
    account = domain_id(caller.grant.domain)
    found = [
        project
        for project in cloud.accounts.projects(caller.grant.domain)
        if query.get("name", project.name) == project.name
        and query.get("domain_id", account) == account
        and query.get("enabled", _truth(project.enabled)) == _truth(project.enabled)
    ]
    return _listed(found[(page - 1) * per_page : page * per_page], caller, request)


def list_auth_projects(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``GET /v3/auth/projects``: the projects that the caller may use, whatever the scope of the token is.

    They include disabled ones, as in Keystone (keystone/assignment/core.py, list_projects_for_user). The page also has
    the field ``enabled``.
    """
    caller = caller_of(cloud, request)
    _without_query(request)
    return _listed(filter(caller.grant.may_use, cloud.accounts.projects()), caller, request)


def list_user_projects(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``GET /v3/users/{user_id}/projects``, only for the caller's own ID, because there is no administrator."""
    caller = caller_of(cloud, request)
    if request.params["user_id"] != caller.grant.acts_as.id:
        raise _forbidden("list_user_projects")
    return list_auth_projects(cloud, request)


def list_auth_domains(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``GET /v3/auth/domains``: the account of the caller."""
    caller = caller_of(cloud, request)
    _without_query(request)
    account = describe_domain(caller.grant.domain)
    links = {"self": f"{request.base_url}/v3/domains/{account['id']}"}
    domain = {**account, "enabled": True, "description": "", "links": links}
    return Answer.of(200, {"domains": [domain], "links": {"self": request.base_url + request.path}})


def _without_query(request: RecordedRequest) -> None:
    try:
        known_query(request, frozenset())
    except Malformed as error:
        refuse(error)


def _listed(projects: Iterable[Project], caller: Caller, request: RecordedRequest) -> Answer:
    items = [describe_project(project, caller.grant.domain, request.base_url) for project in projects]
    body = {"projects": items, "links": {"self": request.base_url + request.path}}
    return Answer.of(200, body, {"X-IAM-Trace-Id": request.request_id})


def _forbidden(action: str) -> ApiError:
    # The text of Keystone (ForbiddenAction). 403 is the documented status.
    return keystone_error(403, f"You are not authorized to perform the requested action: identity:{action}.")


def _truth(value: bool) -> str:
    return "true" if value else "false"


ROUTES = (
    route("GET", "/v3/projects", "projects", list_projects),
    route("GET", "/v3/auth/projects", "auth-projects", list_auth_projects),
    route("GET", "/v3/users/{user_id}/projects", "user-projects", list_user_projects),
    route("GET", "/v3/auth/domains", "auth-domains", list_auth_domains),
)
