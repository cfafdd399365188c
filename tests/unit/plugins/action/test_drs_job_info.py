# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action drs_job_info gives the result of the module. Where it leaves the task to it, see plugin_utils."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.unit.plugins.action_harness import results_of_both
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, RUNNING, InfoModule


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        {"status": ["NO_SUCH_STATUS"]},
        {"job_ids": [RUNNING, MISSING]},
        {"name": "no such job", "_ansible_verbosity": 1},
        {"token": "not-the-token", "job_type": "replay"},
    ],
)
def test_the_result_is_that_of_the_module(options: dict[str, Any], check: bool) -> None:
    of_module, of_action = results_of_both(InfoModule, **options, _ansible_check_mode=check)
    assert of_action == of_module
