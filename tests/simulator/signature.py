# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation of request signatures with the algorithm SDK-HMAC-SHA256, as in the gateway.

Written from the description in Huawei Cloud's API request signing guide, not from the code of the collection that
signs, so that each checks the other. The tests include the official test vector.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

ALGORITHM = "SDK-HMAC-SHA256"

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=(?P<access>[^,\s]+), SignedHeaders=(?P<headers>[^,\s]+),"
    r" Signature=(?P<signature>[0-9a-f]{64})"
)
_UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class Authorization:
    """The parts of an Authorization header."""

    access: str
    signed_headers: tuple[str, ...]
    signature: str

    @classmethod
    def parse(cls, header: str) -> Authorization | None:
        """Return the parts of a header, None if it does not have the documented form."""
        match = _AUTHORIZATION.fullmatch(header)
        if match is None:
            return None
        names = tuple(match["headers"].split(";"))
        # Signing guide: the names are in lowercase and sorted. All its samples sign these two headers.
        well_formed = list(names) == sorted({name.lower() for name in names}) and {"host", "x-sdk-date"} <= {*names}
        return cls(match["access"], names, match["signature"]) if well_formed else None


@dataclass(frozen=True)
class Signable:
    """The parts of a request that a signature covers."""

    method: str
    target: str
    """Path and query as they were sent."""
    headers: Mapping[str, str]
    body: bytes


def canonical_request(request: Signable, signed_headers: tuple[str, ...]) -> str:
    """Return the canonical request. Raise KeyError if a signed header is missing."""
    path, _mark, query = request.target.partition("?")
    headers = {name.lower(): value.strip() for name, value in request.headers.items()}
    return "\n".join(
        [
            request.method.upper(),
            _canonical_path(path),
            _canonical_query(query),
            "".join(f"{name}:{headers[name]}\n" for name in signed_headers),
            ";".join(signed_headers),
            _payload_hash(request.body, headers.get("x-sdk-content-sha256")),
        ]
    )


def sign(canonical: str, date: str, secret: str) -> str:
    """Return the signature of a canonical request with its X-Sdk-Date."""
    # Headers are text, but may hold bytes that are not UTF-8. surrogateescape preserves these.
    digest = hashlib.sha256(canonical.encode(errors="surrogateescape")).hexdigest()
    text = f"{ALGORITHM}\n{date}\n{digest}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_signed_by(request: Signable, authorization: Authorization, secret: str) -> bool:
    """Return whether the signature of the request was made with this secret key."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        canonical = canonical_request(request, authorization.signed_headers)
    except KeyError:
        return False
    return hmac.compare_digest(sign(canonical, headers["x-sdk-date"], secret), authorization.signature)


def _canonical_path(path: str) -> str:
    # Decoded first, as in the official SDK: a client may send a character unencoded, but signs it encoded.
    encoded = "/".join(quote(part, safe="~") for part in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def _canonical_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(key, safe='~')}={quote(value, safe='~')}" for key, value in pairs)


def _payload_hash(body: bytes, declared: str | None) -> str:
    # The header replaces the hash of the body only if it declares the body as unsigned. To accept another hash from the
    # header would allow changes of the body.
    return _UNSIGNED if body and declared == _UNSIGNED else hashlib.sha256(body).hexdigest()
