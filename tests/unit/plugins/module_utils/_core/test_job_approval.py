# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be approved, and which jobs have changed since they were."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_approval import (
    build_approval,
    hold_changed_jobs,
)


def row(job_id: str, outcome: str, *, is_force_stop: bool = False) -> dict[str, Any]:
    """Return a row of drs_job_batch_stop in check mode."""
    return {"job_id": job_id, "name": f"DRS-{job_id}", "is_force_stop": is_force_stop, "outcome": outcome}


def job(job_id: str, phase: str, **fields: Any) -> dict[str, Any]:
    """Return a row of drs_job_info."""
    return {"id": job_id, "name": f"DRS-{job_id}", "status": "STATUS", "phase": phase, **fields}


def test_what_would_be_stopped_or_waited_for_may_be_approved() -> None:
    rows = [
        row("a", "would_stop", is_force_stop=True),
        row("b", "unchanged"),
        row("c", "held"),
        row("d", "failed"),
    ]
    approval = build_approval(rows, [job("a", "failed", lag=1.5), job("b", "stopping", lag=None)], "here")
    assert approval == {
        "place": "here",
        "count": 2,
        "jobs": [
            {"job_id": "a", "name": "DRS-a", "is_force_stop": True, "phase": "failed", "lag": 1.5},
            {"job_id": "b", "name": "DRS-b", "is_force_stop": False, "phase": "stopping", "lag": None},
        ],
    }


@pytest.mark.parametrize(
    ("approved", "now", "is_held"),
    [
        ("running", "running", False),
        ("failed", "failed", False),
        ("running", "failed", True),
        ("failed", "running", True),
        ("not_started", "running", True),
        (None, "running", True),
        # No stop is sent for these, and one that is missing is reported by the stop.
        ("running", "stopping", False),
        ("running", "stopped", False),
        ("running", "missing", False),
        # Whatever is running again was not what was approved.
        ("stopped", "running", True),
    ],
)
def test_a_job_in_another_phase_is_held(approved: str | None, now: str, is_held: bool) -> None:
    (entry,) = build_approval([row("a", "would_stop")], [job("a", approved)] if approved else [], "here")["jobs"]
    rows = hold_changed_jobs([job("a", now)], [entry])
    assert bool(rows) is is_held
    if is_held:
        assert (rows[0]["outcome"], rows[0]["changed"], rows[0]["name"]) == ("held", False, "DRS-a")
        assert rows[0]["error_msg"] == f"its phase was {approved} when it was approved, and is {now} now"
