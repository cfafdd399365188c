# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: IAM, as far as it gives tokens."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import urlencode

from .._core.error_codes import HintContext, one_line
from .._core.errors import CloudError, ConfigurationError, InvalidResponseError, ServiceError
from .._core.option_values import format_value
from .._core.retry import RequestKind
from .auth import Auth, TokenAuth
from .http_client import HttpClient

# A call that somebody may not use, or that there is none of, in whatever way a gateway says so.
_NOT_FOR_EVERYBODY = frozenset({403, 404, 405})


@dataclass(frozen=True)
class Token:
    """A token and what IAM says of it; times are as IAM gives them, UTC in ISO 8601."""

    token: str = field(repr=False)
    expires_at: str | None
    issued_at: str | None
    project_id: str | None
    project_name: str | None
    user_name: str | None
    domain_name: str | None

    def valid_until(self, now: float) -> float | None:
        """Give when it ends by the clock of ``now``, for a token that has just come; seconds since 1970-01-01 UTC.

        None where IAM did not say. It lives for as long as IAM says it does, whichever of the two clocks is right.
        """
        issued, expires = _parse_time(self.issued_at), _parse_time(self.expires_at)
        if expires is None or issued is None:
            return expires
        return now + expires - issued


def fetch_token(http: HttpClient, iam_url: str, request: Mapping[str, object], auth: Auth | None = None) -> Token:
    """Log in: ``POST /v3/auth/tokens``, which answers 201 with the token in ``X-Subject-Token`` (iam_30_0001).

    ``request`` is the body, ``auth`` is who asks for it. ``nocatalog`` leaves the catalog out of the answer. A refused
    password is tried once only. Raises CloudError.
    """
    url = f"{iam_url}/v3/auth/tokens?nocatalog=true"
    answer = http.request(
        "POST", url, kind=RequestKind.LOGIN, auth=auth, body=request, hint_context=_build_hint_context(request)
    )
    if not answer.subject_token:
        raise InvalidResponseError(
            f"IAM at {iam_url} answered HTTP {answer.status} without a token (X-Subject-Token)",
            status=answer.status,
            request_id=answer.request_id,
        )
    said = _mapping(answer.body.get("token"))
    project = _mapping(said.get("project"))
    user = _mapping(said.get("user"))
    return Token(
        token=answer.subject_token,
        expires_at=_text(said.get("expires_at")),
        issued_at=_text(said.get("issued_at")),
        project_id=_text(project.get("id")),
        project_name=_text(project.get("name")),
        user_name=_text(user.get("name")),
        domain_name=_text(_mapping(user.get("domain")).get("name")),
    )


def find_project_id(
    http: HttpClient, iam_url: str, auth: Auth, name: str, region: str | None = None, *, must_match_token: bool = False
) -> str:
    """Give the ID of the project with this name. Raises CloudError, also where there is none, or several.

    Anybody may list their own projects; that of a token the token itself tells, too. ``region`` is for the error text.
    A token that ``must_match_token`` with the project must not be good for another; DRS speaks of one that is for none.
    """
    place = f" in region {region}" if region else ""
    found, refusals = _find_listed(http, iam_url, auth, name)
    project_id = _only(iam_url, name, place, found) if found else None
    scope = None
    if isinstance(auth, TokenAuth) and (must_match_token or project_id is None):
        scope = _fetch_token_scope(http, iam_url, auth)
    if project_id is None and scope is not None and scope.name == name:
        project_id = scope.project_id
    if project_id is None:
        raise _not_found(iam_url, name, place, scope, refusals)
    if must_match_token and scope is not None and scope.project_id not in (None, project_id):
        raise ConfigurationError(
            f"IAM at {iam_url} says that the token is good for {scope}, and not for the project {format_value(name)} "
            f"({project_id}): give a token of that project, or check project_name and region"
        )
    return project_id


def _find_listed(
    http: HttpClient, iam_url: str, auth: Auth, name: str
) -> tuple[dict[str, Mapping[str, object]], list[ServiceError]]:
    """List projects, and give those of this name by their IDs, and the lists that were refused.

    ``GET /v3/auth/projects`` (KeystoneListAuthProjects, iam_06_0003) needs no permission, and takes no name; ``GET
    /v3/projects?name=`` (KeystoneListProjects, iam_06_0001) needs one. A refused credential is not tried once more.
    """
    found: dict[str, Mapping[str, object]] = {}
    refusals: list[ServiceError] = []
    for path in ("/v3/auth/projects", f"/v3/projects?{urlencode({'name': name})}"):
        try:
            body = http.request("GET", f"{iam_url}{path}", kind=RequestKind.READ, auth=auth).body
        except ServiceError as error:
            if error.status not in _NOT_FOR_EVERYBODY:
                raise
            refusals.append(error)
            continue
        listed = body.get("projects")
        for project in map(_mapping, listed if isinstance(listed, list) else []):
            project_id = _text(project.get("id"))
            if project_id is not None and project.get("name") == name:
                found[project_id] = project
        is_whole = not body.get("truncated") and not _mapping(body.get("links")).get("next")
        if found and is_whole:
            break
    return found, refusals


def _only(iam_url: str, name: str, place: str, found: Mapping[str, Mapping[str, object]]) -> str:
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


def _not_found(
    iam_url: str, name: str, place: str, scope: _TokenScope | None, refusals: Sequence[ServiceError]
) -> CloudError:
    is_listed = len(refusals) < 2  # noqa: PLR2004  one of the two lists came
    if not is_listed and scope is None:
        # That one of the calls is not there says less than that somebody may not use the other.
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
    """What a token is good for: a project, without an ID an account, or without a name either nothing of the kind."""

    project_id: str | None
    name: str | None

    def __str__(self) -> str:
        if self.project_id is None:
            return f"the account {format_value(self.name)}" if self.name else "no project at all"
        return f"the project {format_value(self.name or '')} ({self.project_id})"


def _fetch_token_scope(http: HttpClient, iam_url: str, auth: TokenAuth) -> _TokenScope | None:
    """Ask what a token is good for: ``GET /v3/auth/tokens`` (KeystoneValidateToken, iam_30_0004).

    Nobody needs a permission to ask that of their own token. None where IAM does not say.
    """
    url = f"{iam_url}/v3/auth/tokens?nocatalog=true"
    try:
        said = _mapping(
            http.request("GET", url, kind=RequestKind.READ, auth=auth.with_subject_token()).body.get("token")
        )
    except ServiceError as error:
        if error.status == 401:  # noqa: PLR2004  HTTP
            raise
        return None
    if "user" not in said:
        return None
    project, domain = _mapping(said.get("project")), _mapping(said.get("domain"))
    project_id = _text(project.get("id"))
    return _TokenScope(project_id, _text((domain if project_id is None else project).get("name")))


def _build_hint_context(request: Mapping[str, object]) -> HintContext:
    """Return what a login asks for, from its body."""
    said = _mapping(request.get("auth"))
    methods = _mapping(said.get("identity")).get("methods")
    project = _mapping(_mapping(said.get("scope")).get("project"))
    name, project_id = project.get("name"), project.get("id")
    named = f"with the ID {project_id}" if project_id else format_value(name) if name else None
    if methods == ["assume_role"]:
        return HintContext("login", "agency", named)
    is_with_code = isinstance(methods, list) and "totp" in methods
    return HintContext("login", "passcode" if is_with_code else "user", named)


def _parse_time(text: str | None) -> float | None:
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(text or "", form).replace(tzinfo=timezone.utc).timestamp()
    return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
