# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Decide whether a request is repeated, and after how long. Pure functions, without clock and randomness.

A read may always be repeated. A stop is final, so it is repeated only if the cloud cannot have acted on it. A wrong
login counts towards the lock of the user (after 5, or as few as 3), so one that may have counted is repeated only once.
"""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import NamedTuple

from .error_codes import TOO_FREQUENT, gateway_code, was_not_forwarded
from .errors import CloudError, InvalidResponseError, NoResponseError, ServiceError

_BASE_DELAY = 1.0  # seconds, as all of these
# The gateway counts requests by the minute, so five retries have to last longer than that.
_BASE_DELAY_THROTTLED = 5.0
_MAX_DELAY = 60.0
_MAX_CLOCK_SKEW = 15 * 60.0
_MAX_LINE = 120  # characters of a line about a retry

_BAD_REQUEST = 400
_REQUEST_TIMEOUT = 408
_TOO_LARGE = 413
# Denied before the jobs are read: because of the caller, the call, or the length of the request.
_DENIED = frozenset({401, 403, 404, 405, 414, 431, 494})
_TOO_MANY_REQUESTS = 429
_TRANSIENT = frozenset({_TOO_MANY_REQUESTS, 500, 502, 503, 504})


class RequestKind(Enum):
    """What a request does, as far as that decides whether it is repeated."""

    READ = "read"
    OPTIONAL_READ = "optional read"
    """A read that a task can do without."""
    LOGIN = "login"
    STOP = "stop"


class Retry(NamedTuple):
    """A request that is about to be made again, as attempt number ``attempt``, in ``delay`` seconds."""

    request_line: str
    reason: str
    delay: float
    attempt: int

    def __str__(self) -> str:
        """Return one line, without the middle of a long path."""
        result = f": {self.reason}, attempt {self.attempt} in {self.delay:.1f} s"
        parts = self.request_line.split("/")
        is_long = len(self.request_line + result) >= _MAX_LINE
        return ("/".join([*parts[:3], "...", parts[-1]]) if is_long else self.request_line) + result


class Effect(Enum):
    """What a failed request can have done in the cloud."""

    NOT_SENT = "not sent"
    """None: it is proved that no byte was sent."""
    NOT_FORWARDED = "not forwarded"
    """None: a code of the gateway, or of DRS before it does anything, says that the request was not forwarded."""
    DENIED = "denied"
    """None, by a status that does not depend on the jobs of the request."""
    REJECTED = "rejected"
    """A response rejects the request as a whole. That proves nothing about its single items."""
    IN_DOUBT = "in doubt"
    """Any: there was no response, or one that does not tell."""


def classify_effect(error: CloudError) -> Effect:
    """Return what the failed request can have done.

    Redirects are in doubt, since nobody knows which server sent one. So is HTTP 408, because a proxy that sends it may
    have forwarded the request, and HTTP 503, with ``Retry-After`` or without.
    """
    if isinstance(error, NoResponseError):
        return Effect.IN_DOUBT if error.sent else Effect.NOT_SENT
    if isinstance(error, InvalidResponseError):
        return Effect.IN_DOUBT
    if not isinstance(error, ServiceError):
        return Effect.NOT_SENT
    is_from_gateway = gateway_code(error.error_code) is not None
    if was_not_forwarded(error.error_code) or (is_from_gateway and _is_client_error(error.status)):
        return Effect.NOT_FORWARDED
    if error.status in _DENIED:
        return Effect.DENIED
    return Effect.REJECTED if _is_client_error(error.status) else Effect.IN_DOUBT


def is_retryable(error: CloudError) -> bool:
    """Return whether the same request may succeed later. Whether it may be repeated depends on its effect, too."""
    if isinstance(error, ServiceError):
        return error.status in _TRANSIENT or was_not_forwarded(error.error_code)
    return isinstance(error, NoResponseError)


def is_bisectable(error: CloudError) -> bool:
    """Return whether one item, or the number of items, may have caused the rejection of the whole request.

    Only the API knows the items, so the response has to be its own, and not that of a proxy or gateway.
    """
    if error.status == _TOO_LARGE:
        return not was_not_forwarded(error.error_code)
    if error.status != _BAD_REQUEST or was_not_forwarded(error.error_code):
        return False
    return error.error_code is not None or (isinstance(error, ServiceError) and error.is_from_api)


def is_rejected_for_now(error: CloudError) -> bool:
    """Return whether a rejected stop may be sent again after a pause, once its jobs were observed."""
    return is_retryable(error) and classify_effect(error) in (Effect.NOT_FORWARDED, Effect.REJECTED)


def should_retry(error: CloudError, kind: RequestKind, attempt: int) -> bool:
    """Return whether the request may be sent again as it is, after ``attempt`` attempts.

    A stop only if it is proved that nothing was sent; otherwise the jobs have to be observed first. A login that may
    have counted once. An optional read never.
    """
    if not is_retryable(error) or kind is RequestKind.OPTIONAL_READ:
        return False
    if kind is RequestKind.READ or classify_effect(error) is Effect.NOT_SENT:
        return True
    if kind is RequestKind.STOP:
        return False
    return classify_effect(error) is not Effect.IN_DOUBT or attempt == 1


def retry_delay(error: CloudError, *, attempt: int, jitter: float) -> float:
    """Return the seconds to wait before the next attempt.

    ``attempt`` is the number of attempts so far, from 1; ``jitter`` is a random number in [0, 1).
    """
    if error.retry_after is not None:
        return error.retry_after
    is_throttled = error.status == _TOO_MANY_REQUESTS or error.error_code == TOO_FREQUENT
    first = _BASE_DELAY_THROTTLED if is_throttled else _BASE_DELAY
    return jitter * min(_MAX_DELAY, first * 2.0 ** (attempt - 1))


def parse_retry_after(value: str | None, *, now: float) -> float | None:
    """Return the seconds of a ``Retry-After`` header; None without a valid one, and for a time in the past.

    Both forms of RFC 9110 are read: seconds, and a date. ``now`` is in seconds since 1970-01-01 UTC.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # more digits than that mean decades
    try:
        date = parsedate_to_datetime(text)
        if date.tzinfo is None:  # so email.utils returns a date in -0000
            date = date.replace(tzinfo=timezone.utc)
        seconds = date.timestamp() - now
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return seconds if seconds > 0 else None


def find_clock_hint(date: str | None, *, now: float) -> str | None:
    """Return a hint if the ``Date`` of a response is more than 15 minutes from ``now`` (seconds since 1970, UTC).

    The gateway refuses the signatures of a clock that is further off.
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


def _is_client_error(status: int | None) -> bool:
    # A proxy that answers 408 may have forwarded the request.
    return status is not None and 400 <= status < 500 and status != _REQUEST_TIMEOUT  # noqa: PLR2004  HTTP
