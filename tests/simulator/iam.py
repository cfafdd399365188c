# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated IAM: tokens for passwords, passcodes, tokens and agencies, and the versions of the API.

Sources of shapes and rules: the IAM API reference (obtaining a user token with a password, with a virtual MFA device,
an agency token, verifying a token), its OTC edition, and the requests and parsers of the official SDK and the Terraform
provider. What they leave open follows OpenStack Keystone, on which IAM is based.
"""

from __future__ import annotations

from typing import Any

from .answers import Answer, keystone_error
from .cloud import Cloud
from .iam_answers import describe_token, refuse
from .iam_login import Scope, caller_of, no_such_token, parse_identity
from .principals import Token
from .records import RecordedRequest
from .routing import route
from .validation import Field, Malformed, Problem, checked, json_object, known_query


def create_token(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``POST /v3/auth/tokens``."""
    try:
        known_query(request, frozenset({"nocatalog"}))
        auth = json_object(request, {"auth": Field(dict, required=True)})["auth"]
        checked(auth, "auth", {"identity": Field(dict, required=True), "scope": Field(dict)})
        login = parse_identity(auth["identity"])
        scope = Scope.parse(auth.get("scope", {}))
    except Malformed as error:
        refuse(error)
    grant, expires_at = login(cloud, request)
    token = cloud.accounts.new_token(grant, scope.find(cloud, grant), expires_at)
    return _answer(201, token, request)


def verify_token(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``GET /v3/auth/tokens``: the data of the token in ``X-Subject-Token``."""
    caller = caller_of(cloud, request)
    try:
        known_query(request, frozenset({"nocatalog"}))
        if not request.headers.get("X-Subject-Token"):
            raise Malformed(Problem.MISSING, "X-Subject-Token")
    except Malformed as error:
        refuse(error)
    token = cloud.accounts.token(request.headers["X-Subject-Token"])
    if token is None or not cloud.accounts.is_valid(token):
        raise no_such_token()
    if token.grant.acts_as is not caller.grant.acts_as:
        # Only an administrator may read tokens of other users, and the simulated IAM has none.
        raise keystone_error(403, "You are not authorized to perform the requested action: identity:validate_token.")
    return _answer(200, token, request)


def list_versions(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``GET /`` (KeystoneListVersions). Keystone responds with 300 (multiple choices)."""
    return Answer.of(300, {"versions": {"values": [_version(request)]}})


def show_version(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``GET /v3`` (KeystoneShowVersion)."""
    return Answer.of(200, {"version": _version(request)})


def _answer(status: int, token: Token, request: RecordedRequest) -> Answer:
    headers = {"X-Subject-Token": token.value, "X-IAM-Trace-Id": request.request_id}
    # IAM API reference: any nonempty value leaves the catalog out.
    with_catalog = not request.query.get("nocatalog")
    return Answer.of(status, {"token": describe_token(token, request.base_url if with_catalog else None)}, headers)


def _version(request: RecordedRequest) -> dict[str, Any]:
    # Keystone: keystone/api/discovery.py. The page of IAM has the same shape and an older version.
    media_type = {"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}
    return {
        "id": "v3.6",
        "status": "stable",
        "updated": "2016-04-04T00:00:00Z",
        "links": [{"rel": "self", "href": f"{request.base_url}/v3/"}],
        "media-types": [media_type],
    }


ROUTES = (
    route("POST", "/v3/auth/tokens", "auth-tokens", create_token),
    route("GET", "/v3/auth/tokens", "verify-token", verify_token),
    route("GET", "/", "versions", list_versions),
    route("GET", "/v3/?", "versions", show_version),
)
