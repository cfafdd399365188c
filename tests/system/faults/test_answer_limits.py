# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one answer may cost, whatever it holds and however it is encoded: 64 MB, and no time beyond the deadline."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    InvalidResponseError,
    NoResponseError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.response_body import MAX_RESPONSE_BYTES
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawServer, Reply, just

MOST = 64 * 1024 * 1024
MEGABYTE = 1024 * 1024
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def whole(body: bytes, *headers: bytes) -> Sequence[bytes]:
    """Give a sound answer."""
    return [b"\r\n".join([b"HTTP/1.1 200 OK", *headers, b"Content-Length: %d" % len(body), b"", b""]), body]


def filled(piece: bytes, size: int, begin: bytes = b"[", end: bytes = b"0]") -> Sequence[bytes]:
    """Give an answer with JSON of so many bytes that is made of one piece."""
    return whole(begin + piece * (size // len(piece)) + end)


def bomb(layers: int) -> bytes:
    """Give zeros that were compressed so often."""
    body = b"0" * (40 * MEGABYTE)
    for _layer in range(layers):
        body = gzip.compress(body)
    return body


def keys(size: int, key: str) -> Sequence[bytes]:
    """Give an object of so many bytes, all keys of which are different."""
    count = size // (len(key % 0) + 5)
    return whole(json.dumps({key % number: 1 for number in range(count)}, separators=(",", ":")).encode())


def endless(head: bytes, piece: bytes) -> Sequence[bytes]:
    """Give what begins like this and goes on for long beyond every limit."""
    some = piece * (MEGABYTE // len(piece))
    return [head, *[some] * 40]


ODD: dict[str, Callable[[int], Sequence[bytes]]] = {
    "nothing but arrays": lambda size: filled(b"[],", size),
    "nothing but objects": lambda size: filled(b"{},", size),
    "objects with a key": lambda size: filled(b'{"a":1},', size),
    "objects in objects": lambda size: filled(b'{"a":{"b":{"c":0}}},', size),
    "arrays in arrays": lambda size: filled(b"[" * 900 + b"]" * 900 + b",", size),
    "short texts": lambda size: filled(b'"ab",', size),
    "short wide texts": lambda size: filled('"a😀",'.encode(), size),
    "fractions": lambda size: filled(b"0.1,", size),
    "keys": lambda size: keys(size, "%x"),
    "long keys": lambda size: keys(size, "k" * 1000 + "%x"),
    "one long text": lambda size: filled(b"x", size, b'["', b'"]'),
    "one wide character": lambda size: filled(b"x", size, b'["', '😀"]'.encode()),
    "one escaped wide character": lambda size: filled(b"x", size, b'["', b'\\ud83d\\ude00"]'),
    "escapes": lambda size: filled(b"\\u4e2d", size, b'["', b'"]'),
    "quotation marks": lambda size: filled(b'\\"', size, b'["', b'"]'),
    "numbers": lambda size: filled(b"9", size),
    "spaces": lambda size: filled(b" ", size),
    "no JSON": lambda size: filled(b"<p>", size, b"<html>", b"</html>"),
}
SIZES = {"small": 200_000, "medium": 1_500_000, "large": MAX_RESPONSE_BYTES - 10_000}


@contextmanager
def served(sim: Simulator, pieces: Sequence[bytes], seconds: float = 1000.0) -> Iterator[tuple[HttpClient, str]]:
    """Give a client, and the URL of a server that gives this answer."""
    clock = ManualClock(0.0)
    with RawServer(sim.url, script=lambda _request, _nth: Reply(just(*pieces), acts=False, end="fin")) as server:
        http = HttpClient(HttpSettings(timeout=5, retries=0), clock, Deadline(clock, seconds))
        with closing(http):
            yield http, f"http://127.0.0.1:{server.port}/x"


def asked(sim: Simulator, pieces: Sequence[bytes]) -> tuple[CloudError | None, int]:
    """Ask for an answer; give the error, and the most memory that it has taken meanwhile."""
    with served(sim, pieces) as (http, url):
        tracemalloc.start()
        try:
            http.request("GET", url, kind=RequestKind.READ)
        except CloudError as error:
            return error, tracemalloc.get_traced_memory()[1]
        else:
            return None, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("kind", ODD)
def test_no_json_takes_more_memory_than_an_answer_may(sim: Simulator, kind: str, size: int) -> None:
    error, peak = asked(sim, ODD[kind](size))

    assert peak < MOST
    assert isinstance(error, InvalidResponseError) or (error is None and kind.endswith("keys"))


ENCODED: dict[str, tuple[bytes, Callable[[], bytes]]] = {
    "gzip": (b"gzip", lambda: bomb(1)),
    "gzip in gzip": (b"gzip", lambda: bomb(2)),
    "twice": (b"gzip, gzip", lambda: bomb(2)),
    "three times": (b"gzip, gzip, gzip", lambda: bomb(3)),
    "capitals": (b"GZIP", lambda: bomb(1)),
    "other name": (b"x-gzip", lambda: bomb(1)),
    "deflate": (b"deflate", lambda: zlib.compress(b"0" * (40 * MEGABYTE))),
    "deflate in gzip": (b"deflate, gzip", lambda: gzip.compress(zlib.compress(b"0" * (40 * MEGABYTE)))),
    "brotli": (b"br", lambda: b"\x0b\x02\x80" * 1000),
    "zstd": (b"zstd", lambda: b"\x28\xb5\x2f\xfd" * 1000),
    "not true": (b"gzip", lambda: b"no gzip at all"),
    "half": (b"gzip", lambda: gzip.compress(b'{"a": 1}')[:-4]),
}


@pytest.mark.parametrize("kind", ENCODED)
@pytest.mark.parametrize("status", [b"200", b"500"])
def test_no_encoding_takes_more_memory_than_an_answer_may(sim: Simulator, kind: str, status: bytes) -> None:
    encoding, body = ENCODED[kind]
    head, content = whole(body(), b"Content-Encoding: " + encoding)

    error, peak = asked(sim, [head.replace(b"200", status), content])

    assert peak < MOST
    assert error is not None
    assert not isinstance(error, NoResponseError)


UNASKED = {
    "gzip": (b"gzip", gzip.compress(b'{"a": 1}')),
    "capitals": (b"Gzip", gzip.compress(b'{"a": 1}')),
    "deflate": (b"deflate", zlib.compress(b'{"a": 1}')),
    "bare deflate": (b"deflate", zlib.compress(b'{"a": 1}')[2:-4]),
    "identity": (b"identity", b'{"a": 1}'),
    "nothing": (b"", b'{"a": 1}'),
}


@pytest.mark.parametrize("kind", UNASKED)
def test_one_encoding_that_nobody_asked_for_is_undone(sim: Simulator, kind: str) -> None:
    encoding, body = UNASKED[kind]
    with served(sim, whole(body, b"Content-Encoding: " + encoding)) as (http, url):
        assert http.request("GET", url, kind=RequestKind.READ).body == {"a": 1}


ENDLESS = {
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    "body of a length": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b" "),
    "body of an error": (b"HTTP/1.1 500 No\r\n\r\n", b" "),
    "chunks": (CHUNKED, b"400\r\n" + b" " * 1024 + b"\r\n"),
    "tiny chunks": (CHUNKED, b"30\r\n" + b" " * 48 + b"\r\n"),
    "one chunk": (CHUNKED + b"ffffffffff\r\n", b" "),
    "line of a chunk's length": (CHUNKED, b"0"),
    "chunk extension": (CHUNKED + b"2;", b"x"),
    "chunk extensions": (CHUNKED, b"2;" + b"x" * 3000 + b"\r\n  \r\n"),
    "trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nX: ", b"x"),
    "trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: " + b"y" * 50 + b"\r\n"),
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "long headers": (b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 60_000 + b"\r\n"),
    "status line": (b"HTTP/1.1 200 ", b"x"),
    "interim answers": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "interim answers of the other kind": (b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_what_does_not_end_is_too_large(sim: Simulator, kind: str) -> None:
    error, peak = asked(sim, endless(*ENDLESS[kind]))

    assert peak < MOST
    assert isinstance(error, InvalidResponseError), error
    assert "bytes" in str(error)


# What a sane cloud may send.


def page_of_jobs() -> bytes:
    """Give 100 jobs with children, tags and long descriptions, which hold all that JSON is made of."""
    child = {"id": "c" * 36, "name": "child", "status": "INCRE_TRANSFER_STARTED", "engine_type": "mysql", "tags": []}
    text = '{"rows": [1, 2, 3], "note": "a \\"b\\" c: d, e"}, 数据 😀 ' * 60
    job = {"name": "DRS", "status": "INCRE_TRANSFER_STARTED", "description": text, "children": [child] * 20}
    jobs = [{"id": f"{number:036}", **job, "tags": [{"key": "k", "value": "v"}] * 10} for number in range(100)]
    return json.dumps({"total_record": 100, "jobs": jobs}, ensure_ascii=False).encode()


def token_with_catalog() -> bytes:
    """Give the answer to a login with a catalog of some 300 KB."""
    endpoint = {"id": "e" * 32, "interface": "public", "region": "r", "region_id": "r-1", "url": "https://drs.r.c/v3/p"}
    service = {"endpoints": [endpoint] * 8, "id": "s" * 32, "name": "drs", "type": "drs"}
    return json.dumps({"token": {"catalog": [service] * 250, "roles": [{"id": "0", "name": "x"}] * 500}}).encode()


def nothing_but_commas() -> bytes:
    """Give a text that holds nothing but what JSON has between its values."""
    return json.dumps({"jobs": [], "note": "," * MEGABYTE}).encode()


@pytest.mark.parametrize("make", [page_of_jobs, token_with_catalog, nothing_but_commas])
@pytest.mark.parametrize("framing", ["length", "chunks", "gzip"])
def test_a_large_answer_that_makes_sense_is_read(sim: Simulator, make: Callable[[], bytes], framing: str) -> None:
    body = make()
    assert len(body) > 300_000
    chunks = [
        b"%x;name=value\r\n%b\r\n" % (len(body[at : at + 4000]), body[at : at + 4000])
        for at in range(0, len(body), 4000)
    ]
    pieces = {
        "length": whole(body),
        "chunks": [CHUNKED, *chunks, b"0\r\nX-Trailer: y\r\n\r\n"],
        "gzip": whole(gzip.compress(body), b"Content-Encoding: gzip"),
    }

    with served(sim, pieces[framing]) as (http, url):
        assert http.request("GET", url, kind=RequestKind.READ).body == json.loads(body)
