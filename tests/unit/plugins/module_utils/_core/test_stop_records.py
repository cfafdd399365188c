# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a record says of a job in the end: its last status, and whether its stop has failed."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import Observation, StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import PlannedJob, decide
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_records import (
    JobRecord,
    StopResult,
    StopState,
    WaitResult,
)

RUNNING = Observation(status="INCRE_TRANSFER_STARTED")
STOP_FAILED = Observation(status="RELEASE_RESOURCE_FAILED")
ACCEPTED = StopResult(StopState.ACCEPTED)


def build_record(
    before: Observation, result: StopResult | None, last: Observation | None, wait_result: WaitResult | None = None
) -> JobRecord:
    """Return the record of a job with these observations."""
    return JobRecord(PlannedJob(StopRequest("a", False), before, decide(before)), result, last, wait_result)


def test_the_last_status_is_that_before_the_stop_where_nothing_was_observed_since() -> None:
    assert build_record(RUNNING, ACCEPTED, None).status == RUNNING.status
    assert build_record(RUNNING, ACCEPTED, STOP_FAILED).status == STOP_FAILED.status


@pytest.mark.parametrize(
    ("before", "result", "last", "wait_result", "expected"),
    [
        (RUNNING, ACCEPTED, STOP_FAILED, None, True),
        (RUNNING, ACCEPTED, RUNNING, None, False),
        (RUNNING, ACCEPTED, None, None, False),
        # It may be the failure of an earlier stop, unless somebody has waited until it was not.
        (STOP_FAILED, ACCEPTED, STOP_FAILED, None, False),
        (STOP_FAILED, ACCEPTED, STOP_FAILED, WaitResult.DONE, True),
        (STOP_FAILED, ACCEPTED, STOP_FAILED, WaitResult.OVERDUE, False),
        # Only an accepted stop can fail.
        (RUNNING, StopResult(StopState.REFUSED), STOP_FAILED, None, False),
        (RUNNING, None, STOP_FAILED, WaitResult.DONE, True),
    ],
)
def test_a_stop_has_failed_where_it_was_accepted_and_its_failure_is_a_new_one(
    before: Observation,
    result: StopResult | None,
    last: Observation | None,
    wait_result: WaitResult | None,
    expected: bool,
) -> None:
    assert build_record(before, result, last, wait_result).has_failed_to_stop is expected
