# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Read the statuses of jobs in rounds, and do what they lead to meanwhile.

Which reads a round has depends on what those before have read: a region may lack a call, a response may leave jobs out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from .._core.drs_responses import complete_observations
from .._core.errors import CloudError
from .._core.jobs import Observation
from .executor import Work

Observations = Mapping[str, Observation]
Read = tuple[Sequence[str], Callable[[Sequence[str]], Observations]]
"""Jobs, and the call that reads them. It raises CloudError."""
OnRead = Callable[[Observations], Sequence[Work]]
"""Is called once for each job, with its observation, and returns the work that these lead to. One call at a time."""


class ReadRounds:
    """The reads of some jobs. A round begins when all reads of the one before are done."""

    def __init__(
        self,
        job_ids: Sequence[str],
        plan: Callable[[Sequence[str], Observations], Iterator[Sequence[Read]]],
        build_failed: Callable[[Sequence[str], CloudError], Observations],
        on_read: OnRead,
        on_end: Callable[[], Sequence[Work]],
    ) -> None:
        """``plan`` yields the reads of each round; it gets the jobs, and what is read so far.

        ``build_failed`` returns the observations in place of a read that failed, ``on_end`` the work after all reads.
        """
        self._job_ids = job_ids
        self._found: dict[str, Observation] = {}
        self._rounds = plan(job_ids, self._found)
        self._build_failed = build_failed
        self._on_read = on_read
        self._on_end = on_end
        self._unfinished: set[_ReadWork] = set()
        """The reads of this round that have neither a result nor an error."""
        self._lock = threading.Lock()

    @property
    def observations(self) -> dict[str, Observation]:
        """One observation of each job; one without a status says why."""
        return complete_observations(self._job_ids, self._found)

    def begin(self) -> Sequence[Work]:
        """Return the reads of the first round."""
        with self._lock:
            return self._begin_round()

    def finish(self, read: _ReadWork, found: Observations) -> Sequence[Work]:
        """Record what a read has found, and return what that leads to; nothing for one that has failed meanwhile."""
        with self._lock:
            if read not in self._unfinished:
                return ()
            self._found.update(found)
            # A later round may read the others.
            further = self._on_read({job_id: each for job_id, each in found.items() if not each.is_unread})
            self._unfinished.remove(read)
            return further if self._unfinished else [*further, *self._begin_round()]

    def fail(self, read: _ReadWork, error: CloudError) -> Sequence[Work]:
        """Record that a read has failed, and return what that leads to."""
        return self.finish(read, self._build_failed(read.job_ids, error))

    def _begin_round(self) -> Sequence[Work]:
        reads = next(filter(None, self._rounds), None)
        if reads is None:
            unread = {job_id: each for job_id, each in self.observations.items() if each.is_unread}
            return [*self._on_read(unread), *self._on_end()]
        works = [_ReadWork(self, job_ids, call) for job_ids, call in reads]
        self._unfinished = set(works)
        return works


class _ReadWork:
    """One read, as a unit of work."""

    def __init__(
        self, rounds: ReadRounds, job_ids: Sequence[str], call: Callable[[Sequence[str]], Observations]
    ) -> None:
        self._rounds = rounds
        self.job_ids = job_ids
        self._call = call

    def run(self) -> Sequence[Work]:
        return self._rounds.finish(self, self._call(self.job_ids))

    def fail(self, error: CloudError) -> Sequence[Work]:
        return self._rounds.fail(self, error)
