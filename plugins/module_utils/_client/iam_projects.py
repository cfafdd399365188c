# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Find the ID of a project in IAM by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from .._core.error_codes import one_line
from .._core.errors import CloudError, ConfigurationError, ServiceError
from .._core.option_values import format_value
from .._core.response_body import as_mapping, as_text
from .._core.retry import RequestKind
from .auth import Auth, TokenAuth
from .http_client import HttpClient

# The caller lacks a permission for the call, or the call does not exist there.
_UNAVAILABLE = frozenset({403, 404, 405})


def find_project_id(
    http: HttpClient, iam_url: str, auth: Auth, name: str, region: str | None = None, *, must_match_token: bool = False
) -> str:
    """Return the ID of the project with this name. Raise CloudError, also if there is none, or more than one.

    ``region`` is for the error text. With ``must_match_token``, a token of another project is an error; a token of no
    project is left to DRS.
    """
    place = f" in region {region}" if region else ""
    found, refusals = _list_projects(http, iam_url, auth, name)
    project_id = _select_project(iam_url, name, place, found) if found else None
    scope = None
    if isinstance(auth, TokenAuth) and (must_match_token or project_id is None):
        scope = _fetch_token_scope(http, iam_url, auth)
    if project_id is None and scope is not None and scope.name == name:
        project_id = scope.project_id
    if project_id is None:
        raise _build_not_found_error(iam_url, name, place, scope, refusals)
    if must_match_token and scope is not None and scope.project_id not in (None, project_id):
        raise ConfigurationError(
            f"IAM at {iam_url} says that the token is good for {scope}, and not for the project {format_value(name)} "
            f"({project_id}): give a token of that project, or check project_name and region"
        )
    return project_id


def _list_projects(
    http: HttpClient, iam_url: str, auth: Auth, name: str
) -> tuple[dict[str, Mapping[str, object]], list[ServiceError]]:
    """Return the listed projects of this name by ID, and the errors of lists that the identity may not use.

    ``GET /v3/auth/projects`` (KeystoneListAuthProjects, iam_06_0003) needs no permission and has no filter. ``GET
    /v3/projects?name=`` (KeystoneListProjects, iam_06_0001) needs a permission.
    """
    found: dict[str, Mapping[str, object]] = {}
    refusals: list[ServiceError] = []
    for path in ("/v3/auth/projects", f"/v3/projects?{urlencode({'name': name})}"):
        try:
            body = http.request("GET", f"{iam_url}{path}", kind=RequestKind.READ, auth=auth).body
        except ServiceError as error:
            if error.status not in _UNAVAILABLE:
                raise
            refusals.append(error)
            continue
        listed = body.get("projects")
        for project in map(as_mapping, listed if isinstance(listed, list) else []):
            project_id = as_text(project.get("id"))
            if project_id is not None and project.get("name") == name:
                found[project_id] = project
        is_complete = not body.get("truncated") and not as_mapping(body.get("links")).get("next")
        if found and is_complete:
            break
    return found, refusals


def _select_project(iam_url: str, name: str, place: str, found: Mapping[str, Mapping[str, object]]) -> str:
    enabled = [project_id for project_id, project in found.items() if project.get("enabled") is not False]
    if len(enabled) == 1:
        return enabled[0]
    ids = one_line(", ".join(enabled or found))
    if not enabled:
        raise ConfigurationError(
            f"IAM at {iam_url} says that the project {format_value(name)}{place} ({ids}) is disabled: enable it, or "
            "check region and project_name"
        )
    raise ConfigurationError(
        f"IAM at {iam_url} knows {len(enabled)} projects named {format_value(name)}{place} that this identity may see "
        f"({ids}): give project_id, or check region and project_name"
    )


def _build_not_found_error(
    iam_url: str, name: str, place: str, scope: _TokenScope | None, refusals: Sequence[ServiceError]
) -> CloudError:
    is_listed = len(refusals) < 2  # noqa: PLR2004  one of the two lists was returned
    if not is_listed and scope is None:
        # A missing permission for one call says more than that the other call does not exist.
        refusal = min(refusals, key=lambda error: error.status == 404)  # noqa: PLR2004  HTTP
        refusal.advise(f"Give the project_id of {format_value(name)}.")
        return refusal
    what = "knows no" if is_listed else "does not let this identity list projects, so it tells of no"
    own = "" if scope is None else f"; the token is good for {scope}"
    return ConfigurationError(
        f"IAM at {iam_url} {what} project named {format_value(name)}{place} that this identity may see{own}: give "
        "project_id, or check region and project_name"
    )


class _TokenScope(NamedTuple):
    """What a token is for: a project; without a project ID an account; without a name neither."""

    project_id: str | None
    name: str | None

    def __str__(self) -> str:
        if self.project_id is None:
            return f"the account {format_value(self.name)}" if self.name else "no project at all"
        return f"the project {format_value(self.name or '')} ({self.project_id})"


def _fetch_token_scope(http: HttpClient, iam_url: str, auth: TokenAuth) -> _TokenScope | None:
    """Return what a token is for, None if IAM does not say.

    ``GET /v3/auth/tokens`` (KeystoneValidateToken, iam_30_0004) needs no permission for one's own token.
    """
    url = f"{iam_url}/v3/auth/tokens?nocatalog=true"
    try:
        response = http.request("GET", url, kind=RequestKind.READ, auth=auth.with_subject_token())
    except ServiceError as error:
        if error.status == 401:  # noqa: PLR2004  HTTP
            raise
        return None
    token = as_mapping(response.body.get("token"))
    if "user" not in token:
        return None
    project, domain = as_mapping(token.get("project")), as_mapping(token.get("domain"))
    project_id = as_text(project.get("id"))
    return _TokenScope(project_id, as_text((domain if project_id is None else project).get("name")))
