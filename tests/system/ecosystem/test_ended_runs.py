# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of Ansible ends before its task: cancelled, killed, or out of time.

No stop is sent after that, and the lines on the console and in the log name all stops that the cloud has accepted. Real
programs, and a cloud that counts the stops that reach it. A request that has left already cannot be called back.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ansible.release import __version__ as ansible_version

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import with_collection, write_playbook
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import job_ids

JOBS = 60
CONCURRENCY = 2
# Seconds that an answer takes, so that sending all of the stops takes some six seconds.
LATENCY = 0.2
JOB_ID = re.compile(r"c7debc9c-[\w-]+")
# Seconds without a request after which nobody sends any.
SILENCE = 4 * LATENCY

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds workers in /proc")


@pytest.fixture
def slow(cloud: Simulator) -> Simulator:
    """A cloud that takes its time, with many jobs."""
    for job_id in job_ids(JOBS):
        cloud.cloud.add_job(job_id, release_seconds=3600)
    cloud.cloud.latency = LATENCY
    return cloud


@dataclass(frozen=True)
class Play:
    """A running play that stops all jobs, one a request."""

    process: subprocess.Popen[bytes]
    cloud: Simulator
    output: Path
    log: Path

    @property
    def sent(self) -> int:
        """How many stops have reached the cloud."""
        return len(self.cloud.requests_to("batch-stop"))

    def wait_for_stops(self, count: int) -> None:
        """Wait until so many stops have reached the cloud."""
        self.wait_until(lambda: self.sent >= count)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true."""
        limit = time.monotonic() + 60
        while not condition():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < limit
            time.sleep(0.01)

    @property
    def accepted(self) -> set[str]:
        """The jobs whose stop the cloud has accepted."""
        return {stop.job_id for stop in self.cloud.cloud.accepted_stops}

    def workers(self) -> list[int]:
        """Return the processes that ansible-playbook has started for the task."""
        return children(self.process.pid)

    def count_after_end(self) -> int:
        """Wait for the end of ansible-playbook, and return how many stops come after it."""
        self.process.wait(60)
        at_end = self.sent
        latest, since = at_end, time.monotonic()
        while time.monotonic() < since + SILENCE:
            if self.sent > latest:
                latest, since = self.sent, time.monotonic()
            time.sleep(0.02)
        return latest - at_end


class Record(NamedTuple):
    """What lines say of the stops."""

    accepted: set[str]
    in_doubt: set[str]
    last_line: str | None

    @classmethod
    def read(cls, path: Path) -> Record:
        """Return what is written in a file."""
        named: dict[str, set[str]] = {"accepted": set(), "in doubt": set()}
        last_lines = []
        for line in path.read_text().splitlines():
            if " ended the task. Stops: " in line or "Ansible has ended. Stops: " in line:
                last_lines.append(re.sub(r"^\S+ \S+ p=.*?\| ", "", line))
            for verdict, told in re.findall(r"(?:Stop of \d+ jobs? )?([Aa]ccepted|[Ii]n doubt)[^:.]*: ([^(.]*)", line):
                named[verdict.lower()] |= set(re.findall(JOB_ID, told))
        assert len(last_lines) <= 1
        return cls(named["accepted"], named["in doubt"] - named["accepted"], last_lines[0] if last_lines else None)


def check_record(play: Play, lost: int = 0) -> None:
    """Check that console and log say the same, and name all accepted stops but for so many."""
    console, log = Record.read(play.output), Record.read(play.log)
    assert console == log
    assert console.accepted <= play.accepted
    assert len(play.accepted - console.accepted - console.in_doubt) <= lost
    if not lost:
        assert console.last_line is not None
        assert f" {len(console.accepted)} accepted, {len(console.in_doubt)} in doubt, " in console.last_line


def children(pid: int) -> list[int]:
    """Return the child processes of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


Begin = Callable[..., Play]
Command = Callable[[Path, dict[str, str]], list[str]]


def ansible_playbook(play: Path, _environment: dict[str, str]) -> list[str]:
    """Return the command that runs a playbook."""
    return [sys.executable, "-m", "ansible", "playbook", "-v", "-i", "localhost,", str(play)]


@pytest.fixture
def begin(slow: Simulator, tmp_path: Path) -> Iterator[Begin]:
    """Start a play in a session of its own; what is left of it in the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(
        in_process: bool,
        strategy: str = "linear",
        command: Command = ansible_playbook,
        remote: Mapping[str, Any] | None = None,
        wait: bool = False,
        **keywords: Any,
    ) -> Play:
        options = {
            "endpoint": slow.url,
            "token": slow.cloud.issue_token("demo", "demo"),
            "project_id": PROJECT_ID,
            "jobs": [{"job_id": job_id} for job_id in job_ids(JOBS)],
            "batch_size": 1,
            "concurrency": CONCURRENCY,
            "wait": wait,
        }
        # The same interpreter in another spelling is taken for another one: the task is left to the module.
        python = sys.executable if in_process else f"{Path(sys.executable).parent}/./{Path(sys.executable).name}"
        play = tmp_path / "play.yml"
        task = {"name": "Stop", "huaweicloud.drs.drs_job_batch_stop": options, **keywords}
        variables = {"ansible_python_interpreter": python, **(remote or {})}
        connection = "local" if remote is None else "ssh"
        write_playbook(play, [task], strategy=strategy, connection=connection, vars=variables)
        output = tmp_path / "output"
        log = tmp_path / "log"
        environment = {**with_collection(tmp_path), "ANSIBLE_LOG_PATH": str(log)}
        with output.open("wb") as file:
            process = subprocess.Popen(
                command(play, environment),
                cwd=tmp_path,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(process)
        return Play(process, slow, output, log)

    yield start
    for process in started:
        for pid in [*children(process.pid), process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait()


DRIVERS = pytest.mark.parametrize("in_process", [True, False], ids=["action", "module"])


def to_group(number: signal.Signals) -> Callable[[Play], None]:
    """Return what sends a signal to the process group, as a terminal and a cancel of ansible-runner do."""
    return lambda play: os.killpg(play.process.pid, number)


def to_ansible(number: signal.Signals) -> Callable[[Play], None]:
    """Return what sends a signal to ansible-playbook alone."""
    return lambda play: os.kill(play.process.pid, number)


def to_workers(play: Play) -> None:
    """Kill the worker, as the system does when memory runs out."""
    for pid in play.workers():
        os.kill(pid, signal.SIGKILL)
    # Ansible waits for a dead worker for ever, or ends the play, depending on its version.
    time.sleep(LATENCY)
    os.killpg(play.process.pid, signal.SIGKILL)


# Since 2.19, ansible-core starts each worker in a session of its own.
WORKERS_HAVE_SESSIONS = tuple(map(int, ansible_version.split(".")[:2])) >= (2, 19)
# The worker is killed as well.
NO_LAST_LINE = {"worker KILL", *(() if WORKERS_HAVE_SESSIONS else ("group KILL",))}

ENDS = {
    "group KILL": to_group(signal.SIGKILL),
    "group INT": to_group(signal.SIGINT),
    "group HUP": to_group(signal.SIGHUP),
    "group TERM": to_group(signal.SIGTERM),
    "ansible KILL": to_ansible(signal.SIGKILL),
    "ansible TERM": to_ansible(signal.SIGTERM),
    "ansible HUP": to_ansible(signal.SIGHUP),
    "ansible INT": to_ansible(signal.SIGINT),
    "worker KILL": to_workers,
}


@DRIVERS
@pytest.mark.parametrize(
    ("end", "strategy"),
    [*((end, "linear") for end in ENDS), *((end, "free") for end in ("group KILL", "group INT", "ansible KILL"))],
)
def test_no_stop_is_sent_after_the_end(begin: Begin, in_process: bool, strategy: str, end: str) -> None:
    play = begin(in_process, strategy)
    play.wait_for_stops(4)

    ENDS[end](play)

    assert play.count_after_end() <= CONCURRENCY
    assert play.sent < JOBS - CONCURRENCY
    if in_process:
        check_record(play, lost=CONCURRENCY if end in NO_LAST_LINE else 0)


STAGES: dict[str, Callable[[Play], bool]] = {
    "before the first stop": lambda play: bool(play.cloud.requests_to("batch-status")),
    "while it waits": lambda play: f"0 of {JOBS} jobs ended" in play.output.read_text(),
}


@pytest.mark.parametrize("end", ["group INT", "ansible TERM", "ansible KILL"])
@pytest.mark.parametrize("stage", STAGES)
def test_the_record_is_complete_at_each_stage(begin: Begin, slow: Simulator, stage: str, end: str) -> None:
    if stage == "while it waits":
        slow.cloud.latency = 0.0
    play = begin(True, wait=True)
    play.wait_until(lambda: STAGES[stage](play))

    ENDS[end](play)

    assert play.count_after_end() == 0
    assert play.sent == (JOBS if stage == "while it waits" else 0)
    check_record(play)


@pytest.fixture
def slow_python(tmp_path: Path) -> str:
    """A Python that takes longer to start than the 3 seconds that a module ends before the task."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nsleep 3.5\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return str(script)


@DRIVERS
def test_the_result_after_the_keyword_timeout_has_all_rows(
    begin: Begin, slow: Simulator, slow_python: str, in_process: bool
) -> None:
    slow.cloud.latency = 0.7  # so that not all is sent when the time is over
    keywords = {} if in_process else {"vars": {"ansible_python_interpreter": slow_python}}
    play = begin(in_process, timeout=12, **keywords)
    assert play.process.wait(60) == 2
    (fatal,) = re.findall(r"^fatal: \[localhost\].*? => (\{.*\})$", play.output.read_text(), re.MULTILINE)
    result = json.loads(fatal)

    rows = {row["job_id"]: row for row in result["jobs"]}
    assert list(rows) == job_ids(JOBS)
    stopping = {job_id for job_id, row in rows.items() if row["outcome"] == "stopping"}
    in_doubt = {job_id for job_id, row in rows.items() if row["outcome"] == "unknown"}
    assert 0 < len(stopping) < JOBS
    assert stopping <= play.accepted <= stopping | in_doubt
    assert result["summary"]["stopping"] == len(stopping)
    assert result["changed"]
    assert result["timedout"]["period"] == 12
    assert "keyword timeout (12 s)" in result["msg"]
    if in_process:
        check_record(play)


# A module has not sent anything yet after the shorter time.
@DRIVERS
@pytest.mark.parametrize("seconds", [1, 4])
def test_no_stop_is_sent_after_the_keyword_timeout(begin: Begin, in_process: bool, seconds: int) -> None:
    play = begin(in_process, timeout=seconds)
    assert play.process.wait(60) == 2
    assert play.count_after_end() <= CONCURRENCY
    assert play.sent < JOBS - CONCURRENCY


@pytest.mark.skipif(find_spec("ansible_runner") is None, reason="ansible-runner is not installed")
@DRIVERS
def test_no_stop_is_sent_after_a_cancel_of_ansible_runner(
    begin: Begin, slow: Simulator, tmp_path: Path, in_process: bool
) -> None:
    def run(play: Path, environment: dict[str, str]) -> list[str]:
        folder = tmp_path / "runner"
        (folder / "project").mkdir(parents=True)
        shutil.copy(play, folder / "project")
        program = f"""
import ansible_runner, pathlib
ansible_runner.run(private_data_dir={str(folder)!r}, playbook={play.name!r}, inventory="localhost,", quiet=True,
    envvars={environment!r}, cancel_callback=pathlib.Path({str(folder / "cancel")!r}).exists)
"""
        return [sys.executable, "-c", program]

    play = begin(in_process, command=run)
    play.wait_for_stops(4)
    (tmp_path / "runner" / "cancel").touch()

    assert play.count_after_end() <= CONCURRENCY
    assert play.sent < JOBS - CONCURRENCY


SSHD = Path("/usr/sbin/sshd")


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """This machine as one that is reached over ssh: the variables of a host."""
    for name in ("host_key", "user_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = tmp_path / "sshd_config"
    configuration.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host_key\nPidFile none\nStrictModes no\nUsePAM no\n"
        f"AuthorizedKeysFile {tmp_path}/user_key.pub\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    with subprocess.Popen([SSHD, "-D", "-f", configuration], stderr=subprocess.DEVNULL) as sshd:
        yield {
            "ansible_host": "127.0.0.1",
            "ansible_port": port,
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(tmp_path / "user_key"),
            "ansible_ssh_args": f"-o ControlMaster=auto -o ControlPersist=10s -o ControlPath={tmp_path}/%h",
            "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null",
        }
        sshd.terminate()


@pytest.mark.skipif(not SSHD.exists() or os.geteuid() != 0, reason="has no server of OpenSSH to start")
@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize("end", ["group KILL", "group INT", "ansible KILL", "worker KILL"])
def test_no_stop_is_sent_from_another_host_after_the_end(
    begin: Begin, remote: dict[str, Any], end: str, pipelining: bool
) -> None:
    play = begin(False, remote={**remote, "ansible_ssh_pipelining": pipelining})
    play.wait_for_stops(4)

    ENDS[end](play)

    assert play.count_after_end() <= CONCURRENCY * 2
    assert play.sent < JOBS - CONCURRENCY
