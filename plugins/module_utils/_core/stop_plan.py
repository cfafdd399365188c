# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what is to be done about each job. Check mode, the real run and the result read this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from .jobs import Observation, Phase, StopRequest


class Decision(Enum):
    """What to do about a job."""

    STOP = "stop"
    AWAIT = "await"
    NOTHING = "nothing"
    IMPOSSIBLE = "impossible"


class PlannedJob(NamedTuple):
    """One job, what was seen of it before, and what to do about it."""

    request: StopRequest
    before: Observation
    decision: Decision


def plan_stop(requests: Iterable[StopRequest], observed: Mapping[str, Observation]) -> tuple[PlannedJob, ...]:
    """Give one decision per job, in the order of the requests. ``observed`` holds a look at each of them."""
    return tuple(
        PlannedJob(request, observed[request.job_id], decide(observed[request.job_id])) for request in requests
    )


def decide(observation: Observation) -> Decision:
    """Give the decision for a job that looks like this.

    A job whose status could not be read is left alone: nobody could say afterwards who stopped it. Every status that
    is neither stopped nor stopping is for the cloud to decide, also one that nobody knows yet.
    """
    if observation.phase in (None, Phase.MISSING):
        return Decision.IMPOSSIBLE
    if observation.phase is Phase.STOPPED:
        return Decision.NOTHING
    return Decision.AWAIT if observation.phase is Phase.STOPPING else Decision.STOP
