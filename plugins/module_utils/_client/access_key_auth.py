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
from .auth import Carrier
from .clock import Clock

if TYPE_CHECKING:
    from requests import PreparedRequest


class AccessKeyAuth:
    """An access key that signs each attempt anew. Safe to share."""

    renewals = 0

    def __init__(self, credential: AccessKeyCredential, clock: Clock, project_id: str | None = None) -> None:
        """``project_id`` is None for requests to IAM, which belong to no project."""
        kind: Literal["key", "temporary key"] = "key" if credential.security_token is None else "temporary key"
        self.asked = HintContext("iam" if project_id is None else "drs", kind)
        self._credential = credential
        self.identity = build_identity(credential)
        self._clock = clock
        self._project_id = project_id
        self._failure: CloudError | None = None

    def carrier(self) -> Carrier:
        """Give what signs a request. Raises CloudError once the key was refused."""
        if self._failure is not None:
            raise self._failure
        return self._sign

    def worked(self, used: Carrier) -> None:
        """Do nothing: there is no other key."""

    def renew(self, used: Carrier, expired: CloudError) -> bool:
        """Say that there is nothing to renew; a key that has expired is of no use any more."""
        if is_token_expired(expired.status, expired.error_code):
            self._failure = expired
        return False

    def refuse(self, error: CloudError) -> None:
        """Make this refusal the last: more than five in a row lock the key for five minutes (API Gateway FAQ)."""
        self._failure = error

    @property
    def failure(self) -> CloudError | None:
        """Why no request can succeed any more; None as long as one can."""
        return self._failure

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
