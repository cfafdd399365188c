# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts of the simulated IAM: who there is, who may log in, and what locks them after failures."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass

from . import totp
from .clock import Clock
from .principals import AccessKey, Agency, Grant, Project, Token, User, domain_id
from .settings import Settings

# OTC-IAM login authentication policy, the defaults: 5 wrong passwords in 15 minutes lock for 15 minutes.
_PASSWORD_FAILURES = 5
_PASSWORD_WINDOW = 15 * 60.0
# API Gateway FAQ: more than 5 failures in a row lock the access key for 5 minutes.
_KEY_FAILURES = 5
_KEY_LOCK = 5 * 60.0
# Real tokens are some thousand characters long, depending on the permissions.
_TOKEN_BYTES = 1500


@dataclass(frozen=True)
class Passcode:
    """A code of an MFA device, and whose device that is said to be."""

    user_id: str
    code: str


class LoginFailed(Exception):
    """Somebody may not log in."""


class WrongPassword(LoginFailed):
    """There is no such user, or the password is another."""


class AccountLocked(LoginFailed):
    """Too many wrong passwords or passcodes were given a moment ago."""


class PasscodeNeeded(LoginFailed):
    """The password is right, but the user has login protection."""


class PasscodeUnknown(LoginFailed):
    """The password is right, but the user has no MFA device that a passcode could be of."""


class WrongPasscode(LoginFailed):
    """The password is right, but the passcode is not."""


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
    ) -> AccessKey:
        """Add an access key for these projects, or all; with a security token it is a temporary one."""
        allowed = None if project_ids is None else frozenset(project_ids)
        key = self._keys[access] = AccessKey(access, secret, allowed, security_token, expires_at)
        return key

    def project(self, project_id: str) -> Project | None:
        """Give a project by its ID."""
        return self._projects.get(project_id)

    def projects(self, domain: str | None = None) -> list[Project]:
        """Give the projects of an account, or all."""
        found = list(self._projects.values())
        return [project for project in found if domain is None or project.domain in (None, domain)]

    def user(self, name: str, domain: str | None = None) -> User | None:
        """Give the first user of this name in an account, or in any."""
        found = (user for user in self._users.values() if user.name == name and domain in (None, user.domain))
        return next(found, None)

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

    def log_in(self, user: User | None, password: str, passcode: Passcode | None = None) -> Grant:
        """Check a password, and with login protection a passcode. Raises LoginFailed."""
        if user is None:
            raise WrongPassword
        with self._lock:
            now = self._clock.monotonic()
            if now < user.locked_until:
                raise AccountLocked
            try:
                self._check(user, password, passcode)
            except (WrongPassword, WrongPasscode):
                user.failures = [moment for moment in user.failures if moment > now - _PASSWORD_WINDOW] + [now]
                if len(user.failures) >= _PASSWORD_FAILURES:
                    user.locked_until = now + _PASSWORD_WINDOW
                    user.failures.clear()
                raise
            user.failures.clear()
            return Grant(user, ("password",) if passcode is None else ("password", "totp"))

    def _check(self, user: User, password: str, passcode: Passcode | None) -> None:
        # The password comes first: who does not know it does not learn who has login protection.
        if not secrets.compare_digest(user.password.encode(), password.encode()):
            raise WrongPassword
        if user.mfa_seed is None:
            if passcode is not None:
                raise PasscodeUnknown
        elif passcode is None:
            raise PasscodeNeeded
        elif passcode.user_id != user.id or not totp.is_passcode(user.mfa_seed, passcode.code, self._clock.time()):
            raise WrongPasscode

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

    def new_token(self, grant: Grant, project: Project | None, lifetime: float | None = None) -> Token:
        """Issue a token; older ones stay valid (IAM documentation)."""
        now = self._clock.time()
        expires_at = now + (self._settings.token_lifetime if lifetime is None else lifetime)
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
        return self.new_token(Grant(owner), scope, lifetime).value

    def revoke_token(self, value: str) -> None:
        """Make a token invalid, as a change of the password or of the permissions does. Raises KeyError."""
        self._tokens[value].revoked = True

    def is_expired(self, expires_at: float | None) -> bool:
        """Tell whether this moment (epoch seconds; None for never) has passed."""
        return expires_at is not None and expires_at <= self._clock.time()
