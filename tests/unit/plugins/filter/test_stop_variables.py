# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter stop_variables. What it takes and refuses is in `_module/test_playbook_variables.py`."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.filter.stop_variables import FilterModule

RUNNING = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"


def filtered(variables: dict[str, Any]) -> dict[str, Any]:
    """Return what the filter makes of variables."""
    found: dict[str, Any] = FilterModule().filters()["stop_variables"](variables)
    return found


def test_it_gives_what_is_asked_for_and_no_error() -> None:
    found = filtered({"drs_job_ids": f"{RUNNING},", "drs_force": "yes"})
    assert found["error"] == ""
    assert found["job_ids"] == [RUNNING]
    assert found["force"]


@pytest.mark.parametrize("variables", [{}, {"drs_job_ids": [5]}, {"drs_job_ids": [RUNNING], "drs_force": "perhaps"}])
def test_a_mistake_is_a_line_in_the_result_and_no_exception(variables: dict[str, Any]) -> None:
    found = filtered(variables)
    assert list(found) == ["error"]
    assert found["error"]
