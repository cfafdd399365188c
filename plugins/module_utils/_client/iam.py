# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: IAM, as far as it gives tokens."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import urlencode

from .._core.errors import ConfigurationError, UnreadableAnswerError
from .._core.retry import Purpose
from .auth import Auth
from .http_client import HttpClient


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

    def ends_at(self, now: float) -> float | None:
        """Give when it ends, for a token that has just come; seconds since 1970-01-01 UTC, as ``now`` is.

        None where IAM did not say. It lives no longer than IAM says it does, whichever of the two clocks is right.
        """
        issued, expires = _moment(self.issued_at), _moment(self.expires_at)
        if expires is None:
            return None
        return expires if issued is None else min(expires, now + expires - issued)


def fetch_token(http: HttpClient, iam_url: str, request: Mapping[str, object], auth: Auth | None = None) -> Token:
    """Log in: ``POST /v3/auth/tokens``, which answers 201 with the token in ``X-Subject-Token`` (iam_30_0001).

    ``request`` is the body, ``auth`` is who asks for it. ``nocatalog`` leaves the catalog out of
    the answer. A refused password is tried once only. Raises CloudError.
    """
    answer = http.request(
        "POST", f"{iam_url}/v3/auth/tokens?nocatalog=true", purpose=Purpose.LOGIN, auth=auth, body=request
    )
    if not answer.subject_token:
        raise UnreadableAnswerError(
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


def find_project_id(http: HttpClient, iam_url: str, auth: Auth, name: str, region: str | None = None) -> str:
    """Give the ID of the project with this name: ``GET /v3/projects?name=`` (KeystoneListProjects).

    ``region`` is for the error text. Raises CloudError, also where there is none or several.
    """
    answer = http.request("GET", f"{iam_url}/v3/projects?{urlencode({'name': name})}", purpose=Purpose.READ, auth=auth)
    projects = answer.body.get("projects")
    found = [_mapping(project) for project in projects] if isinstance(projects, list) else []
    ids = [project_id for project in found if project.get("name") == name and (project_id := _text(project.get("id")))]
    if len(ids) != 1:
        place = f" in region {region}" if region else ""
        raise ConfigurationError(
            f"IAM at {iam_url} knows {len(ids) or 'no'} project{'s' if len(ids) > 1 else ''} named {name!r}{place} "
            "that this identity may see: give project_id, or check region and project_name"
        )
    return ids[0]


def _moment(text: str | None) -> float | None:
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(text or "", form).replace(tzinfo=timezone.utc).timestamp()
    return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
