# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a request is sent again, and after how long: each failure, for each purpose, for each attempt."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ConfigurationError,
    DeadlineError,
    InvalidResponseError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import (
    Effect,
    RequestKind,
    Retry,
    classify_effect,
    is_bisectable,
    parse_retry_after,
    retry_delay,
    should_retry,
)

NEVER, ONCE, ALWAYS = 0, 1, 5
NOT_SENT, NOT_FORWARDED, DENIED = Effect.NOT_SENT, Effect.NOT_FORWARDED, Effect.DENIED
REJECTED, IN_DOUBT = Effect.REJECTED, Effect.IN_DOUBT
READ, LOGIN, STOP = RequestKind.READ, RequestKind.LOGIN, RequestKind.STOP


def answer(status: int, code: str | None = None, retry_after: float | None = None) -> ServiceError:
    """Give the error of an HTTP answer."""
    return ServiceError("POST https://drs", status=status, error_code=code, retry_after=retry_after)


# Failure -> what the request can have done, and how often a read, a login and a stop are repeated blindly.
ROWS: Mapping[str, tuple[CloudError, Effect, int, int, int]] = {
    "wrong options": (ConfigurationError("x"), NOT_SENT, NEVER, NEVER, NEVER),
    "no time": (DeadlineError("x"), NOT_SENT, NEVER, NEVER, NEVER),
    "not connected": (NoResponseError("x", sent=False), NOT_SENT, ALWAYS, ALWAYS, ALWAYS),
    "connection broke": (NoResponseError("x", sent=True), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "nonsense": (InvalidResponseError("x", status=200), IN_DOUBT, NEVER, NEVER, NEVER),
    "redirect": (answer(302), IN_DOUBT, NEVER, NEVER, NEVER),
    "no answer of a kind": (answer(304), IN_DOUBT, NEVER, NEVER, NEVER),
    "400": (answer(400), REJECTED, NEVER, NEVER, NEVER),
    "400 too frequent": (answer(400, "DRS.M01503"), NOT_FORWARDED, ALWAYS, ALWAYS, NEVER),
    "400 busy": (answer(400, "DRS.M01504"), REJECTED, NEVER, NEVER, NEVER),
    "400 generic": (answer(400, "DRS.10000001"), REJECTED, NEVER, NEVER, NEVER),
    "401": (answer(401), DENIED, NEVER, NEVER, NEVER),
    "401 wrong signature": (answer(401, "APIGW.0301"), NOT_FORWARDED, NEVER, NEVER, NEVER),
    "401 expired": (answer(401, "APIGW.0307"), NOT_FORWARDED, NEVER, NEVER, NEVER),
    "401 no permission": (answer(401, "DRS.M00103"), DENIED, NEVER, NEVER, NEVER),
    "403": (answer(403), DENIED, NEVER, NEVER, NEVER),
    "404": (answer(404, "APIGW.0101"), NOT_FORWARDED, NEVER, NEVER, NEVER),
    "408": (answer(408), IN_DOUBT, NEVER, NEVER, NEVER),
    "409": (answer(409), REJECTED, NEVER, NEVER, NEVER),
    "422": (answer(422), REJECTED, NEVER, NEVER, NEVER),
    "429": (answer(429), REJECTED, ALWAYS, ALWAYS, NEVER),
    "429 throttled": (answer(429, "APIGW.0308"), NOT_FORWARDED, ALWAYS, ALWAYS, NEVER),
    "500": (answer(500), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "500 of the gateway": (answer(500, "APIGW.0601"), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "500 gateway configuration": (answer(500, "APIGW.0103"), NOT_FORWARDED, ALWAYS, ALWAYS, NEVER),
    "500 gateway configuration, other prefix": (answer(500, "APIG.0605"), NOT_FORWARDED, ALWAYS, ALWAYS, NEVER),
    "501": (answer(501), IN_DOUBT, NEVER, NEVER, NEVER),
    "502": (answer(502), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "502 backend": (answer(502, "APIGW.0202"), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "502 no backend": (answer(502, "APIGW.0610"), NOT_FORWARDED, ALWAYS, ALWAYS, NEVER),
    "503": (answer(503), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "503 that says when": (answer(503, retry_after=3.0), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "503 IAM unavailable": (answer(503, "APIGW.0613"), NOT_FORWARDED, ALWAYS, ALWAYS, NEVER),
    "504": (answer(504), IN_DOUBT, ALWAYS, ONCE, NEVER),
    "504 backend timeout": (answer(504, "APIGW.0203"), IN_DOUBT, ALWAYS, ONCE, NEVER),
}


@pytest.mark.parametrize("row", ROWS)
def test_what_a_request_can_have_done(row: str) -> None:
    error, effect, *_rest = ROWS[row]
    assert classify_effect(error) is effect


@pytest.mark.parametrize("row", ROWS)
def test_how_often_a_request_is_repeated_as_it_is(row: str) -> None:
    error, _effect, *expected = ROWS[row]
    for kind, times in zip((READ, LOGIN, STOP), expected, strict=True):
        repeated = [attempt for attempt in range(1, 6) if should_retry(error, kind, attempt)]
        assert repeated == list(range(1, times + 1)), kind


@pytest.mark.parametrize("row", ROWS)
def test_only_what_may_be_about_one_item_is_split(row: str) -> None:
    may_be = row in ("400 busy", "400 generic")
    assert is_bisectable(ROWS[row][0]) is may_be
    assert is_bisectable(answer(413))


@pytest.mark.parametrize("is_from_api", [True, False])
def test_what_is_not_from_the_api_is_about_no_item(is_from_api: bool) -> None:
    error = ServiceError("POST https://drs", status=400, error_text="no", is_from_api=is_from_api)
    assert is_bisectable(error) is is_from_api


def test_the_wait_doubles_up_to_a_minute() -> None:
    def longest(error: CloudError) -> list[float]:
        return [retry_delay(error, attempt=attempt, jitter=1.0) for attempt in range(1, 9)]

    assert longest(answer(500)) == [1, 2, 4, 8, 16, 32, 60, 60]
    assert longest(answer(429)) == [5, 10, 20, 40, 60, 60, 60, 60]
    assert longest(answer(400, "DRS.M01503")) == longest(answer(429))


def test_the_wait_is_spread_at_random() -> None:
    waits = [retry_delay(answer(500), attempt=3, jitter=jitter) for jitter in (0.0, 0.25, 0.5)]
    assert waits == [0, 1, 2]


def test_a_huge_number_of_attempts_is_no_huge_number() -> None:
    assert retry_delay(answer(500), attempt=1000, jitter=1.0) == 60


@pytest.mark.parametrize("jitter", [0.0, 0.9])
def test_what_the_server_asks_for_beats_the_own_wait(jitter: float) -> None:
    assert retry_delay(answer(429, retry_after=7.0), attempt=4, jitter=jitter) == 7


PROJECT = "054ba152d480d55b2f5dc0069e7ddef0"
HOST = "https://drs.ap-southeast-1.myhuaweicloud.com"


@pytest.mark.parametrize(
    ("request_line", "reason", "line"),
    [
        ("GET https://drs/v5/p/jobs", "HTTP 429", "GET https://drs/v5/p/jobs: HTTP 429, attempt 2 in 5.3 s"),
        ("GET https://drs", "no response", "GET https://drs: no response, attempt 2 in 5.3 s"),
        (
            f"POST {HOST}/v3/{PROJECT}/jobs/batch-status",
            "HTTP 503",
            f"POST {HOST}/.../batch-status: HTTP 503, attempt 2 in 5.3 s",
        ),
        (
            f"GET {HOST}/v5/{PROJECT}/jobs/c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r",
            "HTTP 503",
            f"GET {HOST}/.../c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r: HTTP 503, attempt 2 in 5.3 s",
        ),
    ],
)
def test_a_retry_is_one_line(request_line: str, reason: str, line: str) -> None:
    assert str(Retry(request_line, reason, 5.34, 2)) == line
    assert len(line) < 120


NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 120 ", 120),
        ("007", 7),
        ("99999999999999999999", 999_999_999),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30),
        ("Tue, 14 Nov 2023 22:13:50 -0000", 30),
        ("Tue, 14 Nov 2023 23:13:50 +0100", 30),
        ("Tuesday, 14-Nov-23 22:13:50 GMT", 30),
        ("Tue, 14 Nov 2023 22:13:20 GMT", None),
        ("Tue, 14 Nov 2023 22:13:10 GMT", None),
        ("Sun, 06 Nov 1994 08:49:37 GMT", None),
        (None, None),
        ("", None),
        (" ", None),
        ("-7", None),
        ("+7", None),
        ("7.5", None),
        ("1e3", None),
        ("soon", None),
        ("٣", None),
        ("nan", None),
        ("inf", None),
        ("Tue, 99 Nov 2023 99:99:99 GMT", None),
        ("Tue, 14 Nov 99999999999 22:13:50 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +1400", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, now=NOW) == seconds
