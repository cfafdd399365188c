# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible itself decides where a task runs: in its own process or as a module, with the same result either way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    play,
    results_in,
    run,
    succeed,
    with_collection,
    write_playbook,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING

STOP = "huaweicloud.drs.drs_job_batch_stop"
INFO = "huaweicloud.drs.drs_job_info"
# Enough to leave the work to the module.
AS_MODULE = {"environment": {"SOMETHING": "else"}}


class Runner:
    """Runs tasks with ansible-playbook at -vvv, where Ansible says each program that it starts."""

    def __init__(self, folder: Path, cloud: Simulator) -> None:
        """Take a folder to write to, and the cloud."""
        self.folder = folder
        self.cloud = cloud
        self.environment = {
            **with_collection(folder),
            "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false",
            # Ansible takes the home that the system knows, not that of the environment.
            "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
            "ANSIBLE_ASYNC_DIR": str(folder / "async"),
        }
        self.access = {
            "endpoint": cloud.url,
            "token": cloud.cloud.issue_token("demo", "demo"),
            "project_id": PROJECT_ID,
        }
        self.output = ""

    def task(self, name: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
        """Give a task of this collection."""
        return {"name": name, name: {**self.access, **options}, **keywords}

    def run(self, *tasks: dict[str, Any], **keywords: Any) -> list[tuple[bool, Any]]:
        """Run a play; give for each task whether Ansible started a module, and its result."""
        path = self.folder / "play.yml"
        write_playbook(path, list(tasks), ignore_errors=True, **keywords)
        done = play(path, self.environment, "-vv")
        self.output = done.stdout + done.stderr
        _head, *outputs = re.split(r"^TASK \[.*\n", done.stdout, flags=re.MULTILINE)
        assert len(outputs) == len(tasks), self.output
        found = []
        for each in outputs:
            results = results_in(each)
            assert len(results) == 1, self.output
            found.append((" EXEC " in each, results[0]))
        return found


@pytest.fixture
def runner(tmp_path: Path, cloud: Simulator) -> Runner:
    """Ansible, with a cloud."""
    return Runner(tmp_path, cloud)


def test_both_ways_give_the_same_result(runner: Runner) -> None:
    jobs = [{"job_id": RUNNING}, {"job_id": MISSING}, {"job_id": OTHER}, {"job_id": OTHER}]
    tasks = [
        runner.task(STOP, {"jobs": jobs, "validate_certs": False}, check_mode=True, diff=True),
        runner.task(INFO, {"job_ids": [RUNNING, MISSING]}),
        runner.task(STOP, {"jobs": [RUNNING]}),
        runner.task(STOP, {"jobs": [{"job_id": "no ID"}]}),
    ]
    here = runner.run(*tasks)
    warned = re.sub(r"\s+", " ", runner.output)
    elsewhere = runner.run(*[{**task, **AS_MODULE} for task in tasks])
    # What Ansible has to say about options it says in the module.
    assert [is_module for is_module, _result in here] == [False, False, True, False]
    assert [is_module for is_module, _result in elsewhere] == [True] * len(tasks)
    for (_is_module, result), (_also, other) in zip(here, elsewhere, strict=True):
        assert _without_request_ids(result) == _without_request_ids(other)
    assert "named more than once; its stop is sent once" in warned
    assert "validate_certs is false" in warned
    assert "DEPRECATION" not in warned


def _without_request_ids(result: dict[str, Any]) -> dict[str, Any]:
    rows = [{**row, "request_id": None} for row in result.get("jobs", ())]
    error = {**result["error"], "request_id": None} if "error" in result else None
    msg = re.sub(r"request ID [\w-]+", "", result.get("msg", ""))
    return {**result, "jobs": rows, "error": error, "msg": msg}


def test_a_task_behind_the_playbook_is_a_module(runner: Runner) -> None:
    ((is_module, result),) = runner.run(
        runner.task(STOP, {"jobs": [{"job_id": RUNNING}], "wait_interval": 0.1}, **{"async": 60, "poll": 1})
    )
    assert (is_module, result["summary"]["stopped"]) == (True, 1), runner.output


def test_delegation_to_the_controller_and_defaults_of_the_group(runner: Runner) -> None:
    task = {"name": "delegated", STOP: {"jobs": [{"job_id": RUNNING}], "wait_interval": 0.1}}
    defaults = {"group/huaweicloud.drs.all": runner.access}
    path = runner.folder / "delegated.yml"
    write_playbook(path, [{**task, "delegate_to": "localhost"}], hosts="database", vars={}, module_defaults=defaults)
    command = ("ansible-playbook", "-vvv", "-i", "database,", path)
    output = succeed(*command, folder=runner.folder, environment=runner.environment)
    assert '"outcome": "stopped"' in output
    assert " EXEC " not in output


def test_a_short_name_and_options_in_a_line(runner: Runner) -> None:
    options = " ".join(f"{name}={value}" for name, value in runner.access.items())
    task = {"name": "short", "action": f"drs_job_info {options} job_ids={RUNNING}"}
    ((is_module, result),) = runner.run(task, collections=["huaweicloud.drs"])
    assert (is_module, result["count"]) == (False, 1)


def test_a_value_that_is_encrypted_in_the_playbook(runner: Runner) -> None:
    key = runner.folder / "key"
    key.write_text("sesame", encoding="utf-8")
    command = ("ansible-vault", "encrypt_string", "--vault-password-file", key)
    encrypted = succeed(
        *command, folder=runner.folder, environment=runner.environment, stdin=runner.access["token"]
    ).partition("\n")[2]
    path = runner.folder / "vault.yml"
    indented = "\n".join(f"          {line.strip()}" for line in encrypted.splitlines())
    path.write_text(
        "- hosts: localhost\n  connection: local\n  gather_facts: false\n"
        '  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}\n'
        f"  tasks:\n    - {INFO}:\n        endpoint: {runner.cloud.url}\n        project_id: {PROJECT_ID}\n"
        f"        job_ids: [{RUNNING}]\n        token: !vault |\n{indented}\n",
        encoding="utf-8",
    )
    done = play(path, runner.environment, "--vault-password-file", str(key))
    ((result),) = results_in(done.stdout)
    assert result["count"] == 1, done.stdout
    assert runner.access["token"] not in done.stdout + done.stderr


def test_a_keyword_timeout_ends_the_task_and_nothing_else(runner: Runner) -> None:
    runner.cloud.faults.add(Fault("batch-status", kind="stall"))
    late = runner.task(STOP, {"jobs": [{"job_id": RUNNING}]}, timeout=1)
    (is_module, result), (_is_module, again) = runner.run(late, runner.task(INFO, {"job_ids": [RUNNING]}))
    assert not is_module
    assert result["timedout"] == {"period": 1}
    assert result["jobs"][0]["outcome"] == "failed"
    assert [row["phase"] for row in again["jobs"]] == ["running"]
    assert "batch-stop" not in [request.endpoint for request in runner.cloud.requests]


def test_a_retry_is_shown_at_once_unless_the_task_has_no_log(runner: Runner) -> None:
    task = runner.task(INFO, {"job_ids": [RUNNING]})
    path = runner.folder / "retries.yml"
    for no_log in (False, True):
        runner.cloud.faults.add(Fault("batch-detail", status=503))
        write_playbook(path, [{**task, "no_log": no_log}])
        shown = re.findall(
            r"^POST .*/batch-detail: HTTP 503, attempt 2 in [\d.]+ s$", _show(runner, path), re.MULTILINE
        )
        assert len(shown) == (0 if no_log else 1)
        assert len(runner.cloud.requests_to("batch-detail")) == (4 if no_log else 2)


def _show(runner: Runner, playbook: Path) -> str:
    command = ("ansible-playbook", "-vv", "-i", "localhost,", playbook)
    return succeed(*command, folder=runner.folder, environment=runner.environment)


def test_each_item_of_a_loop_is_a_task_of_its_own(runner: Runner) -> None:
    loop = runner.task(STOP, {"jobs": "{{ [{'job_id': item}] }}", "wait_interval": 0.1}, loop=[RUNNING, MISSING, OTHER])
    path = runner.folder / "loop.yml"
    write_playbook(path, [loop])
    done = run("ansible-playbook", "-i", "localhost,", path, folder=runner.folder, environment=runner.environment)
    assert re.findall(r"^(\w+): \[localhost\].*\(item=", done.stdout, re.MULTILINE) == ["changed", "failed", "changed"]
