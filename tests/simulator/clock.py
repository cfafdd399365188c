# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clocks of the simulated cloud: the real one, and one that only moves when it is told to."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What the simulated cloud asks the time."""

    def time(self) -> float:
        """Give the seconds since 1970-01-01 UTC."""

    def monotonic(self) -> float:
        """Give seconds from an arbitrary start, which never go back."""


class SystemClock:
    """The clock of the machine."""

    def time(self) -> float:
        """Give the seconds since 1970-01-01 UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Give seconds from an arbitrary start, which never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let real time pass."""
        time.sleep(seconds)


class ManualClock:
    """A clock that stands still until a test moves it, so that no test waits. Safe to share between threads."""

    def __init__(self, start: float | None = None) -> None:
        """Start at ``start`` (epoch seconds).

        The default is now: the official SDK signs with the real time, and the cloud refuses a large difference.
        """
        self._lock = threading.Lock()
        self._start = time.time() if start is None else start
        self._passed = 0.0
        self._sleeps: list[float] = []

    def time(self) -> float:
        """Give the seconds since 1970-01-01 UTC."""
        with self._lock:
            return self._start + self._passed

    def monotonic(self) -> float:
        """Give the seconds that have passed on this clock."""
        with self._lock:
            return self._passed

    def advance(self, seconds: float) -> None:
        """Let time pass without anybody sleeping."""
        if seconds < 0:
            raise ValueError("time does not go back")
        with self._lock:
            self._passed += seconds

    def sleep(self, seconds: float) -> None:
        """Return at once, with the clock moved on; what a program under test is given as its ``sleep``."""
        self.advance(seconds)
        with self._lock:
            self._sleeps.append(seconds)

    @property
    def sleeps(self) -> list[float]:
        """The seconds of each ``sleep`` so far, in order."""
        with self._lock:
            return list(self._sleeps)
