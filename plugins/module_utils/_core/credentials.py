# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Credentials, each checked before any request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from .errors import ConfigurationError
from .text_options import check_text


@dataclass(frozen=True)
class TokenCredential:
    """An IAM token that the user has obtained, valid for one project."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ConfigurationError for a token that cannot be sent."""
        # The documentation has no rule for the length.
        check_text("token", self.token)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values to keep out of all output."""
        return (self.token,)


@dataclass(frozen=True)
class PasswordCredential:
    """An IAM user and its password, to log in with.

    The user is identified by name and account, or by ``user_id``. ``totp_passcode`` is the code of a virtual MFA
    device, for a user with login protection; with it, IAM requires the ID of the user.
    """

    username: str | None
    password: str = field(repr=False)
    domain_name: str | None
    user_id: str | None = None
    totp_passcode: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise ConfigurationError for a text that cannot be sent, and for a passcode without ``user_id``."""
        for name in ("username", "password", "domain_name", "user_id", "totp_passcode"):
            if value := getattr(self, name):
                check_text(name, value)
        if self.totp_passcode and not self.user_id:
            raise ConfigurationError("user_id is missing: IAM wants the ID of the user with a totp_passcode")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values to keep out of all output."""
        return (self.password, *([self.totp_passcode] if self.totp_passcode else []))


@dataclass(frozen=True)
class AccessKeyCredential:
    """A permanent access key, or a temporary one with its security token. It signs requests."""

    access_key: str
    secret_key: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise ConfigurationError for a key that cannot be sent."""
        for name in ("access_key", "secret_key", "security_token"):
            check_text(name, getattr(self, name) or "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values to keep out of all output."""
        return (self.secret_key, *([self.security_token] if self.security_token else []))


RequestCredential: TypeAlias = "TokenCredential | AccessKeyCredential"
Credential: TypeAlias = "RequestCredential | PasswordCredential"


class Scope(NamedTuple):
    """The scope of a token: a project by its ID, else a project by its name, else an account."""

    project_id: str | None = None
    project_name: str | None = None
    domain_name: str | None = None

    def __str__(self) -> str:
        """Return the scope for an error message."""
        if self.project_id:
            return f"project ID {self.project_id}"
        return f"project {self.project_name}" if self.project_name else f"account {self.domain_name or 'of the user'}"


class Agency(NamedTuple):
    """The right to act in another account: the agency, and the account that set it up."""

    name: str
    domain_name: str
