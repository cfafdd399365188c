# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what makes a request somebody's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from .._core.credentials import TokenCredential
from .._core.error_codes import HintContext, is_credential_refused, is_token_expired, is_token_refused
from .._core.errors import CloudError, ServiceError
from .._core.refusal_history import Identity, build_identity

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

    renewals: int
    """How often there was a new credential in place of one that was refused."""
    asked: HintContext
    """What the requests ask, and as whom."""

    def carrier(self) -> Carrier:
        """Give what ``requests`` applies to one attempt."""

    def worked(self, used: Carrier) -> None:
        """Take note that an answer came which does not refuse what ``used`` carried."""

    def renew(self, used: Carrier, expired: CloudError) -> bool:
        """Get a new credential in place of the one that ``used`` carried; False where that cannot be done."""

    def refuse(self, error: CloudError) -> None:
        """Take note that the gateway has refused the credential itself."""

    @property
    def failure(self) -> CloudError | None:
        """Why no request can succeed any more; None as long as one can."""


def refresh_after(auth: Auth, used: Carrier, error: CloudError) -> bool:
    """Tell the credential what an answer says of it, and return whether there is a new one. Raise CloudError."""
    if is_token_refused(error.status, error.error_code):
        if auth.renew(used, error):
            return True
        if is_credential_refused(error.status, error.error_code):
            auth.refuse(error)
    elif isinstance(error, ServiceError) and error.status != 401:  # noqa: PLR2004  HTTP
        auth.worked(used)
    return False


class _Header:
    """Puts the token, if any, into the request; being there at all keeps ``.netrc`` out of it."""

    def __init__(self, token: str | None, names: Sequence[str] = ("X-Auth-Token",)) -> None:
        self.token = token
        self.names = names

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self.token is not None:
            request.headers.update(dict.fromkeys(self.names, self.token))
        return request


class Anonymous:
    """For a login, which identifies itself in its body."""

    renewals = 0
    asked = HintContext("login", "user")

    def __init__(self, identity: Identity | None = None) -> None:
        """Take who logs in."""
        self.identity = identity

    def carrier(self) -> Carrier:
        """Give what adds nothing."""
        return _Header(None)

    def worked(self, used: Carrier) -> None:
        """Do nothing: there is no credential."""

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

    def __init__(
        self, token: str, new_token: Callable[[], str] | None = None, asked: HintContext | None = None
    ) -> None:
        """``new_token`` logs in and gives a token; it raises CloudError where that fails. ``asked`` is for IAM only."""
        self.renewals = 0
        self.asked = asked or HintContext("drs", "user" if new_token else "token")
        self._current = _Header(token)
        self._new_token = new_token
        # Where a login gives tokens, its own refusals are those that count.
        self.identity = build_identity(TokenCredential(token)) if new_token is None else None
        self._has_worked = False
        self._may_try_another = True
        self._failure: CloudError | None = None
        self._lock = threading.Lock()

    def carrier(self) -> Carrier:
        """Give what puts the current token into a request. Raises CloudError once the credential is dead."""
        if self._failure is not None:
            raise self._failure
        return self._current

    def about_itself(self) -> TokenAuth:
        """Give what asks IAM about the very token that it carries."""
        token = self._current.token or ""
        auth = TokenAuth(token, asked=self.asked)
        auth._current = _Header(token, ("X-Auth-Token", "X-Subject-Token"))
        return auth

    def worked(self, used: Carrier) -> None:
        """Take note that the token is good, so that its end is worth another one, unless it is replaced already."""
        with self._lock:
            if used is self._current:
                self._has_worked = True

    def renew(self, used: Carrier, expired: CloudError) -> bool:
        """Log in again, once for all requests that the old token failed. Raises CloudError where that does not help.

        That is so for each token that has worked: IAM may revoke any number of them while a task waits. In place of one
        that never has, another is tried once. If that is refused as well, something else is wrong. A refused password
        is not tried twice: five of them lock the account.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if used is not self._current:
                return True
            is_expired = is_token_expired(expired.status, expired.error_code)
            if not is_expired and not (self._has_worked and self._new_token):
                return False
            self._current = _Header(self._another_token(expired))
            self.renewals += 1
        return True

    def refuse(self, error: CloudError) -> None:
        """Do nothing: a token is not locked by being refused, and the next request may fare better."""

    @property
    def failure(self) -> CloudError | None:
        """Why no request can succeed any more; None as long as one can."""
        return self._failure

    def _another_token(self, expired: CloudError) -> str:
        may_log_in = self._has_worked or self._may_try_another
        self._has_worked, self._may_try_another = False, self._has_worked
        try:
            if self._new_token is None or not may_log_in:
                raise expired
            return self._new_token()
        except CloudError as failure:
            self._failure = failure
            raise
