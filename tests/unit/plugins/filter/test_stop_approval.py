# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter stop_approval. What is in it: `_core/test_job_approval.py`."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.plugins.filter.stop_approval import FilterModule


def test_it_returns_an_approval() -> None:
    row = {"job_id": "a", "name": "DRS-a", "is_force_stop": False, "outcome": "would_stop"}
    found = FilterModule().filters()["stop_approval"]([row], [{"id": "a", "phase": "running", "lag": 0.0}], "here")
    assert (found["place"], found["count"], found["jobs"][0]["phase"]) == ("here", 1, "running")
