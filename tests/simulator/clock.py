# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clocks of the simulated cloud: the system clock, and a clock that tests advance."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """The clock of the simulated cloud."""

    def time(self) -> float:
        """Return the seconds since 1970-01-01 UTC."""

    def monotonic(self) -> float:
        """Return the seconds of a clock that never goes back, from an arbitrary start."""


class SystemClock:
    """The clock of the machine."""

    def time(self) -> float:
        """Return the seconds since 1970-01-01 UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Return the seconds of a clock that never goes back, from an arbitrary start."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep in real time."""
        time.sleep(seconds)


class ManualClock:
    """A clock that only moves when a test advances it, so that no test waits. Thread-safe."""

    def __init__(self, start: float | None = None) -> None:
        """Start at ``start`` (epoch seconds).

        The default is now: the official SDK signs with the real time, and the cloud refuses a large difference.
        """
        self._lock = threading.Lock()
        self._start = time.time() if start is None else start
        self._passed = 0.0
        self._sleeps: list[float] = []

    def time(self) -> float:
        """Return the seconds since 1970-01-01 UTC."""
        with self._lock:
            return self._start + self._passed

    def monotonic(self) -> float:
        """Return the seconds since the start of this clock."""
        with self._lock:
            return self._passed

    def advance(self, seconds: float) -> None:
        """Advance the clock without sleeping. Raise ValueError if ``seconds`` is negative."""
        if seconds < 0:
            raise ValueError("time does not go back")
        with self._lock:
            self._passed += seconds

    def sleep(self, seconds: float) -> None:
        """Advance the clock and return at once. Tests pass this as ``sleep`` to the code under test."""
        self.advance(seconds)
        with self._lock:
            self._sleeps.append(seconds)

    @property
    def sleeps(self) -> list[float]:
        """The seconds of each call of ``sleep`` so far, in order."""
        with self._lock:
            return list(self._sleeps)
