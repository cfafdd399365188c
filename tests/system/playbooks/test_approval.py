# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look, approve, stop: a run in check mode hands on what it has shown, and another one stops exactly that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator, demo
from ansible_collections.huaweicloud.drs.tests.system.playbooks.runs import Play, inventory, stopped
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING

BY_TYPE: dict[str, Any] = {"drs_job_type": "sync"}


def look(cloud: Simulator, folder: Path, *arguments: str, **variables: Any) -> dict[str, Any]:
    """Return what a run in check mode hands on."""
    run = Play(cloud, folder, "--check", *arguments, **variables)
    assert run.code == 0, run.said
    assert stopped(cloud) == []
    return run.artifacts


def test_what_was_shown_is_handed_on_and_stopped(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(OTHER).lag = 1.5
    approved = look(cloud, tmp_path, **BY_TYPE)
    approved["drs_approved"]["localhost"]["jobs"].sort(key=lambda job: job["name"])
    assert approved == {
        "drs_approved": {
            "localhost": {
                "place": f"Project {demo.PROJECT_ID} at {cloud.url}",
                "count": 2,
                "jobs": [
                    {"job_id": RUNNING, "name": "DRS-1234", "is_force_stop": False, "phase": "running", "lag": 0.0},
                    {"job_id": OTHER, "name": "DRS-3456", "is_force_stop": False, "phase": "running", "lag": 1.5},
                ],
            }
        }
    }
    cloud.cloud.add_job("job-that-nobody-approved")
    # AWX gives the next node all variables of the workflow, and the artifacts beside them.
    run = Play(cloud, tmp_path, **BY_TYPE, **approved)
    assert run.code == 0, run.said
    assert stopped(cloud) == [RUNNING, OTHER]
    outcomes = run.artifacts["drs_outcomes"]["localhost"]
    assert [(row["job_id"], row["name"], row["outcome"]) for row in outcomes] == [
        (RUNNING, "DRS-1234", "stopped"),
        (OTHER, "DRS-3456", "stopped"),
    ]
    again = Play(cloud, tmp_path, **BY_TYPE, **approved)
    assert again.code == 0, again.said
    assert "2 unchanged" in again.said
    assert stopped(cloud) == [RUNNING, OTHER]


def test_a_job_with_another_name_or_in_another_phase_is_held(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.add_job("third-job")
    approved = look(cloud, tmp_path, **BY_TYPE)
    cloud.cloud.job(RUNNING).name = "DRS-renamed"
    cloud.cloud.job(OTHER).status = "INCRE_TRANSFER_FAILED"
    run = Play(cloud, tmp_path, **approved)
    assert run.code == 2
    assert "its name is 'DRS-renamed', and must be 'DRS-1234'" in run.said
    assert "its phase was running when it was approved, and is failed now" in run.said
    assert "3 jobs: 1 stopped, 0 stopping, 0 would stop, 0 unchanged, 2 held, 0 failed or unknown." in run.said
    assert stopped(cloud) == ["third-job"]
    rows = run.artifacts["drs_outcomes"]["localhost"]
    assert {row["job_id"]: row["outcome"] for row in rows} == {RUNNING: "held", OTHER: "held", "third-job": "stopped"}


def test_with_all_or_none_a_change_since_the_approval_holds_all(cloud: Simulator, tmp_path: Path) -> None:
    approved = look(cloud, tmp_path, **BY_TYPE)
    cloud.cloud.job(OTHER).status = "PAUSING"
    assert Play(cloud, tmp_path, "--check", **approved).code == 0  # paused is a kind of running
    cloud.cloud.job(OTHER).status = "INCRE_TRANSFER_FAILED"
    run = Play(cloud, tmp_path, drs_all_or_none=True, **approved)
    assert run.code == 2
    assert "Nothing was stopped, because all of them or none are to be stopped, and 1 have changed" in run.said
    assert stopped(cloud) == []


def test_a_job_that_is_gone_is_failed(cloud: Simulator, tmp_path: Path) -> None:
    approved = look(cloud, tmp_path, **BY_TYPE)
    (entry,) = [job for job in approved["drs_approved"]["localhost"]["jobs"] if job["job_id"] == RUNNING]
    entry["job_id"] = MISSING
    run = Play(cloud, tmp_path, **approved)
    assert run.code == 2
    assert f"{MISSING} (DRS.M00289: The job does not exist" in run.said
    assert stopped(cloud) == [OTHER]


def test_force_is_what_was_approved(cloud: Simulator, tmp_path: Path) -> None:
    jobs = [{"job_id": RUNNING}, {"job_id": OTHER, "is_force_stop": True}]
    approved = look(cloud, tmp_path, drs_jobs=jobs)
    run = Play(cloud, tmp_path, drs_force=True, **approved)
    assert run.code == 0, run.said
    assert [stop.is_force_stop for stop in cloud.cloud.accepted_stops] == [False, True]


def test_an_approval_for_another_project_stops_nothing(cloud: Simulator, tmp_path: Path) -> None:
    approved = look(cloud, tmp_path, **BY_TYPE)
    cloud.cloud.add_project("2" * 32, "second")
    run = Play(cloud, tmp_path, drs_project_name="second", **approved)
    assert run.code == 2
    assert "Nothing was stopped: the approval is for other jobs." in run.said
    assert stopped(cloud) == []


def test_nothing_found_is_nothing_approved(cloud: Simulator, tmp_path: Path) -> None:
    approved = look(cloud, tmp_path, drs_job_type="replay")
    assert approved["drs_approved"]["localhost"]["jobs"] == []
    run = Play(cloud, tmp_path, drs_job_type="sync", **approved)
    assert run.code == 0, run.said
    assert stopped(cloud) == []


def test_each_host_stops_what_was_approved_for_it(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.add_project("2" * 32, "second")
    cloud.cloud.add_job("job-in-second", project_id="2" * 32)
    hosts = inventory(tmp_path, {"first": {"drs_project_name": "demo"}, "second": {"drs_project_name": "second"}})
    approved = look(cloud, tmp_path, *hosts, drs_hosts="regions", **BY_TYPE)
    assert {host: each["count"] for host, each in approved["drs_approved"].items()} == {"first": 2, "second": 1}
    # A limit would leave out a job without a word.
    limited = Play(cloud, tmp_path, *hosts, "--limit", "first", drs_hosts="regions", **approved)
    assert limited.code == 2
    assert "drs_approved has jobs of hosts that are not in this run: second. Nothing was stopped." in limited.said
    assert stopped(cloud) == []
    run = Play(cloud, tmp_path, *hosts, drs_hosts="regions", **approved)
    assert run.code == 0, run.said
    assert sorted(stopped(cloud)) == sorted([RUNNING, OTHER, "job-in-second"])


@pytest.mark.parametrize("guess", ["yes", ["localhost"], {"localhost": {"jobs": [{"job_id": RUNNING}]}}, {}])
def test_what_no_look_has_handed_on_is_an_error(cloud: Simulator, tmp_path: Path, guess: object) -> None:
    run = Play(cloud, tmp_path, drs_approved=guess)
    assert run.code == 2
    assert "drs_approved" in run.said
    assert cloud.requests == []


def test_artifacts_hold_no_secret(cloud: Simulator, tmp_path: Path) -> None:
    run = Play(cloud, tmp_path, "--check", **BY_TYPE)
    assert demo.SECRET_KEY not in json.dumps(run.artifacts)
    assert demo.ACCESS_KEY not in json.dumps(run.artifacts)
