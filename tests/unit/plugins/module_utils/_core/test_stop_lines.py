# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines that a stop shows while it works: what they say, when, and that they stay short."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_lag import Lag
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation, StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.lag_guard import LagGuard, LagLimits
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.pending_stops import PendingStops
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.progress_line import LineKind, ProgressLine
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_lines import (
    LagLines,
    WaitLines,
    describe_early_end,
    describe_held,
    describe_plan,
    describe_results,
    format_seconds,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import plan_stop
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_records import StopResult, StopState

RUNNING = Observation(status="INCRE_TRANSFER_STARTED")
STARTED = Observation(status="RELEASE_RESOURCE_STARTED")
COMPLETE = Observation(status="RELEASE_RESOURCE_COMPLETE")
STOP_FAILED = Observation(status="RELEASE_RESOURCE_FAILED")
MISSING = Observation(missing=True, reason=JobError("DRS.M00289", "No such job."))
UNREAD = Observation(reason=JobError(None, "The service is down.", http_status=503))

ACCEPTED = StopResult(StopState.ACCEPTED)
REFUSED = StopResult(StopState.REFUSED, JobError("DRS.M00304", "Not in this state."))
LOST = StopResult(StopState.UNKNOWN, JobError(None, "no answer"))
NOT_SENT = StopResult(StopState.NOT_SENT, JobError(None, "time was over"))


def plan_line(**observations: Observation) -> ProgressLine:
    """Return the line about jobs with these observations."""
    return describe_plan(plan_stop([StopRequest(job_id, False) for job_id in observations], observations))


def test_what_was_found_is_counted() -> None:
    line = plan_line(a=RUNNING, b=RUNNING, c=STARTED, d=COMPLETE, e=MISSING, f=UNREAD)
    assert line.text == ("6 jobs: 2 to stop, 1 stopping already, 1 stopped already, 1 not found, 1 with unknown status")
    assert line.kind is LineKind.PROBLEM
    assert plan_line(a=RUNNING) == ProgressLine("1 job: 1 to stop", LineKind.INFORMATION)


def test_held_jobs_are_named_with_their_reason() -> None:
    plan = plan_stop([StopRequest(job_id, False) for job_id in "abc"], dict.fromkeys("abc", RUNNING))
    held = [plan[0].hold("its lag is 9 s"), plan[1].hold("its lag is 9 s"), plan[2]]
    assert describe_held(held) == [ProgressLine("2 jobs held: a, b (its lag is 9 s)", LineKind.PROBLEM)]
    assert describe_plan(held).text == "3 jobs: 2 held, 1 to stop"
    assert describe_held(plan) == []


def test_a_watched_lag_shows_each_change_and_a_line_a_minute() -> None:
    guard = LagGuard(LagLimits(5, max_lag_for=1000, lag_timeout=1000), ["a", "b"], 10)
    lines, shown = LagLines(2), []
    for elapsed in range(0, 130, 10):
        guard.sample({"a": Lag(7.25), "b": Lag(None, "no delay")}, elapsed)
        line = lines.next_line(guard, elapsed)
        if line is not None:
            shown.append((elapsed, line.text))
    text = "Lag within the limit: 0 of 2 jobs, 2 watched, 0 held, the largest lag is 7.25 s"
    assert shown == [(0, text), (60, text), (120, text)]


def test_each_verdict_is_a_line_with_all_ids_and_the_reason() -> None:
    lines = describe_results({"a": ACCEPTED, "b": REFUSED, "c": LOST, "d": ACCEPTED, "e": NOT_SENT}, 12, "20")
    assert [line.text for line in lines] == [
        "Stop of 2 jobs accepted, 12 of 20 so far: a, d",
        "Stop of 1 job refused: b (DRS.M00304: Not in this state)",
        "Stop of 1 job in doubt: c (no answer)",
        "Stop of 1 job not sent: e (time was over)",
    ]
    assert [line.kind for line in lines] == [LineKind.CHANGE, *[LineKind.PROBLEM] * 3]


def test_the_last_line_names_what_was_accepted_and_what_is_in_doubt() -> None:
    results = {"a": ACCEPTED, "b": LOST, "c": REFUSED, "d": NOT_SENT, "e": ACCEPTED}
    assert describe_early_end("SIGTERM ended the task", results).text == (
        "SIGTERM ended the task. Stops: 2 accepted, 1 in doubt, 1 not sent, 1 refused. Accepted: a, e. In doubt: b"
    )
    nothing = describe_early_end("SIGTERM ended the task", {"a": NOT_SENT})
    assert nothing.text == "SIGTERM ended the task. Stops: 0 accepted, 0 in doubt, 1 not sent"


class Waiting:
    """The lines of a wait for some jobs, observation by observation."""

    def __init__(self, *job_ids: str, wait_timeout: float = 1800) -> None:
        """Wait for these jobs."""
        self._stops = PendingStops(dict.fromkeys(job_ids, "INCRE_TRANSFER_STARTED"))
        self._lines = WaitLines(wait_timeout)

    def line(self, elapsed: float, **observations: Observation) -> ProgressLine | None:
        """Return the line after these observations."""
        self._stops.observe(observations, elapsed)
        return self._lines.next_line(self._stops, observations, elapsed)

    def text(self, elapsed: float, **observations: Observation) -> str | None:
        """Return its text."""
        line = self.line(elapsed, **observations)
        return None if line is None else line.text


def test_a_wait_shows_each_change_and_its_end() -> None:
    wait = Waiting("a", "b")
    assert wait.text(1) == "0 of 2 jobs ended, 2 left, 1 s of 30 min"
    assert wait.text(10, a=STARTED, b=STARTED) is None
    assert wait.text(20, a=COMPLETE, b=STARTED) == "1 of 2 jobs ended, 1 left, 20 s of 30 min"
    assert wait.line(130, b=COMPLETE) == ProgressLine("2 of 2 jobs ended, after 2 min 10 s", LineKind.CHANGE)


def test_a_wait_for_nothing_shows_nothing() -> None:
    assert Waiting().line(0) is None


def test_a_wait_without_a_change_shows_a_line_a_minute() -> None:
    wait = Waiting("a")
    shown = [seconds for seconds in range(0, 200, 10) if wait.line(seconds, a=STARTED)]
    assert shown == [0, 60, 120, 180]


def test_a_wait_says_that_jobs_could_not_be_read_and_that_stops_have_failed() -> None:
    wait = Waiting("a", "b", "c")
    assert wait.line(10, a=UNREAD, b=UNREAD, c=STOP_FAILED) == ProgressLine(
        "1 of 3 jobs ended (1 failed to stop), 2 left, 10 s of 30 min; 2 could not be read (HTTP 503)",
        LineKind.PROBLEM,
    )
    line = wait.line(20, a=COMPLETE, b=COMPLETE)
    assert line == ProgressLine("3 of 3 jobs ended (1 failed to stop), after 20 s", LineKind.PROBLEM)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (JobError("DRS.M00999", "Too many."), "DRS.M00999"),
        (JobError(None, "text " * 100, http_status=502), "HTTP 502"),
        (JobError(None, "POST https://drs... " * 20), "no response"),
    ],
)
def test_lines_without_ids_are_shorter_than_a_console(reason: JobError, words: str) -> None:
    job_ids = [f"job-{number}" for number in range(10_000)]
    wait = Waiting(*job_ids, wait_timeout=604_800)
    text = wait.text(600_000, **{job_id: Observation(reason=reason) for job_id in job_ids})
    assert text is not None
    assert words in text
    assert len(text) < 100


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (119.4, "119 s"),
        (119.6, "2 min"),
        (125, "2 min 5 s"),
        (7199, "119 min 59 s"),
        (7200, "2 h"),
        (9000, "2 h 30 min"),
        (604_800, "168 h"),
    ],
)
def test_a_time_is_readable(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text
