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

from .errors import CloudError, NoAnswerError, ServiceError, UnreadableAnswerError
from .service_errors import TOO_FREQUENT, was_not_forwarded

_FIRST_DELAY = 1.0
# Throttling windows of the gateway are a minute long, so five retries have to reach beyond one.
_FIRST_DELAY_THROTTLED = 5.0
_LONGEST_DELAY = 60.0
_LARGEST_SKEW = 15 * 60.0

_TOO_MANY_REQUESTS = 429
_REQUEST_TIMEOUT = 408
_UNAVAILABLE = 503
_TRANSIENT = frozenset({_TOO_MANY_REQUESTS, 500, 502, _UNAVAILABLE, 504})


class Purpose(Enum):
    """What a request is for, as far as repeating it goes."""

    READ = "read"
    LOGIN = "login"
    STOP = "stop"


def may_have_acted(error: CloudError) -> bool:
    """Say whether the cloud may have done what the failed request asked for.

    False is a promise: the connection was never made, or an answer came that proves that nothing was done. Redirects
    count as True: nobody can say what stands behind one.
    """
    if isinstance(error, NoAnswerError):
        return error.sent
    if isinstance(error, UnreadableAnswerError):
        return True
    if not isinstance(error, ServiceError):
        return False
    return not _is_turned_away(error) and not _is_client_error(error.status)


def next_delay(error: CloudError, purpose: Purpose, *, attempt: int, retries: int, jitter: float) -> float | None:
    """Give the seconds to wait before the request is sent again, None where it must not be.

    ``attempt`` counts from 1, ``retries`` are the further attempts allowed, ``jitter`` is a random number in [0, 1).
    """
    if attempt > retries or not _may_repeat(error, purpose, attempt):
        return None
    if error.retry_after is not None:
        return error.retry_after
    first = _FIRST_DELAY_THROTTLED if _is_throttled(error) else _FIRST_DELAY
    return jitter * min(_LONGEST_DELAY, first * 2.0 ** (attempt - 1))


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
    if abs(ahead) <= _LARGEST_SKEW:
        return None
    side = "ahead of" if ahead > 0 else "behind"
    return (
        f"The clock of this machine is {abs(ahead) / 60:.0f} minutes {side} the cloud's: "
        "signatures are refused beyond 15 minutes."
    )


def _may_repeat(error: CloudError, purpose: Purpose, attempt: int) -> bool:
    if not _is_transient(error):
        return False
    if purpose is Purpose.READ or not may_have_acted(error):
        return True
    return purpose is Purpose.LOGIN and attempt == 1


def _is_transient(error: CloudError) -> bool:
    if isinstance(error, ServiceError):
        return error.status in _TRANSIENT or was_not_forwarded(error.error_code)
    return isinstance(error, NoAnswerError)


def _is_throttled(error: CloudError) -> bool:
    return error.status == _TOO_MANY_REQUESTS or error.error_code == TOO_FREQUENT


def _is_turned_away(error: ServiceError) -> bool:
    says_when = error.status == _UNAVAILABLE and error.retry_after is not None
    return error.status == _TOO_MANY_REQUESTS or says_when or was_not_forwarded(error.error_code)


def _is_client_error(status: int | None) -> bool:
    # 408 is what a proxy says of a request that it was tired of waiting for; who knows what it passed on.
    return status is not None and 400 <= status < 500 and status != _REQUEST_TIMEOUT  # noqa: PLR2004  HTTP
