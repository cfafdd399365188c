# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs that an inventory of jobs has chosen: a group or a limit, in one or many projects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.playbooks.runs import Play, stopped
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING

SECOND = "2" * 32
IN_SECOND = ["first-in-second", "second-in-second"]


@pytest.fixture
def jobs(cloud: Simulator, tmp_path: Path) -> tuple[str, str]:
    """An inventory of two projects, as arguments."""
    cloud.cloud.add_project(SECOND, "second")
    for job_id in IN_SECOND:
        cloud.cloud.add_job(job_id, project_id=SECOND)
    return inventory_of(tmp_path)


def inventory_of(folder: Path, **options: Any) -> tuple[str, str]:
    """Write an inventory of jobs, and return the arguments that name it."""
    path = folder / "all.drs_jobs.yml"
    regions = [{"project_name": "demo"}, {"project_name": "second"}]
    content = {"plugin": "huaweicloud.drs.drs_jobs", "regions": regions, "hostnames": ["id"], **options}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return "-i", str(path)


def test_a_group_is_stopped_with_one_task_for_each_project(
    cloud: Simulator, tmp_path: Path, jobs: tuple[str, str]
) -> None:
    cloud.cloud.job(OTHER).status = "INCRE_TRANSFER_FAILED"
    run = Play(cloud, tmp_path, *jobs, drs_group="drs_phase_running")
    assert run.code == 0, run.said
    assert sorted(stopped(cloud)) == sorted([RUNNING, *IN_SECOND])
    assert [len(each.json["jobs"]) for each in cloud.requests if each.endpoint == "batch-stop"] in ([1, 2], [2, 1])
    assert "2 jobs: 2 to stop" in run.said
    # Names come along from the inventory.
    assert "DRS-1234" in run.said.partition("TASK [Stop the jobs")[0]


def test_a_limit_names_the_jobs(cloud: Simulator, tmp_path: Path, jobs: tuple[str, str]) -> None:
    run = Play(cloud, tmp_path, *jobs, "--limit", f"{OTHER},{IN_SECOND[1]}")
    assert run.code == 0, run.said
    assert sorted(stopped(cloud)) == sorted([OTHER, IN_SECOND[1]])


def test_a_group_and_a_limit_both_count(cloud: Simulator, tmp_path: Path, jobs: tuple[str, str]) -> None:
    cloud.cloud.job(OTHER).status = "INCRE_TRANSFER_FAILED"
    limit = ("--limit", f"{OTHER},{RUNNING}")
    run = Play(cloud, tmp_path, *jobs, *limit, drs_group="drs_phase_running")
    assert run.code == 0, run.said
    assert stopped(cloud) == [RUNNING]


def test_the_expected_number_is_that_of_all_projects(cloud: Simulator, tmp_path: Path, jobs: tuple[str, str]) -> None:
    wrong = Play(cloud, tmp_path, *jobs, drs_group="drs", expected_count=2)
    assert wrong.code == 2
    assert "There are 4 jobs to stop, and expected_count is 2. Nothing was stopped." in wrong.said
    assert stopped(cloud) == []
    assert Play(cloud, tmp_path, *jobs, drs_group="drs", expected_count=4).code == 0
    assert len(stopped(cloud)) == 4


def test_what_the_inventory_says_is_read_again(cloud: Simulator, tmp_path: Path, jobs: tuple[str, str]) -> None:
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    jobs = inventory_of(tmp_path, **cache)
    assert Play(cloud, tmp_path, "--check", *jobs, drs_group="drs").code == 0
    # It is gone since the inventory was made.
    cloud.cloud.job(RUNNING).status = "RELEASE_RESOURCE_COMPLETE"
    cloud.cloud.jobs.delete(cloud.cloud.job(RUNNING))
    cloud.cloud.job(OTHER).status = "RELEASE_RESOURCE_STARTED"
    run = Play(cloud, tmp_path, *jobs, drs_group="drs")
    assert run.code == 2
    assert f"{RUNNING} (DRS.M00289: The job does not exist" in run.said
    assert sorted(stopped(cloud)) == IN_SECOND


def test_an_approval_has_the_jobs_of_each_project(cloud: Simulator, tmp_path: Path, jobs: tuple[str, str]) -> None:
    look = Play(cloud, tmp_path, "--check", *jobs, drs_group="drs")
    assert look.code == 0, look.said
    approved = look.artifacts["drs_approved"]
    assert {key: each["count"] for key, each in approved.items()} == {SECOND: 2, cloud.cloud.job(RUNNING).project_id: 2}
    cloud.cloud.add_job("a-job-that-nobody-approved", project_id=SECOND)
    run = Play(cloud, tmp_path, *jobs, drs_group="drs", drs_approved=approved)
    assert run.code == 0, run.said
    assert sorted(stopped(cloud)) == sorted([RUNNING, OTHER, *IN_SECOND])


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        ((), {"drs_group": "drs_phase_runing"}, "drs_group or --limit chooses no job"),
        ((), {"drs_group": "drs_phase_failed"}, "drs_group or --limit chooses no job"),
        (("--limit", OTHER), {"drs_group": "drs_project_" + SECOND}, "drs_group or --limit chooses no job"),
    ],
)
def test_a_group_without_jobs_is_an_error(
    cloud: Simulator,
    tmp_path: Path,
    jobs: tuple[str, str],
    arguments: tuple[str, ...],
    variables: dict[str, Any],
    expected: str,
) -> None:
    run = Play(cloud, tmp_path, *jobs, *arguments, may_warn=True, **variables)
    assert run.code != 0
    assert expected in run.said
    assert stopped(cloud) == []


def test_a_group_and_another_choice_are_an_error(cloud: Simulator, tmp_path: Path, jobs: tuple[str, str]) -> None:
    run = Play(cloud, tmp_path, *jobs, drs_group="drs", drs_job_ids=[RUNNING])
    assert run.code == 2
    assert "Name the jobs in one way" in run.said
    assert stopped(cloud) == []
