# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who and what the simulated IAM knows: projects, users, access keys, agencies, tokens."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from . import totp

# IAM API reference, "Permissions and Actions": GET /v3/projects takes a permission (iam:projects:listProjects), which
# an administrator has and an ordinary user has not. This is what users and agencies begin with.
MAY_LIST_PROJECTS = False


def domain_id(name: str) -> str:
    """Give the ID of an account, always the same for a name."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, name).hex


@dataclass
class Project:
    """A project; one without a domain belongs to every account."""

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
    """The seed of the virtual MFA device, in base32; with one the user has login protection."""
    id: str = field(init=False)
    enabled: bool = True
    is_console_only: bool = False
    """Whether the access type is that of the console alone, without programs."""
    password_expires_at: float | None = None
    """Epoch seconds; None for never."""
    project_ids: frozenset[str] | None = None
    """The projects that it has a role in; None for all of the account."""
    may_list_projects: bool = MAY_LIST_PROJECTS
    failures: list[float] = field(default_factory=list, repr=False)
    """When wrong passwords or passcodes were given, by the monotonic clock."""
    locked_until: float = float("-inf")

    def __post_init__(self) -> None:
        """Give the user an ID, always the same for a name in an account. Raises ValueError for a seed that is none."""
        self.id = uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.name}.{self.domain}").hex
        if self.mfa_seed is not None:
            totp.secret_of(self.mfa_seed)

    def passcode(self, time: float) -> str:
        """Give the code that the MFA device shows at a moment (epoch seconds). Raises ValueError if there is none."""
        if self.mfa_seed is None:
            raise ValueError(f"user {self.name} has no MFA device")
        return totp.passcode(self.mfa_seed, time)


@dataclass
class Agency:
    """The right of one account to act in projects of another, which delegates."""

    name: str
    domain: str
    """The account that delegates, whose projects they are."""
    trusted_domain: str
    project_ids: frozenset[str] | None
    """The projects that it is for; None for all of the account."""
    may_list_projects: bool = MAY_LIST_PROJECTS

    @property
    def id(self) -> str:
        """The ID, always the same for a name in an account."""
        return uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.name}.agency.{self.domain}").hex


@dataclass(frozen=True)
class Grant:
    """Who has proved to be whom, and how; what a token is issued for, and what an access key stands for."""

    user: User
    methods: tuple[str, ...] = ("password",)
    agency: Agency | None = None
    """The agency that the user takes on; None for whoever acts for themselves."""
    project_ids: frozenset[str] | None = None
    """The only projects that it is for, of those within reach; None for all of them."""

    @property
    def domain(self) -> str:
        """The account to act in."""
        return self.acts_as.domain

    @property
    def acts_as(self) -> User | Agency:
        """Whose permissions count."""
        return self.user if self.agency is None else self.agency

    def may_use(self, project: Project) -> bool:
        """Tell whether a project is within reach: in the account, and with a role in it."""
        limits = (self.acts_as.project_ids, self.project_ids)
        return project.domain in (None, self.domain) and all(
            allowed is None or project.id in allowed for allowed in limits
        )


@dataclass
class AccessKey:
    """A permanent access key, or with a security token a temporary one."""

    access: str
    secret: str = field(repr=False)
    grant: Grant
    """Whose it is, and what it may do: what its user or agency may."""
    security_token: str | None = field(repr=False)
    expires_at: float | None
    failures: int = 0
    """How often in a row it failed."""
    locked_until: float = float("-inf")


@dataclass
class Token:
    """A token for one project, or without one for the account."""

    value: str = field(repr=False)
    grant: Grant
    project: Project | None
    issued_at: float
    expires_at: float
    revoked: bool = False


@dataclass(frozen=True)
class Receipt:
    """What a login that lacks a method is given, so that the next one needs only the rest."""

    value: str = field(repr=False)
    user: User
    methods: tuple[str, ...]
    issued_at: float
    expires_at: float
