# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Read the responses of `requests`: a response is a success or an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from .._core.error_codes import HintContext, find_hint, is_about_credential, parse_error
from .._core.errors import InvalidResponseError, ServiceError
from .._core.masking import Mask, MaskedMapping, Masker
from .._core.response_body import decode_json, decompress, describe_foreign_response
from .._core.retry import find_clock_hint, parse_retry_after

if TYPE_CHECKING:
    from requests import Response

_CHUNK = 64 * 1024
_REDIRECTS = range(300, 400)
# 200: the API page of a stop; 201: a login; 202: the same operations in v3.
_SUCCESSES = (200, 201, 202)
# Of DRS and the gateway, of IAM, and of Keystone, from which IAM comes.
_REQUEST_IDS = ("X-Request-Id", "X-IAM-Trace-Id", "X-Openstack-Request-Id")
# Those of Huawei Cloud are hexadecimal, others have a prefix and punctuation. With what a mask leaves of one.
_REQUEST_ID = re.compile(r"[A-Za-z0-9*][A-Za-z0-9._:=+/@*-]{0,255}")


class SentRequest(NamedTuple):
    """What is known of a request when its response arrives. ``line`` is method, host and path.

    ``signature`` is the header ``Authorization``, ``proxy`` the variable of a proxy that can send a response itself.
    """

    line: str
    hint_context: HintContext
    signature: str = ""
    proxy: str | None = None


class HttpResponse(NamedTuple):
    """A success: with the JSON object as it came, the mask for its texts, and the bytes that it takes in memory."""

    status: int
    body: dict[str, object]
    request_id: str | None
    subject_token: str | None
    mask: Mask
    memory: int = 0


class _Body(NamedTuple):
    """The value of a body, or why it cannot be read."""

    value: object
    problem: str | None = None
    memory: int = 0


def parse_response(response: Response, sent: SentRequest, masker: Masker, *, now: float) -> HttpResponse:
    """Return a success. Raise ServiceError and InvalidResponseError, and what `requests` raises while it reads.

    ``now`` is in seconds since 1970-01-01 UTC.
    """
    mask = _build_mask(response, masker, sent.signature)
    status = response.status_code
    request_id = _find_request_id(*map(response.headers.get, _REQUEST_IDS), mask=mask)
    if status in _REDIRECTS:
        raise ServiceError(
            sent.line,
            status=status,
            error_text=f"a redirect to {_host_of(response.headers.get('Location'), mask)}, which is not followed",
            request_id=request_id,
            hint="Check the endpoint, and that no proxy or login page stands before it.",
        )
    # urllib3 1.26 detects a truncated body only if this is set.
    response.raw.enforce_content_length = True
    content = _read_content(response)
    body = _decode(content, response.headers.get("Content-Encoding") or "")
    if status not in _SUCCESSES:
        masked = MaskedMapping(body.value, mask) if isinstance(body.value, dict) else body.value
        foreign = describe_foreign_response(status, content, is_json=masked is not None, proxy=sent.proxy)
        raise _build_service_error(response, sent, masked, request_id, foreign, now)
    if not isinstance(body.value, dict):
        problem = body.problem or "the JSON is no object"
        raise InvalidResponseError(
            f"{sent.line} answered HTTP {status}, but {problem}", status=status, request_id=request_id
        )
    subject_token = response.headers.get("X-Subject-Token")
    return HttpResponse(status, body.value, request_id, subject_token, mask, body.memory)


def _build_service_error(
    response: Response, sent: SentRequest, body: object, request_id: str | None, foreign: str | None, now: float
) -> ServiceError:
    status = response.status_code
    code, text = parse_error(body)
    is_from_api = bool(code or text)
    if code == str(status):
        code = None  # IAM's v3 responses repeat the status there
    body_id = body.get("request_id") if isinstance(body, Mapping) else None
    error = ServiceError(
        sent.line,
        status=status,
        error_code=code,
        error_text=text or foreign,
        request_id=request_id or _find_request_id(body_id),
        retry_after=parse_retry_after(response.headers.get("Retry-After"), now=now),
        is_from_api=is_from_api,
    )
    if sent.signature and is_about_credential(status, code):
        error.advise(find_clock_hint(response.headers.get("Date"), now=now))
    error.advise(find_hint(code, status, sent.hint_context, body))
    return error


def _find_request_id(*values: object, mask: Mask = str) -> str | None:
    """Return the first of these values that looks like an ID. Nothing else that a server sends there is shown."""
    texts = (mask(value).strip() for value in values if isinstance(value, str))
    return next((text for text in texts if _REQUEST_ID.fullmatch(text)), None)


def _build_mask(response: Response, masker: Masker, signature: str) -> Mask:
    """Return the mask of a response. It may also hold its new token, and the signature of its request."""
    own = (response.headers.get("X-Subject-Token", ""), signature.rpartition("Signature=")[2])
    return Masker(own, parent=masker).mask if any(own) else masker.mask


def _host_of(location: str | None, mask: Mask) -> str:
    try:
        return repr(urlsplit(mask(location or "")).hostname or "the same host")
    except ValueError:
        return "an unreadable address"


def _read_content(response: Response) -> bytes:
    """Return the body as it came. We decompress it, since neither version of urllib3 limits the size of the result."""
    if hasattr(response.raw, "headers"):
        response.raw.headers.pop("Content-Encoding", None)  # what urllib3 reads; `response.headers` is a copy
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
    return bytes(content)


def _decode(content: bytes, encoding: str) -> _Body:
    if not content:
        return _Body(None, "with an empty body")
    try:
        value, memory = decode_json(decompress(content, encoding))
    except ValueError as error:
        return _Body(None, str(error))
    return _Body(value, memory=memory)
