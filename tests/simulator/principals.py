# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data classes of the simulated IAM: projects, users, access keys, agencies, tokens."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from . import totp

# IAM API reference, "Permissions and Actions": GET /v3/projects needs a permission (iam:projects:listProjects).
# Administrators have it, other users do not. This is the default of users and agencies.
MAY_LIST_PROJECTS = False


def domain_id(name: str) -> str:
    """Return the ID of an account, which is derived from its name."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, name).hex


@dataclass
class Project:
    """A project. Without a domain it belongs to every account."""

    id: str
    name: str
    domain: str | None = None
    enabled: bool = True


@dataclass
class User:
    """An IAM user."""

    name: str
    password: str = field(repr=False)
    domain: str
    mfa_seed: str | None = field(default=None, repr=False)
    """The seed of the virtual MFA device in base32. A user with a seed has login protection."""
    id: str = field(init=False)
    enabled: bool = True
    is_console_only: bool = False
    """Whether the user may use only the console, without programmatic access."""
    password_expires_at: float | None = None
    """Epoch seconds; None for never."""
    project_ids: frozenset[str] | None = None
    """The projects in which the user has a role. None means all projects of the account."""
    may_list_projects: bool = MAY_LIST_PROJECTS
    forbidden: frozenset[str] = frozenset()
    """The DRS endpoints, such as ``batch-progress``, for which the roles of the user have no permission."""
    failures: list[float] = field(default_factory=list, repr=False)
    """The times of wrong passwords or passcodes, by the monotonic clock."""
    locked_until: float = float("-inf")

    def __post_init__(self) -> None:
        """Set the ID, which is derived from the name and the account. Raise ValueError if the seed is invalid."""
        self.id = uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.name}.{self.domain}").hex
        if self.mfa_seed is not None:
            totp.secret_of(self.mfa_seed)

    def passcode(self, time: float) -> str:
        """Return the passcode of the MFA device at a time (epoch seconds). Raise ValueError without a device."""
        if self.mfa_seed is None:
            raise ValueError(f"user {self.name} has no MFA device")
        return totp.passcode(self.mfa_seed, time)


@dataclass
class Agency:
    """The right of one account to act in projects of another account."""

    name: str
    domain: str
    """The account that delegates, which owns the projects."""
    trusted_domain: str
    project_ids: frozenset[str] | None
    """The projects of the agency. None means all projects of the account."""
    may_list_projects: bool = MAY_LIST_PROJECTS
    forbidden: frozenset[str] = frozenset()
    """The DRS endpoints for which the roles of the agency have no permission."""

    @property
    def id(self) -> str:
        """The ID, which is derived from the name and the account."""
        return uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.name}.agency.{self.domain}").hex


@dataclass(frozen=True)
class Grant:
    """The rights behind a token or an access key: the user, the login methods, the agency, the projects."""

    user: User
    methods: tuple[str, ...] = ("password",)
    agency: Agency | None = None
    """The agency that the user has assumed, or None."""
    project_ids: frozenset[str] | None = None
    """A limit to these projects. None means no limit."""

    @property
    def domain(self) -> str:
        """The account in which the grant is valid."""
        return self.acts_as.domain

    @property
    def acts_as(self) -> User | Agency:
        """The user or agency whose permissions apply."""
        return self.user if self.agency is None else self.agency

    def may_use(self, project: Project) -> bool:
        """Return whether a project may be used: it is in the account, and there is a role in it."""
        limits = (self.acts_as.project_ids, self.project_ids)
        return project.domain in (None, self.domain) and all(
            allowed is None or project.id in allowed for allowed in limits
        )


@dataclass
class AccessKey:
    """A permanent access key, or a temporary one with a security token."""

    access: str
    secret: str = field(repr=False)
    grant: Grant
    """The user or agency of the key, and its rights."""
    security_token: str | None = field(repr=False)
    expires_at: float | None
    failures: int = 0
    """The number of failures in a row."""
    locked_until: float = float("-inf")


@dataclass
class Token:
    """A token for one project, or for the account."""

    value: str = field(repr=False)
    grant: Grant
    project: Project | None
    issued_at: float
    expires_at: float
    revoked: bool = False


@dataclass(frozen=True)
class Receipt:
    """A receipt for a login that lacks a method. The next login needs only the missing method."""

    value: str = field(repr=False)
    user: User
    methods: tuple[str, ...]
    issued_at: float
    expires_at: float
