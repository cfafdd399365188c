# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module is safe before its options are checked, and ends as Ansible expects it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    NULL,
    RUNNING,
    StopModule,
    assert_silent,
    module_and_action,
)

pytestmark = module_and_action

PASSWORD = 'Canary-"pass\\wörd'
TOKEN = "canary-token-0123456789-abcdefghijklmnopqrstuvwxyz"


def test_a_secret_is_not_shown_with_a_mistake(stop: StopModule) -> None:
    secrets = {"password": "canary-password", "secret_key": "canary-secret", "security_token": "canary-security"}
    for mistake in ({"jobs": NULL}, {"jobs": [{"job_id": "canary-password"}, 5]}, {"timeout": "canary-secret"}):
        run = stop.run(**{"jobs": [{"job_id": RUNNING}], **secrets, **mistake}, _ansible_verbosity=3)
        assert run.failed
        assert "canary" not in run.stdout


@pytest.mark.parametrize(
    "wrong",
    [
        {"jobs": None},
        {"jobs": []},
        {"jobs": [{}]},
        {"jobs": [{"job_id": ""}]},
        {"jobs": [RUNNING]},
        {"jobs": RUNNING},
        {"jobs": [5]},
        {"jobs": 7},
        {"jobs": [None]},
        {"batch_size": 0},
        {"wait": "perhaps"},
        {"endpoint": "nowhere"},
        {"project_id": "../x"},
        {"colour": "blue"},
    ],
)
def test_a_secret_is_not_printed_beside_a_mistake(stop: StopModule, wrong: dict[str, Any]) -> None:
    options = {"jobs": [{"job_id": RUNNING}], "token": TOKEN, "password": PASSWORD, **wrong}
    assert_silent(stop.run(**options), TOKEN, PASSWORD)


def test_a_failure_ends_with_1_and_a_success_with_0(stop: StopModule) -> None:
    failing, working = stop(MISSING), stop(RUNNING)
    assert (failing.code, failing.result["failed"]) == (1, True)
    assert working.code == 0
    assert "failed" not in working.result
