# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What is to be done about each job: read by check mode, the real run and the result. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from .jobs import Observation, Phase, StopRequest


class StopSettings(NamedTuple):
    """What the user asked for. Times are in seconds."""

    requests: tuple[StopRequest, ...]
    wait: bool = True
    wait_timeout: float = 1800.0
    wait_interval: float = 10.0
    batch_size: int = 10
    check_mode: bool = False

    @property
    def confirmation_seconds(self) -> float:
        """How long to observe a job before deciding that a stop in doubt never arrived.

        The Terraform provider observes for the first time after 20 seconds, since the status lags behind.
        """
        return min(30.0, max(20.0, 2 * self.wait_interval))


class Decision(Enum):
    """What to do about a job."""

    STOP = "stop"
    AWAIT = "await"
    NOTHING = "nothing"
    IMPOSSIBLE = "impossible"


class PlannedJob(NamedTuple):
    """One job, the observation of it before the stop, and what to do about it."""

    request: StopRequest
    before: Observation
    decision: Decision


def plan_stop(requests: Iterable[StopRequest], observed: Mapping[str, Observation]) -> tuple[PlannedJob, ...]:
    """Return one decision for each job, in the order of the requests. ``observed`` has an observation of each."""
    return tuple(
        PlannedJob(request, observed[request.job_id], decide(observed[request.job_id])) for request in requests
    )


def decide(observation: Observation) -> Decision:
    """Return the decision for a job with this observation.

    A job whose status could not be read is left alone: nobody could tell afterwards who stopped it. Every status that
    is neither stopped nor stopping is left to the cloud to decide, also an unknown one.
    """
    if observation.phase in (None, Phase.MISSING):
        return Decision.IMPOSSIBLE
    if observation.phase is Phase.STOPPED:
        return Decision.NOTHING
    return Decision.AWAIT if observation.phase is Phase.STOPPING else Decision.STOP
