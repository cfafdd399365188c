# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What is known of each job of a stop in the end: values that the report is built from."""

from __future__ import annotations

import math
from enum import Enum
from typing import NamedTuple

from .jobs import JobError, Observation, is_new_stop_failure
from .stop_plan import PlannedJob


class StopState(Enum):
    """The state of one stop."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """By a response that names the job."""
    REJECTED = "rejected"
    """With the whole request that named it."""
    DENIED = "denied"
    """With the whole request, before it reached the jobs: by the gateway, or because of its caller."""
    NOT_SENT = "not sent"
    NOT_ARRIVED = "not arrived"
    """It was in doubt, and would show by now if it had been accepted."""
    UNKNOWN = "unknown"


class StopResult(NamedTuple):
    """The state of the stop of one job, and why if it was not accepted."""

    state: StopState
    reason: JobError | None = None
    name: str | None = None
    """The name of the job, where the response gave it."""


class WaitResult(Enum):
    """How the wait for the end of a job ended."""

    DONE = "done"
    OVERDUE = "overdue"


class JobRecord(NamedTuple):
    """All that is known of one job in the end."""

    planned: PlannedJob
    stop_result: StopResult | None = None
    """None where no stop was to be sent."""
    last: Observation | None = None
    """The last observation after the stop was sent that gave a status."""
    wait_result: WaitResult | None = None
    """None where nobody waited."""
    wait_error: JobError | None = None
    """Why the job could not be observed until its end, where that was not for lack of time."""

    @property
    def status(self) -> str | None:
        """The last status observed."""
        return self.planned.before.status if self.last is None else self.last.status

    @property
    def has_failed_to_stop(self) -> bool:
        """Whether the stop was accepted and failed then."""
        if self.last is None or self.wait_result is WaitResult.OVERDUE:
            return False
        if self.stop_result is not None and self.stop_result.state is not StopState.ACCEPTED:
            return False
        # Whoever waited to the end has allowed for the failure of an earlier stop.
        elapsed = math.inf if self.wait_result is WaitResult.DONE else 0.0
        return is_new_stop_failure(self.last.status, self.planned.before.status, elapsed)
