# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Authentication: what is added to a request to identify the caller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .._core.credentials import TokenCredential
from .._core.error_codes import HintContext, is_credential_refused, is_token_expired, is_token_refused
from .._core.errors import CloudError, ServiceError
from .._core.refusal_history import Identity, build_identity

if TYPE_CHECKING:
    from requests import PreparedRequest

RequestAuth = Callable[["PreparedRequest"], "PreparedRequest"]
"""The auth of one attempt of a request, as `requests` applies it."""

_LOGIN = HintContext("login", "user")


class Auth:
    """Authentication of requests. This class adds nothing: a login identifies the caller in its body.

    The auths of tokens and access keys override what differs. Safe to share between threads.
    """

    def __init__(self, hint_context: HintContext = _LOGIN, identity: Identity | None = None) -> None:
        """``identity`` is whose refusals are counted, None if none brings a lock of the credential nearer."""
        self.hint_context = hint_context
        self.identity = identity
        self.refresh_count = 0
        """How often a refused credential was replaced by a new one."""
        self.terminal_error: CloudError | None = None
        """Why no request can succeed any more; None as long as one can."""
        self._request_auth: RequestAuth = _add_nothing

    def for_request(self) -> RequestAuth:
        """Return the auth of one attempt. Raise CloudError once no request can succeed any more."""
        if self.terminal_error is not None:
            raise self.terminal_error
        return self._request_auth

    def handle_error(self, used: RequestAuth, error: CloudError) -> bool:
        """Record what an error says of the credential, and return whether there is a new one. Raise CloudError.

        ``used`` is the auth of the attempt that failed.
        """
        if is_token_refused(error.status, error.error_code):
            if self.refresh(used, error):
                return True
            if is_credential_refused(error.status, error.error_code):
                self.mark_rejected(error)
        elif isinstance(error, ServiceError) and error.status != 401:  # noqa: PLR2004  HTTP
            self.mark_accepted(used)
        return False

    def mark_accepted(self, used: RequestAuth) -> None:
        """Record that a response does not refuse the credential."""

    def refresh(self, used: RequestAuth, error: CloudError) -> bool:
        """Replace a credential that was refused, and return whether there is a new one. Raise CloudError."""
        return False

    def mark_rejected(self, error: CloudError) -> None:
        """Record that the gateway refused the credential itself."""


class TokenAuth(Auth):
    """A token in the header ``X-Auth-Token``, and a way to get another one, if there is any."""

    def __init__(
        self,
        token: str,
        refresh_using: Callable[[], str] | None = None,
        hint_context: HintContext | None = None,
        headers: Sequence[str] = ("X-Auth-Token",),
    ) -> None:
        """``refresh_using`` logs in and returns a token. It raises CloudError where that fails."""
        # Where a login returns tokens, the refusals of the login are those that count.
        super().__init__(
            hint_context or HintContext("drs", "user" if refresh_using else "token"),
            build_identity(TokenCredential(token)) if refresh_using is None else None,
        )
        self._headers = headers
        self._refresh_using = refresh_using
        self._was_accepted = False
        self._may_refresh_unaccepted = True
        self._lock = threading.Lock()
        self._set_token(token)

    def with_subject_token(self) -> TokenAuth:
        """Return the auth of a request that asks IAM about the token itself."""
        return TokenAuth(self._token, hint_context=self.hint_context, headers=("X-Auth-Token", "X-Subject-Token"))

    def mark_accepted(self, used: RequestAuth) -> None:
        """Record that the token is valid, unless it was replaced already. Only then is its end worth another one."""
        with self._lock:
            if used is self._request_auth:
                self._was_accepted = True

    def refresh(self, used: RequestAuth, error: CloudError) -> bool:
        """Log in again, once for all requests that failed with the old token. Raise CloudError where that fails.

        That is done for each token that was accepted before: IAM may revoke any number of them while a task waits. A
        token that was never accepted is replaced once. If the next one is refused as well, the cause is another. A
        refused password is not tried twice: five refusals lock the account.
        """
        with self._lock:
            if self.terminal_error is not None:
                raise self.terminal_error
            if used is not self._request_auth:
                return True
            is_expired = is_token_expired(error.status, error.error_code)
            if not is_expired and not (self._was_accepted and self._refresh_using):
                return False
            self._set_token(self._fetch_token(error))
            self.refresh_count += 1
        return True

    def _fetch_token(self, expired: CloudError) -> str:
        may_refresh = self._was_accepted or self._may_refresh_unaccepted
        self._was_accepted, self._may_refresh_unaccepted = False, self._was_accepted
        try:
            if self._refresh_using is None or not may_refresh:
                raise expired
            return self._refresh_using()
        except CloudError as error:
            self.terminal_error = error
            raise

    def _set_token(self, token: str) -> None:
        headers = dict.fromkeys(self._headers, token)

        def add_headers(request: PreparedRequest) -> PreparedRequest:
            request.headers.update(headers)
            return request

        self._token = token
        self._request_auth = add_headers


def _add_nothing(request: PreparedRequest) -> PreparedRequest:
    """Return the request as it is. With an auth, `requests` does not look for one in ``.netrc``."""
    return request
