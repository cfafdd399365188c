# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""examples/cut_over.yml, as the guide "Cutting over" runs it."""

from __future__ import annotations

import re
import subprocess
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator, demo
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import CHECKOUT, run, with_collection
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING

PLAYBOOK = CHECKOUT / "examples" / "cut_over.yml"
GUIDE = CHECKOUT / "docs" / "docsite" / "rst" / "guide_cutting_over.rst"
WRITERS_STOPPED = ("-e", "drs_writers_stopped=true")
DATA_COMPARED = ("-e", "drs_data_compared=true")


def blocks(language: str) -> list[str]:
    """Return the code blocks of the guide."""
    found = re.findall(rf"code-block:: {language}\n\n((?: {{3}}.*\n|\n)+)", GUIDE.read_text(encoding="utf-8"))
    return [textwrap.dedent(block) for block in found]


def options_of_stop() -> dict[str, Any]:
    """Return the options of each stop of the playbook."""
    (play,) = yaml.safe_load(PLAYBOOK.read_text(encoding="utf-8"))
    options: dict[str, Any] = play["module_defaults"]["huaweicloud.drs.drs_job_batch_stop"]
    return options


def cut_over(cloud: Simulator, folder: Path, *options: str, **variables: Any) -> subprocess.CompletedProcess[str]:
    """Run the playbook for the jobs of the guide, with little patience."""
    (jobs,) = [block for block in blocks("yaml") if "drs_jobs:" in block]
    content = {**yaml.safe_load(jobs), "drs_lag_interval": 0.1, "drs_max_lag_for": 0.2, "drs_lag_timeout": 0}
    (folder / "my_jobs.yml").write_text(yaml.safe_dump({**content, **variables}), encoding="utf-8")
    environment = {
        **with_collection(folder),
        "HW_DRS_ENDPOINT": cloud.url,
        "HW_AUTH_URL": cloud.url,
        "HW_PROJECT_NAME": demo.PROJECT_NAME,
        "HW_ACCESS_KEY": demo.ACCESS_KEY,
        "HW_SECRET_KEY": demo.SECRET_KEY,
    }
    command = ("ansible-playbook", "-i", "localhost,", "-e", "@my_jobs.yml", *options, str(PLAYBOOK))
    return run(*command, folder=folder, environment=environment)


def stops(cloud: Simulator) -> list[str]:
    """Return the jobs whose stop was accepted."""
    return [stop.job_id for stop in cloud.cloud.accepted_stops]


def test_a_look_stops_nothing_and_shows_all_that_a_reader_needs(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(RUNNING).lag = 7
    looked = cut_over(cloud, tmp_path, "--check")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert f"{RUNNING}  DRS-1234  running  7 s  INCRE_TRANSFER_STARTED" in looked.stdout
    assert "From 192.0.2.1 to 192.0.2.2, structure 100 %, data 100 %, index 100 %" in looked.stdout
    assert f"{RUNNING}  DRS-1234  held  7 s  its lag of 7 s is over 0 s" in looked.stdout
    assert stops(cloud) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [((), "Stop all applications that write to the sources"), (WRITERS_STOPPED, "Compare the data of each job")],
    ids=["nothing", "writers stopped"],
)
def test_without_the_word_of_the_operator_nothing_is_stopped(
    cloud: Simulator, tmp_path: Path, options: tuple[str, ...], expected: str
) -> None:
    refused = cut_over(cloud, tmp_path, *options)
    assert refused.returncode == 2
    assert f"Nothing was stopped. {expected}" in refused.stdout
    assert stops(cloud) == []


def test_it_waits_for_the_lag_stops_the_jobs_and_reads_them_again(cloud: Simulator, tmp_path: Path) -> None:
    progress = {"transfer_status": "INCRE_TRANSFER_STARTED", "task_mode": "FULL_INCR_TRANS", "incre_trans_delay": "9"}
    items = [{"job_id": job_id, **progress} for job_id in (RUNNING, OTHER)]
    cloud.faults.add(Fault("batch-progress", status=200, body={"count": 2, "results": items}))
    done = cut_over(cloud, tmp_path, *WRITERS_STOPPED, *DATA_COMPARED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED - RETRYING: [localhost]: Read the jobs until none of them lags" in done.stdout
    assert f"{RUNNING}  DRS-1234  stopped  0 s" in done.stdout
    assert "All 2 jobs have stopped." in done.stdout
    assert "changed=1 " in done.stdout
    assert stops(cloud) == [RUNNING, OTHER]

    again = cut_over(cloud, tmp_path, *WRITERS_STOPPED, *DATA_COMPARED)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "changed=0 " in again.stdout


def test_if_one_job_lags_or_has_another_name_none_is_stopped(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(RUNNING).lag = 7
    held = cut_over(cloud, tmp_path, *WRITERS_STOPPED, *DATA_COMPARED, drs_lag_reads=1)
    assert held.returncode == 2
    assert f"{RUNNING} [DRS-1234] (its lag of 7 s is over 0 s)" in held.stdout
    cloud.cloud.job(RUNNING).lag = 0
    cloud.cloud.job(OTHER).name = "DRS-3465"
    held = cut_over(cloud, tmp_path, *WRITERS_STOPPED, *DATA_COMPARED)
    assert held.returncode == 2
    assert "its name is 'DRS-3465', and must be 'DRS-3456'" in held.stdout
    assert stops(cloud) == []


def test_the_guide_shows_the_options_of_the_playbook() -> None:
    assert options_of_stop() in [yaml.safe_load(block) for block in blocks("yaml")]


def test_the_guide_runs_the_playbook_with_these_variables() -> None:
    commands = [line for block in blocks("shell") for line in block.splitlines() if line]
    jobs = "ansible-playbook cut_over.yml -e @my_jobs.yml"
    assert commands == [
        f"{jobs} --check",
        " ".join([jobs, *WRITERS_STOPPED]),
        " ".join([jobs, *WRITERS_STOPPED, *DATA_COMPARED]),
    ]
