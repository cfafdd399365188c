# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Sign requests with an access key: SDK-HMAC-SHA256.

Sources: Huawei Cloud's API signing guide (api-sign-algorithm-002 to 005) and the signer of the official SDK, whose
vectors are in the tests. No maintained library does only this.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .._core.credentials import AccessKeyCredential
from .._core.error_codes import HintContext, is_token_expired
from .._core.errors import CloudError
from .._core.refusal_history import build_identity
from .auth import Auth, RequestAuth
from .clock import Clock

if TYPE_CHECKING:
    from requests import PreparedRequest

_ALGORITHM = "SDK-HMAC-SHA256"


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
        """Send nothing more with this key: the sixth refusal in a row locks it for five minutes (API Gateway FAQ)."""
        self.terminal_error = error

    def _sign(self, request: PreparedRequest) -> PreparedRequest:
        key = self._credential
        date = datetime.fromtimestamp(self._clock.time(), tz=timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        # A fixed small set: a proxy may change other headers on the way.
        headers = {
            "Content-Type": str(request.headers["Content-Type"]),
            "Host": urlsplit(str(request.url)).netloc,
            "X-Sdk-Date": date,
            **({} if self._project_id is None else {"X-Project-Id": self._project_id}),
            **({} if key.security_token is None else {"X-Security-Token": key.security_token}),
        }
        canonical = _build_canonical_request(request, headers)
        to_sign = "\n".join([_ALGORITHM, date, hashlib.sha256(canonical.encode()).hexdigest()])
        signature = hmac.new(key.secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        request.headers.update(headers)
        request.headers["Authorization"] = (
            f"{_ALGORITHM} Access={key.access_key}, SignedHeaders={_join_names(headers)}, Signature={signature}"
        )
        return request


def _build_canonical_request(request: PreparedRequest, headers: Mapping[str, str]) -> str:
    """Return the text that the signature is made of. ``headers`` are those to be signed."""
    path, _mark, query = request.path_url.partition("?")
    body = request.body or b""
    lines = sorted((name.lower(), value.strip()) for name, value in headers.items())
    return "\n".join(
        [
            str(request.method).upper(),
            _encode_path(path),
            _encode_query(query),
            "".join(f"{name}:{value}\n" for name, value in lines),
            _join_names(headers),
            hashlib.sha256(body.encode() if isinstance(body, str) else bytes(body)).hexdigest(),
        ]
    )


def _join_names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(name.lower() for name in headers))


def _encode_path(path: str) -> str:
    # It ends with a slash in this form only; the path that is sent does not.
    encoded = "/".join(quote(unquote(segment), safe="") for segment in path.split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _encode_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
