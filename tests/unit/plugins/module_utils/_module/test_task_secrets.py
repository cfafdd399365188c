# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A secret is cut out of free text, and nothing else of a result is: not even where it is one of its words."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID, PROJECT_NAME
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    ModuleRun,
    StopModule,
    module_and_action,
)

pytestmark = module_and_action


# Words that the result is made of: a password could be any of them.
AWKWARD = [
    "a",
    "e",
    "-",
    "success",
    "stopped",
    "failed",
    "changed",
    "True",
    "1234",
    RUNNING,
    "RELEASE_RESOURCE_COMPLETE",
]


def facts(run: ModuleRun) -> Any:
    """Give what of the result must come back letter by letter: everything but free text."""
    kept = {key: value for key, value in run.result.items() if key not in ("msg", "invocation")}
    del kept["error"]["message"], kept["error"]["request_id"]
    for row in kept["jobs"]:
        del row["error_msg"], row["request_id"]
    return kept


@pytest.mark.parametrize("password", [*AWKWARD, PROJECT_NAME, PROJECT_ID, "demo"])
def test_a_password_eats_nothing_of_the_result(sim: Simulator, stop: StopModule, password: str) -> None:
    sim.cloud.add_user("plain", "Xy-7-not-in-any-result", "demo")
    sim.cloud.add_user("awkward", password, "demo")
    seen = []
    for username, secret in (("plain", "Xy-7-not-in-any-result"), ("awkward", password)):
        stop.log_in_as(username, secret)
        for job_id in (RUNNING, OTHER):
            sim.cloud.job(job_id).status = "INCRE_TRANSFER_STARTED"
        sim.cloud.job(OTHER).stop_error = ("DRS.M00308", "No.")
        seen.append(facts(stop(RUNNING, MISSING, OTHER, _ansible_diff=True)))
    assert seen[0] == seen[1]
    assert [row["outcome"] for row in seen[1]["jobs"]] == ["stopped", "failed", "failed"]
    assert seen[1]["changed"] is True


@pytest.mark.parametrize("token", ["a", "success", "0123456", RUNNING, PROJECT_ID])
def test_a_token_eats_nothing_of_the_result(stop: StopModule, token: str) -> None:
    run = stop(RUNNING, token=token)
    assert (run.row["job_id"], run.row["outcome"], run.row["error_code"]) == (RUNNING, "failed", "APIGW.0301")
    assert run.result["changed"] is False
