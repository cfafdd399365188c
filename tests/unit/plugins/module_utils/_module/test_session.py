# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a result says of where the task was, and of which API served it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    RUNNING,
    InfoModule,
    StopModule,
    module_and_action,
)

pytestmark = module_and_action


@pytest.mark.parametrize("flags", [{}, {"_ansible_verbosity": 1}, {"_ansible_check_mode": True}], ids=str)
@pytest.mark.parametrize("is_found", [False, True])
def test_the_result_says_where_it_was_in_check_mode_and_on_demand(
    stop: StopModule, sim: Simulator, flags: dict[str, Any], is_found: bool
) -> None:
    if is_found:
        stop.log_in_as()
    info = InfoModule(sim, stop.clock, stop.as_action)
    info.arguments = stop.arguments
    place = {"endpoint": sim.url, "project_id": PROJECT_ID} if flags else {}
    for run in (info.run(job_ids=[RUNNING], **flags), stop.run(jobs=[{"job_id": RUNNING}], **flags)):
        assert not run.failed
        assert {name: run.result[name] for name in ("endpoint", "project_id") if name in run.result} == place


@pytest.mark.parametrize("project_id", [None, PROJECT_ID])
def test_the_result_of_a_refused_login_says_what_is_known_of_it(
    stop: StopModule, sim: Simulator, project_id: str | None
) -> None:
    stop.log_in_as(password="wrong", project_id=project_id)
    info = InfoModule(sim, stop.clock, stop.as_action)
    info.arguments = stop.arguments
    for run in (info.run(_ansible_verbosity=1), stop(RUNNING, check=True)):
        assert run.failed
        assert (run.result["endpoint"], run.result["project_id"]) == (sim.url, project_id)


def test_the_result_without_jobs_says_nothing_of_it(stop: StopModule) -> None:
    assert not stop(check=True, _ansible_verbosity=1).result.keys() & {"endpoint", "project_id"}


@pytest.mark.parametrize(
    ("generations", "versions"),
    [
        (("v3", "v5"), {"status": "v3", "stop": "v5"}),
        (("v3",), {"status": "v3", "stop": "v3"}),
        (("v5",), {"status": "v5", "stop": "v5"}),
    ],
)
def test_the_version_that_served_is_told_at_v(
    stop: StopModule, sim: Simulator, generations: tuple[str, ...], versions: dict[str, str]
) -> None:
    sim.cloud.configure(generations=generations)
    assert stop(RUNNING, _ansible_verbosity=1).result["api_versions"] == versions
    assert "api_versions" not in stop(RUNNING).result


def test_the_version_that_served_the_information_is_told_at_v(info: InfoModule, sim: Simulator) -> None:
    assert "api_versions" not in info.run(job_ids=[RUNNING]).result
    assert info.run(job_ids=[RUNNING], _ansible_verbosity=1).result["api_versions"] == {"status": "v3"}
    sim.cloud.configure(generations=("v5",))
    assert info.run(job_ids=[RUNNING], _ansible_verbosity=1).result["api_versions"] == {"status": "v5"}
