# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter held_since_approval. Which jobs it holds: `_core/test_job_approval.py`."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.plugins.filter.held_since_approval import FilterModule


def test_it_returns_rows() -> None:
    entry = {"job_id": "a", "name": "DRS-a", "is_force_stop": False, "phase": "running", "lag": None}
    job = {"id": "a", "name": "DRS-a", "status": "INCRE_TRANSFER_FAILED", "phase": "failed"}
    (row,) = FilterModule().filters()["held_since_approval"]([job], [entry])
    assert (row["job_id"], row["outcome"]) == ("a", "held")
