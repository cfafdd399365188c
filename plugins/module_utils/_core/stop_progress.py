# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what became of each stop, from the answers and observations that come. No I/O, no clock.

No request proves more than its answer says. One that was refused as a whole may have stopped some of its jobs, and one
that broke off may have stopped all. So the jobs are observed, and what has changed since the request is its doing.
Only an answer that names the job says that this very job was refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from .answers import StopAnswer
from .errors import CloudError
from .jobs import DELETED, STOP_FAILED, Observation, Phase, Refusal
from .retry import Effect, effect_of
from .service_errors import TOO_FREQUENT
from .stop_plan import Decision, PlannedJob, StopRequest
from .stop_report import Fate, FateKind, JobStory, Wait

# A RELEASE_RESOURCE_FAILED of an earlier stop may still show for this many seconds after a new one was accepted.
_STALE_SECONDS = 60.0

_FATES = {
    Effect.NOT_SENT: FateKind.NOT_SENT,
    Effect.NOT_FORWARDED: FateKind.TURNED_AWAY,
    Effect.TURNED_AWAY: FateKind.TURNED_AWAY,
    Effect.REJECTED: FateKind.REJECTED,
    Effect.IN_DOUBT: FateKind.UNKNOWN,
}
_UNDER_WAY = Fate(FateKind.UNKNOWN, Refusal(None, "The stop was sent, and no answer is known"))
_NOT_MENTIONED = Fate(FateKind.UNKNOWN, Refusal(None, "The cloud's answer does not mention this job"))
_NOT_BEGUN = Fate(FateKind.NOT_SENT, Refusal(None, "The stop was not sent"))
_NOT_ACCEPTED = (FateKind.REFUSED, FateKind.REJECTED, FateKind.TURNED_AWAY, FateKind.NOT_SENT)


class StopProgress:
    """The fate of each stop, and the last look at each job. Several threads may record, each for its own jobs."""

    def __init__(self, plan: Sequence[PlannedJob]) -> None:
        """Begin before anything was sent."""
        self._plan = plan
        self._before = {planned.request.job_id: planned.before.status for planned in plan}
        self._fates: dict[str, Fate] = {}
        self._last: dict[str, Observation] = {}
        self._missing = MissingLooks()
        self._may_be_ours: set[str] = set()
        """Jobs that a request named which may have stopped them, though its answer does not say so."""
        self._in_doubt: set[str] = set()
        """Those of them whose answer was lost, or made no sense."""
        self._rejected: set[str] = set()
        """Jobs of requests that were refused as a whole, until an accepted stop would have had time to show."""
        self._unseen: set[str] = set()
        """Jobs of requests that were turned away by a status alone, until a look has given a status."""
        self._contradicted: set[str] = set()
        """Jobs that an answer names, although an earlier stop of theirs was in doubt."""
        self._waits: dict[str, Wait] = {}
        self._lost: Refusal | None = None

    # What becomes of the requests.

    def sending(self, requests: Iterable[StopRequest]) -> None:
        """Record that a request for these jobs is about to leave."""
        for request in requests:
            self._fates[request.job_id] = _UNDER_WAY

    def answered(self, requests: Iterable[StopRequest], answer: Mapping[str, StopAnswer] | CloudError) -> None:
        """Record the answer to a request for these jobs, or the error in its place."""
        for request in requests:
            if isinstance(answer, CloudError):
                self._record_error(request.job_id, answer)
            else:
                self._record_answer(request.job_id, answer.get(request.job_id))

    def given_up(self, requests: Iterable[StopRequest], error: CloudError) -> None:
        """Record that nobody waits any longer for the requests for these jobs, as far as they have no answer yet."""
        for request in requests:
            fate = self._fates.get(request.job_id)
            if fate is None:
                self._fates[request.job_id] = Fate(FateKind.NOT_SENT, Refusal.of_error(error))
            elif fate is _UNDER_WAY:
                self._record_error(request.job_id, error)

    def _record_error(self, job_id: str, error: CloudError) -> None:
        effect = effect_of(error)
        self._fates[job_id] = Fate(_FATES[effect], Refusal.of_error(error))
        if effect is not Effect.NOT_SENT:
            self._may_be_ours.add(job_id)
        if effect is Effect.TURNED_AWAY:
            self._unseen.add(job_id)
        if effect is Effect.REJECTED:
            self._rejected.add(job_id)
        if effect is Effect.IN_DOUBT:
            self._in_doubt.add(job_id)

    def _record_answer(self, job_id: str, answer: StopAnswer | None) -> None:
        if answer is None:
            self._fates[job_id] = _NOT_MENTIONED
            self._may_be_ours.add(job_id)
            self._in_doubt.add(job_id)
            return
        kind = FateKind.ACCEPTED if answer.refusal is None else FateKind.REFUSED
        self._fates[job_id] = Fate(kind, answer.refusal, answer.name)
        if job_id in self._in_doubt:
            self._contradicted.add(job_id)

    # What the jobs look like after that.

    def select_unaffected(self, requests: Iterable[StopRequest], looks: Mapping[str, Observation]) -> list[StopRequest]:
        """Return which of the jobs of a refused request may be sent again: those that it shows no sign of a stop of."""
        return [request for request in requests if self._is_unaffected(request.job_id, looks[request.job_id])]

    def _is_unaffected(self, job_id: str, look: Observation) -> bool:
        if look.status is None:  # and so nobody could say afterwards who stopped it
            return False
        self._note(job_id, look)
        if not self._shows_a_stop(job_id, look):
            return job_id not in self._rejected or not self._looks_the_same_again(job_id)
        if job_id in self._may_be_ours:
            self._accept(job_id)
        return False

    def _looks_the_same_again(self, job_id: str) -> bool:
        """Return whether nobody can see a stop that has failed at once: the job had failed to stop before, too."""
        return self._before[job_id] == STOP_FAILED

    def select_suspect(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return which of the jobs of a refused request it may have stopped all the same."""
        return [request for request in requests if request.job_id in self._rejected]

    def settle(self, job_id: str, look: Observation, *, had_time: bool) -> bool:
        """Settle the fate of a stop that was not accepted, and return whether this look was enough for that.

        ``had_time`` says whether an accepted stop would show by now.
        """
        self._note(job_id, look)
        kind = self._fates.setdefault(job_id, _NOT_BEGUN).kind
        if self._shows_a_stop(job_id, look):
            if job_id in self._may_be_ours:
                self._accept(job_id)
            return True
        if look.missing and job_id in self._may_be_ours:
            return False  # seen once
        if kind is not FateKind.UNKNOWN and job_id not in self._rejected:
            self._doubt_contradicted(job_id)
            return job_id not in self._unseen or had_time
        if look.status is None or not had_time:
            return False
        self._settle_running(job_id)
        return True

    def _settle_running(self, job_id: str) -> None:
        """Settle the fate of a stop that would show by now, and does not."""
        fate = self._fates[job_id]
        if self._looks_the_same_again(job_id):
            self._fates[job_id] = fate._replace(kind=FateKind.UNKNOWN)
        elif fate.kind is FateKind.UNKNOWN:
            self._fates[job_id] = fate._replace(kind=FateKind.NOT_ARRIVED)
        else:
            self._doubt_contradicted(job_id)
        self._rejected.discard(job_id)

    def _doubt_contradicted(self, job_id: str) -> None:
        """Believe no refusal that may well be due to an earlier stop, which seemed not to have arrived."""
        if job_id in self._contradicted:
            self._fates[job_id] = self._fates[job_id]._replace(kind=FateKind.UNKNOWN)

    def leave_unsettled(self) -> None:
        """Record that no look was possible that would settle the stops that were refused as a whole."""
        for job_id in self._rejected | self._unseen:
            if self._fates[job_id].kind in _NOT_ACCEPTED:
                self._fates[job_id] = self._fates[job_id]._replace(kind=FateKind.UNKNOWN)

    def _accept(self, job_id: str) -> None:
        self._fates[job_id] = Fate(FateKind.ACCEPTED, name=self._fates[job_id].name)

    def _shows_a_stop(self, job_id: str, look: Observation) -> bool:
        if look.missing:
            return self._missing.are_enough(job_id)
        return look.shows_a_stop_since(self._before[job_id])

    def _note(self, job_id: str, look: Observation) -> None:
        self._missing.note(job_id, look)
        if look.status is not None:
            self._last[job_id] = look
            self._unseen.discard(job_id)
        elif self._missing.are_enough(job_id):
            self._last[job_id] = replace(look, status=DELETED, missing=False)

    # What is known then.

    def unsettled(self, requests: Iterable[StopRequest]) -> list[str]:
        """Return the jobs of which nobody knows whether their stop was accepted."""
        return [request.job_id for request in requests if self._kind(request) is FateKind.UNKNOWN]

    def not_accepted(self, requests: Iterable[StopRequest]) -> list[str]:
        """Return the jobs whose stop was refused, or was not sent."""
        return [request.job_id for request in requests if self._kind(request) in _NOT_ACCEPTED]

    def too_frequent(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return the stops that the cloud refused by name because there were too many in a short time."""
        return [
            request
            for request in requests
            if self._kind(request) is FateKind.REFUSED and self._code(request) == TOO_FREQUENT
        ]

    def not_arrived(self, requests: Iterable[StopRequest]) -> list[StopRequest]:
        """Return the stops that were in doubt, and that would show by now if they had been accepted."""
        return [request for request in requests if self._kind(request) is FateKind.NOT_ARRIVED]

    def _kind(self, request: StopRequest) -> FateKind:
        return self._fates.get(request.job_id, _NOT_BEGUN).kind

    def _code(self, request: StopRequest) -> str | None:
        reason = self._fates[request.job_id].reason
        return None if reason is None else reason.error_code

    # Waiting.

    def begin_wait(self) -> dict[str, str | None]:
        """Return the last status of each job whose end is worth waiting for."""
        waiting = [planned.request.job_id for planned in self._plan if self._will_end(planned)]
        self._waits = dict.fromkeys(waiting, Wait.OVERDUE)
        return {job_id: self._status(job_id) for job_id in waiting}

    def end_wait(self, last: Mapping[str, Observation], pending: Collection[str], lost: Refusal | None) -> None:
        """Record the last looks, which jobs have not ended, and why they could not be watched any longer."""
        self._last.update(last)
        self._lost = lost
        self._waits = {job_id: Wait.OVERDUE if job_id in pending else Wait.DONE for job_id in self._waits}

    def _will_end(self, planned: PlannedJob) -> bool:
        if planned.decision is Decision.AWAIT:
            return True
        fate, last = self._fates.get(planned.request.job_id), self._last.get(planned.request.job_id)
        if fate is None or (last is not None and last.phase is Phase.STOPPED):
            return False
        return fate.kind is FateKind.ACCEPTED or (last is not None and last.is_ending)

    def _status(self, job_id: str) -> str | None:
        last = self._last.get(job_id)
        return self._before[job_id] if last is None else last.status

    # All of it.

    def stories(self, failure: Refusal | None = None) -> list[JobStory]:
        """Return all that is known of each job. ``failure`` is what ended the task before its time, if anything."""
        return [self._story(planned, failure) for planned in self._plan]

    def _story(self, planned: PlannedJob, failure: Refusal | None) -> JobStory:
        job_id = planned.request.job_id
        fate, wait = self._fates.get(job_id), self._waits.get(job_id)
        if fate is None and planned.decision is Decision.STOP:
            fate = _NOT_BEGUN if failure is None else _NOT_BEGUN._replace(reason=failure)
        lost = (self._lost or failure) if wait is Wait.OVERDUE else None
        return JobStory(planned, fate, self._last.get(job_id), wait, lost)


class MissingLooks:
    """Counts the looks in a row that show no such job. A single one may be wrong about a job that was there before."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: dict[str, int] = {}

    def note(self, job_id: str, look: Observation) -> None:
        """Count a look; one that could not be read says nothing."""
        if look.missing:
            self._counts[job_id] = self._counts.get(job_id, 0) + 1
        elif look.status is not None:
            self._counts.pop(job_id, None)

    def are_enough(self, job_id: str) -> bool:
        """Return whether the job has been deleted, or its entry is gone."""
        return self._counts.get(job_id, 0) > 1


class PendingStops:
    """The jobs that are stopping, look by look."""

    def __init__(self, before: Mapping[str, str | None]) -> None:
        """Take the last status of each."""
        self.pending = dict(before)
        self.last: dict[str, Observation] = {}
        """The last look at each job that gave a status."""
        self._missing = MissingLooks()

    def observe(self, looks: Mapping[str, Observation], elapsed: float) -> None:
        """Record looks at pending jobs, ``elapsed`` seconds after the wait began."""
        for job_id, look in looks.items():
            self._missing.note(job_id, look)
            if self._missing.are_enough(job_id):
                look = replace(look, status=DELETED, missing=False)  # noqa: PLW2901
            if look.status is None:
                continue
            self.last[job_id] = look
            if _has_ended(look, self.pending[job_id], elapsed):
                del self.pending[job_id]
            else:
                self.pending[job_id] = look.status


def _has_ended(look: Observation, before: str | None, elapsed: float) -> bool:
    is_stale = before == STOP_FAILED and elapsed < _STALE_SECONDS
    return look.phase is Phase.STOPPED or (look.status == STOP_FAILED and not is_stale)
