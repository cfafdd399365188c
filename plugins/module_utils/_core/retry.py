# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: whether a request is repeated, and after how long. Pure: no clock, no randomness inside.

A read may always be repeated. A stop is final, so it is repeated only where the cloud cannot have acted on it. A login
counts against the lock of the account (by default 5 wrong passwords, as few as 3), so it is hardly ever repeated.
"""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import NamedTuple

from .error_codes import TOO_FREQUENT, gateway_code, was_not_forwarded
from .errors import CloudError, InvalidResponseError, NoResponseError, ServiceError

_BASE_DELAY = 1.0
# Throttling windows of the gateway are a minute long, so five retries have to reach beyond one.
_BASE_DELAY_THROTTLED = 5.0
_MAX_DELAY = 60.0
_MAX_CLOCK_SKEW = 15 * 60.0
# Characters of a line about a retry.
_MAX_LINE = 120

_BAD_REQUEST = 400
_REQUEST_TIMEOUT = 408
_TOO_LARGE = 413
# Answered before anybody looks at the jobs: who asks, for what, and how long the request is.
_DENIED = frozenset({401, 403, 404, 405, 414, 431, 494})
_TOO_MANY_REQUESTS = 429
_TRANSIENT = frozenset({_TOO_MANY_REQUESTS, 500, 502, 503, 504})


class RequestKind(Enum):
    """What a request is for, as far as repeating it goes."""

    READ = "read"
    LOGIN = "login"
    STOP = "stop"


class Retry(NamedTuple):
    """A request that is about to be made again."""

    request_line: str
    """Method, host and path."""
    reason: str
    delay: float
    """Seconds until then."""
    attempt: int
    """The number of that attempt, from 2."""

    def __str__(self) -> str:
        """Return one line, without the middle of a long path."""
        result = f"{self.reason}, attempt {self.attempt} in {self.delay:.1f} s"
        line = f"{self.request_line}: {result}"
        if len(line) < _MAX_LINE:
            return line
        parts = self.request_line.split("/")
        return "/".join([*parts[:3], "...", parts[-1]]) + f": {result}"


class Effect(Enum):
    """What a failed request can have done in the cloud."""

    NOT_SENT = "not sent"
    """Nothing: it is proved that not a byte of it left."""
    NOT_FORWARDED = "not forwarded"
    """Nothing: the gateway, or DRS before it did anything, says by a code of its own that it kept the request."""
    DENIED = "turned away"
    """Nothing, says a status that does not depend on which jobs were named."""
    REJECTED = "rejected"
    """An answer refuses the request as a whole. That proves nothing of its single items."""
    IN_DOUBT = "in doubt"
    """Anything: no answer came, or one that does not say."""


def classify_effect(error: CloudError) -> Effect:
    """Return what the failed request can have done.

    Redirects leave it in doubt, since nobody can say what stands behind one; so does HTTP 408, with which a proxy
    answers for a request that it may have passed on, and HTTP 503, with ``Retry-After`` or without.
    """
    if isinstance(error, NoResponseError):
        return Effect.IN_DOUBT if error.sent else Effect.NOT_SENT
    if isinstance(error, InvalidResponseError):
        return Effect.IN_DOUBT
    if not isinstance(error, ServiceError):
        return Effect.NOT_SENT
    is_of_the_gateway = gateway_code(error.error_code) is not None
    if was_not_forwarded(error.error_code) or (is_of_the_gateway and _is_client_error(error.status)):
        return Effect.NOT_FORWARDED
    if error.status in _DENIED:
        return Effect.DENIED
    return Effect.REJECTED if _is_client_error(error.status) else Effect.IN_DOUBT


def is_retryable(error: CloudError) -> bool:
    """Return whether the same request may succeed later, as far as its effect allows for repeating it."""
    if isinstance(error, ServiceError):
        return error.status in _TRANSIENT or was_not_forwarded(error.error_code)
    return isinstance(error, NoResponseError)


def is_bisectable(error: CloudError) -> bool:
    """Return whether one item, or the number of items, may be why the request was refused as a whole.

    Only the API knows items: what has neither a code nor a text of it is a proxy's or a gateway's own answer.
    """
    if error.status == _TOO_LARGE:
        return not was_not_forwarded(error.error_code)
    if error.status != _BAD_REQUEST or was_not_forwarded(error.error_code):
        return False
    return error.error_code is not None or (isinstance(error, ServiceError) and error.is_from_api)


def is_rejected_for_now(error: CloudError) -> bool:
    """Return whether a rejected stop may be sent again after a pause, once its jobs were observed."""
    return is_retryable(error) and classify_effect(error) in (Effect.NOT_FORWARDED, Effect.REJECTED)


def build_retry(error: CloudError, *, attempt: int, delay: float) -> Retry:
    """Return the next attempt of a request, after ``attempt`` of them and ``delay`` seconds."""
    reason = "no response" if error.status is None else f"HTTP {error.status}"
    return Retry(error.request_line, reason, delay, attempt + 1)


def should_retry(error: CloudError, kind: RequestKind, attempt: int) -> bool:
    """Return whether the request may be sent again as it is, after ``attempt`` attempts.

    A stop may be only where it is proved that nothing was sent; after anything else the jobs are looked at first. A
    login that may have counted is repeated once.
    """
    if not is_retryable(error):
        return False
    if kind is RequestKind.READ or classify_effect(error) is Effect.NOT_SENT:
        return True
    if kind is RequestKind.STOP:
        return False
    return classify_effect(error) is not Effect.IN_DOUBT or attempt == 1


def retry_delay(error: CloudError, *, attempt: int, jitter: float) -> float:
    """Return the seconds to wait before the next attempt.

    ``attempt`` counts those that were made, from 1; ``jitter`` is a random number in [0, 1).
    """
    if error.retry_after is not None:
        return error.retry_after
    first = _BASE_DELAY_THROTTLED if _is_throttled(error) else _BASE_DELAY
    return jitter * min(_MAX_DELAY, first * 2.0 ** (attempt - 1))


def parse_retry_after(value: str | None, *, now: float) -> float | None:
    """Give the seconds that a ``Retry-After`` header asks for; None for none, nonsense, or a time that is past.

    Both forms of RFC 9110 are read: seconds, and a date. ``now`` is in seconds since 1970-01-01 UTC.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # more digits than that mean decades
    try:
        date = parsedate_to_datetime(text)
        if date.tzinfo is None:  # how email.utils gives a date in -0000
            date = date.replace(tzinfo=timezone.utc)
        seconds = date.timestamp() - now
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return seconds if seconds > 0 else None


def clock_hint(date: str | None, *, now: float) -> str | None:
    """Give a sentence where the ``Date`` of an answer is more than 15 minutes from ``now`` (seconds since 1970, UTC).

    The gateway refuses signatures of a clock that is off by more than that.
    """
    try:
        ahead = now - parsedate_to_datetime(date or "").timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if abs(ahead) <= _MAX_CLOCK_SKEW:
        return None
    side = "ahead of" if ahead > 0 else "behind"
    return (
        f"The clock of this machine is {abs(ahead) / 60:.0f} minutes {side} the cloud's: "
        "signatures are refused beyond 15 minutes."
    )


def _is_throttled(error: CloudError) -> bool:
    return error.status == _TOO_MANY_REQUESTS or error.error_code == TOO_FREQUENT


def _is_client_error(status: int | None) -> bool:
    # 408 is what a proxy says of a request that it was tired of waiting for; who knows what it passed on.
    return status is not None and 400 <= status < 500 and status != _REQUEST_TIMEOUT  # noqa: PLR2004  HTTP
