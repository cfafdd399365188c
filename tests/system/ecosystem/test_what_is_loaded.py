# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task loads what it needs before its first request, so that no stop can be sent whose result cannot be told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator import demo as account
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import succeed, surroundings
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING

STOP = ("stop_options.stop_argument_spec", "stop_task.stop")
INFO = ("info_task.info_argument_spec", "info_task.look")
JOBS = [{"job_id": RUNNING}, {"job_id": OTHER}, {"job_id": MISSING}]
ACCESS_KEY = {"access_key": account.ACCESS_KEY, "secret_key": account.SECRET_KEY}
PASSWORD = {"username": account.USER, "password": account.PASSWORD, "domain_name": account.DOMAIN}


class Loaded(NamedTuple):
    """What a task gave, and which of our files were loaded by each connection and by its end."""

    result: dict[str, Any]
    connected: list[list[str]]
    end: list[str]


def load(names: tuple[str, str], folder: Path, **options: Any) -> Loaded:
    """Do the work of a task in a Python of its own."""
    environment = {**surroundings(folder), "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    program = str(Path(__file__).with_name("note_loaded.py"))
    output = succeed("python", program, *names, json.dumps(options), folder=folder, environment=environment)
    return Loaded(**json.loads(output))


@pytest.mark.parametrize("credential", [ACCESS_KEY, PASSWORD], ids=["access key", "password"])
@pytest.mark.parametrize("project", [{"project_id": account.PROJECT_ID}, {"project_name": account.PROJECT_NAME}])
@pytest.mark.parametrize(
    "fault",
    [
        None,
        Fault("batch-stop", kind="reset", after=True),
        Fault("batch-stop", kind="html", after=True),
        Fault("batch-stop", status=429, nth=None),
        Fault("batch-stop", status=400, body={"error_code": "DRS.10000001", "error_msg": "Too many"}),
        Fault("batch-status", status=500, nth=None),
    ],
    ids=lambda fault: fault and f"{fault.endpoint} {fault.kind} {fault.status or ''}",
)
def test_nothing_is_loaded_once_a_request_is_under_way(
    credential: dict[str, str], project: dict[str, str], fault: Fault | None, cloud: Simulator, tmp_path: Path
) -> None:
    if fault is not None:
        cloud.faults.add(fault)
    access = {"endpoint": cloud.url, "iam_endpoint": cloud.url, **credential, **project}
    loaded = load(STOP, tmp_path, **access, jobs=JOBS, wait_interval=1, wait_timeout=60)
    assert loaded.result["summary"]["requested"] == len(JOBS)
    assert "stop_jobs" in loaded.end
    assert loaded.connected
    assert [connected for connected in loaded.connected if connected != loaded.end] == []


def test_so_it_is_where_jobs_are_looked_at(cloud: Simulator, tmp_path: Path) -> None:
    access = {"endpoint": cloud.url, "project_id": account.PROJECT_ID, **ACCESS_KEY}
    for options in ({"job_ids": [RUNNING, MISSING]}, {"name": "DRS"}):
        loaded = load(INFO, tmp_path, **access, **options)
        assert [connected for connected in loaded.connected if connected != loaded.end] == []
        assert loaded.connected


def test_a_task_without_jobs_loads_no_client(tmp_path: Path) -> None:
    loaded = load(STOP, tmp_path, region="eu-west-101", token="any", project_id=account.PROJECT_ID, jobs=[])
    assert (loaded.result["jobs"], loaded.connected) == ([], [])
    assert {"access", "drs", "http_client", "stop_jobs"}.isdisjoint(loaded.end)
    # Somebody whose Python lacks requests is told so all the same.
    assert "requirements" in loaded.end
