# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API gateway, which checks a request before a service handles it: limits, authentication, throttling.

The texts of APIGW.0301 are from the FAQ "Common errors related to IAM authentication information".
"""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from time import strptime

from .answers import ApiError, gateway_error
from .cloud import Cloud
from .principals import AccessKey, Grant, Project, Token
from .records import RecordedRequest
from .signature import Authorization, Signable, is_signed_by

# OTC API Gateway error codes, APIG.0201: the size limits of requests.
MAX_BODY = 12 * 1024 * 1024
_MAX_TARGET = 32 * 1024
_MAX_HEADER = 32 * 1024
_MAX_HEADERS = 128 * 1024
# API request signing guide.
_MAX_CLOCK_SKEW = 15 * 60


@dataclass(frozen=True)
class Caller:
    """The caller of a request, and the projects that it may use."""

    name: str
    grant: Grant
    projects: frozenset[str] | None
    """The projects of the token, or of the request's X-Project-Id. None means all projects of the grant."""
    token: Token | None = None

    def may_use(self, project: Project) -> bool:
        """Return whether the token or the access key is valid for this project."""
        return self.grant.may_use(project) and (self.projects is None or project.id in self.projects)


def check_limits(request: RecordedRequest) -> None:
    """Raise ApiError if the request is too large."""
    sizes = [len(name) + len(value) for name, value in request.headers.items()]
    if len(request.target) > _MAX_TARGET:
        raise gateway_error("0201", "Request URI too large", 414)
    if max(sizes, default=0) > _MAX_HEADER or sum(sizes) > _MAX_HEADERS:
        raise gateway_error("0201", "Request header too large", 494)
    if len(request.body) > MAX_BODY:
        raise gateway_error("0201", "Request entity too large", 413)


def authenticate(cloud: Cloud, request: RecordedRequest) -> Caller:
    """Return the caller of a request. A token takes precedence over a signature. Raise ApiError."""
    token = request.headers.get("X-Auth-Token")
    if token is not None:
        return _by_token(cloud, token)
    header = request.headers.get("Authorization")
    if header is None:
        raise gateway_error("0301", "x-auth-token not found")
    return _by_signature(cloud, request, header)


def throttle(cloud: Cloud, caller: Caller) -> None:
    """Raise ApiError if the caller sends too many requests."""
    limit = cloud.throttles(caller.name)
    if limit is not None:
        raise gateway_error("0308", limit)


def _by_token(cloud: Cloud, value: str) -> Caller:
    token = cloud.accounts.token(value)
    if token is None:
        raise gateway_error("0301", "decrypt token fail")
    if not cloud.accounts.is_valid(token):
        raise gateway_error("0307")
    projects = frozenset() if token.project is None else frozenset({token.project.id})
    return Caller(f"user {token.grant.acts_as.id}", token.grant, projects, token)


def _by_signature(cloud: Cloud, request: RecordedRequest, header: str) -> Caller:
    authorization = Authorization.parse(header)
    if authorization is None:
        raise _signature_fails()
    key = cloud.accounts.access_key(authorization.access)
    is_known = key is not None and cloud.accounts.may_act(key.grant)
    if key is None or not is_known or key.security_token != request.headers.get("X-Security-Token"):
        # A temporary access key is valid only together with its security token. The key of a disabled user does not
        # exist any more (INFERRED: no samples were found).
        raise gateway_error("0301", f"Get secretKey failed,ak:{authorization.access},err:ak not exist")
    if cloud.accounts.is_locked(key):
        raise gateway_error("0301", "AK access failed to reach the limit,forbidden")
    error = _error_of_key(cloud, key, request, authorization)
    cloud.accounts.note_use(key, worked=error is None)
    if error is not None:
        raise error
    scope = request.headers.get("X-Project-Id")
    return Caller(f"access key {key.access}", key.grant, None if scope is None else frozenset({scope}))


def _error_of_key(
    cloud: Cloud, key: AccessKey, request: RecordedRequest, authorization: Authorization
) -> ApiError | None:
    if cloud.accounts.is_expired(key.expires_at):
        # IAM.1108 is the code of IAM. The response of the gateway is INFERRED.
        return gateway_error("0301", "securitytoken expired")
    try:
        signed_at = timegm(strptime(request.headers["X-Sdk-Date"], "%Y%m%dT%H%M%SZ"))
    except (KeyError, ValueError):
        return _signature_fails()
    # Signing guide FAQ: a wrong clock is one of the causes of this text.
    on_time = abs(cloud.clock.time() - signed_at) <= _MAX_CLOCK_SKEW
    signable = Signable(request.method, request.target, request.headers, request.body)
    return None if on_time and is_signed_by(signable, authorization, key.secret) else _signature_fails()


def _signature_fails() -> ApiError:
    return gateway_error("0301", "verify aksk signature fail")
