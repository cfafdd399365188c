# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated IAM: temporary access keys.

Pages: CreateTemporaryAccessKeyByToken (iam_04_0002) and CreateTemporaryAccessKeyByAgency (iam_04_0101).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .answers import Answer, ApiError, iam_error
from .cloud import Cloud
from .iam_answers import timestamp
from .iam_login import AgencyLogin, caller_of
from .principals import Grant
from .records import RecordedRequest
from .routing import route
from .validation import Field, Malformed, Problem, checked, json_object

_SHORTEST, _LONGEST = 15 * 60, 24 * 3600

_PROBLEM_CODES = {
    Problem.NOT_JSON: "IAM.0011",
    Problem.UNKNOWN: "IAM.0011",
    Problem.MISSING: "IAM.0072",
    Problem.INVALID: "IAM.0073",
}
# Below /v3.0 IAM returns its own codes instead of the shape of Keystone. The codes of these calls are INFERRED.
_STATUS_CODES = {401: "IAM.0001", 403: "IAM.0002"}


class _Wanted(NamedTuple):
    seconds: int
    find_grant: Callable[[Cloud, RecordedRequest], Grant]


def create_temporary_key(cloud: Cloud, request: RecordedRequest) -> Answer:
    """Handle ``POST /v3.0/OS-CREDENTIAL/securitytokens``."""
    try:
        auth = json_object(request, {"auth": Field(dict, required=True)})["auth"]
        wanted = _parse(checked(auth, "auth", {"identity": Field(dict, required=True)})["identity"])
    except Malformed as error:
        raise iam_error(_PROBLEM_CODES[error.problem], error.where) from error
    try:
        grant = wanted.find_grant(cloud, request)
    except ApiError as error:
        if error.from_gateway:
            raise
        raise iam_error(_STATUS_CODES[error.status]) from error
    key = cloud.accounts.new_temporary_key(grant, wanted.seconds)
    credential = {"access": key.access, "secret": key.secret, "securitytoken": key.security_token}
    expires_at = timestamp(key.expires_at or 0)
    return Answer.of(201, {"credential": {**credential, "expires_at": expires_at}})


def _parse(identity: dict[str, Any]) -> _Wanted:
    methods = identity.get("methods")
    fields = {"methods": Field(list, required=True), "policy": Field(dict)}
    if methods == ["assume_role"]:
        checked(identity, "identity", {**fields, "assume_role": Field(dict, required=True)})
        # The name of the session and the policy for OBS are not simulated.
        role = {name: value for name, value in identity["assume_role"].items() if name != "session_user"}
        seconds = _seconds(role.pop("duration_seconds", _SHORTEST))
        login = AgencyLogin.parse({"methods": methods, "assume_role": role})
        return _Wanted(seconds, lambda cloud, request: login(cloud, request).grant)
    checked(identity, "identity", {**fields, "token": Field(dict)})
    if methods != ["token"]:
        raise Malformed(Problem.INVALID, "methods")
    token = checked(identity.get("token", {}), "token", {"id": Field(str), "duration_seconds": Field(int)})
    return _Wanted(_seconds(token.get("duration_seconds", _SHORTEST)), _by_token(token.get("id")))


def _seconds(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not _SHORTEST <= value <= _LONGEST:
        raise Malformed(Problem.INVALID, "duration_seconds")
    return value


def _by_token(value: str | None) -> Callable[[Cloud, RecordedRequest], Grant]:
    def find_grant(cloud: Cloud, request: RecordedRequest) -> Grant:
        # OTC page: the header takes precedence over the token in the body. A signature is valid too (iam_04_0002).
        if value is None or {"X-Auth-Token", "Authorization"} & request.headers.keys():
            return caller_of(cloud, request).grant
        token = cloud.accounts.token(value)
        if token is None or not cloud.accounts.is_valid(token):
            raise iam_error("IAM.0001")
        return token.grant

    return find_grant


ROUTES = (route("POST", "/v3.0/OS-CREDENTIAL/securitytokens", "securitytokens", create_temporary_key),)
