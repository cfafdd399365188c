# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Read the body of a response, of whatever service. Pure functions; what cannot be read is a ValueError."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping

from .proxies import PROXY_AUTHENTICATION, describe_proxy_status, describe_unusable_proxy

MAX_RESPONSE_BYTES = 6 * 1024 * 1024
"""Bytes of a response, compressed or not. One with 100 jobs has some 20 KB, one with a token and its catalog 100 KB."""
MAX_MEMORY = 48 * 1024 * 1024
"""Bytes that the value of a body may take in memory. Together with the bytes of the body: at most 64 MB."""

_BAD_REQUEST = 400
_LONG_HEAD = "the headers of the request are too long for what answers there, of which a token is by far the longest"
# Statuses of gateways, proxies and web servers before the API, which often send no text.
_STATUS_TEXTS = {
    413: "the request is too long for what answers there: it names too many jobs, see batch_size",
    414: "the URL of the request is too long for what answers there",
    431: _LONG_HEAD,
    494: _LONG_HEAD,  # nginx's own
}

# Upper bounds of the bytes in memory, for CPython 3.10 to 3.14, with what `json` needs while it reads.
_ARRAY_BYTES = 100
_OBJECT_BYTES = 100
_KEY_BYTES = 200
_VALUE_BYTES = 80
# For each byte of UTF-8: the text, and the texts in it. A single character beyond Latin-1 makes Python keep a whole
# text with 2 or 4 bytes for each character; such a character begins with at least this byte, or is an escape.
_TEXT_BYTES = 2
_WIDE_TEXT_BYTES = ((0xF0, 11), (0xC4, 4))
_ESCAPED_TEXT_BYTES = 9
_WINDOW = 64 * 1024
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS


def decompress(content: bytes, encoding: str) -> bytes:
    """Return the body without the ``Content-Encoding`` that a proxy may have added. Raise ValueError with one line."""
    if encoding.strip().lower() in ("", "identity"):
        return content
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise ValueError("the body is encoded in a way that was not asked for")
    for bits in (_ZLIB_OR_GZIP, -zlib.MAX_WBITS):  # some servers send deflate without the header of zlib
        decompressor = zlib.decompressobj(bits)
        try:
            decompressed = decompressor.decompress(content, MAX_RESPONSE_BYTES + 1)
        except zlib.error:
            continue
        if len(decompressed) > MAX_RESPONSE_BYTES:
            raise ValueError(f"the body has more than {MAX_RESPONSE_BYTES} bytes")
        if decompressor.eof:
            return decompressed
    raise ValueError("the body is not encoded as its headers say, or not whole")


def estimate_memory(content: bytes) -> int:
    """Return an upper bound of the memory that the value of a body takes: a few bytes of JSON may need hundreds."""
    wide = (size for first, size in _WIDE_TEXT_BYTES if content.translate(None, bytes(range(first))))
    text_bytes = _TEXT_BYTES if content.isascii() else next(wide, _TEXT_BYTES)
    memory = len(content) * (max(text_bytes, _ESCAPED_TEXT_BYTES) if b"\\u" in content else text_bytes)
    for outside in _split_off_strings(content):
        memory += _ARRAY_BYTES * outside.count(b"[") + _OBJECT_BYTES * outside.count(b"{")
        memory += _KEY_BYTES * outside.count(b":") + _VALUE_BYTES * outside.count(b",")
    return memory


def _split_off_strings(content: bytes) -> Iterator[bytes]:
    """Yield the parts of JSON that are in no string, a window at a time."""
    for escaped in (b"\\\\", b'\\"'):  # so that each quotation mark that is left begins or ends a string
        content = content.replace(escaped, b"")
    is_inside = False
    for start in range(0, len(content), _WINDOW):
        pieces = content[start : start + _WINDOW].split(b'"')
        yield b"".join(pieces[is_inside::2])
        is_inside ^= len(pieces) % 2 == 0


def decode_json(content: bytes) -> tuple[object, int]:
    """Return the value of a JSON body, and the memory it takes, as `estimate_memory` counts it.

    Raise ValueError with one line for a body that is not JSON in UTF-8.
    """
    memory = estimate_memory(content)
    if memory > MAX_MEMORY:  # which counts bytes of UTF-8, so no other encoding is read
        raise ValueError("the JSON would take too much memory")
    try:
        value: object = json.loads(
            content.decode("utf-8"), object_pairs_hook=_reject_duplicates, parse_constant=_reject_constant
        )
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("the body is not UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError("the body is not JSON") from None
    return value, memory


def _reject_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Of two statuses, names or lags of a job nobody can say which one counts. Where the wrong one did, a job could be
    # stopped that a condition of the task protects.
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("the JSON names a key twice")
    return value


def _reject_constant(name: str) -> object:
    # NaN is neither more nor less than any limit, so a lag of NaN could pass one. A result with it would be no JSON.
    raise ValueError(f"the JSON holds {name}, which is no JSON")


def describe_foreign_response(status: int, content: bytes, *, is_json: bool, proxy: str | None) -> str | None:
    """Return a text for an error response without one of the API; None where there is nothing to say.

    ``proxy`` is the variable that names a proxy which may have sent the response itself.
    """
    if status == PROXY_AUTHENTICATION:
        return describe_unusable_proxy(proxy, describe_proxy_status(status))
    texts = [text] if (text := _STATUS_TEXTS.get(status)) else []
    if not is_json and content.strip():
        texts.append("the answer is not from the API (no JSON)")
    if not is_json and status == _BAD_REQUEST and b"HTTPS" in content:  # as web servers say at a port with TLS
        texts.append("does the port speak HTTPS?")
    if not is_json and proxy:
        texts.append(f"it may be from the proxy that {proxy} names")
    return ", ".join(texts) or None


def as_mapping(value: object) -> Mapping[str, object]:
    """Return a JSON object as it is, and an empty one for any other value."""
    return value if isinstance(value, Mapping) else {}


def as_text(value: object) -> str | None:
    """Return a text as it is, and None for an empty one or any other value."""
    return value if isinstance(value, str) and value else None
