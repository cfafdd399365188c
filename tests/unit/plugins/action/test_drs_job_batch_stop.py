# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action drs_job_batch_stop gives the result of the module. Where it leaves the task to it, see plugin_utils."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.unit.plugins.action_harness import results_of_both
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING, StopModule, job_ids


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        {"jobs": []},
        {"jobs": [{"job_id": RUNNING}], "_ansible_diff": True},
        {"jobs": [{"id": RUNNING, "force": "yes"}], "wait": "no", "_ansible_verbosity": 3},
        {"jobs": [{"job_id": RUNNING}, {"job_id": MISSING}], "batch_size": "1"},
        {"jobs": [{"job_id": RUNNING}, {"job_id": RUNNING}], "validate_certs": False},
        {"jobs": [{"job_id": RUNNING}], "token": "not-the-token"},
        {"jobs": [{"job_id": "no ID"}]},
        {"jobs": "none"},
        {"jobs": [{"job_id": RUNNING, "id": OTHER}]},
        {"jobs": [{"job_id": RUNNING, "id": RUNNING, "force": None}], "wait": None, "language": None},
        {"jobs": [{"job_id": RUNNING}], "timeout": 10**400},
        {"jobs": [{"job_id": RUNNING, 1: "a", "b": 2}]},
        {"jobs": [{"job_id": RUNNING}], "password": "RELEASE_RESOURCE_COMPLETE"},
    ],
)
def test_the_result_is_that_of_the_module(options: dict[str, Any], check: bool) -> None:
    of_module, of_action = results_of_both(StopModule, **options, _ansible_check_mode=check)
    assert of_action == of_module


@pytest.mark.parametrize("as_action", [True])
@pytest.mark.parametrize(("count", "is_printed"), [(100, True), (101, False)])
def test_a_long_result_is_not_printed_once_more(stop: StopModule, count: int, is_printed: bool) -> None:
    result = stop(*job_ids(count), check=True).result
    assert len(result["jobs"]) == count
    assert result.get("_ansible_verbose_override", False) is not is_printed
