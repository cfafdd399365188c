# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: waiting for jobs to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .._core.jobs import JobError, Observation
from .._core.stop_progress import PendingStops
from .clock import Clock, Deadline

# Seconds; what a wait_interval of zero means, too: no server deserves a loop without a pause.
_MIN_INTERVAL = 0.1
_FINAL_READ_MARGIN = 1.0

Observe = Callable[[Sequence[str]], Mapping[str, Observation]]


def wait_until_stopped(
    before: Mapping[str, str | None], observe: Observe, *, interval: float, clock: Clock, deadline: Deadline
) -> tuple[dict[str, Observation], set[str], JobError | None]:
    """Look at the jobs every ``interval`` seconds until each has stopped or failed to, or time is over.

    However long a look takes, the next one begins on time: an end is seen at most one interval late. A look that takes
    longer than that makes the next one wait for the time of the one after, so that no two are under way at once.

    ``before`` holds each job's last status. Gives the last look at each job that gave a status, the
    jobs that are not done, and why they could not be watched any longer (None where time was over). One look is one
    read for all that are pending; a failed one does not end the wait, unless no other can succeed.
    """
    stops = PendingStops(before)
    start = clock.monotonic()
    while stops.pending and _pause(interval, clock, deadline, start):
        observations = observe(list(stops.pending))
        stops.observe(observations, clock.monotonic() - start)
        lost = next((observation.reason for observation in observations.values() if observation.unrecoverable), None)
        if lost is not None:
            return stops.last, set(stops.pending), lost
    return stops.last, set(stops.pending), None


def _pause(interval: float, clock: Clock, deadline: Deadline, start: float) -> bool:
    """Sleep until the next look is due; False where time is over before it."""
    interval = max(interval, _MIN_INTERVAL)
    due = interval - (clock.monotonic() - start) % interval
    if due < _MIN_INTERVAL / 2:
        due += interval
    remaining = deadline.remaining
    # The last look comes a moment before the end, so that there is an answer by then.
    pause = due if due < remaining else remaining - min(_FINAL_READ_MARGIN, interval)
    if pause <= 0:
        return False
    clock.sleep(pause)
    return True
