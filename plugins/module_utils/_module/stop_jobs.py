# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: look, plan, stop, wait, report. Takes all that it needs as arguments.

A stop whose fate is in doubt (the connection broke, the answer made no sense) is never simply sent again: the job is
looked at until the cloud has had time to show an accepted stop, and only a job that still runs then gets another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .._client.clock import Clock, Deadline
from .._client.drs import DrsClient
from .._client.polling import wait_until_stopped
from .._core.answers import StopAnswer
from .._core.errors import CloudError, DeadlineError
from .._core.jobs import STOP_FAILED, Observation, Phase, Refusal
from .._core.retry import may_have_acted
from .._core.service_errors import TOO_FREQUENT
from .._core.stop_plan import Decision, PlannedJob, StopRequest, plan_stop
from .._core.stop_report import Fate, FateKind, JobStory, Report, Wait, build_report
from .stop_options import StopSettings

# How often a stop may be sent for one job, each time after a look that showed it running.
_MOST_SENDS = 3
# How long an accepted stop may take to show in the status: the Terraform provider first looks after 20 seconds.
_SETTLE_LOOKS = 5
# Before jobs that the cloud refused one by one as too frequent are sent again.
_THROTTLED_SECONDS = 10.0


class Surroundings(NamedTuple):
    """What the run works with."""

    drs: DrsClient
    clock: Clock
    deadline: Deadline


def stop_jobs(settings: StopSettings, world: Surroundings) -> Report:
    """Stop the jobs and give the result, whatever happens on the way. Raises nothing of the cloud's."""
    observed = world.drs.observe([request.job_id for request in settings.requests])
    plan = plan_stop(settings.requests, observed)
    if settings.check_mode:
        stories = [JobStory(planned) for planned in plan]
        return build_report(stories, check_mode=True, wait=settings.wait)
    run = _Run(settings, world, {planned.request.job_id: planned.before.status for planned in plan})
    run.send([planned.request for planned in plan if planned.decision is Decision.STOP])
    if settings.wait:
        run.wait(plan)
    stories = [run.story(planned) for planned in plan]
    return build_report(stories, wait=settings.wait, wait_timeout=settings.wait_timeout)


class _Run:
    """What is known while the stops are under way: the fate of each stop, and the last look at each job."""

    def __init__(self, settings: StopSettings, world: Surroundings, before: dict[str, str | None]) -> None:
        self._settings = settings
        self._world = world
        self._before = before
        self._fates: dict[str, Fate] = {}
        self._last: dict[str, Observation] = {}
        self._contradicted: set[str] = set()
        """Jobs that the cloud had something to say about after a stop in doubt seemed not to have arrived."""
        self._waits: dict[str, Wait] = {}
        self._lost: Refusal | None = None

    def send(self, requests: Sequence[StopRequest]) -> None:
        """Send the stops and find out what became of each."""
        pending = list(requests)
        throttled: list[StopRequest] = []
        in_doubt: set[str] = set()
        for _attempt in range(_MOST_SENDS):
            if throttled:
                self._sleep(_THROTTLED_SECONDS)
            answers = self._world.drs.stop(pending, self._settings.batch_size)
            self._contradicted |= {job_id for job_id in in_doubt if isinstance(answers.get(job_id), StopAnswer)}
            self._fates.update({job_id: _fate_of(answer) for job_id, answer in answers.items()})
            doubtful = [request for request in pending if self._is(request, FateKind.UNKNOWN)]
            in_doubt.update(request.job_id for request in doubtful)
            self._settle([request.job_id for request in doubtful])
            throttled = [request for request in pending if self._is_throttled(request)]
            pending = throttled + [request for request in doubtful if self._is(request, FateKind.REFUSED)]
            if not pending:
                break
        self._look_at_refused([request.job_id for request in requests if self._is(request, FateKind.REFUSED)], in_doubt)

    def wait(self, plan: Sequence[PlannedJob]) -> None:
        """Wait for the jobs that are stopping."""
        pending = {
            planned.request.job_id: self._status(planned.request.job_id)
            for planned in plan
            if self._is_worth_waiting_for(planned)
        }
        last, overdue, self._lost = wait_until_stopped(
            pending,
            self._world.drs.observe,
            interval=self._settings.wait_interval,
            clock=self._world.clock,
            deadline=self._world.deadline,
        )
        self._last.update(last)
        self._waits = {job_id: Wait.OVERDUE if job_id in overdue else Wait.DONE for job_id in pending}

    def story(self, planned: PlannedJob) -> JobStory:
        """Give all that is known of one job."""
        job_id = planned.request.job_id
        wait = self._waits.get(job_id)
        lost = self._lost if wait is Wait.OVERDUE else None
        return JobStory(planned, self._fates.get(job_id), self._last.get(job_id), wait, lost)

    def _status(self, job_id: str) -> str | None:
        last = self._last.get(job_id)
        return self._before[job_id] if last is None else last.status

    def _sleep(self, seconds: float) -> None:
        self._world.clock.sleep(max(0.0, min(seconds, self._world.deadline.remaining)))

    def _is_throttled(self, request: StopRequest) -> bool:
        reason = self._fates[request.job_id].reason
        return self._is(request, FateKind.REFUSED) and reason is not None and reason.error_code == TOO_FREQUENT

    def _is(self, request: StopRequest, kind: FateKind) -> bool:
        return self._fates[request.job_id].kind is kind

    def _settle(self, job_ids: Sequence[str]) -> None:
        """Find out about stops in doubt: taken as accepted, or as never arrived (refused), or still unknown."""
        clock, settle = self._world.clock, self._settings.settle_seconds
        start = clock.monotonic()
        pending = list(job_ids)
        while pending and not self._world.deadline.is_over:
            had_time = clock.monotonic() - start >= settle
            looks = self._world.drs.observe(pending)
            pending = [job_id for job_id in pending if not self._is_judged(job_id, looks[job_id], had_time)]
            if any(looks[job_id].is_last for job_id in pending):
                return
            if pending:
                self._sleep(settle / (_SETTLE_LOOKS - 1))

    def _is_judged(self, job_id: str, look: Observation, had_time: bool) -> bool:
        """Say whether this look, taken when an accepted stop had had time to show, tells what can be known."""
        fate, before = self._fates[job_id], self._before[job_id]
        if look.status is not None:
            self._last[job_id] = look
        if look.shows_a_stop_since(before):
            self._fates[job_id] = Fate(FateKind.ACCEPTED, name=fate.name)
            return True
        if look.status is None or not had_time:
            return False
        if before != STOP_FAILED:  # where a stop that has failed again already would look just the same
            self._fates[job_id] = Fate(FateKind.REFUSED, fate.reason, fate.name)
        return True

    def _look_at_refused(self, job_ids: Sequence[str], in_doubt: set[str]) -> None:
        """See whether a refused job is ending all the same: by an earlier stop of ours, or by somebody else's."""
        if not job_ids or self._world.deadline.is_over:
            return
        for job_id, look in self._world.drs.observe(job_ids).items():
            if look.status is not None:
                self._last[job_id] = look
            fate = self._fates[job_id]
            if job_id in in_doubt and look.shows_a_stop_since(self._before[job_id]):
                self._fates[job_id] = Fate(FateKind.ACCEPTED, name=fate.name)
            elif job_id in self._contradicted:
                # The reason may well be the stop that seemed not to have arrived.
                self._fates[job_id] = Fate(FateKind.UNKNOWN, fate.reason, fate.name)

    def _is_worth_waiting_for(self, planned: PlannedJob) -> bool:
        job_id = planned.request.job_id
        if planned.decision is Decision.AWAIT:
            return True
        fate, last = self._fates.get(job_id), self._last.get(job_id)
        if fate is None or (last is not None and last.phase is Phase.STOPPED):
            return False
        return fate.kind is FateKind.ACCEPTED or (last is not None and last.is_ending)


def _fate_of(answer: StopAnswer | CloudError | None) -> Fate:
    if answer is None:
        return Fate(FateKind.UNKNOWN, Refusal(None, "The cloud's answer does not mention this job"))
    if isinstance(answer, StopAnswer):
        kind = FateKind.ACCEPTED if answer.refusal is None else FateKind.REFUSED
        return Fate(kind, answer.refusal, answer.name)
    reason = Refusal.of_error(answer)
    if isinstance(answer, DeadlineError):
        return Fate(FateKind.NOT_SENT, reason)
    return Fate(FateKind.UNKNOWN if may_have_acted(answer) else FateKind.REFUSED, reason)
