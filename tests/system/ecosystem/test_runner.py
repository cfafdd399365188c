# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-runner, the engine of AWX, runs the collection from its tarball: here, and on another machine."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    succeed,
    surroundings,
    write_playbook,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.test_canary import found_in
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING, job_ids

pytestmark = pytest.mark.skipif(find_spec("ansible_runner") is None, reason="ansible-runner is not installed")

STOP = "huaweicloud.drs.drs_job_batch_stop"
INFO = "huaweicloud.drs.drs_job_info"
PASSWORD = "Pelican77MarigoldCanary-of-the-user"
SECRET_KEY = "Axolotl68000PetuniaCanary-of-the-key"
CANARIES = {"password": PASSWORD, "secret key": SECRET_KEY}
# Bytes. AWX keeps each event in its database and sends it to browsers; results of several MB have brought it down.
LARGEST_EVENT = 250_000
# As long as the name of a job may be.
LONG_NAME = "customer-orders-from-the-old-data-centre-to-rds-{:02}"


@pytest.fixture
def cloud(cloud: Simulator) -> Simulator:
    """The cloud, with somebody whose secrets are worth looking for."""
    cloud.cloud.add_user("canary", PASSWORD, "demo")
    cloud.cloud.add_access_key("canary-key", SECRET_KEY)
    return cloud


@pytest.fixture
def private_data(cloud: Simulator, installed: Path, tmp_path: Path) -> Path:
    """The private data directory that AWX would make: the project with the collection, and a credential in env."""
    folder = tmp_path / "here"
    for name in ("env", "inventory", "project"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(installed, folder / "project" / "collections")
    credential = {
        "HW_REGION_NAME": "demo",
        "HW_DOMAIN_NAME": "demo",
        "HW_USER_NAME": "canary",
        "HW_USER_PASSWORD": PASSWORD,
        "HW_AUTH_TOKEN": "",
        "HW_DRS_ENDPOINT": cloud.url,
        "HW_AUTH_URL": f"{cloud.url}/v3",
        "CANARY_SECRET_KEY": SECRET_KEY,
    }
    (folder / "env" / "envvars").write_text(json.dumps(credential), encoding="utf-8")
    (folder / "inventory" / "hosts").write_text("localhost\n", encoding="utf-8")
    return folder


def results_in(folder: Path) -> dict[str, tuple[dict[str, Any], int]]:
    """Give the result of each task from the events of a run, and how large its event is in bytes."""
    found = {}
    for path in (folder / "job_events").glob("*.json"):
        event = json.loads(path.read_bytes())
        if event["event"] in ("runner_on_ok", "runner_on_failed"):
            found[event["event_data"]["task"]] = (event["event_data"]["res"], path.stat().st_size)
    return found


def written(folder: Path) -> Iterator[tuple[Path, str]]:
    """Give every file that a run has left, but for what ansible-runner itself writes credentials into.

    That is ``env``, where AWX hands them over (a worker gets a copy), and ``command`` among the artifacts, where
    ansible-runner notes the whole environment. AWX takes neither into its database as it is.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        is_of_the_runner = inside[0] == "env" or (inside[0] == "artifacts" and inside[2:] == ("command",))
        if path.is_file() and not is_of_the_runner and "collections" not in inside:
            yield path, path.read_bytes().decode("utf-8", "replace")


def secrets_left(cloud: Simulator, *folders: Path) -> list[str]:
    """Give which secrets are in which files: those of the environment, and each token that the cloud has issued."""
    tokens = {request.headers["X-Auth-Token"] for request in cloud.requests if "X-Auth-Token" in request.headers}
    assert tokens
    secrets = {**CANARIES, **{f"token {number}": token for number, token in enumerate(tokens)}}
    texts = [(path, text) for folder in folders for path, text in written(folder)]
    assert [path for path, text in texts if RUNNING in text or job_ids(1)[0] in text]
    return [f"{name} in {path}" for path, text in texts for name in found_in(f"{path}\n{text}", secrets)]


def test_events_about_five_hundred_jobs_stay_small(cloud: Simulator, private_data: Path, tmp_path: Path) -> None:
    ids = job_ids(500)
    for number, job_id in enumerate(ids):
        cloud.cloud.add_job(job_id, LONG_NAME.format(number % 100))
    stop = {STOP: {"jobs": [{"job_id": job_id} for job_id in ids], "wait_interval": 0.1}}
    tasks: list[dict[str, Any]] = [
        {"name": "look", INFO: {"job_ids": ids}},
        {"name": "check", **stop, "check_mode": True},
        {"name": "stop", **stop},
        # As the guide says: Ansible prints the result of a task that fails.
        {
            "name": "fail",
            STOP: {"job_ids": [*ids, MISSING]},
            "register": "stops",
            "failed_when": "stops.jobs is not defined",
        },
    ]
    write_playbook(private_data / "project" / "stop.yml", tasks)
    command = ("ansible-runner", "run", private_data, "-p", "stop.yml", "--ident", "one", "-vvv")
    succeed(*command, folder=tmp_path, environment=surroundings(tmp_path))

    results = results_in(private_data / "artifacts" / "one")
    for name, outcome in (("check", "would_stop"), ("stop", "stopped")):
        result, size = results[name]
        assert [(row["job_id"], row["outcome"]) for row in result["jobs"]] == [(job_id, outcome) for job_id in ids]
        assert size < LARGEST_EVENT, name
    assert results["look"][0]["count"] == len(ids)
    assert MISSING in results["fail"][0]["msg"]
    assert max(size for _result, size in results.values()) < LARGEST_EVENT
    assert sorted(stopped.job_id for stopped in cloud.cloud.accepted_stops) == ids
    assert secrets_left(cloud, private_data) == []


TASKS: list[dict[str, Any]] = [
    {"name": "check", STOP: {"jobs": [{"job_id": RUNNING}]}, "check_mode": True},
    {
        "name": "with a token",
        STOP: {"jobs": [{"job_id": RUNNING}, {"job_id": MISSING}], "token": "{{ token }}", "wait_interval": 0.1},
        "vars": {"token": "{{ lookup('huaweicloud.drs.iam_token') }}"},
        "ignore_errors": True,
    },
    {
        "name": "with a key",
        STOP: {
            "jobs": [{"job_id": OTHER}],
            "access_key": "canary-key",
            "secret_key": "{{ key }}",
            "wait_interval": 0.1,
        },
        "vars": {"key": "{{ lookup('env', 'CANARY_SECRET_KEY') }}"},
    },
    {"name": "look", INFO: {"job_ids": [RUNNING, OTHER]}},
]
EXPECTED = {"check": ["would_stop"], "with a token": ["stopped", "failed"], "with a key": ["stopped"]}


def test_another_machine_stops_jobs_and_sends_the_results_back(
    cloud: Simulator, private_data: Path, tmp_path: Path
) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    write_playbook(private_data / "project" / "stop.yml", TASKS)
    environment = surroundings(tmp_path)

    sent = succeed(
        *("ansible-runner", "transmit", private_data, "-p", "stop.yml", "--ident", "two"),
        folder=tmp_path,
        environment=environment,
    )
    # Nothing but what was sent, so that it does not run with what lies here.
    shutil.move(private_data, tmp_path / "elsewhere")
    worker = ("ansible-runner", "worker", "--private-data-dir", there)
    done = succeed(*worker, folder=tmp_path, environment=environment, stdin=sent)
    process = ("ansible-runner", "process", back, "--ident", "two")
    succeed(*process, folder=tmp_path, environment=environment, stdin=done)

    results = {name: result for name, (result, _size) in results_in(back / "artifacts" / "two").items()}
    assert {name: [row["outcome"] for row in results[name]["jobs"]] for name in EXPECTED} == EXPECTED
    assert [job["phase"] for job in results["look"]["jobs"]] == ["stopped", "stopped"]
    assert (back / "artifacts/two/status").read_text(encoding="utf-8") == "successful"
    assert [stopped.job_id for stopped in cloud.cloud.accepted_stops] == [RUNNING, OTHER]
    assert secrets_left(cloud, there, back) == []
    # A worker sends its events and keeps none. The status "starting" holds the environment, like the file `command`.
    events = [line for line in done.splitlines() if '"event": ' in line]
    assert len(events) > len(TASKS)
    assert found_in("\n".join(events), CANARIES) == []
    # It would have been found: this is where ansible-runner keeps it.
    assert found_in((there / "env/envvars").read_text(encoding="utf-8"), CANARIES) == list(CANARIES)


def test_progress_arrives_as_events_while_the_task_runs(cloud: Simulator, private_data: Path, tmp_path: Path) -> None:
    for number, job_id in enumerate(job_ids(3)):
        cloud.cloud.add_job(job_id, release_seconds=number + 0.5)
    stop = {STOP: {"jobs": [{"job_id": job_id} for job_id in job_ids(3)], "wait_interval": 1}}
    write_playbook(private_data / "project" / "stop.yml", [{"name": "stop", **stop}])
    environment, there, back = surroundings(tmp_path), tmp_path / "there", tmp_path / "back"

    transmit = ("ansible-runner", "transmit", private_data, "-p", "stop.yml", "--ident", "three")
    sent = succeed(*transmit, folder=tmp_path, environment=environment)
    worker = ("ansible-runner", "worker", "--private-data-dir", there)
    done = succeed(*worker, folder=tmp_path, environment=environment, stdin=sent)
    succeed("ansible-runner", "process", back, "--ident", "three", folder=tmp_path, environment=environment, stdin=done)

    events = [json.loads(path.read_bytes()) for path in (back / "artifacts/three/job_events").glob("*.json")]
    shown = {event["stdout"]: datetime.fromisoformat(event["created"]) for event in events if event["stdout"]}
    times = [
        next(time for text, time in shown.items() if words in text)
        for words in (
            "3 jobs: 3 to stop",
            "3 of 3 so far",
            "0 of 3 jobs ended",
            "1 of 3",
            "2 of 3",
            "3 of 3 jobs ended",
        )
    ]
    assert times == sorted(times)
    (result,) = [datetime.fromisoformat(event["created"]) for event in events if event["event"] == "runner_on_ok"]
    # The lines of the wait come a second apart, and so long before the result.
    assert (result - times[2]).total_seconds() > 2.5
    assert all((after - before).total_seconds() > 0.5 for before, after in pairwise(times[2:]))


@pytest.mark.parametrize("end", ["canceled", "timeout"])
def test_after_a_cancel_or_a_timeout_the_events_on_disk_name_the_accepted_stops(
    cloud: Simulator, private_data: Path, tmp_path: Path, end: str
) -> None:
    for job_id in job_ids(20):
        cloud.cloud.add_job(job_id, release_seconds=3600)
    stop = {STOP: {"jobs": [{"job_id": job_id} for job_id in job_ids(20)], "wait_interval": 1}}
    write_playbook(private_data / "project" / "stop.yml", [{"name": "stop", **stop}])
    # As AWX does: it asks at each event whether the job is to be canceled. The timeout of the job template is over as
    # soon as the jobs are waited for.
    (tmp_path / "run.py").write_text(
        f"""
import ansible_runner, pathlib
folder = pathlib.Path({str(private_data)!r})
def is_to_be_canceled():
    events = folder.glob("artifacts/four/job_events/*.json")
    is_waiting = any("0 of 20 jobs ended" in each.read_text() for each in events)
    if is_waiting and {end == "timeout"}:
        runner.config.job_timeout = 0.001
    return is_waiting and {end == "canceled"}
runner = ansible_runner.interface.init_runner(
    private_data_dir=str(folder), playbook="stop.yml", ident="four", cancel_callback=is_to_be_canceled)
runner.run()
print(runner.status)
""",
        encoding="utf-8",
    )
    assert end in succeed("python", tmp_path / "run.py", folder=tmp_path, environment=surroundings(tmp_path))

    events = [json.loads(path.read_bytes()) for path in (private_data / "artifacts/four/job_events").glob("*.json")]
    told = [re.findall(r"c7debc9c-[\w-]+", event["stdout"]) for event in events if " so far: " in event["stdout"]]
    assert sorted(job_id for ids in told for job_id in ids) == job_ids(20)
    assert len(cloud.cloud.accepted_stops) == 20
    assert not [event for event in events if event["event"] in ("runner_on_ok", "runner_on_failed")]


def test_only_the_files_of_credentials_are_left_out(tmp_path: Path) -> None:
    theirs = ["env/envvars", "artifacts/one/command"]
    ours = ["artifacts/one/job_events/command", "artifacts/one/stdout", "inventory/env", "project/env/envvars"]
    for name in (*theirs, *ours):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("canary", encoding="utf-8")
    assert [path.relative_to(tmp_path).as_posix() for path, _text in written(tmp_path)] == ours
