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
# Seconds between two reports.
_REPORT_INTERVAL = 10.0
# Seconds before the deadline at which the last observation begins.
_FINAL_READ_MARGIN = 1.0

Observe = Callable[[Sequence[str]], Mapping[str, Observation]]
Report = Callable[[Mapping[str, Observation]], None]


def wait_until_stopped(
    stops: PendingStops, observe: Observe, report: Report, *, interval: float, clock: Clock, deadline: Deadline
) -> None:
    """Observe the jobs every ``interval`` seconds until each has stopped or failed to, or time is over.

    However long an observation takes, the next one starts on time: an end is seen at most one interval late. One that
    takes longer than an interval makes the next one wait for the following tick, so that no two are under way at once.
    One observation is one read for all pending jobs; a failed one does not end the wait, unless no other can succeed.

    ``report`` is called with each observation, and with the last one every ten seconds until the next.
    """
    start = clock.monotonic()
    observations: Mapping[str, Observation] = {}
    report(observations)
    while not stops.is_over:
        delay = _seconds_until_due(interval, clock, deadline, start)
        if delay <= 0:
            return
        while delay > _REPORT_INTERVAL:
            clock.sleep(_REPORT_INTERVAL)
            delay -= _REPORT_INTERVAL
            report(observations)
        clock.sleep(delay)
        observations = observe(list(stops.pending))
        stops.observe(observations, clock.monotonic() - start)
        report(observations)


def _seconds_until_due(interval: float, clock: Clock, deadline: Deadline, start: float) -> float:
    """Return the seconds until the next observation is due; zero or less if there is no time for it."""
    interval = max(interval, _MIN_INTERVAL)
    due = interval - (clock.monotonic() - start) % interval
    if due < _MIN_INTERVAL / 2:
        due += interval
    remaining = deadline.remaining
    # The last observation begins before the deadline, so that there is a response by then.
    return due if due < remaining else remaining - min(_FINAL_READ_MARGIN, interval)
