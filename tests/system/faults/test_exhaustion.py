# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine runs out of something, or loses it, while stops are under way: the rows still come, and are true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.faults.checks import (
    assert_looks_between_stops,
    assert_true,
    sent_to_cloud,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawRequest, RawServer, Reply
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import ModuleRun, StopModule, job_ids

IDS = job_ids(8)

# Runs the module in a process that has been left hardly any of what its argument names. A thread takes the memory of
# its stack, so that one which needs more than is left cannot be started, which holds for root as well.
PROGRAM = """
import json, os, resource, sys, threading
import requests
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import SystemClock
from ansible_collections.huaweicloud.drs.plugins.modules import drs_job_batch_stop
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import run_main

what, arguments = json.load(sys.stdin)
if what == "threads":
    threading.stack_size(256 * 1024 * 1024)
    pages = int(open("/proc/self/statm").read().split()[0])
    number, limit = resource.RLIMIT_AS, pages * resource.getpagesize() + 128 * 1024 * 1024
else:
    number, limit = resource.RLIMIT_NOFILE, max(map(int, os.listdir("/proc/self/fd"))) + 3
resource.setrlimit(number, (limit, resource.getrlimit(number)[1]))
run = run_main(drs_job_batch_stop.main, arguments, SystemClock())
print(json.dumps([run.stdout, run.code]))
"""


@pytest.mark.parametrize("as_action", [False, True], ids=["module", "action"])
@pytest.mark.parametrize("left", range(8))
def test_no_more_threads(
    sim: Simulator, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, left: int, as_action: bool
) -> None:
    ids = IDS[:4]
    for job_id in ids:
        sim.cloud.add_job(job_id)
    start, numbers = threading.Thread.start, count()

    def start_or_fail(thread: threading.Thread) -> None:
        if next(numbers) >= left:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_or_fail)

    run = StopModule(sim, clock, as_action)(*ids, batch_size=1, concurrency=3, wait_timeout=60)

    assert_true(run, sim, ids)
    assert_looks_between_stops(sent_to_cloud(run.requests))


@pytest.mark.parametrize("what", ["threads", "files"])
def test_a_process_without(what: str) -> None:
    with Simulator(release_seconds=0.2) as sim:
        seed_demo(sim.cloud)
        for job_id in IDS:
            sim.cloud.add_job(job_id)
        arguments = {
            "endpoint": sim.url,
            "token": sim.cloud.issue_token("demo", "demo"),
            "project_id": PROJECT_ID,
            "jobs": [{"job_id": job_id} for job_id in IDS],
            "batch_size": 1,
            "concurrency": 8,
            "retries": 1,
            "wait_interval": 0.2,
            "wait_timeout": 10,
        }
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps([what, arguments]),
            env={**os.environ, "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"], "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        stdout, code = json.loads(done.stdout)
        run = ModuleRun(stdout, code)
        run.requests = sim.requests

        assert_true(run, sim, IDS)
        assert_looks_between_stops(sent_to_cloud(run.requests))


def test_the_current_directory_goes_away(
    sim: Simulator, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sim.cloud.add_job(IDS[0])
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def script(request: RawRequest, _nth: int) -> Reply:
        if request.call == "batch-stop":
            folder.rmdir()
        return Reply()

    with RawServer(sim.url, script=script) as server:
        run = StopModule(sim, clock, as_action=True)(IDS[0], endpoint=f"http://127.0.0.1:{server.port}")

    assert run.outcomes == ["stopped"]
    assert_true(run, sim, IDS[:1])
