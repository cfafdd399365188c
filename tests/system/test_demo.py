# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make demo``, which is also the test of examples/stop_jobs.yml."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tools import demo

CHECKOUT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(CHECKOUT / "tools" / "demo.py")]


def test_it_goes_as_told_whatever_the_user_has_configured(tmp_path: Path) -> None:
    (tmp_path / ".ansible.cfg").write_text("[defaults]\nstdout_callback = nonsense\n")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HW_AUTH_TOKEN": "not of this cloud",
        "HW_PROJECT_ID": "not-of-this-cloud",
        "ANSIBLE_CHECK_MODE_MARKERS": "true",
        "ANSIBLE_STDOUT_CALLBACK": "nonsense",
        "http_proxy": "http://127.0.0.1:1",
        "LC_ALL": "C",
    }
    done = subprocess.run(
        COMMAND, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Traceback" not in done.stdout
    assert "WARNING" not in done.stdout
    assert "\033" not in done.stdout
    saw = [line for line in done.stdout.splitlines() if line.startswith("The cloud saw:")]
    assert saw[0] == saw[3] == "The cloud saw: 1 login, 1 status read, no stop request."
    assert saw[1] == "The cloud saw: 1 login, 2 status reads, 1 read of lags, no stop request."
    stop = r"The cloud saw: 1 login, \d status reads, 3 reads of lags, 1 stop request for 2 jobs\."
    assert re.fullmatch(stop, saw[2])
    lines = [line.strip(' ",') for line in done.stdout.splitlines()]
    assert [line for line in lines if line.startswith((f"{demo.NORMAL}  ", f"{demo.FORCED}  "))] == [
        f"{demo.NORMAL}  DRS-1234  would_stop  {demo.RUNNING}",
        f"{demo.FORCED}  DRS-3456  would_stop  {demo.RUNNING}",
        f"{demo.NORMAL}  DRS-1234  held    42 s  its lag of 42 s is over 1 s",
        f"{demo.FORCED}  DRS-3456  held          its name is 'DRS-3456', and must be ..",
        f"{demo.NORMAL}  DRS-1234  stopped  0 s",
        f"{demo.FORCED}  DRS-3456  stopped  0 s",
        f"{demo.NORMAL}  DRS-1234  unchanged  {demo.STOPPED}",
        f"{demo.FORCED}  DRS-3456  unchanged  {demo.STOPPED}",
    ]
    assert "3 jobs: 2 to stop, 1 not found" in lines
    assert f"Stop of 2 jobs accepted, 2 of 2 so far: {demo.NORMAL}, {demo.FORCED}" in lines
    assert [line for line in lines if re.fullmatch(r"2 of 2 jobs ended, after \d+ s", line)]
    assert list(tmp_path.iterdir()) == [tmp_path / ".ansible.cfg"]


def test_an_unknown_way_to_log_in_is_one_line() -> None:
    environment = {**os.environ, "CREDENTIALS": "passport"}
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "CREDENTIALS must be password or access-key, not passport\n"


def test_an_access_key_does_as_well() -> None:
    environment = {**os.environ, "CREDENTIALS": "access-key"}
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "The cloud saw: no login, 1 project lookup, 1 status read, no stop request." in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_it_leaves_nothing_behind(number: signal.Signals) -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = next(line for line in process.stdout if "HW_DRS_ENDPOINT=" in line)
        next(line for line in process.stdout if "TASK" in line)
        process.send_signal(number)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == "\nInterrupted. The simulated cloud has been stopped.\n"
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(line.strip().rpartition("/")[2]).connect()


def test_a_reader_who_has_seen_enough_gets_no_traceback() -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=30) == 1
        assert process.stderr.read() == ""


def test_nobody_is_to_see_that_something_is_deprecated(tmp_path: Path) -> None:
    # A setting that ansible-core warns of until it is no more, which is in 2.23.
    playbook = demo.Playbook(tmp_path, {"ANSIBLE_JINJA2_NATIVE": "true"}, demo.Screen(colour=False))
    with pytest.raises(demo.DemoError, match="deprecated"):
        playbook.run(("--syntax-check",))


def test_what_went_wrong_is_named() -> None:
    rows: list[dict[str, Any]] = [
        {"job_id": demo.NORMAL, "outcome": "stopped", "status": demo.STOPPED, "is_force_stop": False},
        {"job_id": demo.MISSING, "outcome": "failed", "error_code": demo.NOT_FOUND},
        {"job_id": demo.FORCED, "outcome": "stopped", "status": demo.STOPPED, "is_force_stop": True},
    ]
    cloud: dict[str, dict[str, Any]] = {
        demo.NORMAL: {"status": demo.STOPPED, "is_force_stop": False},
        demo.FORCED: {"status": demo.STOPPED, "is_force_stop": True},
    }
    sent = [{"job_id": job_id, "is_force_stop": job["is_force_stop"]} for job_id, job in cloud.items()]
    result = {"changed": True, "jobs": rows}
    seen = demo.Seen([{"endpoint": "batch-stop", "json": {"jobs": sent}}], cloud)
    run = demo.RUNS[2]
    assert demo.problems_of(run, 2, result, seen) == []
    assert demo.problems_of(run, 0, result, seen) == ["the exit code of ansible-playbook is 0, not 2"]
    assert demo.problems_of(run, 2, {**result, "changed": False}, seen) == ["changed is False, not True"]
    assert len(demo.problems_of(run, 2, result, demo.Seen([], cloud))) == 2
    rows[0]["error_msg"] = "its lag"
    assert demo.problems_of(run, 2, result, seen) == [f"the reason of {demo.NORMAL} is 'its lag', not ''"]
    rows[0]["error_msg"] = None
    rows[2]["outcome"] = "stopping"
    assert demo.problems_of(run, 2, result, seen) == [f"the outcome of {demo.FORCED} is 'stopping', not 'stopped'"]
    cloud[demo.NORMAL]["status"] = demo.RUNNING
    assert len(demo.problems_of(run, 2, result, seen)) == 2
