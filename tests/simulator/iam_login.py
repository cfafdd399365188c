# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins to the simulated IAM: the identity and the scope in the body of ``POST /v3/auth/tokens``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from . import accounts
from .accounts import Proof
from .answers import ApiError, iam_error, keystone_error
from .cloud import Cloud
from .gateway import Caller, authenticate
from .iam_answers import describe_domain, describe_user, timestamp
from .principals import Grant, Project, Receipt, User, domain_id
from .records import RecordedRequest
from .validation import Field, Malformed, Problem, checked

# The header of Keystone (keystone/common/authorization.py).
_RECEIPT_HEADER = "Openstack-Auth-Receipt"
_METHODS: dict[Literal["password", "totp"], str] = {"password": "password", "totp": "passcode"}


class LoggedIn(NamedTuple):
    """The grant of a login, and the latest time that its token may expire."""

    grant: Grant
    expires_at: float | None = None


Login = Callable[[Cloud, RecordedRequest], LoggedIn]
"""A function that checks a login. It raises ApiError."""


def parse_identity(identity: dict[str, Any]) -> Login:
    """Return the login for the identity of a request. Raise Malformed."""
    methods = identity.get("methods")
    if methods == ["assume_role"]:
        return AgencyLogin.parse(identity)
    if methods == ["token"]:
        return _TokenLogin.parse(identity)
    named = methods if isinstance(methods, list) else []
    is_known = bool(named) and all(method in tuple(_METHODS) for method in named)
    parts = [method for method in _METHODS if method in named] if is_known else ["password"]
    fields = {name: Field(dict, required=True) for name in parts}
    checked(identity, "identity", {"methods": Field(list, required=True), **fields})
    if not is_known:
        raise Malformed(Problem.INVALID, "methods")
    return _UserLogin(tuple(_Shown.parse(method, identity[method]) for method in _METHODS if method in named))


@dataclass(frozen=True)
class Scope:
    """The scope of a token. A project takes precedence over a domain. Without both the scope is the account."""

    project: dict[str, Any]
    domains: tuple[dict[str, Any], ...]

    @classmethod
    def parse(cls, scope: dict[str, Any]) -> Scope:
        """Parse the scope of a request. Raise Malformed."""
        checked(scope, "scope", {"project": Field(dict), "domain": Field(dict)})
        project = dict(scope.get("project", {}))
        # The Terraform provider adds the domain to the name of the project.
        named = [part["domain"] for part in (scope, project) if "domain" in part]
        project.pop("domain", None)
        if "project" in scope:
            _name_or_id(project, "project")
        return cls(project, tuple(_name_or_id(domain, "domain") for domain in named))

    def find(self, cloud: Cloud, grant: Grant) -> Project | None:
        """Return the project of the scope, None for the account. Raise ApiError if the grant may not use it."""
        account = {"id": domain_id(grant.domain), "name": grant.domain}
        is_ours = all(domain.items() <= account.items() for domain in self.domains)
        if is_ours and not self.project:
            return None
        for project in cloud.accounts.projects():
            is_meant = self.project.items() <= {"id": project.id, "name": project.name}.items()
            if is_ours and is_meant and project.enabled and grant.may_use(project):
                return project
        raise not_authenticated()


@dataclass(frozen=True)
class _Shown:
    """A password or passcode in a request, and the name or ID of its user."""

    method: Literal["password", "totp"]
    user: dict[str, Any]
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, method: Literal["password", "totp"], part: Any) -> _Shown:
        given = checked(part, method, {"user": Field(dict, required=True)})["user"]
        secret = _METHODS[method]
        fields = {"id": Field(str), "name": Field(str), "domain": Field(dict), secret: Field(str, required=True)}
        checked(given, "user", fields)
        if "id" not in given:
            checked(given, "user", {**fields, "name": Field(str, required=True), "domain": Field(dict, required=True)})
            _name_or_id(given["domain"], "domain")
        return cls(method, given, given[secret])

    def proof(self, cloud: Cloud) -> Proof:
        """Return the proof, with the user if it exists."""
        return Proof(self.method, self._find_user(cloud), self.secret)

    def _find_user(self, cloud: Cloud) -> User | None:
        if "id" in self.user:
            return cloud.accounts.user_by_id(self.user["id"])
        domain = self.user["domain"]
        for user in cloud.accounts.users(self.user["name"], domain.get("name")):
            if domain.get("id", domain_id(user.domain)) == domain_id(user.domain):
                return user
        return None


@dataclass(frozen=True)
class _UserLogin:
    """Methods password and totp, in any order. With a receipt for one of them, the other is enough.

    The documentation has ``["password", "totp"]`` with the ID of the user beside the passcode (the OTC edition also
    with name and domain). The other order, and totp alone with a receipt, follow Keystone (INFERRED).
    """

    shown: tuple[_Shown, ...]

    def __call__(self, cloud: Cloud, request: RecordedRequest) -> LoggedIn:
        proofs = [each.proof(cloud) for each in self.shown]
        try:
            return LoggedIn(cloud.accounts.log_in(proofs, request.headers.get(_RECEIPT_HEADER)))
        except accounts.WrongPasscode as error:
            raise iam_error("IAM.1061") from error
        except accounts.ConsoleOnly as error:
            raise iam_error("IAM.0081") from error
        except accounts.MethodMissing as error:
            raise _receipt_answer(error.receipt) from error
        except accounts.LoginFailed as error:
            raise not_authenticated() from error


@dataclass(frozen=True)
class _TokenLogin:
    """Method token: a new token with another scope for a valid token, as golangsdk requests it.

    Not documented for IAM, so it follows Keystone (INFERRED): the new token expires no later than the old one.
    """

    value: str = field(repr=False)

    @classmethod
    def parse(cls, identity: dict[str, Any]) -> _TokenLogin:
        fields = {"methods": Field(list, required=True), "token": Field(dict, required=True)}
        given = checked(identity, "identity", fields)["token"]
        return cls(checked(given, "token", {"id": Field(str, required=True)})["id"])

    def __call__(self, cloud: Cloud, request: RecordedRequest) -> LoggedIn:
        token = cloud.accounts.token(self.value)
        if token is None or not cloud.accounts.is_valid(token):
            raise no_such_token()
        old = token.grant
        methods = tuple(dict.fromkeys(("token", *old.methods)))
        return LoggedIn(Grant(old.user, methods, old.agency, old.project_ids), token.expires_at)


@dataclass(frozen=True)
class AgencyLogin:
    """Method assume_role: a user of the trusted account, authenticated by token or signature, assumes an agency."""

    name: str
    domain: str | None
    domain_id: str | None

    @classmethod
    def parse(cls, identity: dict[str, Any]) -> AgencyLogin:
        """Parse the identity of a request. Raise Malformed."""
        fields = {"methods": Field(list, required=True), "assume_role": Field(dict, required=True)}
        given = checked(identity, "identity", fields)["assume_role"]
        # An example of OTC has xrole_name as the name of the agency. The official SDK does not have it.
        fields = {"agency_name": Field(str, required=True), "domain_name": Field(str), "domain_id": Field(str)}
        checked(given, "assume_role", fields)
        if not (given.get("domain_name") or given.get("domain_id")):
            raise Malformed(Problem.MISSING, "domain_name")
        return cls(given["agency_name"], given.get("domain_name"), given.get("domain_id"))

    def __call__(self, cloud: Cloud, request: RecordedRequest) -> LoggedIn:
        """Check the caller and return the login. Raise ApiError."""
        if not {"X-Auth-Token", "Authorization"} & request.headers.keys():
            raise not_authenticated()
        grant = caller_of(cloud, request).grant
        agency = cloud.accounts.agency(self.name, self.domain, self.domain_id)
        # An agency cannot assume another agency (INFERRED).
        is_user = grant.agency is None
        if agency is None or not is_user or grant.domain != agency.trusted_domain:
            # INFERRED: the response does not reveal which agencies exist. 403 is among the documented statuses.
            raise keystone_error(403, "You are not authorized to take on this agency.")
        taken = Grant(grant.user, ("assume_role",), agency)
        if not cloud.accounts.may_act(taken):
            raise not_authenticated()
        return LoggedIn(taken)


def caller_of(cloud: Cloud, request: RecordedRequest) -> Caller:
    """Return the caller of a request to IAM. Raise ApiError."""
    try:
        return authenticate(cloud, request)
    except ApiError as error:
        if "X-Auth-Token" in request.headers:
            # IAM validates tokens itself (with its own codes IAM.0066 and IAM.0067). The gateway validates signatures.
            raise not_authenticated() from error
        raise


def not_authenticated() -> ApiError:
    """Return HTTP 401 without a cause.

    Keystone hides the cause of every ``Unauthorized`` (keystone/exception.py, SecurityError): a wrong password, an
    unknown or disabled user, account or project, no role, a lock (keystone/notifications.py converts AccountLocked).
    The IAM of OTC only returned "Unauthorized." (otc-tools issue 36). Keystone reports an expired password. The
    behavior of IAM is unknown, so the simulator hides this cause too (INFERRED).
    """
    return keystone_error(401, "The request you have made requires authentication.")


def no_such_token() -> ApiError:
    """Return HTTP 404 for an invalid token that is to be verified or exchanged. The caller's own token gets HTTP 401.

    404 is documented for the verification. Keystone returns it for both (its TokenNotFound names the token).
    """
    return keystone_error(404, "Failed to validate token")


def _receipt_answer(receipt: Receipt) -> ApiError:
    # Keystone: keystone/receipt/handlers.py. IAM is known to refuse a password alone with login protection, but its
    # response is not documented (INFERRED).
    user = {name: value for name, value in describe_user(receipt.user).items() if name in ("id", "name")}
    described = {
        "methods": list(receipt.methods),
        "user": {**user, "domain": describe_domain(receipt.user.domain)},
        "expires_at": timestamp(receipt.expires_at),
        "issued_at": timestamp(receipt.issued_at),
    }
    body = {"receipt": described, "required_auth_methods": [list(_METHODS)]}
    return ApiError(401, body, headers={_RECEIPT_HEADER: receipt.value})


def _name_or_id(value: Any, where: str) -> dict[str, Any]:
    checked(value, where, {"id": Field(str), "name": Field(str)})
    if not (value.get("id") or value.get("name")):
        raise Malformed(Problem.MISSING, where)
    return dict(value)
