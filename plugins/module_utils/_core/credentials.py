# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the credentials that users have, each checked without a network."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from .errors import ConfigurationError


class _Identity:
    """Who somebody is. Two are equal where all that they hold is; nothing shows what that is."""

    def __eq__(self, other: object) -> bool:
        """Compare two of a kind."""
        return isinstance(other, self.__class__) and vars(self) == vars(other)

    def __hash__(self) -> int:
        """Give the same number for equal ones."""
        return hash(tuple(vars(self).values()))


class TokenCredential(_Identity):
    """An IAM token that somebody else obtained, good for one project."""

    def __init__(self, token: str) -> None:
        """Raise ConfigurationError for a token that cannot be sent."""
        # No rule for the length is documented, so none is checked.
        if not token.isascii() or not token.isprintable() or " " in token:
            raise ConfigurationError("token holds characters that no token has (a line break at its end?)")
        self.token = token

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return (self.token,)


class PasswordCredential(_Identity):
    """An IAM user with its password; a token is obtained with it.

    The user is named by name and account, or by ``user_id``. ``totp_passcode`` is the code that a virtual MFA device
    shows, for a user with login protection; IAM wants the ID of the user with it.
    """

    def __init__(
        self,
        username: str | None,
        password: str,
        domain_name: str | None,
        user_id: str | None = None,
        totp_passcode: str | None = None,
    ) -> None:
        """Raise ConfigurationError for a code without the ID that goes with it."""
        if totp_passcode and not user_id:
            raise ConfigurationError("user_id is missing: IAM wants the ID of the user with a totp_passcode")
        self.username = username
        self.password = password
        self.domain_name = domain_name
        self.user_id = user_id
        self.totp_passcode = totp_passcode

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return (self.password,)


class AccessKeyCredential(_Identity):
    """A permanent access key, or a temporary one, which has a security token. Requests are signed with it."""

    def __init__(self, access_key: str, secret_key: str, security_token: str | None = None) -> None:
        """Raise ConfigurationError for a key that cannot be sent."""
        for name, value in (("access_key", access_key), ("security_token", security_token or "")):
            if not value.isascii() or not value.isprintable() or " " in value:
                raise ConfigurationError(f"{name} holds characters that none has (a line break at its end?)")
        self.access_key = access_key
        self.secret_key = secret_key
        self.security_token = security_token

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return (self.secret_key, *([self.security_token] if self.security_token else []))


Credential: TypeAlias = "TokenCredential | AccessKeyCredential | PasswordCredential"


class Scope(NamedTuple):
    """What a token is to be good for: a project by its ID, or else by its name; or the whole of an account."""

    project_id: str | None = None
    project_name: str | None = None
    domain_name: str | None = None

    def __str__(self) -> str:
        """Name it for an error text."""
        if self.project_id:
            return f"project ID {self.project_id}"
        return f"project {self.project_name}" if self.project_name else f"account {self.domain_name or 'of the user'}"
