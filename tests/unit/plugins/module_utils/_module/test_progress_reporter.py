# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each state of a stop is shown once, and nothing that cannot be shown fails the task."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_responses import StopReply
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import NoResponseError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import Observation, StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.progress_line import ProgressLine
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import plan_stop
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_progress import StopProgress
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.progress_reporter import ProgressReporter

RUNNING = Observation(status="INCRE_TRANSFER_STARTED")
STARTED = Observation(status="RELEASE_RESOURCE_STARTED")
A, B = StopRequest("a", False), StopRequest("b", False)


def progress_of(*requests: StopRequest) -> StopProgress:
    """Return the progress of stops of running jobs, before anything was sent."""
    return StopProgress(plan_stop(requests, {request.job_id: RUNNING for request in requests}), 20.0)


def test_a_state_is_shown_when_it_changes() -> None:
    shown: list[str] = []
    reporter, progress = ProgressReporter(lambda line: shown.append(line.text)), progress_of(A, B)

    progress.before_send([A, B], 0.0)
    progress.on_response([A], {"a": StopReply(None, None)}, 1.0)
    reporter.show_results(progress, ["a"])
    reporter.show_results(progress, ["a"])
    progress.on_response([B], NoResponseError("no answer", sent=True), 1.0)
    reporter.show_results(progress, ["b"])
    progress.resolve({"b": STARTED}, 5.0)
    reporter.show_results(progress, ["a", "b"])

    assert shown == [
        "Stop of 1 job accepted, 1 of 2 so far: a",
        "Stop of 1 job in doubt: b (no answer)",
        "Stop of 1 job accepted, 2 of 2 so far: b",
    ]


def test_nothing_is_shown_after_the_last_line() -> None:
    shown: list[ProgressLine] = []
    reporter = ProgressReporter(shown.append)
    reporter.show(ProgressLine("one"))
    reporter.close()
    reporter.show(ProgressLine("two"))
    assert shown == [ProgressLine("one")]


def test_a_line_that_cannot_be_shown_fails_nothing() -> None:
    def fail(_line: ProgressLine) -> None:
        raise OSError

    ProgressReporter(fail).show(ProgressLine("one"))
    ProgressReporter(None).show(ProgressLine("one"))
