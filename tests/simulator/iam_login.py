# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who logs in to the simulated IAM, how, and for what: the parts of ``POST /v3/auth/tokens`` below ``auth``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import accounts
from .accounts import Passcode
from .answers import ApiError, iam_error, keystone_error
from .cloud import Cloud
from .gateway import Caller, authenticate
from .principals import Grant, Project, User, domain_id
from .records import RecordedRequest
from .validation import Field, Malformed, Problem, checked

Login = Callable[[Cloud, RecordedRequest], Grant]
"""Checks who logs in. Raises ApiError."""


_LOGIN_ERRORS: dict[type[accounts.LoginFailed], tuple[int, str]] = {
    accounts.WrongPassword: (401, "The username or password is wrong."),
    accounts.AccountLocked: (401, "The account of user {} is locked after too many wrong passwords."),
    # That login protection breaks logins with a password alone is known, status and text are INFERRED.
    accounts.PasscodeNeeded: (401, "User {} has login protection: a passcode is needed as well."),
    # INFERRED: a part of the request that makes no sense for this user.
    accounts.PasscodeUnknown: (400, "User {} has no virtual MFA device."),
}


def parse_identity(cloud: Cloud, identity: dict[str, Any]) -> Login:
    """Take apart who wants to log in, and give what checks it. Raises Malformed."""
    methods = identity.get("methods")
    if methods == ["assume_role"]:
        return _AgencyLogin.parse(identity)
    fields = {"methods": Field(list, required=True), "password": Field(dict, required=True)}
    if methods == ["password", "totp"]:
        fields["totp"] = Field(dict, required=True)
    checked(identity, "identity", fields)
    if methods not in (["password"], ["password", "totp"]):
        raise Malformed(Problem.INVALID, "methods")
    return _PasswordLogin.parse(cloud, identity)


@dataclass(frozen=True)
class Scope:
    """What a token is to be good for. A project wins over a domain; without both it is the account."""

    project: dict[str, Any]
    domains: tuple[dict[str, Any], ...]

    @classmethod
    def parse(cls, scope: dict[str, Any]) -> Scope:
        """Take the scope apart. Raises Malformed."""
        checked(scope, "scope", {"project": Field(dict), "domain": Field(dict)})
        project = dict(scope.get("project", {}))
        # The Terraform provider adds the domain when it gives the name of the project.
        named = [part["domain"] for part in (scope, project) if "domain" in part]
        project.pop("domain", None)
        if "project" in scope:
            _name_or_id(project, "project")
        return cls(project, tuple(_name_or_id(domain, "domain") for domain in named))

    def find(self, cloud: Cloud, grant: Grant) -> Project | None:
        """Give the project that is within reach, None for the account. Raises ApiError if there is none."""
        account = {"id": domain_id(grant.domain), "name": grant.domain}
        is_ours = all(domain.items() <= account.items() for domain in self.domains)
        if is_ours and not self.project:
            return None
        for project in cloud.accounts.projects():
            is_meant = self.project.items() <= {"id": project.id, "name": project.name}.items()
            if is_ours and is_meant and grant.may_use(project):
                return project
        # As Keystone does, from which this API comes (INFERRED: no sample was found).
        raise keystone_error(401, "The scope does not name a project or an account that the user has access to.")


@dataclass(frozen=True)
class _PasswordLogin:
    """Methods password, and password with totp."""

    name: str
    user: User | None
    password: str
    passcode: Passcode | None

    @classmethod
    def parse(cls, cloud: Cloud, identity: dict[str, Any]) -> _PasswordLogin:
        fields = {"user": Field(dict, required=True)}
        given = checked(identity["password"], "password", fields)["user"]
        passcode = _passcode(checked(identity["totp"], "totp", fields)["user"]) if "totp" in identity else None
        fields = {"id": Field(str), "name": Field(str), "domain": Field(dict), "password": Field(str, required=True)}
        checked(given, "user", fields)
        if "id" in given:
            return cls(given["id"], cloud.accounts.user_by_id(given["id"]), given["password"], passcode)
        checked(given, "user", {**fields, "name": Field(str, required=True), "domain": Field(dict, required=True)})
        _name_or_id(given["domain"], "domain")
        user = cloud.accounts.user(given["name"], given["domain"].get("name"))
        if user is not None and given["domain"].get("id", domain_id(user.domain)) != domain_id(user.domain):
            user = None
        return cls(given["name"], user, given["password"], passcode)

    def __call__(self, cloud: Cloud, request: RecordedRequest) -> Grant:
        try:
            return cloud.accounts.log_in(self.user, self.password, self.passcode)
        except accounts.WrongPasscode as error:
            raise iam_error("IAM.1061") from error
        except accounts.LoginFailed as error:
            status, text = _LOGIN_ERRORS[type(error)]
            raise keystone_error(status, text.format(self.name)) from error


@dataclass(frozen=True)
class _AgencyLogin:
    """Method assume_role: a user of the trusted account, known by a token, takes on an agency."""

    name: str
    domain: str | None
    domain_id: str | None

    @classmethod
    def parse(cls, identity: dict[str, Any]) -> _AgencyLogin:
        fields = {"methods": Field(list, required=True), "assume_role": Field(dict, required=True)}
        given = checked(identity, "identity", fields)["assume_role"]
        # An example of OTC has xrole_name for the name of the agency; the official SDK has not.
        fields = {"agency_name": Field(str, required=True), "domain_name": Field(str), "domain_id": Field(str)}
        checked(given, "assume_role", fields)
        if not (given.get("domain_name") or given.get("domain_id")):
            raise Malformed(Problem.MISSING, "domain_name")
        return cls(given["agency_name"], given.get("domain_name"), given.get("domain_id"))

    def __call__(self, cloud: Cloud, request: RecordedRequest) -> Grant:
        token = caller_of(cloud, request).token if "X-Auth-Token" in request.headers else None
        if token is None:
            # The official SDK signs this call; but the access keys of this cloud belong to no user.
            raise _not_authenticated()
        agency = cloud.accounts.agency(self.name, self.domain, self.domain_id)
        # Who acts by an agency is no user of the account, so agencies make no chains (INFERRED).
        is_user = token.grant.agency is None
        if agency is None or not is_user or token.grant.domain != agency.trusted_domain:
            # INFERRED: nobody is told what agencies others have, and 403 is among the documented statuses.
            raise keystone_error(403, "You are not authorized to take on this agency.")
        return Grant(token.grant.user, ("assume_role",), agency)


def caller_of(cloud: Cloud, request: RecordedRequest) -> Caller:
    """Tell who sends a request to IAM. Raises ApiError."""
    try:
        return authenticate(cloud, request)
    except ApiError as error:
        if "X-Auth-Token" in request.headers:
            # IAM checks tokens itself (it has codes of its own for that: IAM.0066, IAM.0067); signatures are the
            # gateway's business.
            raise _not_authenticated() from error
        raise


def _not_authenticated() -> ApiError:
    return keystone_error(401, "The request you have made requires authentication.")


def _passcode(given: Any) -> Passcode:
    # The documentation also shows a user with a name here; the official SDK knows only this.
    checked(given, "user", {"id": Field(str, required=True), "passcode": Field(str, required=True)})
    return Passcode(given["id"], given["passcode"])


def _name_or_id(value: Any, where: str) -> dict[str, Any]:
    checked(value, where, {"id": Field(str), "name": Field(str)})
    if not (value.get("id") or value.get("name")):
        raise Malformed(Problem.MISSING, where)
    return dict(value)
