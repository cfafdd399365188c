# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task loads what it needs before its first request, so that no stop can be sent whose result cannot be told.

And a lookup loads nothing of DRS.
"""

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
from ansible_collections.huaweicloud.drs.tests.unit.test_architecture import service_of

STOP = ("stop_task.stop_spec", "stop_task.stop")
INFO = ("info_task.info_spec", "info_task.get_job_info")
JOBS = [{"job_id": RUNNING}, {"job_id": OTHER}, {"job_id": MISSING}]
ACCESS_KEY = {"access_key": account.ACCESS_KEY, "secret_key": account.SECRET_KEY}
PASSWORD = {"username": account.USER, "password": account.PASSWORD, "domain_name": account.DOMAIN}


class Loaded(NamedTuple):
    """What a task gave, which of our files were loaded by each connection and by its end, and which libraries."""

    result: dict[str, Any]
    connected: list[list[str]]
    end: list[str]
    libraries: list[str]


def load(names: tuple[str, str], folder: Path, **options: Any) -> Loaded:
    """Do the work of a task in a Python of its own."""
    environment = {**surroundings(folder), "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    program = str(Path(__file__).with_name("note_loaded.py"))
    told = succeed("python", program, "task", *names, json.dumps(options), folder=folder, environment=environment)
    return Loaded(**json.loads(told))


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
    assert loaded.libraries == ["requests", "urllib3"]
    assert loaded.connected
    assert [connected for connected in loaded.connected if connected != loaded.end] == []


def test_so_it_is_where_jobs_are_looked_at(cloud: Simulator, tmp_path: Path) -> None:
    access = {"endpoint": cloud.url, "project_id": account.PROJECT_ID, **ACCESS_KEY}
    for options in ({"job_ids": [RUNNING, MISSING]}, {"name": "DRS"}):
        loaded = load(INFO, tmp_path, **access, **options)
        assert [connected for connected in loaded.connected if connected != loaded.end] == []
        assert loaded.connected


@pytest.mark.parametrize(("names", "options"), [(STOP, {"jobs": []}), (INFO, {"job_ids": []})], ids=["stop", "info"])
def test_a_task_without_jobs_loads_no_library(names: tuple[str, str], options: dict[str, Any], tmp_path: Path) -> None:
    loaded = load(names, tmp_path, region="eu-west-101", token="any", project_id=account.PROJECT_ID, **options)
    assert (loaded.result["jobs"], loaded.connected) == ([], [])
    assert loaded.libraries == []


def test_a_stop_without_jobs_loads_no_client(tmp_path: Path) -> None:
    loaded = load(STOP, tmp_path, region="eu-west-101", token="any", project_id=account.PROJECT_ID, jobs=[])
    assert {"session", "drs", "http_client", "stop_jobs"}.isdisjoint(loaded.end)


AGENCY = {"agency_name": "migration", "agency_domain_name": "customer", "region": "cn-test-1"}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("iam_token", {**PASSWORD, "project_name": account.PROJECT_NAME}),
        ("iam_agency_token", {**PASSWORD, **AGENCY}),
        ("iam_project_id", {**ACCESS_KEY, "region": account.PROJECT_NAME}),
    ],
)
def test_a_lookup_loads_nothing_of_drs(name: str, options: dict[str, str], cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.add_project("customers-project", "cn-test-1", "customer")
    cloud.cloud.add_agency("migration", "customer", account.DOMAIN)
    environment = {**surroundings(tmp_path), "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    program = str(Path(__file__).with_name("note_loaded.py"))
    options = {**options, "iam_endpoint": cloud.url}
    told = json.loads(
        succeed("python", program, "lookup", name, json.dumps(options), folder=tmp_path, environment=environment)
    )
    assert told["result"]
    assert "module_utils/_client/login" in told["paths"]
    assert [path for path in told["paths"] if service_of(path) == "DRS"] == []
