# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: from the bytes of a response to an answer, or to the error that it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from .._core.drs_responses import decode_json, describe_foreign_response, estimate_memory, unpack
from .._core.error_codes import is_about_credential, one_line, parse_error
from .._core.errors import InvalidResponseError, ServiceError
from .._core.masking import Mask, MaskedMapping, Masker
from .._core.retry import clock_hint, parse_retry_after

if TYPE_CHECKING:
    from requests import Response

_CHUNK = 64 * 1024
_REDIRECTS = range(300, 400)
# 200: the API page of a stop; 201: a login; 202: what the same operations in v3 answer.
_SUCCESSES = (200, 201, 202)
# Of DRS and the gateway, of IAM, and of Keystone, from which IAM comes.
_REQUEST_IDS = ("X-Request-Id", "X-IAM-Trace-Id", "X-Openstack-Request-Id")


class Answer(NamedTuple):
    """A success: its status, its JSON object as it came, two headers, what masks its texts, and its size in memory."""

    status: int
    body: dict[str, object]
    request_id: str | None
    subject_token: str | None
    mask: Mask
    memory: int = 0


class _Decoded(NamedTuple):
    """What a body holds, or what keeps it from being read."""

    value: object
    problem: str | None = None
    memory: int = 0


def parse_response(
    response: Response, request_line: str, masker: Masker, *, signature: str, proxy: str | None, now: float
) -> Answer:
    """Return what a response says. Raise ServiceError and InvalidResponseError, and what requests raises.

    ``tried`` is method, host and path; ``signature`` is the header ``Authorization`` of the request; ``proxy`` is the
    variable that names a proxy which may have answered itself; ``now`` is the time in seconds since 1970-01-01 UTC.
    """
    mask = _mask_for(response, masker, signature)
    status = response.status_code
    request_id = next((value for name in _REQUEST_IDS if (value := _header(response, name, mask))), None)
    if status in _REDIRECTS:
        raise ServiceError(
            request_line,
            status=status,
            error_text=f"a redirect to {_host_of(response.headers.get('Location'), mask)}, which is not followed",
            request_id=request_id,
            hint="Check the endpoint, and that no proxy or login page stands before it.",
        )
    # The older urllib3 takes the half of an answer for the whole, if nobody asks it not to.
    response.raw.enforce_content_length = True
    content = _content_of(response)
    body, problem, memory = _decoded(content, response.headers.get("Content-Encoding") or "")
    if status not in _SUCCESSES:
        foreign = describe_foreign_response(status, content, is_json=body is not None, proxy=proxy)
        said = MaskedMapping(body, mask) if isinstance(body, dict) else body
        error = _service_error(response, request_line, said, request_id, foreign, now)
        if signature and is_about_credential(status, error.error_code):
            error.advise(clock_hint(response.headers.get("Date"), now=now))
        raise error
    if not isinstance(body, dict):
        problem = problem or "the JSON is no object"
        raise InvalidResponseError(
            f"{request_line} answered HTTP {status}, but {problem}", status=status, request_id=request_id
        )
    return Answer(status, body, request_id, response.headers.get("X-Subject-Token"), mask, memory)


def _service_error(
    response: Response, request_line: str, body: object, request_id: str | None, foreign: str | None, now: float
) -> ServiceError:
    code, text = parse_error(body)
    if code == str(response.status_code):
        code = None  # IAM's v3 answers repeat the status there
    inside = body.get("request_id") if isinstance(body, Mapping) else None
    return ServiceError(
        request_line,
        status=response.status_code,
        error_code=code,
        error_text=text or foreign,
        request_id=request_id or (one_line(inside) if isinstance(inside, str) else None),
        retry_after=parse_retry_after(response.headers.get("Retry-After"), now=now),
        body=body,
    )


def _mask_for(response: Response, masker: Masker, signature: str) -> Mask:
    """Return what masks the texts of an answer: it may also hold its new token, and the signature of its request."""
    own = (response.headers.get("X-Subject-Token", ""), signature.rpartition("Signature=")[2])
    return Masker(own, parent=masker).mask if any(own) else masker.mask


def _header(response: Response, name: str, mask: Mask) -> str | None:
    """Return a header on one line; None where there is none."""
    value = response.headers.get(name)
    return one_line(mask(value)) if value else None


def _host_of(location: str | None, mask: Mask) -> str:
    """Name the host of a redirect."""
    try:
        return repr(urlsplit(mask(location or "")).hostname or "the same host")
    except ValueError:
        return "an unreadable address"


def _content_of(response: Response) -> bytes:
    """Return the body as it came. What it is encoded in is undone by us: neither urllib3 bounds what it unpacks."""
    if hasattr(response.raw, "headers"):
        response.raw.headers.pop("Content-Encoding", None)  # what urllib3 looks at; those of `response` are a copy
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
    return bytes(content)


def _decoded(content: bytes, encoding: str) -> _Decoded:
    if not content:
        return _Decoded(None, "with an empty body")
    try:
        unpacked = unpack(content, encoding)
        return _Decoded(decode_json(unpacked), memory=estimate_memory(unpacked))
    except ValueError as failure:
        return _Decoded(None, str(failure))
