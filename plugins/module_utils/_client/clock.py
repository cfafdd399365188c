# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Time as an argument, so that no test has to wait, and the deadline of a task."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic, sleep, time
from typing import Protocol

from .._core.errors import DeadlineError


class Clock(Protocol):
    """A source of time."""

    def time(self) -> float:
        """Return the seconds since 1970-01-01 UTC."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start, which never go back."""

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""


class SystemClock:
    """The clock of the machine."""

    time = staticmethod(time)
    monotonic = staticmethod(monotonic)
    sleep = staticmethod(sleep)


class Deadline:
    """The end of the time for all requests, retries and waits of a task.

    Time is also over once nobody can read the result any more, because Ansible was cancelled or killed.
    """

    def __init__(self, clock: Clock, seconds: float, is_abandoned: Callable[[], bool] = lambda: False) -> None:
        """Start the time now. ``is_abandoned`` returns whether nobody can read the result any more."""
        self._clock = clock
        self._start = clock.monotonic()
        self._at = self._start + seconds
        self._is_abandoned = is_abandoned
        self._reason = f"the {seconds:g} seconds allowed were over"

    @property
    def remaining(self) -> float:
        """The seconds left; zero or less once time is over."""
        if self._at != -math.inf and self._is_abandoned():
            self.expire("the run that would read the result has ended")
        return self._at - self._clock.monotonic()

    @property
    def elapsed(self) -> float:
        """The seconds since the start."""
        return self._clock.monotonic() - self._start

    @property
    def is_over(self) -> bool:
        """Whether time is over."""
        return self.remaining <= 0

    def expire(self, reason: str | None = None) -> None:
        """End the time now. Requests that are not sent any more say the reason."""
        if reason is not None:
            self._reason = reason
        self._at = -math.inf

    def check(self) -> None:
        """Raise DeadlineError once time is over."""
        if self.is_over:
            raise DeadlineError(f"not sent: {self._reason}")
