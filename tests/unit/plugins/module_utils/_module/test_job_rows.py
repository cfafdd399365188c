# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the jobs of a project. What they consist of is in the tests of drs_job_info."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs import DrsClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_api import DrsApi
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_info import JobFilter
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.job_rows import list_job_rows
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING


@pytest.fixture
def drs(sim: Simulator, clock: ManualClock) -> DrsClient:
    """A client for that cloud."""
    http = HttpClient(HttpSettings(), clock, Deadline(clock, 60))
    auth = TokenAuth(sim.cloud.issue_token("demo", "demo"))
    return DrsClient(DrsApi(http, auth, sim.url, PROJECT_ID), ThreadExecutor(2, timeout=lambda: 60.0))


def test_phases_select_rows_and_limit_what_is_read_of_them(drs: DrsClient, sim: Simulator) -> None:
    sim.cloud.job(OTHER).status = "RELEASE_RESOURCE_COMPLETE"
    rows = list_job_rows(drs, JobFilter(), ["progress"], print, ["running"])
    assert [(row["id"], row["task_mode"]) for row in rows] == [(RUNNING, "FULL_INCR_TRANS")]
    assert [request.json["jobs"] for request in sim.requests_to("batch-progress")] == [[RUNNING]]
    assert len(list_job_rows(drs, JobFilter(), [], print)) == 2
    assert list_job_rows(drs, JobFilter(), [], print, []) == []


def test_a_list_that_may_lack_jobs_is_warned_of(drs: DrsClient, sim: Simulator) -> None:
    sim.faults.add(Fault("job-list", nth=None, status=403))
    warned: list[str] = []
    assert len(list_job_rows(drs, JobFilter(), [], warned.append)) == 2
    assert [warning.partition(" may be missing")[0] for warning in warned] == [
        "jobs of engines that the v5 list does not serve"
    ]
