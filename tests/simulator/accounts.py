# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts of the simulated IAM: users, keys and tokens, their logins, and the locks after failures."""

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

# OTC-IAM login authentication policy: wrong passwords within 15 minutes lock a user for 15 minutes (both defaults).
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
    """A password or a passcode of an MFA device, and the user that the login names."""

    method: Literal["password", "totp"]
    user: User | None
    """None if the user does not exist."""
    secret: str = field(repr=False)


class LoginFailed(Exception):
    """A refused login. IAM does not return the cause."""


class WrongPasscode(LoginFailed):
    """A login with the right password and a wrong passcode."""


class ConsoleOnly(LoginFailed):
    """A login with the right password of a user without programmatic access."""


class MethodMissing(LoginFailed):
    """A login with a valid proof of a user with login protection, which requires another one."""

    def __init__(self, receipt: Receipt) -> None:
        """Initialize with the receipt for the next login."""
        super().__init__()
        self.receipt = receipt


class Accounts:
    """The data of IAM. Thread-safe."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        """Initialize without users."""
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
        """The names of disabled accounts."""

    def add_project(self, project_id: str, name: str, domain: str | None = None) -> Project:
        """Add a project, named with a region ID or ``region_subname``. Without a domain it belongs to every account."""
        project = self._projects[project_id] = Project(project_id, name, domain)
        return project

    def add_user(self, name: str, password: str, domain: str, mfa_seed: str | None = None) -> User:
        """Add an IAM user to an account. With a seed (base32), logins need a passcode of a virtual MFA device."""
        user = self._users[domain, name] = User(name, password, domain, mfa_seed)
        return user

    def add_agency(
        self, name: str, domain: str, trusted_domain: str, project_ids: Collection[str] | None = None
    ) -> Agency:
        """Add an agency: the trusted account may act in these projects of the account ``domain``, by default in all."""
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
        """Add an access key of a user (default: the first user) for these projects (default: all of the user).

        With a security token the key is temporary. Raise ValueError if there is no user.
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
        """Return a project by ID."""
        return self._projects.get(project_id)

    def projects(self, domain: str | None = None) -> list[Project]:
        """Return the projects of an account, by default all."""
        found = list(self._projects.values())
        return [project for project in found if domain is None or project.domain in (None, domain)]

    def users(self, name: str, domain: str | None = None) -> list[User]:
        """Return the users with this name in an account, by default in all."""
        return [user for user in self._users.values() if user.name == name and domain in (None, user.domain)]

    def user(self, name: str, domain: str | None = None) -> User | None:
        """Return the first user with this name in an account, by default in any."""
        return next(iter(self.users(name, domain)), None)

    def user_by_id(self, user_id: str) -> User | None:
        """Return a user by ID."""
        return next((user for user in self._users.values() if user.id == user_id), None)

    def agency(self, name: str, domain: str | None = None, by_domain_id: str | None = None) -> Agency | None:
        """Return the agency with this name in the account with this name, this ID, or both."""
        for agency in self._agencies.values():
            is_there = domain in (None, agency.domain) and by_domain_id in (None, domain_id(agency.domain))
            if agency.name == name and is_there:
                return agency
        return None

    def access_key(self, access: str) -> AccessKey | None:
        """Return an access key."""
        return self._keys.get(access)

    def token(self, value: str) -> Token | None:
        """Return an issued token, valid or not. Return None if it was not issued."""
        return self._tokens.get(value)

    def log_in(self, proofs: Sequence[Proof], receipt: str | None = None) -> Grant:
        """Return the grant for these proofs and those of the receipt. Raise LoginFailed."""
        with self._lock:
            # The password is checked first, whatever the order of the methods is. Otherwise a login without it would
            # reveal which users have login protection. (INFERRED; Keystone follows the order.)
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
        # As in Keystone, a passcode of a user without a device is wrong.
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
        """Return whether a user and its account are enabled."""
        return user.enabled and user.domain not in self.disabled_domains

    def may_act(self, grant: Grant) -> bool:
        """Return whether a grant is still valid. It ends if the user or one of the two accounts is disabled."""
        return self.is_enabled(grant.user) and grant.domain not in self.disabled_domains

    def is_locked(self, key: AccessKey) -> bool:
        """Return whether an access key is locked after too many failures."""
        return self._clock.monotonic() < key.locked_until

    def note_use(self, key: AccessKey, worked: bool) -> None:
        """Count the failures in a row of an access key, and lock it after too many."""
        with self._lock:
            key.failures = 0 if worked else key.failures + 1
            if key.failures > _KEY_FAILURES:
                key.failures = 0
                key.locked_until = self._clock.monotonic() + _KEY_LOCK

    def new_token(self, grant: Grant, project: Project | None, expires_at: float | None = None) -> Token:
        """Issue a token. Older tokens stay valid (IAM documentation)."""
        now = self._clock.time()
        expires_at = now + self._settings.token_lifetime if expires_at is None else expires_at
        token = Token(secrets.token_urlsafe(_TOKEN_BYTES), grant, project, now, expires_at)
        self._tokens[token.value] = token
        return token

    def issue_token(
        self, user: str, project: str | None = None, lifetime: float | None = None, domain: str | None = None
    ) -> str:
        """Return a valid token for a user by name and a project by ID or name, without HTTP. Raise LookupError."""
        owner = self.user(user, domain)
        if owner is None:
            raise LookupError(f"there is no user {user}")
        scope = next((each for each in self.projects(owner.domain) if project in (each.id, each.name)), None)
        if project is not None and scope is None:
            raise LookupError(f"there is no project {project}")
        expires_at = None if lifetime is None else self._clock.time() + lifetime
        return self.new_token(Grant(owner), scope, expires_at).value

    def revoke_token(self, value: str) -> None:
        """Revoke a token, as a change of password or permissions does. Raise KeyError."""
        self._tokens[value].revoked = True

    def is_valid(self, token: Token) -> bool:
        """Return whether a token is still valid."""
        return self.may_act(token.grant) and not token.revoked and not self.is_expired(token.expires_at)

    def is_expired(self, expires_at: float | None) -> bool:
        """Return whether this time (epoch seconds; None for never) has passed."""
        return expires_at is not None and expires_at <= self._clock.time()
