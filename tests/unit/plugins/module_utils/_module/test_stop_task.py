# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stop that ends before it begins: there are no jobs, or nobody can log in."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    UNCHANGED_SUMMARY,
    WRONG_PASSWORD,
    StopModule,
    module_and_action,
)


@module_and_action
@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize(
    "options", [{}, dict.fromkeys(("endpoint", "token", "project_id"))], ids=["with a credential", "with nothing"]
)
def test_an_empty_list_is_a_success_without_any_request(stop: StopModule, options: dict[str, Any], check: bool) -> None:
    run = stop(check=check, **options)
    assert not run.failed
    assert run.result["changed"] is False
    assert run.rows == []
    assert run.result["summary"] == UNCHANGED_SUMMARY
    assert run.requests == []


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_wrong_password_fails_every_job_and_is_tried_once(stop: StopModule, check: bool) -> None:
    stop.log_in_as(password="wrong")
    run = stop(RUNNING, OTHER, check=check)
    assert run.endpoints == ["auth-tokens"]
    assert run.failed
    assert not run.changed
    assert run.counts() == {"failed": 2}
    for row in run.rows:
        assert (row["changed"], row["status_before"], row["status"]) == (False, None, None)
        assert WRONG_PASSWORD in row["error_msg"]
    assert WRONG_PASSWORD in run.msg
    assert run.msg.startswith("2 of 2 DRS jobs failed: ")


def test_an_unknown_project_fails_every_job(stop: StopModule) -> None:
    stop.log_in_as(project_name="elsewhere")
    run = stop(RUNNING)
    assert run.endpoints == ["auth-tokens"]
    assert run.counts() == {"failed": 1}
    assert not run.changed


def test_a_login_that_gives_no_token_fails_every_job(stop: StopModule, sim: Simulator) -> None:
    sim.faults.add(Fault("auth-tokens", status=201, body={"token": {}}))
    stop.log_in_as()
    run = stop(RUNNING)
    assert run.endpoints == ["auth-tokens"]
    assert run.counts() == {"failed": 1}
    assert "X-Subject-Token" in run.msg
