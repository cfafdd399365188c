# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of the guide "Many jobs, regions and projects", with its inventory."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator, demo
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import CHECKOUT, run, with_collection

GUIDE = CHECKOUT / "docs" / "docsite" / "rst" / "guide_many_jobs.rst"
PROJECTS = {"1" * 32: "ap-southeast-1_finance", "2" * 32: "ap-southeast-1_sales"}


def blocks(language: str) -> list[str]:
    """Return the code blocks of the guide."""
    found = re.findall(rf"code-block:: {language}\n\n((?: {{3}}.*\n|\n)+)", GUIDE.read_text(encoding="utf-8"))
    return [textwrap.dedent(block) for block in found]


@pytest.fixture
def wave(cloud: Simulator, tmp_path: Path) -> dict[str, str]:
    """The inventory of the guide with 59 jobs of the third wave and one of another; the environment for it."""
    for project_id, name in PROJECTS.items():
        cloud.cloud.add_project(project_id, name)
    first, second = PROJECTS
    cloud.cloud.add_job("other", "DRS-1234", project_id=first, description="4")
    for number in range(59):
        cloud.cloud.add_job(f"job-{number:02}", project_id=first if number % 3 else second, description="3")
    (inventory,) = blocks("yaml")
    (tmp_path / "wave.drs_jobs.yml").write_text(inventory, encoding="utf-8")
    return {
        **with_collection(tmp_path),
        "HW_DRS_ENDPOINT": cloud.url,
        "HW_AUTH_URL": cloud.url,
        "HW_ACCESS_KEY": demo.ACCESS_KEY,
        "HW_SECRET_KEY": demo.SECRET_KEY,
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
    }


def test_the_commands_of_the_guide(cloud: Simulator, tmp_path: Path, wave: dict[str, str]) -> None:
    (graph, host), (check, stop, limit) = ([line for line in block.splitlines() if line] for block in blocks("shell"))
    said = run(*shlex.split(graph), folder=tmp_path, environment=wave)
    assert "|--@wave_3:" in said.stdout
    said = run(*shlex.split(host), folder=tmp_path, environment=wave)
    assert '"drs_job_id": "other"' in said.stdout
    assert run(*shlex.split(check), folder=tmp_path, environment=wave).returncode == 0
    assert cloud.cloud.accepted_stops == []
    cloud.cloud.job("job-00").status = "FULL_TRANSFER_FAILED"
    limited = run(*shlex.split(limit), folder=tmp_path, environment=wave)
    assert limited.returncode == 0, limited.stdout
    assert len(cloud.cloud.accepted_stops) == 58
    done = run(*shlex.split(stop), folder=tmp_path, environment=wave)
    assert done.returncode == 0, done.stdout
    assert {stop.job_id for stop in cloud.cloud.accepted_stops} == {f"job-{number:02}" for number in range(59)}
