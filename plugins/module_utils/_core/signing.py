# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the signature of a request with an access key, SDK-HMAC-SHA256.

Sources: Huawei Cloud's API signing guide (api-sign-algorithm-002 to 005) and the official SDK's signer, whose vectors
the tests hold this against. No library that does only this is kept up.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, unquote

ALGORITHM = "SDK-HMAC-SHA256"


def sdk_date(now: float) -> str:
    """Give the time (seconds since 1970-01-01 UTC) in the form of the header ``X-Sdk-Date``."""
    return datetime.fromtimestamp(now, tz=timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def canonical_request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> str:
    """Give the text that stands for a request.

    ``target`` is path and query as they are sent, ``headers`` are those to be signed, among them ``X-Sdk-Date`` and
    ``Host``.
    """
    path, _mark, query = target.partition("?")
    lines = sorted((name.lower(), value.strip()) for name, value in headers.items())
    return "\n".join(
        [
            method.upper(),
            _canonical_path(path),
            _canonical_query(query),
            "".join(f"{name}:{value}\n" for name, value in lines),
            ";".join(name for name, _value in lines),
            hashlib.sha256(body).hexdigest(),
        ]
    )


def authorization(access_key: str, secret_key: str, headers: Mapping[str, str], canonical: str) -> str:
    """Give the value of the header ``Authorization`` for a canonical request and the headers that it was made with."""
    date = next(value for name, value in headers.items() if name.lower() == "x-sdk-date")
    to_sign = "\n".join([ALGORITHM, date, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    signed_headers = ";".join(sorted(name.lower() for name in headers))
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={signed_headers}, Signature={signature}"


def _canonical_path(path: str) -> str:
    # It ends with a slash in this form only; the path that is sent does not.
    encoded = "/".join(_encoded(unquote(segment)) for segment in path.split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _canonical_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
