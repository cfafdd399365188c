# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what makes a request somebody's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from .._core.credentials import TokenCredential
from .._core.errors import CloudError
from .._core.lockout import Identity, identity_of

if TYPE_CHECKING:
    from requests import PreparedRequest


class Carrier(Protocol):
    """What ``requests`` applies to one attempt of a request."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request with what identifies it."""


class Auth(Protocol):
    """Gives each attempt of a request what identifies it."""

    @property
    def identity(self) -> Identity | None:
        """Whose refusals are counted; None where a refusal brings no lock nearer."""

    def carrier(self) -> Carrier:
        """Give what ``requests`` applies to one attempt."""

    def renew(self, used: Carrier, expired: CloudError) -> bool:
        """Get a new credential in place of the one that ``used`` carried; False where that cannot be done."""

    def refuse(self, error: CloudError) -> None:
        """Take note that the gateway has refused the credential itself."""

    @property
    def failure(self) -> CloudError | None:
        """Why no request can succeed any more; None as long as one can."""


class _Header:
    """Puts the token, if any, into the request; being there at all keeps ``.netrc`` out of it."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self.token is not None:
            request.headers["X-Auth-Token"] = self.token
        return request


class Anonymous:
    """For a login, which identifies itself in its body."""

    def __init__(self, identity: Identity | None = None) -> None:
        """Take who logs in."""
        self.identity = identity

    def carrier(self) -> Carrier:
        """Give what adds nothing."""
        return _Header(None)

    def renew(self, used: Carrier, expired: CloudError) -> bool:
        """Say that there is nothing to renew."""
        return False

    def refuse(self, error: CloudError) -> None:
        """Do nothing: a refused login is not repeated as it is."""

    @property
    def failure(self) -> CloudError | None:
        """Nothing: there is no credential that could die."""
        return None


class TokenAuth:
    """An IAM token in ``X-Auth-Token``, with a way to get another one where there is one. Safe to share."""

    def __init__(self, token: str, new_token: Callable[[], str] | None = None) -> None:
        """``new_token`` logs in and gives a token; it raises CloudError where that fails."""
        self._token = token
        self._new_token = new_token
        # Where a login gives tokens, its own refusals are those that count.
        self.identity = identity_of(TokenCredential(token)) if new_token is None else None
        self._failure: CloudError | None = None
        self._lock = threading.Lock()

    def carrier(self) -> Carrier:
        """Give what puts the current token into a request. Raises CloudError once the credential is dead."""
        if self._failure is not None:
            raise self._failure
        return _Header(self._token)

    def renew(self, used: Carrier, expired: CloudError) -> bool:
        """Log in again, once for all requests that the old token failed. Raises CloudError where that does not help.

        A refused password is not tried twice: five of them lock the account. A second token that is refused, too, is
        the end: tokens live for a day, so something else is wrong.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if isinstance(used, _Header) and used.token == self._token:
                self._token = self._another_token(expired)
        return True

    def refuse(self, error: CloudError) -> None:
        """Do nothing: a token is not locked by being refused, and the next request may fare better."""

    @property
    def failure(self) -> CloudError | None:
        """Why no request can succeed any more; None as long as one can."""
        return self._failure

    def _another_token(self, expired: CloudError) -> str:
        log_in, self._new_token = self._new_token, None
        try:
            if log_in is None:
                raise expired
            return log_in()
        except CloudError as failure:
            self._failure = failure
            raise
