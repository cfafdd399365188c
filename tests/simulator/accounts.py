# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts of the simulated IAM: who there is, who may log in, and what locks them after failures."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from . import totp
from .clock import Clock
from .principals import AccessKey, Agency, Grant, Project, Receipt, Token, User, domain_id
from .settings import Settings

# OTC-IAM login authentication policy: wrong passwords within 15 minutes lock for 15 minutes (the defaults of both).
_LOGIN_WINDOW = 15 * 60.0
# API Gateway FAQ: more than 5 failures in a row lock the access key for 5 minutes.
_KEY_FAILURES = 5
_KEY_LOCK = 5 * 60.0
# Real tokens are some thousand characters long, depending on the permissions.
_TOKEN_BYTES = 1500
# Keystone's default ([receipt] expiration).
_RECEIPT_LIFETIME = 5 * 60.0


@dataclass(frozen=True)
class Proof:
    """A password, or a code of an MFA device, and whose it is said to be."""

    method: Literal["password", "totp"]
    user: User | None
    """None if there is no such user."""
    secret: str = field(repr=False)


class LoginFailed(Exception):
    """Somebody may not log in, for one of many reasons that IAM does not tell."""


class WrongPasscode(LoginFailed):
    """The password is right, but the passcode is not."""


class ConsoleOnly(LoginFailed):
    """The password is right, but the user may not use programs."""


class MethodMissing(LoginFailed):
    """What was shown is right, but the user has login protection, so it is not enough."""

    def __init__(self, receipt: Receipt) -> None:
        """Take what to go on with."""
        super().__init__()
        self.receipt = receipt


class Accounts:
    """What IAM knows. Safe to share between threads."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._settings = settings
        self._lock = threading.RLock()
        self._projects: dict[str, Project] = {}
        self._users: dict[tuple[str, str], User] = {}
        self._keys: dict[str, AccessKey] = {}
        self._agencies: dict[tuple[str, str], Agency] = {}
        self._tokens: dict[str, Token] = {}
        self._receipts: dict[str, Receipt] = {}
        self.disabled_domains: set[str] = set()
        """The accounts that are disabled, by name."""

    def add_project(self, project_id: str, name: str, domain: str | None = None) -> Project:
        """Add a project; its name is a region ID, or ``region_subname``. Without a domain it is everybody's."""
        project = self._projects[project_id] = Project(project_id, name, domain)
        return project

    def add_user(self, name: str, password: str, domain: str, mfa_seed: str | None = None) -> User:
        """Add an IAM user to an account; with a seed (base32) it logs in with passcodes of a virtual MFA device."""
        user = self._users[domain, name] = User(name, password, domain, mfa_seed)
        return user

    def add_agency(
        self, name: str, domain: str, trusted_domain: str, project_ids: Collection[str] | None = None
    ) -> Agency:
        """Let the trusted account act in these projects of the account ``domain``, or in all that it has."""
        allowed = None if project_ids is None else frozenset(project_ids)
        agency = self._agencies[domain, name] = Agency(name, domain, trusted_domain, allowed)
        return agency

    def add_access_key(
        self,
        access: str,
        secret: str,
        project_ids: Collection[str] | None = None,
        security_token: str | None = None,
        expires_at: float | None = None,
        *,
        user: User | None = None,
    ) -> AccessKey:
        """Add an access key of a user, by default the first one, for these projects, or all that the user may use.

        With a security token it is a temporary one. Raises ValueError if there is no user.
        """
        owner = user or next(iter(self._users.values()), None)
        if owner is None:
            raise ValueError("an access key needs a user: add one first")
        grant = Grant(owner, (), project_ids=None if project_ids is None else frozenset(project_ids))
        key = self._keys[access] = AccessKey(access, secret, grant, security_token, expires_at)
        return key

    def new_temporary_key(self, grant: Grant, lifetime: float) -> AccessKey:
        """Issue a temporary access key."""
        access, secret, security_token = (secrets.token_hex(size) for size in (10, 20, 200))
        key = AccessKey(access.upper(), secret, grant, security_token, self._clock.time() + lifetime)
        self._keys[key.access] = key
        return key

    def project(self, project_id: str) -> Project | None:
        """Give a project by its ID."""
        return self._projects.get(project_id)

    def projects(self, domain: str | None = None) -> list[Project]:
        """Give the projects of an account, or all."""
        found = list(self._projects.values())
        return [project for project in found if domain is None or project.domain in (None, domain)]

    def users(self, name: str, domain: str | None = None) -> list[User]:
        """Give the users of this name in an account, or in all."""
        return [user for user in self._users.values() if user.name == name and domain in (None, user.domain)]

    def user(self, name: str, domain: str | None = None) -> User | None:
        """Give the first user of this name in an account, or in any."""
        return next(iter(self.users(name, domain)), None)

    def user_by_id(self, user_id: str) -> User | None:
        """Give a user by the ID."""
        return next((user for user in self._users.values() if user.id == user_id), None)

    def agency(self, name: str, domain: str | None = None, by_domain_id: str | None = None) -> Agency | None:
        """Give the agency of this name in the account with this name, this ID, or both."""
        for agency in self._agencies.values():
            is_there = domain in (None, agency.domain) and by_domain_id in (None, domain_id(agency.domain))
            if agency.name == name and is_there:
                return agency
        return None

    def access_key(self, access: str) -> AccessKey | None:
        """Give an access key."""
        return self._keys.get(access)

    def token(self, value: str) -> Token | None:
        """Give a token that was issued once, be it still valid or not."""
        return self._tokens.get(value)

    def log_in(self, proofs: Sequence[Proof], receipt: str | None = None) -> Grant:
        """Check each proof, and whether they are enough together with those of a receipt. Raises LoginFailed."""
        with self._lock:
            # The password comes first, whatever the order of the methods is: who does not know it does not learn who
            # has login protection. (INFERRED; Keystone goes by the order.)
            for proof in sorted(proofs, key=lambda each: each.method):
                self._check(proof)
            user = proofs[0].user
            if user is None or any(proof.user is not user for proof in proofs):
                raise LoginFailed
            shown = {proof.method for proof in proofs} | self._methods_of_receipt(receipt, user)
            needed = {"password"} if user.mfa_seed is None else {"password", "totp"}
            if not needed <= shown:
                raise MethodMissing(self._new_receipt(user, tuple(sorted(shown))))
            user.failures.clear()
            return Grant(user, tuple(sorted(shown)))

    def _check(self, proof: Proof) -> None:
        user, now = proof.user, self._clock.monotonic()
        if user is None or not self.is_enabled(user) or now < user.locked_until:
            raise LoginFailed
        if not self._is_right(proof, user):
            user.failures = [moment for moment in user.failures if moment > now - _LOGIN_WINDOW] + [now]
            if len(user.failures) >= self._settings.wrong_logins_to_lock:
                user.locked_until = now + _LOGIN_WINDOW
                user.failures.clear()
            raise WrongPasscode if proof.method == "totp" else LoginFailed
        if proof.method == "password" and self.is_expired(user.password_expires_at):
            raise LoginFailed
        if user.is_console_only:
            raise ConsoleOnly

    def _is_right(self, proof: Proof, user: User) -> bool:
        if proof.method == "password":
            return secrets.compare_digest(user.password.encode(), proof.secret.encode())
        # As in Keystone, a code of a device that the user does not have is as wrong as any other.
        return user.mfa_seed is not None and totp.is_passcode(user.mfa_seed, proof.secret, self._clock.time())

    def _new_receipt(self, user: User, methods: tuple[str, ...]) -> Receipt:
        now = self._clock.time()
        receipt = Receipt(secrets.token_urlsafe(), user, methods, now, now + _RECEIPT_LIFETIME)
        self._receipts[receipt.value] = receipt
        return receipt

    def _methods_of_receipt(self, value: str | None, user: User) -> set[str]:
        if value is None:
            return set()
        receipt = self._receipts.get(value)
        if receipt is None or receipt.user is not user or self.is_expired(receipt.expires_at):
            raise LoginFailed
        return set(receipt.methods)

    def is_enabled(self, user: User) -> bool:
        """Tell whether a user and its account are enabled."""
        return user.enabled and user.domain not in self.disabled_domains

    def may_act(self, grant: Grant) -> bool:
        """Tell whether somebody may still do what was granted: it dies with the user, and with either account."""
        return self.is_enabled(grant.user) and grant.domain not in self.disabled_domains

    def is_locked(self, key: AccessKey) -> bool:
        """Tell whether an access key failed too often a moment ago."""
        return self._clock.monotonic() < key.locked_until

    def note_use(self, key: AccessKey, worked: bool) -> None:
        """Count failures in a row of an access key, and lock it."""
        with self._lock:
            key.failures = 0 if worked else key.failures + 1
            if key.failures > _KEY_FAILURES:
                key.failures = 0
                key.locked_until = self._clock.monotonic() + _KEY_LOCK

    def new_token(self, grant: Grant, project: Project | None, expires_at: float | None = None) -> Token:
        """Issue a token; older ones stay valid (IAM documentation)."""
        now = self._clock.time()
        expires_at = now + self._settings.token_lifetime if expires_at is None else expires_at
        token = Token(secrets.token_urlsafe(_TOKEN_BYTES), grant, project, now, expires_at)
        self._tokens[token.value] = token
        return token

    def issue_token(
        self, user: str, project: str | None = None, lifetime: float | None = None, domain: str | None = None
    ) -> str:
        """Give a valid token without HTTP: for a user by name, and a project by ID or name. Raises LookupError."""
        owner = self.user(user, domain)
        if owner is None:
            raise LookupError(f"there is no user {user}")
        scope = next((each for each in self.projects(owner.domain) if project in (each.id, each.name)), None)
        if project is not None and scope is None:
            raise LookupError(f"there is no project {project}")
        expires_at = None if lifetime is None else self._clock.time() + lifetime
        return self.new_token(Grant(owner), scope, expires_at).value

    def revoke_token(self, value: str) -> None:
        """Make a token invalid, as a change of the password or of the permissions does. Raises KeyError."""
        self._tokens[value].revoked = True

    def is_valid(self, token: Token) -> bool:
        """Tell whether a token is still good."""
        return self.may_act(token.grant) and not token.revoked and not self.is_expired(token.expires_at)

    def is_expired(self, expires_at: float | None) -> bool:
        """Tell whether this moment (epoch seconds; None for never) has passed."""
        return expires_at is not None and expires_at <= self._clock.time()
