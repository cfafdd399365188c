# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever comes back, the client's parsers give a value or an error of our tree, on one line and without a secret.

10,000 generated answers in all; the environment variable ``FUZZ_EXAMPLES`` asks for another number.
"""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import requests
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError, ReadTimeoutError

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import Answer, HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.answers import (
    StopAnswer,
    decode_json,
    parse_status_answer,
    parse_stop_answer,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.connection import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import Observation, Refusal
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import Purpose
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.service_errors import parse_error
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10000"))
# Code, text and request ID have 512 characters each at most; the rest is the URL and our own words.
LONGEST_LINE = 2000
LONGEST_TEXT = 512

ASKED = ["c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "DC6016CF-f3b6", "x"]
QUERY, TOKEN, PASSWORD = "Canary-of-the-query", "Canary-of-the-token", "Canary-of-the-body"
URL = f"https://drs.model.invalid/v5/project/jobs/batch-stop?ticket={QUERY}"

T = TypeVar("T")


def fuzz(share: float) -> Callable[[T], T]:
    """Run a test with this share of the examples."""
    return settings(
        max_examples=max(1, round(EXAMPLES * share)),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        print_blob=True,
    )


def assert_one_line(text: str, longest: int = LONGEST_LINE) -> None:
    """Check that a text can stand in a message."""
    assert text.isprintable(), "more than one line"
    assert len(text) <= longest


# Any text that JSON can carry, lone surrogates and control characters included.
texts = st.one_of(
    st.text(st.characters(), max_size=40),
    st.sampled_from(["", " ", "a\nb", "\r\n", "\x1b[31m", "\ud800", "\u2028", "<html>"]),
    st.integers(500, 2000).map("x".__mul__),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False),
    texts,
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=3,
)


def near(key: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what the documentation says, now and then anything."""
    return st.one_of(key, key, key, values)


ids = st.one_of(st.sampled_from([*ASKED, *[job_id.swapcase() for job_id in ASKED], "stranger"]), texts)
codes = st.sampled_from(
    [
        "DRS.M00289",
        "DRS.M05004",
        "DRS.10020102",
        "DRS.10000001",
        "DRS.M01503",
        "APIGW.0307",
        "APIG.0308",
        "IAM.0061",
        "",
    ]
)
statuses = st.sampled_from(
    ["success", "Success", "failed", "FAILED", "pending", "DELETED", "RELEASE_RESOURCE_STARTED", "NEW"]
)
error_fields = {
    key: near(st.one_of(codes, texts, st.integers(100, 599)))
    for key in ("error_code", "error_msg", "errCode", "code", "message", "externalMessage", "request_id")
}
items = st.fixed_dictionaries(
    {}, optional={"id": near(ids), "status": near(statuses), "name": near(texts), **error_fields}
)
item_lists = near(st.lists(near(items), max_size=4))
bodies = st.fixed_dictionaries(
    {},
    optional={"jobs": item_lists, "results": item_lists, "count": values, "error": near(items), **error_fields},
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Give JSON with a piece cut out, doubled or replaced."""
    content = json.dumps(draw(near(bodies))).encode()
    start = draw(st.integers(0, len(content)))
    end = draw(st.integers(start, min(len(content), start + 20)))
    piece = draw(st.sampled_from([b"", content[start:end] * 2, b"\xff", b"\x00", b'"', b"{", b"NaN", b"1e999"]))
    return content[:start] + piece + content[end:]


contents = st.one_of(
    near(bodies).map(lambda value: json.dumps(value).encode()),
    near(bodies).map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    near(bodies).map(lambda value: json.dumps(value).encode("utf-16")),
    damaged(),
    st.binary(max_size=60),
    st.integers(1, 200_000).map(lambda depth: b"[" * depth),
    st.integers(1, 30_000).map(lambda depth: b'{"jobs":' * depth + b"1" + b"}" * depth),
    st.integers(4000, 6000).map(lambda digits: b'{"count": ' + b"9" * digits + b"}"),
    st.sampled_from([b"", b"\xef\xbb\xbf{}", b'{"a": 1, "a": 2}', b"[NaN]", b"-Infinity", b"null", b'"\\ud800"']),
)


def or_refused(parse: Callable[[], T]) -> T | None:
    """Give what a parser gives, None where it says in one line that it cannot read this."""
    try:
        return parse()
    except ValueError as refused:
        event("refused")
        assert not isinstance(refused, UnicodeError)
        assert_one_line(str(refused))
        return None


@fuzz(0.2)
@given(content=contents)
def test_any_body_is_a_value_or_one_line(content: bytes) -> None:
    value = or_refused(lambda: decode_json(content))
    assert value is None or isinstance(value, bool | int | float | str | list | dict)


@fuzz(0.15)
@given(body=st.one_of(near(bodies), values))
def test_any_error_answer_has_a_code_and_a_text_that_can_be_shown(body: object) -> None:
    for text in parse_error(body):
        if text is not None:
            assert_one_line(text, LONGEST_TEXT)


@fuzz(0.2)
@given(body=near(bodies), asked=st.lists(st.sampled_from(ASKED), unique=True))
def test_any_answer_to_a_stop_says_something_of_asked_jobs_or_nothing(body: object, asked: list[str]) -> None:
    answers = or_refused(lambda: parse_stop_answer(body, asked, "request-1"))
    for job_id, answer in (answers or {}).items():
        assert job_id in asked
        assert isinstance(answer, StopAnswer)
        assert_shown(answer.name, answer.refusal)
        if answer.refusal is None:
            event("accepted")
            assert _results_of(body, job_id) == {"success"}


@fuzz(0.2)
@given(body=near(bodies), asked=st.lists(st.sampled_from(ASKED), unique=True))
def test_any_answer_about_statuses_says_something_of_asked_jobs_or_nothing(body: object, asked: list[str]) -> None:
    looks = or_refused(lambda: parse_status_answer(body, asked, "request-1"))
    for job_id, look in (looks or {}).items():
        assert job_id in asked
        assert isinstance(look, Observation)
        assert_shown(look.name, look.reason)
        assert_one_line(look.status or "", LONGEST_TEXT)
        assert (look.status is None) == (look.reason is not None)
        event("status" if look.status else "missing" if look.missing else "no status")


def assert_shown(name: str | None, reason: Refusal | None) -> None:
    """Check that these can stand in a row of the result."""
    assert_one_line(name or "", LONGEST_TEXT)
    if reason is not None:
        assert_one_line(reason.error_code or "", LONGEST_TEXT)
        assert_one_line(reason.error_msg, LONGEST_TEXT)


def _results_of(body: Any, job_id: str) -> set[object]:
    """Give all that a body says of the stop of one job, lower case; written without a look at the parser."""
    said = [item for item in body["jobs"] if isinstance(item, dict) and isinstance(item.get("id"), str)]
    results = [item.get("status") for item in said if item["id"].casefold() == job_id.casefold()]
    return {result.casefold() if isinstance(result, str) else repr(result) for result in results}


# Whole answers, through the client.

latin = st.text(st.characters(max_codepoint=255), max_size=30)
header_values: dict[str, st.SearchStrategy[str]] = {
    "Retry-After": st.one_of(
        latin,
        st.integers(-10, 10**30).map(str),
        st.sampled_from(["Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 -0000", "0", "\xb2", "1.5", "+3"]),
    ),
    "X-Request-Id": st.one_of(latin, st.just("r" * 4000), st.just("a\r\n b")),
    "X-IAM-Trace-Id": latin,
    "Location": st.one_of(
        latin,
        latin.map(lambda text: f"https://other.invalid/{text}?ticket={QUERY}"),
        st.sampled_from(
            [
                "",
                "//",
                "http://[",
                "http://[::1",
                f"//u:{PASSWORD}@h:x/?{QUERY}",
                f"?{QUERY}",
                f"http://h#{QUERY}",
                "http:///",
            ]
        ),
    ),
    "X-Subject-Token": st.one_of(latin, st.just(TOKEN)),
    "Content-Type": st.one_of(latin, st.sampled_from(["text/html; charset=nonsense", "application/json"])),
    "Content-Encoding": st.sampled_from(["gzip", "deflate", "gzip, gzip", "identity", "nonsense", "br", "zstd"]),
    "Content-Length": st.one_of(latin, st.integers(-1, 2000).map(str)),
    "Set-Cookie": latin,
    "WWW-Authenticate": latin,
}
headers_of_answers = st.fixed_dictionaries({}, optional=header_values)
http_statuses = st.one_of(
    st.sampled_from([200, 200, 200, 201, 202, 204, 302, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504]),
    st.integers(0, 999),
)
packed = st.one_of(contents, contents, contents.map(gzip.compress))

SHOWN_URL = f"/v5/project?ticket={QUERY}&token={TOKEN}"
FAILURES: list[Callable[[], Exception]] = [
    lambda: requests.ConnectionError(MaxRetryError(None, SHOWN_URL, ProtocolError(SHOWN_URL))),  # type: ignore[arg-type]
    lambda: requests.exceptions.ProxyError(f"http://user:{PASSWORD}@proxy {SHOWN_URL}"),
    lambda: requests.exceptions.SSLError(SHOWN_URL),
    lambda: requests.exceptions.InvalidHeader(TOKEN),
    lambda: requests.exceptions.InvalidURL(SHOWN_URL),
    lambda: requests.ReadTimeout(ReadTimeoutError(None, SHOWN_URL, TOKEN)),  # type: ignore[arg-type]
    lambda: requests.ConnectTimeout(SHOWN_URL),
    lambda: requests.exceptions.ChunkedEncodingError(ProtocolError(SHOWN_URL)),
    lambda: requests.exceptions.ContentDecodingError(SHOWN_URL),
    lambda: requests.exceptions.RetryError(SHOWN_URL),
    lambda: OSError(f"Could not find a suitable TLS CA certificate bundle, {SHOWN_URL}"),
    lambda: TimeoutError(110, SHOWN_URL),
    lambda: ConnectionResetError(104, SHOWN_URL),
    lambda: UnicodeEncodeError("latin-1", TOKEN, 0, 1, PASSWORD),
]


class Wire(BaseAdapter):
    """Answers with what a test gives, as urllib3 would hand it over."""

    def __init__(self, answers: list[Any]) -> None:
        """Take the answers, the last of them for all that follow: exceptions, or status, headers and body."""
        super().__init__()
        self._answers = answers
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        """Give the next answer."""
        self.sent.append(request)
        answer = self._answers[min(len(self.sent), len(self._answers)) - 1]
        if callable(answer):
            raise answer()
        status, headers, content = answer
        try:
            raw = HTTPResponse(io.BytesIO(content), headers=headers, status=status, preload_content=False)
        except HTTPError as failure:
            raise requests.ConnectionError(failure) from None
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Do nothing: there is no connection."""


answers_on_the_wire = st.one_of(
    st.tuples(http_statuses, headers_of_answers, packed),
    st.tuples(http_statuses, headers_of_answers, packed),
    st.tuples(http_statuses, headers_of_answers, packed),
    st.sampled_from(FAILURES),
)


@fuzz(0.25)
@given(
    on_the_wire=st.lists(answers_on_the_wire, min_size=1, max_size=3),
    purpose=st.sampled_from(Purpose),
    can_log_in=st.booleans(),
)
def test_any_answer_is_an_answer_or_an_error_of_ours(
    on_the_wire: list[Any], purpose: Purpose, can_log_in: bool
) -> None:
    wire, clock = Wire(on_the_wire), ManualClock(1_700_000_000.0)
    deadline = Deadline(clock, 600.0)
    client = HttpClient(HttpSettings(retries=3), clock, deadline, jitter=lambda: 0.5, adapter=wire)
    auth = TokenAuth(TOKEN, new_token=(lambda: f"{TOKEN}-2") if can_log_in else None)
    try:
        answer = client.request("POST", URL, purpose=purpose, auth=auth, body={"password": PASSWORD})
    except CloudError as error:
        event(type(error).__name__)
        for text in (str(error), error.error_msg, error.error_code or "", error.request_id or ""):
            assert_one_line(text)
            assert not any(canary in text for canary in (QUERY, TOKEN, PASSWORD))
        assert "POST https://drs.model.invalid/v5/project/jobs/batch-stop" in str(error)
        assert error.retry_after is None or error.retry_after >= 0
        assert error.__cause__ is None
        assert error.__suppress_context__ or error.__context__ is None
    else:
        event("an answer")
        assert isinstance(answer, Answer)
        assert isinstance(answer.body, dict)
        assert answer.status in (200, 201, 202)
        assert_one_line(answer.request_id or "")
    assert clock.monotonic() < 600.0
    # A renewal may add one to the attempts.
    assert len(wire.sent) <= 1 + 3 + 1
    assert all(request.headers["X-Auth-Token"].startswith(TOKEN) for request in wire.sent)
    assert all("Cookie" not in request.headers for request in wire.sent)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("purpose", Purpose)
def test_each_failure_of_the_network_is_an_error_of_ours(failure: Callable[[], Exception], purpose: Purpose) -> None:
    clock = ManualClock(0.0)
    client = HttpClient(HttpSettings(retries=0), clock, Deadline(clock, 10.0), adapter=Wire([failure]))
    with pytest.raises(CloudError) as caught:
        client.request("POST", URL, purpose=purpose, auth=TokenAuth(TOKEN), body={"password": PASSWORD})
    assert not any(canary in str(caught.value) for canary in (QUERY, TOKEN, PASSWORD))
