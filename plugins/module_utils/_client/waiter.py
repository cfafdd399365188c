# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Wait for jobs to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .._core.jobs import Observation
from .._core.pending_stops import PendingStops
from .clock import Clock, Deadline

# Seconds; wait_interval=0 must not be a busy loop.
_MIN_INTERVAL = 0.1
# Seconds before the deadline at which the last observation begins.
_FINAL_READ_MARGIN = 1.0

Observe = Callable[[Sequence[str]], Mapping[str, Observation]]


def wait_until_stopped(
    stops: PendingStops, observe: Observe, *, interval: float, clock: Clock, deadline: Deadline
) -> None:
    """Observe the jobs every ``interval`` seconds until each has stopped or failed to, or time is over.

    However long an observation takes, the next one starts on time: an end is seen at most one interval late. One that
    takes longer than an interval makes the next one wait for the following tick, so that no two are under way at once.
    One observation is one read for all pending jobs; a failed one does not end the wait, unless no other can succeed.
    """
    start = clock.monotonic()
    while not stops.is_over and _sleep_until_due(interval, clock, deadline, start):
        stops.observe(observe(list(stops.pending)), clock.monotonic() - start)


def _sleep_until_due(interval: float, clock: Clock, deadline: Deadline, start: float) -> bool:
    """Sleep until the next observation is due, and return whether there is time for it."""
    interval = max(interval, _MIN_INTERVAL)
    due = interval - (clock.monotonic() - start) % interval
    if due < _MIN_INTERVAL / 2:
        due += interval
    remaining = deadline.remaining
    # The last observation begins before the deadline, so that there is a response by then.
    delay = due if due < remaining else remaining - min(_FINAL_READ_MARGIN, interval)
    if delay <= 0:
        return False
    clock.sleep(delay)
    return True
