# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a job that is stopping has ended, from one observation to the next."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.pending_stops import PendingStops

RUNNING = Observation(status="INCRE_TRANSFER_STARTED")
STARTED = Observation(status="RELEASE_RESOURCE_STARTED")
COMPLETE = Observation(status="RELEASE_RESOURCE_COMPLETE")
STOP_FAILED = Observation(status="RELEASE_RESOURCE_FAILED")
MISSING = Observation(missing=True, reason=JobError("DRS.M00289", "No such job."))
UNREAD = Observation(reason=JobError(None, "No."))
REJECTED = Observation(reason=JobError("APIGW.0307", "Expired."), unrecoverable=True)


@pytest.mark.parametrize(
    ("observations", "is_pending"),
    [
        ([RUNNING], True),
        ([STARTED], True),
        ([COMPLETE], False),
        ([STOP_FAILED], False),
        ([MISSING], True),
        ([MISSING, UNREAD, MISSING], False),
        ([MISSING, STARTED, MISSING], True),
        ([UNREAD], True),
    ],
)
def test_when_a_job_has_ended(observations: list[Observation], is_pending: bool) -> None:
    stops = PendingStops({"a": "INCRE_TRANSFER_STARTED"})
    for observation in observations:
        stops.observe({"a": observation}, 10.0)
    assert bool(stops.pending) is is_pending


@pytest.mark.parametrize(("elapsed", "is_pending"), [(59.0, True), (60.0, False)])
def test_an_earlier_failure_may_still_show_for_a_minute(elapsed: float, is_pending: bool) -> None:
    stops = PendingStops({"a": "RELEASE_RESOURCE_FAILED"})
    stops.observe({"a": STOP_FAILED}, elapsed)
    assert bool(stops.pending) is is_pending


def test_a_credential_that_is_rejected_for_good_ends_the_wait() -> None:
    stops = PendingStops(dict.fromkeys("ab", "INCRE_TRANSFER_STARTED"))
    assert not stops.is_over
    stops.observe({"a": COMPLETE, "b": REJECTED}, 10.0)
    assert (stops.is_over, stops.error, set(stops.pending)) == (True, REJECTED.reason, {"b"})
