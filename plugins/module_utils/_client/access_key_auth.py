# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: requests that an access key makes somebody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from .._core.credentials import AccessKeyCredential
from .._core.error_codes import HintContext, is_token_expired
from .._core.errors import CloudError
from .._core.refusal_history import build_identity
from .._core.signing import authorization, canonical_request, sdk_date
from .auth import Auth, RequestAuth
from .clock import Clock

if TYPE_CHECKING:
    from requests import PreparedRequest


class AccessKeyAuth(Auth):
    """An access key, with which each attempt is signed anew."""

    def __init__(self, credential: AccessKeyCredential, clock: Clock, project_id: str | None = None) -> None:
        """``project_id`` is None for requests to IAM, which belong to no project."""
        kind: Literal["key", "temporary key"] = "key" if credential.security_token is None else "temporary key"
        super().__init__(HintContext("iam" if project_id is None else "drs", kind), build_identity(credential))
        self._credential = credential
        self._clock = clock
        self._project_id = project_id
        self._request_auth = self._sign

    def refresh(self, used: RequestAuth, error: CloudError) -> bool:
        """Return False: an access key cannot be refreshed. Send nothing more with one that has expired."""
        if is_token_expired(error.status, error.error_code):
            self.terminal_error = error
        return False

    def mark_rejected(self, error: CloudError) -> None:
        """Send nothing more with this key: more than five refusals in a row lock it for five minutes.

        Source: API Gateway FAQ.
        """
        self.terminal_error = error

    def _sign(self, request: PreparedRequest) -> PreparedRequest:
        # A fixed small set: a proxy may change other headers on the way.
        headers = {
            "Content-Type": str(request.headers["Content-Type"]),
            "Host": urlsplit(str(request.url)).netloc,
            "X-Sdk-Date": sdk_date(self._clock.time()),
        }
        if self._project_id is not None:
            headers["X-Project-Id"] = self._project_id
        if self._credential.security_token is not None:
            headers["X-Security-Token"] = self._credential.security_token
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        canonical = canonical_request(str(request.method), request.path_url, headers, body)
        key = self._credential
        request.headers.update(headers)
        request.headers["Authorization"] = authorization(key.access_key, key.secret_key, headers, canonical)
        return request
