# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Statuses in rounds: a round begins when the one before is over, and each job is handed over once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_rounds import Read, ReadRounds
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import Work
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError, ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation

RUNNING = Observation(status="INCRE_TRANSFER_STARTED")
MISSING = Observation(missing=True)
FAILED = Observation(reason=JobError(None, "no answer"))


class Done:
    """Work that leads to nothing."""

    def run(self) -> Sequence[Work]:
        """Do nothing."""
        return ()

    def fail(self, error: CloudError) -> Sequence[Work]:
        """Do nothing."""
        return ()


STOP, END = Done(), Done()


class Rounds:
    """Rounds over jobs, and what was handed over of them."""

    def __init__(self, *rounds: Mapping[str, Mapping[str, Observation]]) -> None:
        """Take the reads of each round: the job IDs, joined, and what they find."""
        self.handed_over: list[Mapping[str, Observation]] = []
        self.read_before: list[list[str]] = []
        self._rounds = rounds
        self.reads = ReadRounds(
            ["a", "b", "c"], self._plan, lambda ids, _error: dict.fromkeys(ids, FAILED), self._on_read, lambda: [END]
        )

    def _plan(self, _job_ids: Sequence[str], found: Mapping[str, Observation]) -> Iterator[list[Read]]:
        for reads in self._rounds:
            self.read_before.append(sorted(found))
            yield [(list(ids), partial(self._read, reads[ids])) for ids in reads]

    @staticmethod
    def _read(found: Mapping[str, Observation], _job_ids: Sequence[str]) -> Mapping[str, Observation]:
        return found

    def _on_read(self, observations: Mapping[str, Observation]) -> Sequence[Work]:
        self.handed_over.append(observations)
        return [STOP] if observations else []


def test_a_round_begins_when_all_reads_of_the_one_before_are_done() -> None:
    rounds = Rounds({"ab": {"a": RUNNING}, "c": {"c": MISSING}}, {}, {"b": {"b": RUNNING}})
    first, second = rounds.reads.begin()
    assert list(second.run()) == [STOP]
    stop, third = first.run()
    assert stop is STOP
    assert list(third.run()) == [STOP, END]
    assert rounds.handed_over == [{"c": MISSING}, {"a": RUNNING}, {"b": RUNNING}, {}]
    assert rounds.read_before == [[], ["a", "c"], ["a", "c"]]
    assert rounds.reads.observations == {"a": RUNNING, "b": RUNNING, "c": MISSING}


def test_a_job_without_a_status_is_handed_over_after_the_last_round() -> None:
    rounds = Rounds({"abc": {}}, {"ab": {"b": RUNNING}})
    (first,) = rounds.reads.begin()
    (second,) = first.fail(ConfigurationError("wrong"))
    assert list(second.run()) == [STOP, STOP, END]
    unread = {"a": FAILED, "c": FAILED}
    assert rounds.handed_over == [{}, {"b": RUNNING}, unread]
    assert rounds.reads.observations == {**unread, "b": RUNNING}


def test_without_rounds_nothing_is_known() -> None:
    rounds = Rounds()
    assert list(rounds.reads.begin()) == [STOP, END]
    ((_id, observation), *_others) = rounds.handed_over[0].items()
    assert observation.is_unread
    assert observation.reason is not None


def test_a_read_that_ends_after_it_was_given_up_changes_nothing() -> None:
    rounds = Rounds({"a": {"a": RUNNING}, "bc": {"b": RUNNING, "c": RUNNING}}, {"a": {"a": RUNNING}})
    first, second = rounds.reads.begin()
    assert list(first.fail(ConfigurationError("time was over"))) == []
    assert list(first.run()) == []
    assert rounds.handed_over == [{}]
    # The round is over when the other read is, and not before.
    assert len(list(second.run())) == 2
    assert rounds.reads.observations["a"] == FAILED
