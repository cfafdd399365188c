# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers as bytes, from sound to senseless, made from a number: the same number gives the same bytes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import End

T = TypeVar("T")

ASKED = ["c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "DC6016CF-f3b6", "x"]

_ERROR_KEYS = ("error_code", "error_msg", "errCode", "code", "message", "externalMessage", "request_id")
_CODES = "DRS.M00289 DRS.M05004 DRS.10020102 DRS.10000001 DRS.M01503 APIGW.0307 APIG.0308 IAM.0061".split()
_ITEM_STATUSES = "success Success failed FAILED pending DELETED RELEASE_RESOURCE_STARTED NEW".split()
_TEXTS = ("", " ", "a\nb", "\r\n", "\x1b[31m", "\ud800", "\u2028", "<html>")

_STATUSES = (
    b"200 200 200 201 202 204 206 304 302 400 401 403 404 407 408 409 413 421 429 431 500 502 503 504 511".split()
)
_VERSIONS = (b"HTTP/1.0", b"HTTP/2", b"HTTP/1.1\0", b"HTTP/9.9", b"http/1.1", b"ICY", b"", b"HTTP/")
_ODD_STATUSES = b"0 -1 1000 20 2OO 99 600 +200 200.0 \xb2\xb0\xb0".split()
_REASONS = (b"OK", b"", b"No \xff\xfe", b"x" * 3000, b"a\tb", b"a\0b", b"a\rb")
_INTERIM = (
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 100\r\nX-Request-Id: first\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
)
_HEADERS: dict[bytes, Sequence[bytes]] = {
    b"Content-Type": (
        b"application/json",
        b"application/json; charset",
        b"application/json; charset=",
        b"application/json;charset=utf-8;charset=latin-1",
        b"text/html; charset=nonsense",
        b"; charset=utf-8",
        b";;;=;",
        b"text/plain; charset*=utf-8''x; =\"",
        b"\xff/\xfe",
        b"",
    ),
    b"Content-Encoding": (b"gzip", b"deflate", b"gzip, gzip", b"identity", b"nonsense", b"br", b"zstd", b","),
    b"Retry-After": (
        b"0",
        b"-1",
        b"3",
        b"1.5",
        b"+3",
        b"\xb2",
        b"9" * 400,
        b"Wed, 21 Oct 2015 07:28:00 GMT",
        b"Fri, 31 Dec 9999 23:59:59 -0000",
        b"Wed, 99 Foo 2015 77:77:77 +9999",
    ),
    b"X-Request-Id": (b"r-1", b"r" * 4000, b"a\r\n b", b"\0", b"\x1b[31m", b"\xe2\x80\xa8", b""),
    b"X-IAM-Trace-Id": (b"t-1", b"\x85"),
    b"X-Subject-Token": (b"Canary-of-an-answer", b"", b"\xff"),
    b"Date": (b"Thu, 01 Jan 1970 00:00:00 GMT", b"nonsense", b"Mon, 01 Jan 0001 00:00:00 GMT", b"-"),
    b"Location": (
        b"",
        b"//",
        b"http://[",
        b"http://[::1",
        b"//u:Canary-of-the-body@h:x/?Canary-of-the-query",
        b"https://other.invalid/?ticket=Canary-of-the-query",
        b"\xff\xfe",
    ),
    b"Set-Cookie": (b"a=b", b"a=b; Domain=..; Expires=never", b"=;=", b"\0"),
    b"Connection": (b"close", b"keep-alive", b"upgrade", b"close, keep-alive", b""),
    b"Keep-Alive": (b"timeout=0", b"timeout=-1, max=x"),
    b"WWW-Authenticate": (b"Basic", b"Digest realm=", b"\xff"),
    b"Proxy-Authenticate": (b"Basic realm=x",),
    b"Refresh": (b"0; url=http://other.invalid/?Canary-of-the-query",),
}
_ODD_LINES = (
    b"no colon here",
    b": no name",
    b" begins with a blank: x",
    b"\tX-Folded: y",
    b"Name : blank before the colon",
    b"X-Nul: a\0b",
    b"X-Bare: a\rb",
    b"\xff\xfe: \xfd",
    b"X-Long: " + b"y" * 70_000,
    b"\0",
    b"HTTP/1.1 200 OK",
    b"X-Folded: one\r\n two\r\n\tthree",
    b"X: \x85\x0b\x0c",
)
_ODD_LENGTHS = (
    b"-1",
    b"-5",
    b"+2",
    b"0",
    b"1_0",
    b" 2 ",
    b"2.0",
    b"0x10",
    b"\xb2",
    b"9" * 30,
    b"9" * 5000,
    b"",
    b"5, 5",
    b"5, 6",
    b"5,,5",
    b"x",
)
_ODD_SIZES = (
    b"-5",
    b"-0",
    b"+5",
    b"0x5",
    b"1_0",
    b" 5",
    b"5 ",
    b"5;name=value",
    b"5;" + b"x" * 300,
    b"f" * 16,
    b"f" * 40,
    b"",
    b"g",
    b"\xb2",
    b"5\0",
    b"00000005",
    b"e" * 70_000,
    b"\n",
)
_CODINGS = (*[b"chunked"] * 4, b"Chunked", b"gzip, chunked", b"chunked, chunked", b"identity", b"x", b"")
_TRAILERS = (b"", b"", b"X: 1\r\n", b"no colon\r\n", b"Content-Length: 3\r\n", b"X: " + b"z" * 70_000 + b"\r\n")
_BODIES: Sequence[Callable[[], bytes]] = (
    lambda: b"",
    lambda: b"{}",
    lambda: b'{"jobs": []}',
    lambda: b'{"jobs": [{"id": "stranger", "status": "success"}], "count": 1}',
    lambda: b'{"jobs": [null, 1, {"id": 5, "status": []}, {"status": "success"}]}',
    lambda: b'{"results": [{"id": "stranger", "status": "DELETED"}]}',
    lambda: b'{"results": {"id": 1}, "count": -1}',
    lambda: b'{"error_code": "DRS.M00202", "error_msg": "No\\n\\u2028\\ud800."}',
    lambda: b'{"error_code": ["DRS.M00202"], "error_msg": {"a": 1}}',
    lambda: b'{"error": {"code": 400, "message": "No.", "title": "x"}}',
    lambda: b'{"error_code": "DRS.M00202", "error_msg": "' + b"m" * 3000 + b'"}',
    lambda: b'{"a": 1, "a": 2}',
    lambda: b"[NaN]",
    lambda: b"-Infinity",
    lambda: b"null",
    lambda: b'"\\ud800"',
    lambda: b"\xef\xbb\xbf{}",
    lambda: b"\xff\xfe{\0}\0",
    lambda: json.dumps({"jobs": []}).encode("utf-16"),
    lambda: b"[" * 100_000,
    lambda: b'{"jobs":' * 3000 + b"1" + b"}" * 3000,
    lambda: b'{"count": ' + b"9" * 5000 + b"}",
    lambda: b"<html><body>Please log in</body></html>",
    lambda: gzip.compress(b'{"jobs": []}'),
    lambda: gzip.compress(b'{"jobs": []}')[:-5],
    lambda: b"\0" * 100,
    lambda: b"x" * 300_000,
)


class Values:
    """Makes values and bodies from a number: mostly what the documentation says, now and then anything."""

    def __init__(self, number: int) -> None:
        """Begin."""
        self.random = Random(number)  # noqa: S311  to be repeated, not to be secret

    def asked(self) -> list[str]:
        """Give some of the jobs that are asked for."""
        return self.random.sample(ASKED, self.random.randint(0, len(ASKED)))

    def body(self) -> object:
        """Give what an answer may hold."""
        if self._is_so(0.1):
            return self._value()
        body = self._some_of(_ERROR_KEYS, 0.2, self._error_field)
        for key in ("jobs", "results"):
            if self._is_so(0.6):
                body[key] = self._near(lambda: [self._near(self._item) for _each in range(self.random.randint(0, 4))])
        if self._is_so(0.3):
            body["count"] = self._value()
        if self._is_so(0.3):
            body["error"] = self._near(self._item)
        return body

    def content(self) -> bytes:
        """Give the bytes of a body."""
        kind = self.random.randrange(8)
        if kind == 0:
            return json.dumps(self.body(), ensure_ascii=False).encode("utf-8", "surrogatepass")
        if kind == 1:
            return json.dumps(self.body()).encode("utf-16")
        if kind == 2:
            return self._nested()
        if kind == 3:
            return self._one((self.random.randbytes(self.random.randrange(60)), self._one(_BODIES)()))
        content = json.dumps(self.body()).encode()
        return content if self._is_so(0.5) else self._without_a_piece(content)

    def _nested(self) -> bytes:
        if self._is_so(0.5):
            return b"[" * self.random.randint(1, 50_000)
        depth = self.random.randint(1, 5000)
        return b'{"jobs":' * depth + b"1" + b"}" * depth

    def _without_a_piece(self, content: bytes) -> bytes:
        start = self.random.randint(0, len(content))
        end = self.random.randint(start, min(len(content), start + 20))
        put = self._one((b"", content[start:end] * 2, b"\xff", b"\0", b'"', b"{", b"NaN", b"1e999"))
        return content[:start] + put + content[end:]

    def _item(self) -> dict[str, object]:
        item = self._some_of(_ERROR_KEYS, 0.2, self._error_field)
        if self._is_so(0.9):
            item["id"] = self._near(
                lambda: self._one((*ASKED, *ASKED, *map(str.swapcase, ASKED), "stranger", self._text()))
            )
        if self._is_so(0.8):
            item["status"] = self._near(lambda: self._one(_ITEM_STATUSES))
        if self._is_so(0.3):
            item["name"] = self._near(self._text)
        return item

    def _error_field(self) -> object:
        return self._near(lambda: self._one((self._one(_CODES), self._text(), self.random.randint(100, 599))))

    def _some_of(self, keys: Sequence[str], share: float, make: Callable[[], object]) -> dict[str, object]:
        return {key: make() for key in keys if self._is_so(share)}

    def _near(self, make: Callable[[], object]) -> object:
        return self._value() if self._is_so(0.15) else make()

    def _value(self, depth: int = 2) -> object:
        kind = self.random.randrange(7 if depth else 5)
        if kind < 5:
            return (
                None,
                self._is_so(0.5),
                self.random.randint(-(10**18), 10**18),
                self.random.gauss(0, 1e9),
                self._text(),
            )[kind]
        values = [self._value(depth - 1) for _each in range(self.random.randrange(4))]
        return values if kind == 5 else {self._text(): value for value in values}

    def _text(self) -> str:
        if self._is_so(0.3):
            return self._one((*_TEXTS, "x" * self.random.randint(500, 2000)))
        return "".join(
            chr(self.random.randrange(self._one((128, 256, 0x3000, 0xE000, 0x110000))))
            for _each in range(self.random.randrange(12))
        )

    def _is_so(self, probability: float) -> bool:
        return self.random.random() < probability

    def _one(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)


class Noise(Values):
    """Makes answers from a number. What it draws is likely to be sound, since few would get anywhere otherwise."""

    def answer(self, bodies: Sequence[bytes] = (), not_status: bytes = b"") -> tuple[bytes, ...]:
        """Give an answer in pieces. ``bodies`` are taken half of the time, ``not_status`` never."""
        body = self._one(bodies) if bodies and self._is_so(0.5) else self._one(_BODIES)()
        interim = b"".join(self._one(_INTERIM) for _each in range(self._one((0, 0, 0, 0, 0, 1, 1, 2, 200))))
        lines = [self._status_line(not_status), *self._headers()]
        framing, framed = self._framed(body)
        lines[1:1] = framing
        answer = interim + b"\r\n".join([*lines, b"", b""]) + framed
        if self._is_so(0.2):
            answer = self._damaged(answer)
        return self._in_pieces(answer)

    def end(self) -> End:
        """Give an end of the connection: closed but for a few."""
        return self._one(("fin",) * 40 + ("rst",) * 12 + ("keep",))

    def _status_line(self, not_status: bytes) -> bytes:
        version = self._one(_VERSIONS) if self._is_so(0.05) else b"HTTP/1.1"
        status = self._one(_ODD_STATUSES if self._is_so(0.05) else _STATUSES)
        if status == not_status:
            status = b"500"
        return b" ".join((version, status, self._one(_REASONS)))

    def _headers(self) -> list[bytes]:
        names = self.random.sample(list(_HEADERS), self.random.randrange(5))
        lines = [name + b": " + self._one(_HEADERS[name]) for name in names]
        if lines and self._is_so(0.1):
            lines.append(self._one(lines))
        if self._is_so(0.15):
            lines.insert(self.random.randint(0, len(lines)), self._one(_ODD_LINES))
        return lines * 40 if self._is_so(0.01) else lines

    def _framed(self, body: bytes) -> tuple[list[bytes], bytes]:
        """Give the headers that say how long the body is, and the body as it is sent."""
        length = b"Content-Length: %d" % len(body)
        kind = self._one(("sound", "sound", "sound", "none", "chunked", "chunked", "odd", "off", "two", "both"))
        if kind == "chunked":
            return [b"Transfer-Encoding: " + self._one(_CODINGS)], self._chunked(body)
        if kind == "both":
            return [length, b"Transfer-Encoding: chunked"], self._one((body, self._chunked(body)))
        if kind == "two":
            return [length, b"Content-Length: %d" % (len(body) + self._one((-1, 0, 1)))], body
        if kind == "odd":
            return [b"Content-Length: " + self._one(_ODD_LENGTHS)], body
        if kind == "off":
            return [b"Content-Length: %d" % (len(body) + self._one((-2, -1, 1, 100)))], body
        return ([] if kind == "none" else [length]), body

    def _chunked(self, body: bytes) -> bytes:
        middle = self.random.randint(0, len(body))
        chunks = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (body[:middle], body[middle:]) if chunk]
        if self._is_so(0.4):
            chunks.insert(self.random.randint(0, len(chunks)), self._one(_ODD_SIZES) + b"\r\nabcde\r\n")
        end = self._one((b"0\r\n", b"0\r\n", b"0\r\n", b"000\r\n", b"0", b"-0\r\n", b""))
        return b"".join(chunks) + end + self._one(_TRAILERS) + self._one((b"\r\n", b"\r\n", b""))

    def _damaged(self, answer: bytes) -> bytes:
        """Cut out, double or replace a piece, mostly of the head, which is where most of the reading is done."""
        start = self.random.randrange(min(len(answer), 200) if self._is_so(0.7) else len(answer))
        end = min(len(answer), start + self.random.randrange(20))
        piece = answer[start:end]
        put = self._one((b"", piece * 2, b"\0", b"\r\n", b"\n", b"\r", b"\xff", b" ", b":", b"\r\n\r\n", piece[::-1]))
        damaged = answer[:start] + put + answer[end:]
        return damaged[:start] if self._is_so(0.2) else damaged

    def _in_pieces(self, answer: bytes) -> tuple[bytes, ...]:
        if self._is_so(0.8):
            return (answer,)
        middle = self.random.randint(0, len(answer))
        return answer[:middle], answer[middle:]
