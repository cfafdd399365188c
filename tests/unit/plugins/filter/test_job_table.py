# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter job_table. What a line says is in `_core/test_job_table.py`."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.plugins.filter.job_table import FilterModule

ROW = {"job_id": "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "name": "n" * 50, "outcome": "stopped"}


def test_it_takes_any_iterable_and_a_width() -> None:
    job_table = FilterModule().filters()["job_table"]
    assert job_table(iter([ROW])) == [f"{ROW['job_id']}  {'n' * 50}  stopped"]
    assert len(job_table([ROW], width="80")[0]) == 80
