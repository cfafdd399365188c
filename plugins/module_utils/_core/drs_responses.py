# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what the bytes of an answer say. Pure functions; what they cannot read is a ValueError.

Answers are matched by job ID, never by place: the API page's own example answers for a job that nobody named. ``mask``
keeps secrets out of all that is said of a job, as it came, before anything else is done with it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from .error_codes import NOT_FOUND, one_line, parse_error
from .jobs import DELETED, JobError, Observation
from .masking import Mask, MaskedMapping, mask_job_id
from .proxies import PROXY_AUTHENTICATION, describe_proxy_status, describe_unusable_proxy

MAX_RESPONSE_BYTES = 6 * 1024 * 1024
"""Bytes of an answer: as they come, and without what they are encoded in. An answer about 100 jobs is some 20 KB, a
token answer with its catalog some 100 KB."""
MAX_MEMORY = 48 * 1024 * 1024
"""Bytes that the value of a body may take in memory: with the bytes that it is read from, 64 MB at the most."""

_BAD_REQUEST = 400
_LONG_HEAD = "the headers of the request are too long for what answers there, of which a token is by far the longest"
# What statuses mean that come from before the API, often without a word.
_OF_STATUS = {
    413: "the request is too long for what answers there: it names too many jobs, see batch_size",
    414: "the URL of the request is too long for what answers there",
    431: _LONG_HEAD,
    494: _LONG_HEAD,  # what nginx calls it
}

# Bytes in memory, as CPython 3.10 to 3.14 need them at the most: what `json` needs while it reads is in it.
_OF_ARRAY = 100
_OF_OBJECT = 100
_OF_KEY = 200
_OF_VALUE = 80
# A text and the values in it, for each byte of UTF-8: one character makes Python keep all with 2 or 4 bytes each. Which
# first bytes, and greater ones, do so; and what an escape may hide.
_OF_TEXT = 2
_OF_WIDE_TEXT = ((0xF0, 11), (0xC4, 4))
_OF_ESCAPES = 9
_WINDOW = 64 * 1024
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS


class StopReply(NamedTuple):
    """What batch-stop said of one job: accepted, or refused and why."""

    refusal: JobError | None
    name: str | None = None


def unpack(content: bytes, encoding: str) -> bytes:
    """Return the body without its ``Content-Encoding``. Raise ValueError with one line for one that cannot be read.

    None is asked for. What comes with one all the same has been through the hands of a proxy that knows one.
    """
    if encoding.strip().lower() in ("", "identity"):
        return content
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise ValueError("the body is encoded in a way that was not asked for")
    for bits in (_ZLIB_OR_GZIP, -zlib.MAX_WBITS):  # some send deflate without the header of zlib
        unpacking = zlib.decompressobj(bits)
        try:
            unpacked = unpacking.decompress(content, MAX_RESPONSE_BYTES + 1)
        except zlib.error:
            continue
        if len(unpacked) > MAX_RESPONSE_BYTES:
            raise ValueError(f"the body has more than {MAX_RESPONSE_BYTES} bytes")
        if unpacking.eof:
            return unpacked
    raise ValueError("the body is not encoded as its headers say, or not whole")


def estimate_memory(content: bytes) -> int:
    """Return an upper bound of the memory that the value of a body takes: a few bytes of JSON may need hundreds."""
    of_text = next((size for first, size in _OF_WIDE_TEXT if content.translate(None, bytes(range(first)))), _OF_TEXT)
    memory = len(content) * (max(of_text, _OF_ESCAPES) if b"\\u" in content else of_text)
    for outside in _outside_strings(content):
        memory += _OF_ARRAY * outside.count(b"[") + _OF_OBJECT * outside.count(b"{")
        memory += _OF_KEY * outside.count(b":") + _OF_VALUE * outside.count(b",")
    return memory


def _outside_strings(content: bytes) -> Iterator[bytes]:
    """Give what of JSON is in no string, in pieces."""
    for escaped in (b"\\\\", b'\\"'):  # so that each quotation mark that is left begins or ends a string
        content = content.replace(escaped, b"")
    is_inside = False
    for start in range(0, len(content), _WINDOW):
        pieces = content[start : start + _WINDOW].split(b'"')
        yield b"".join(pieces[is_inside::2])
        is_inside ^= len(pieces) % 2 == 0


def decode_json(content: bytes) -> object:
    """Give the value that a body holds. Raises ValueError with one line for a body that is not sound JSON in UTF-8."""
    if estimate_memory(content) > MAX_MEMORY:
        raise ValueError("the JSON would take too much memory")
    try:
        value: object = json.loads(
            content.decode("utf-8"), object_pairs_hook=_without_duplicates, parse_constant=_no_constant
        )
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("the body is not UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError("the body is not JSON") from None
    return value


def describe_foreign_response(status: int, content: bytes, *, is_json: bool, proxy: str | None) -> str | None:
    """Return what there is to say of an error in which the API says nothing, None for nothing.

    ``proxy`` is the variable that names a proxy which may have given the answer itself.
    """
    if status == PROXY_AUTHENTICATION:
        return describe_unusable_proxy(proxy, describe_proxy_status(status))
    said = [text] if (text := _OF_STATUS.get(status)) else []
    if not is_json and content.strip():
        said.append("the answer is not from the API (no JSON)")
    if not is_json and status == _BAD_REQUEST and b"HTTPS" in content:  # what web servers say at a port with TLS
        said.append("does the port speak HTTPS?")
    if not is_json and proxy:
        said.append(f"it may be from the proxy that {proxy} names")
    return ", ".join(said) or None


def parse_stop_response(
    body: object, asked: Iterable[str], request_id: str | None, mask: Mask = str, key: str = "jobs"
) -> dict[str, StopReply]:
    """Give what an answer to a stop says of the jobs that were asked for; jobs it does not mention are left out.

    v5 lists the results as ``jobs``, v3 as ``results``: that is ``key``. The result is spelled ``Success`` on the API
    page and ``success`` in its newer edition. A job with a result that is neither success nor failure, or with two
    different ones, counts as not mentioned: it has to be looked up.
    """
    answers: dict[str, StopReply] = {}
    contradictory = set()
    for job_id, item in _items(body, key, asked, mask):
        answer = _parse_stop_item(item, request_id)
        if answer is None or (job_id in answers and (answers[job_id].refusal is None) != (answer.refusal is None)):
            contradictory.add(job_id)
        else:
            answers[job_id] = answer
    return {job_id: answer for job_id, answer in answers.items() if job_id not in contradictory}


def parse_status_response(
    body: object, asked: Iterable[str], request_id: str | None, mask: Mask = str
) -> dict[str, Observation]:
    """Give what an answer to v3 batch-status or batch-detail says of the jobs that were asked for; not of others.

    An unknown job comes as an item with an error code, a deleted one also as status ``DELETED``.
    """
    return {job_id: _parse_status_item(item, request_id) for job_id, item in _items(body, "results", asked, mask)}


def parse_detail_response(body: object, job_id: str, request_id: str | None, mask: Mask = str) -> Observation:
    """Give what an answer to v5 ``jobs/{job_id}?type=detail`` says of the job."""
    job = body.get("job") if isinstance(body, Mapping) else None
    if not isinstance(job, Mapping):
        raise ValueError("the answer has no 'job'")
    if isinstance(job.get("id"), str) and job["id"] != job_id:
        raise ValueError("the answer is about another job")
    base = job.get("base_info")
    return _parse_status_item(MaskedMapping({**(base if isinstance(base, Mapping) else {}), **job}, mask), request_id)


def parse_list_response(body: object, mask: Mask = str) -> tuple[dict[str, Observation], int | None]:
    """Give the jobs on one page of a list by their IDs, and how many jobs there are on all pages, None if not said.

    v5 calls that number ``total_count``, v3 ``total_record``.
    """
    items = body.get("jobs") if isinstance(body, Mapping) else None
    if not isinstance(body, Mapping) or not isinstance(items, list):
        raise ValueError("the answer has no list 'jobs'")
    observations = {
        mask_job_id(item["id"], mask): _parse_status_item(MaskedMapping(item, mask), None)
        for item in items
        if isinstance(item, Mapping) and isinstance(item.get("id"), str) and item["id"] == _text(item["id"])
    }
    total = body.get("total_count", body.get("total_record"))
    return observations, total if isinstance(total, int) and not isinstance(total, bool) else None


def _items(body: object, key: str, asked: Iterable[str], mask: Mask) -> list[tuple[str, Mapping[str, object]]]:
    items = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(items, list):
        raise ValueError(f"the answer has no list {key!r}")
    known = frozenset(asked)
    found: list[tuple[str, Mapping[str, object]]] = []
    for item in items:
        job_id = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(job_id, str) and job_id in known:
            found.append((job_id, MaskedMapping(item, mask)))
    return found


def _parse_stop_item(item: Mapping[str, object], request_id: str | None) -> StopReply | None:
    status = item.get("status")
    name = _text(item.get("name"))
    result = status.casefold() if isinstance(status, str) else None
    if result == "success":
        return StopReply(refusal=None, name=name)
    if result != "failed":
        return None
    code, text = parse_error(item)
    return StopReply(JobError(code, text or "The cloud refused the stop and gave no reason", request_id), name)


def _parse_status_item(item: Mapping[str, object], request_id: str | None) -> Observation:
    code, text = parse_error(item)
    status = (_text(item.get("status")) or "").upper() or None
    name = _text(item.get("name"))
    # A job may carry the error that made it fail beside its status; without a status, the error is about the look.
    if status == DELETED or (status is not None and code not in NOT_FOUND):
        return Observation(status=status, name=name, details=item)
    reason = JobError(code, text or "The cloud gave no status", request_id)
    return Observation(missing=code in NOT_FOUND, reason=reason, name=name)


def _text(value: object) -> str | None:
    return one_line(value) if isinstance(value, str) and value.strip() else None


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("the JSON names a key twice")
    return value


def _no_constant(name: str) -> object:
    raise ValueError(f"the JSON holds {name}, which is no JSON")
