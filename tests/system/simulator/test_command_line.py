# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator in the foreground, as ``make simulator`` starts it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests import simulator
from ansible_collections.huaweicloud.drs.tests.simulator import Cloud, ManualClock, Simulator, seed_from_file
from ansible_collections.huaweicloud.drs.tests.simulator.__main__ import main
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import RUNNING

CHECKOUT = Path(str(simulator.__file__)).resolve().parents[2]
COMMAND = [sys.executable, "-m", "tests.simulator"]


class Running:
    """The command, running."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Wait until it says its URL."""
        assert process.stdout is not None
        self.process = process
        self.stdout = process.stdout
        self.url = self.stdout.readline().strip()

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        """Send a signal; gives what else it has said."""
        self.process.send_signal(number)
        output = self.stdout.read()
        assert self.process.wait(timeout=10) == 0
        return output


@contextmanager
def running(**options: str) -> Iterator[Running]:
    """Run the command on any port, with nothing of this environment that could matter."""
    environment = {"PATH": os.environ["PATH"], "PORT": "0", **options}
    with subprocess.Popen(
        COMMAND, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_how_to_use_it_and_ends_cleanly(number: signal.Signals) -> None:
    with running() as command:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", command.url)
        jobs = requests.get(command.url + "/simulator/jobs", timeout=10).json()
        assert [job["name"] for job in jobs] == ["DRS-1234", "DRS-3456"]
        output = command.end(number)
    for text in ("user demo, password demo, domain demo", "access key demo-ak", "project demo", RUNNING):
        assert text in output
    assert "Traceback" not in output


def test_tls() -> None:
    with running(TLS="1") as command:
        line = next(line for line in command.stdout if "CA certificate" in line)
        path = line.rpartition(" ")[2].strip()
        assert requests.get(command.url + "/simulator/jobs", verify=path, timeout=10).status_code == 200
        command.end()
        assert not Path(path).exists()


def test_jobs_and_settings_of_a_file(tmp_path: Path) -> None:
    jobs = [{"job_id": f"job-{number:02}", "stop_error": ["DRS.1", "No."]} for number in range(12)]
    path = tmp_path / "jobs.json"
    path.write_text(json.dumps({"jobs": jobs, "settings": {"per_user_rate_limit": [0, 60]}}))
    with running(JOBS=str(path), LATENCY="0.001") as command:
        jobs = requests.get(command.url + "/simulator/jobs", timeout=10).json()
        assert [job["job_id"] for job in jobs] == [f"job-{number:02}" for number in range(12)]
        output = command.end()
    assert "12 jobs" in output
    assert "job-09" in output
    assert "job-10" not in output


def test_settings_of_a_file_for_another_region(tmp_path: Path) -> None:
    settings = {"generations": ["v3"], "unpublished": ["batch-detail"], "listed_engines": ["mysql"], "max_limit": 5}
    jobs = [{"job_id": "parent"}, {"job_id": "child", "parent_id": "parent", "tags": {"env": "prod"}}]
    path = tmp_path / "jobs.json"
    path.write_text(json.dumps({"jobs": jobs, "settings": settings}))
    cloud = Cloud(ManualClock())
    seed_from_file(cloud, path)
    assert (cloud.generations, cloud.unpublished) == (("v3",), ("batch-detail",))
    assert (cloud.listed_engines, cloud.max_limit) == (("mysql",), 5)
    assert [job.parent_id for job in cloud.jobs.all()] == [None, "parent"]


def test_projects_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "jobs.json"
    second = {"project_id": "2" * 32, "name": "second"}
    jobs = [{"job_id": "first"}, {"job_id": "other", "project_id": second["project_id"]}]
    path.write_text(json.dumps({"projects": [second], "jobs": jobs}))
    cloud = Cloud(ManualClock())
    seed_from_file(cloud, path)
    assert [project.name for project in cloud.accounts.projects()] == ["demo", "second"]
    assert [job.job_id for job in cloud.jobs.all(second["project_id"])] == ["other"]
    # A job without a project belongs to that of the demonstration, as ever.
    assert [job.job_id for job in cloud.jobs.all(PROJECT_ID)] == ["first"]


def test_what_is_wrong_is_one_line_and_an_exit_code() -> None:
    done = subprocess.run(
        COMMAND, cwd=CHECKOUT, env={**os.environ, "PORT": "x"}, capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "PORT must be a number from 0 to 65535, not x\n"


@pytest.mark.parametrize("tls", ["", "1"])
def test_a_port_that_is_taken(sim: Simulator, tls: str) -> None:
    port = sim.url.rpartition(":")[2]
    expected = f"cannot listen on port {port}: address already in use; set PORT to another one"
    assert (main({"PORT": port, "TLS": tls}) or "").lower() == expected.lower()


@pytest.mark.parametrize("port", ["x", "-1", "65536"])
def test_a_port_that_is_none(port: str) -> None:
    assert main({"PORT": port}) == f"PORT must be a number from 0 to 65535, not {port}"


def test_a_latency_that_is_none() -> None:
    assert main({"LATENCY": "soon"}) == "LATENCY must be a number of seconds, not soon"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "No such file"),
        ("{", "Expecting"),
        ("1", "expected a list of jobs"),
        ('{"job": []}', "expected a list of jobs"),
        ("[1]", "argument"),
        ('{"jobs": 1}', "iterable"),
        ('{"projects": [{"id": "a"}]}', "argument"),
        ('[{"job_id": "a", "speed": 1}]', "speed"),
        ('[{"job_id": "a"}, {"job_id": "a"}]', "already"),
        ('{"settings": {"speed": 1}}', "unknown setting 'speed'"),
        ('{"settings": {"latency": "1"}}', "number of seconds"),
        ('{"settings": {"generations": ["v4"]}}', "list of v3, v5"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: str | None, expected: str) -> None:
    path = tmp_path / "jobs.json"
    if content is not None:
        path.write_text(content)
    told_by_it = main({"JOBS": str(path)})
    assert told_by_it is not None
    assert told_by_it.startswith(f"cannot use JOBS={path}: ")
    assert expected in told_by_it
    assert "\n" not in told_by_it


def test_it_says_in_a_file_where_it_is_for_whoever_starts_it_in_the_background(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    with running(READY=str(ready)) as command:
        assert json.loads(ready.read_bytes()) == {"url": command.url, "pid": command.process.pid}
        assert list(tmp_path.iterdir()) == [ready]
