# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Wait for jobs to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .._core.jobs import JobError, Observation
from .._core.stop_progress import PendingStops
from .clock import Clock, Deadline

# Seconds; wait_interval=0 must not be a busy loop.
_MIN_INTERVAL = 0.1
# Seconds before the deadline at which the last observation begins.
_FINAL_READ_MARGIN = 1.0

Observe = Callable[[Sequence[str]], Mapping[str, Observation]]


def wait_until_stopped(
    before: Mapping[str, str | None], observe: Observe, *, interval: float, clock: Clock, deadline: Deadline
) -> tuple[dict[str, Observation], set[str], JobError | None]:
    """Observe the jobs every ``interval`` seconds until each has stopped or failed to stop, or time is over.

    Observations begin at multiples of the interval, however long one takes, so an end is seen at most one interval
    late. If one takes longer than the interval, the next one begins at the following multiple: no two overlap.

    ``before`` has the last status of each job. Return the last observation with a status of each job, the jobs that are
    not done, and why they could not be observed any longer (None if time was over). One call of ``observe`` reads all
    pending jobs; one that fails does not end the wait, unless no other can succeed.
    """
    stops = PendingStops(before)
    start = clock.monotonic()
    while stops.pending and _sleep_until_due(interval, clock, deadline, start):
        observations = observe(list(stops.pending))
        stops.observe(observations, clock.monotonic() - start)
        unrecoverable = [observation for observation in observations.values() if observation.unrecoverable]
        if unrecoverable:
            return stops.last, set(stops.pending), unrecoverable[0].reason
    return stops.last, set(stops.pending), None


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
