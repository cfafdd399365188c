# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What is to be done about each job: read by check mode, the real run and the result. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from .jobs import Observation, Phase, StopRequest

if TYPE_CHECKING:
    from .lag_guard import LagLimits

_MAX_NAMED_OBSTACLES = 5


class StopSettings(NamedTuple):
    """What the user asked for. Times are in seconds."""

    requests: tuple[StopRequest, ...]
    wait: bool = True
    wait_timeout: float = 1800.0
    wait_interval: float = 10.0
    batch_size: int = 10
    check_mode: bool = False
    all_or_none: bool = False
    lag_limits: LagLimits | None = None

    @property
    def effective_lag_limits(self) -> LagLimits | None:
        """The limits of the lag; in check mode, where one sample decides, without the times."""
        if self.lag_limits is None or not self.check_mode:
            return self.lag_limits
        return self.lag_limits._replace(max_lag_for=0.0, lag_timeout=0.0)

    @property
    def needs_all_statuses(self) -> bool:
        """Whether no job may be stopped before the statuses of all are known. Otherwise each is stopped when its is."""
        has_names = any(request.name is not None for request in self.requests)
        return self.check_mode or self.all_or_none or self.lag_limits is not None or has_names

    @property
    def confirmation_seconds(self) -> float:
        """How long to observe a job before deciding that a stop in doubt never arrived.

        The Terraform provider observes for the first time after 20 seconds, since the status lags behind.
        """
        return min(30.0, max(20.0, 2 * self.wait_interval))


class Decision(Enum):
    """What to do about a job."""

    UNDECIDED = "undecided"
    """The job has not been observed yet."""
    STOP = "stop"
    AWAIT = "await"
    NOTHING = "nothing"
    HOLD = "hold"
    IMPOSSIBLE = "impossible"


class PlannedJob(NamedTuple):
    """One job, the observation of it before the stop, and what to do about it."""

    request: StopRequest
    before: Observation
    decision: Decision
    hold_reason: str | None = None
    """Which condition of the task keeps the job from being stopped."""

    @property
    def needs_name(self) -> bool:
        """Whether the stop depends on a name that is not known yet."""
        return self.decision is Decision.STOP and self.request.name is not None and self.before.name is None

    def with_observation(self, observation: Observation) -> PlannedJob:
        """Return the job as a later observation shows it; unchanged if that gives no status."""
        if self.decision is not Decision.STOP or observation.status is None:
            return self
        before = replace(observation, name=observation.name or self.before.name)
        return self._replace(before=before, decision=decide(observation))

    def hold(self, reason: str) -> PlannedJob:
        """Return the job as one that is held."""
        return self._replace(decision=Decision.HOLD, hold_reason=reason)


def plan_stop(requests: Iterable[StopRequest], observed: Mapping[str, Observation]) -> tuple[PlannedJob, ...]:
    """Return one decision for each job, in the order of the requests. ``observed`` has an observation of each."""
    return tuple(
        PlannedJob(request, observed[request.job_id], decide(observed[request.job_id])) for request in requests
    )


def plan_unobserved(requests: Iterable[StopRequest]) -> tuple[PlannedJob, ...]:
    """Return the plan before any job has been observed."""
    return tuple(PlannedJob(request, Observation(), Decision.UNDECIDED) for request in requests)


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


def hold_misnamed(plan: Iterable[PlannedJob], details: Mapping[str, Observation]) -> tuple[PlannedJob, ...]:
    """Return the plan in which jobs are held that have another name than they must have, or one that is not known.

    ``details`` has an observation of each job whose name was not known before.
    """
    return tuple(_check_name(planned, details.get(planned.request.job_id)) for planned in plan)


def hold_all_if_any_is_impossible(plan: Sequence[PlannedJob]) -> tuple[PlannedJob, ...]:
    """Return the plan of ``all_or_none``: no job is stopped if one of them cannot be."""
    obstacles = [planned for planned in plan if planned.decision in (Decision.IMPOSSIBLE, Decision.HOLD)]
    if not obstacles:
        return tuple(plan)
    named = ", ".join(planned.request.job_id for planned in obstacles[:_MAX_NAMED_OBSTACLES])
    more = f" and {len(obstacles) - _MAX_NAMED_OBSTACLES} more" if len(obstacles) > _MAX_NAMED_OBSTACLES else ""
    reason = f"all_or_none: nothing is stopped, because {len(obstacles)} of {len(plan)} jobs cannot be: {named}{more}"
    return tuple(planned.hold(reason) if planned.decision is Decision.STOP else planned for planned in plan)


def hold_lagging(
    plan: Iterable[PlannedJob], observed: Mapping[str, Observation], held: Mapping[str, str]
) -> tuple[PlannedJob, ...]:
    """Return the plan after lags were watched: with the last observations, and jobs that are held for a reason."""
    return tuple(
        planned.hold(held[planned.request.job_id])
        if planned.request.job_id in held
        else planned.with_observation(observed.get(planned.request.job_id, planned.before))
        for planned in plan
    )


def _check_name(planned: PlannedJob, details: Observation | None) -> PlannedJob:
    expected = planned.request.name
    if planned.decision is not Decision.STOP or expected is None:
        return planned
    name = planned.before.name or (details.name if details else None)
    if name is None:
        cause = f": {details.reason.error_msg}" if details and details.reason else ""
        return planned.hold(f"its name could not be read, and must be '{expected}'{cause}")
    planned = planned._replace(before=replace(planned.before, name=name))
    return planned if name == expected else planned.hold(f"its name is '{name}', and must be '{expected}'")
