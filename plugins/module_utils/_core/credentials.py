# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The credentials of users. Each is checked when it is created, without a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from .errors import ConfigurationError
from .text_options import check_text


@dataclass(frozen=True)
class TokenCredential:
    """An IAM token for one project."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ConfigurationError for a token that cannot be sent."""
        # No rule for the length is documented, so none is checked.
        check_text("token", self.token)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be shown."""
        return (self.token,)


@dataclass(frozen=True)
class PasswordCredential:
    """An IAM user with its password, to log in with.

    The user is named by name and account, or by ``user_id``. ``totp_passcode`` is the code of a virtual MFA device, for
    a user with login protection; IAM requires the ID of the user with it.
    """

    username: str | None
    password: str = field(repr=False)
    domain_name: str | None
    user_id: str | None = None
    totp_passcode: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise ConfigurationError for a value that cannot be sent, and for a code without the ID of the user."""
        for name in ("username", "password", "domain_name", "user_id", "totp_passcode"):
            if value := getattr(self, name):
                check_text(name, value)
        if self.totp_passcode and not self.user_id:
            raise ConfigurationError("user_id is missing: IAM wants the ID of the user with a totp_passcode")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be shown."""
        return (self.password, *([self.totp_passcode] if self.totp_passcode else []))


@dataclass(frozen=True)
class AccessKeyCredential:
    """A permanent access key, or a temporary one with its security token, to sign requests with."""

    access_key: str
    secret_key: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise ConfigurationError for a key that cannot be sent."""
        check_text("access_key", self.access_key)
        check_text("secret_key", self.secret_key)
        check_text("security_token", self.security_token or "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be shown."""
        return (self.secret_key, *([self.security_token] if self.security_token else []))


RequestCredential: TypeAlias = "TokenCredential | AccessKeyCredential"
Credential: TypeAlias = "RequestCredential | PasswordCredential"


class Scope(NamedTuple):
    """What a token is requested for: a project by its ID, or else by its name; or a whole account."""

    project_id: str | None = None
    project_name: str | None = None
    domain_name: str | None = None

    def __str__(self) -> str:
        """Return its name in messages."""
        if self.project_id:
            return f"project ID {self.project_id}"
        return f"project {self.project_name}" if self.project_name else f"account {self.domain_name or 'of the user'}"


class Agency(NamedTuple):
    """The right to act in another account: the agency, and the account that set it up."""

    name: str
    domain_name: str
