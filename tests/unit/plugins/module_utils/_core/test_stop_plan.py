# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done about each job."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation, StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import Decision, decide, plan_stop


@pytest.mark.parametrize(
    ("look", "decision"),
    [
        (Observation(status="INCRE_TRANSFER_STARTED"), Decision.STOP),
        (Observation(status="CONFIGURATION"), Decision.STOP),
        (Observation(status="RELEASE_RESOURCE_FAILED"), Decision.STOP),
        (Observation(status="REBUILD_NODE_STARTED"), Decision.STOP),
        (Observation(status="SOMETHING_NEW"), Decision.STOP),
        (Observation(status="RELEASE_RESOURCE_STARTED"), Decision.AWAIT),
        (Observation(status="RELEASE_CHILD_TRANSFER_STARTED"), Decision.AWAIT),
        (Observation(status="RELEASE_RESOURCE_COMPLETE"), Decision.NOTHING),
        (Observation(status="RELEASE_CHILD_TRANSFER_COMPLETE"), Decision.NOTHING),
        (Observation(status="CREATE_FAILED"), Decision.NOTHING),
        (Observation(status="DELETED"), Decision.NOTHING),
        (Observation(missing=True), Decision.IMPOSSIBLE),
        (Observation(missing=True, status="INCRE_TRANSFER_STARTED"), Decision.IMPOSSIBLE),
        (Observation(), Decision.IMPOSSIBLE),
        (Observation(reason=JobError("DRS.M00004", "No.")), Decision.IMPOSSIBLE),
    ],
)
def test_a_look_at_a_job_decides_what_to_do(look: Observation, decision: Decision) -> None:
    assert decide(look) is decision


def test_a_plan_holds_one_decision_per_job_in_the_order_of_the_requests() -> None:
    requests = [StopRequest("b", True), StopRequest("a", False)]
    looks = {
        "a": Observation(status="DELETED"),
        "b": Observation(status="CREATING"),
        "c": Observation(status="CREATING"),
    }
    plan = plan_stop(requests, looks)
    assert [(planned.request, planned.decision) for planned in plan] == [
        (requests[0], Decision.STOP),
        (requests[1], Decision.NOTHING),
    ]
    assert [planned.before for planned in plan] == [looks["b"], looks["a"]]


def test_a_plan_for_nothing_is_empty() -> None:
    assert plan_stop([], {}) == ()
