# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWX divides the jobs of an inventory among slices. Each stops its share, and its report has just this share."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.slices import Inventory, Report, Template, slice_of
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import job_ids

pytestmark = pytest.mark.skipif(find_spec("ansible_runner") is None, reason="ansible-runner is not installed")

REGIONS = [f"region-{number:02}" for number in range(1, 21)]
JOBS = job_ids(1000)
SLICES = 3
# How many jobs of a project one request is for. A login is for all of them.
PER_REQUEST = {"auth-tokens": len(JOBS), "batch-status": 100, "batch-stop": 10}
# Each share is the whole of some projects. The number is a part of the name, as a wave would be.
SHARES = {f"share_{number}": f"drs_region[-2:] | int % {SLICES} == {number}" for number in range(SLICES)}


def add_jobs(cloud: Simulator, ids: list[str], regions: list[str]) -> None:
    """Add these jobs in turn to a project of each region."""
    for region in regions:
        cloud.cloud.add_project(f"project-of-{region}", region)
    for number, job_id in enumerate(ids):
        cloud.cloud.add_job(job_id, project_id=f"project-of-{regions[number % len(regions)]}")


def template(cloud: Simulator, collections: Path, folder: Path, **variables: Any) -> Template:
    """Return a template that stops the running jobs, and does not wait, so that time decides no number."""
    given = {"drs_group": "drs_phase_running", "drs_wait": False, **variables}
    return Template(cloud, collections, folder, **given)


def check_reports(cloud: Simulator, reports: list[Report], ids: list[str]) -> None:
    """Check that each job was stopped once, and is in one report."""
    assert [report.status for report in reports] == ["successful"] * len(reports), reports
    assert sorted(stop.job_id for stop in cloud.cloud.accepted_stops) == sorted(ids)
    assert sorted(job_id for report in reports for job_id in report.stopped) == sorted(ids)


def requests(cloud: Simulator) -> Counter[str]:
    """Return the number of requests by endpoint so far, and forget them."""
    found = Counter(request.endpoint for request in cloud.requests)
    cloud.clear_requests()
    return found


def expected_requests(parts: list[list[str]], inventory: Inventory) -> Counter[str]:
    """Return the requests of runs with these hosts: each run has some jobs of each project."""
    projects = [set(group["hosts"]) for name, group in inventory.items() if name.startswith("drs_project_")]
    expected: Counter[str] = Counter()
    for jobs in (len(project.intersection(hosts)) for hosts in parts for project in projects):
        for endpoint, most in PER_REQUEST.items():
            expected[endpoint] += ceil(jobs / most)
    return expected


def test_slices_stop_each_job_once_and_report_their_share(cloud: Simulator, installed: Path, tmp_path: Path) -> None:
    add_jobs(cloud, JOBS, REGIONS)
    launched = template(cloud, installed, tmp_path)
    inventory = launched.inventory(REGIONS)
    hosts = sorted(inventory["_meta"]["hostvars"])
    parts = [hosts[number::SLICES] for number in range(SLICES)]
    cloud.clear_requests()
    reports = launched.launch(inventory, SLICES)
    check_reports(cloud, reports, JOBS)
    assert [sorted(report.stopped) for report in reports] == parts
    # The 50 jobs of a project are in all slices, and each slice reads and stops its 16 or 17.
    sliced, whole = expected_requests(parts, inventory), expected_requests([hosts], inventory)
    assert requests(cloud) == sliced
    assert (sliced.total(), whole.total()) == (240, 140)


def test_shares_of_whole_projects_take_no_more_requests_than_one_run(
    cloud: Simulator, installed: Path, tmp_path: Path
) -> None:
    jobs, regions = JOBS[:90], REGIONS[:6]
    add_jobs(cloud, jobs, regions)
    launched = template(cloud, installed, tmp_path)
    inventory = launched.inventory(regions, groups=SHARES)
    cloud.clear_requests()
    check_reports(cloud, launched.launch_limited(inventory, list(SHARES)), jobs)
    sliced = requests(cloud)

    with Simulator(release_seconds=0.1) as other:
        seed_demo(other.cloud)
        add_jobs(other, jobs, regions)
        (tmp_path / "one").mkdir()
        launched = template(other, installed, tmp_path / "one")
        check_reports(other, launched.launch(inventory), jobs)
        whole = requests(other)
    assert whole == expected_requests([sorted(inventory["_meta"]["hostvars"])], inventory)
    assert abs(sliced.total() - whole.total()) <= 0.05 * whole.total(), (sliced, whole)
    assert sliced == whole


@pytest.mark.parametrize(
    ("variables", "options"),
    [
        ({}, ()),
        ({"drs_group": ""}, ("--limit", JOBS[0])),
    ],
    ids=["group", "limit"],
)
def test_a_slice_without_jobs_stops_nothing_and_says_so(
    cloud: Simulator, installed: Path, tmp_path: Path, variables: dict[str, Any], options: tuple[str, ...]
) -> None:
    add_jobs(cloud, JOBS[:2], REGIONS[:2])
    launched = template(cloud, installed, tmp_path, **variables)
    # AWX makes no more slices than hosts, but counts hosts that are disabled, and leaves these out.
    third = slice_of(launched.inventory(REGIONS[:2]), 3, SLICES)
    assert third["_meta"]["hostvars"] == {}
    cloud.clear_requests()
    report = launched.run("slice", third, *options)
    assert report.status == "failed"
    # Ansible wraps the lines of an error.
    assert "drs_group or --limit chooses no job" in " ".join(report.stdout.split())
    assert "Nothing was stopped" in " ".join(report.stdout.split())
    assert report.artifacts == {}
    assert cloud.requests == []
