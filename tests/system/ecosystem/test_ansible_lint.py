# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mistake in a task of a user's project: what ansible-lint says of it, and what the task itself says when it runs.

ansible-lint does not find all of them. The task refuses each in one line, before its first request.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    LOCAL,
    play,
    results_in,
    run,
    succeed,
    surroundings,
)

pytestmark = pytest.mark.skipif(find_spec("ansiblelint") is None, reason="ansible-lint is not installed")

STOP = "huaweicloud.drs.drs_job_batch_stop"
INFO = "huaweicloud.drs.drs_job_info"
JOBS = [{"job_id": "a"}]


class Fatal(NamedTuple):
    """A task that cannot be loaded, the rule of ansible-lint that says so, and what Ansible says of it, too."""

    task: dict[str, Any]
    rule: str
    message: str


class Mistake(NamedTuple):
    """A task with a mistake, what ansible-lint says of it (None: nothing), and what the task says when it runs."""

    module: str
    options: dict[str, Any]
    lint: str | None
    task: str


def found(module: str, options: dict[str, Any], message: str) -> Mistake:
    """Return a mistake of which ansible-lint says what the task says."""
    return Mistake(module, options, message, message)


def missed(module: str, options: dict[str, Any], message: str) -> Mistake:
    """Return a mistake of which ansible-lint says nothing."""
    return Mistake(module, options, None, message)


MISTAKES = {
    "A misspelled option": found(STOP, {"jbos": JOBS}, "jbos is no option: did you mean jobs?"),
    "A misspelled option of an entry": found(
        STOP, {"jobs": [{"job_id": "a"}, {"jobid": "b"}]}, "jobs: jobid of entry 2 is no option: did you mean job_id?"
    ),
    "An option of the other module": found(INFO, {"jobs": JOBS}, "jobs is no option: did you mean job_ids?"),
    "No jobs": found(STOP, {"wait": True}, "one of the following is required: jobs, job_ids"),
    "Null for the jobs": found(
        STOP, {"jobs": None}, "jobs is null: give a value, or leave the option out (in a template: default(omit))"
    ),
    "A word for a boolean": found(STOP, {"jobs": JOBS, "wait": "maybe"}, "wait must be true or false, it is 'maybe'"),
    "A time with a unit": found(
        STOP,
        {"jobs": JOBS, "wait_timeout": "30m"},
        "wait_timeout must be a number of seconds, from 0 to 604800; it is '30m'",
    ),
    "An unknown choice": found(
        INFO,
        {"job_type": "migratoin"},
        "value of job_type must be one of: migration, sync, cloudDataGuard, replay, got: migratoin",
    ),
    "Half of a credential": found(
        STOP, {"jobs": JOBS, "access_key": "a"}, "parameters are required together: access_key, secret_key"
    ),
    # The rule `args` leaves these out, because a template may omit one of the two.
    "Jobs in two ways": missed(
        STOP, {"jobs": JOBS, "job_ids": ["a"]}, "parameters are mutually exclusive: jobs|job_ids"
    ),
    # It knows what Ansible validates, and not what the module checks after that.
    "A job without an ID": missed(
        STOP,
        {"jobs": [{"job_id": "DRS orders"}]},
        "jobs: job_id of entry 1 'DRS orders' is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)",
    ),
    # It does not know what a template evaluates to.
    "A template for a boolean": missed(
        STOP, {"jobs": JOBS, "wait": "{{ 'may' ~ 'be' }}"}, "wait must be true or false, it is 'maybe'"
    ),
    "An unknown option of a lookup": missed(
        "ansible.builtin.debug",
        {"msg": "{{ lookup('huaweicloud.drs.iam_token', regoin='a') }}"},
        "regoin",
    ),
}
# What ends ansible-playbook before any task, and ansible-lint before its rules.
FATAL = {
    "module.yml": Fatal(
        {"huaweicloud.drs.drs_job_batch_stpo": {"jobs": JOBS}},
        "syntax-check[unknown-module]",
        "couldn't resolve module/action 'huaweicloud.drs.drs_job_batch_stpo'",
    ),
    "keyword.yml": Fatal(
        {STOP: {"jobs": JOBS}, "registr": "stops"},
        "syntax-check[specific]",
        "conflicting action statements: huaweicloud.drs.drs_job_batch_stop, registr",
    ),
}


class Project:
    """A user's project, whose `ansible.cfg` names the installed collection, with a credential in the environment."""

    def __init__(self, folder: Path, installed: Path, cloud: Simulator) -> None:
        """Make it below a folder."""
        self.folder = folder / "project"
        self.folder.mkdir()
        (self.folder / "ansible.cfg").write_text(f"[defaults]\ncollections_path = {installed}\n", encoding="utf-8")
        self.environment = {
            **surroundings(folder),
            "HW_DRS_ENDPOINT": cloud.url,
            "HW_PROJECT_ID": PROJECT_ID,
            "HW_AUTH_TOKEN": cloud.cloud.issue_token("demo", "demo"),
        }

    def write(self, name: str, *plays: dict[str, Any]) -> Path:
        """Write a playbook, in a style that ansible-lint has nothing to say about."""
        written = [{"name": "Stop jobs", **LOCAL, **each} for each in plays]
        path = self.folder / name
        path.write_text(f"---\n{yaml.dump(written, Dumper=_Indented, sort_keys=False)}", encoding="utf-8")
        return path

    def lint(self, *names: str) -> tuple[int, list[dict[str, Any]]]:
        """Return the exit code of ansible-lint, and what it says."""
        command = ("ansible-lint", "--offline", "--format", "json", *names)
        done = run(*command, folder=self.folder, environment=self.environment)
        problems: list[dict[str, Any]] = json.loads(done.stdout)
        return done.returncode, problems


class _Indented(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


@pytest.fixture
def project(tmp_path: Path, installed: Path, cloud: Simulator) -> Project:
    """A project with a cloud that its tasks would reach."""
    cloud.clear_requests()
    return Project(tmp_path, installed, cloud)


def tasks_with_mistakes() -> list[dict[str, Any]]:
    """Return a task for each mistake."""
    return [{"name": name, mistake.module: mistake.options} for name, mistake in MISTAKES.items()]


def test_what_ansible_lint_says(project: Project, cloud: Simulator) -> None:
    false_alarm = {"name": "Only in module_defaults", STOP: {"wait": True}}
    project.write(
        "stop.yml",
        {"tasks": tasks_with_mistakes()},
        {"module_defaults": {STOP: {"jobs": JOBS}}, "tasks": [false_alarm]},
    )
    code, problems = project.lint("stop.yml")
    said = {each["content"]["body"].removeprefix("Task/Handler: "): each["description"] for each in problems}
    assert said.pop("Only in module_defaults") == "one of the following is required: jobs, job_ids"
    assert said == {name: mistake.lint for name, mistake in MISTAKES.items() if mistake.lint is not None}
    assert {each["check_name"] for each in problems} == {"args[module]"}
    # The rule is experimental, so without --strict it only warns.
    assert code == 0
    assert cloud.requests == []


@pytest.mark.parametrize("in_process", [True, False], ids=["action", "module"])
def test_what_the_task_says(project: Project, cloud: Simulator, in_process: bool) -> None:
    variables = {**LOCAL["vars"], "huaweicloud_in_process": in_process}
    path = project.write("stop.yml", {"vars": variables, "ignore_errors": True, "tasks": tasks_with_mistakes()})
    shown = play(path, project.environment).stdout
    assert shown.count("fatal: [localhost]") == len(MISTAKES), shown
    said = {name: result["msg"] for name, result in zip(MISTAKES, results_in(shown), strict=True)}
    for name, mistake in MISTAKES.items():
        assert mistake.task in said[name]
        # What ansible-core itself fails at is told with where and why.
        assert said[name] == mistake.task or not mistake.module.startswith("huaweicloud.drs.")
    assert cloud.requests == []


def test_what_is_fatal(project: Project, cloud: Simulator) -> None:
    paths = [project.write(name, {"tasks": [{"name": "Stop jobs", **each.task}]}) for name, each in FATAL.items()]
    code, problems = project.lint(*FATAL)
    assert code == 2
    assert {each["location"]["path"]: each["check_name"] for each in problems} == {
        name: each.rule for name, each in FATAL.items()
    }
    said = {each["location"]["path"]: each["description"] for each in problems}
    for path in paths:
        done = play(path, project.environment)
        assert done.returncode != 0
        assert "TASK" not in done.stdout
        for text in (said[path.name], " ".join(done.stderr.split())):
            assert FATAL[path.name].message in text
    assert cloud.requests == []


def test_a_project_without_a_mistake_passes(project: Project, cloud: Simulator) -> None:
    tasks = [
        {"name": "Find jobs", INFO: {"job_type": "{{ kind }}", "details": ["lag"]}, "register": "info"},
        {"name": "Stop them", STOP: {"jobs": "{{ info.jobs }}", "wait": "{{ wait }}", "wait_timeout": "{{ seconds }}"}},
        {"name": "Stop some", STOP: {"jobs": [{"job_id": "{{ item }}", "force": "{{ force }}"}]}, "loop": ["a", "b"]},
        {"name": "Stop one of two", STOP: {"jobs": "{{ a | default(omit) }}", "job_ids": "{{ b | default(omit) }}"}},
        {"name": "Show the token", "ansible.builtin.debug": {"msg": "{{ lookup('huaweicloud.drs.iam_token') }}"}},
    ]
    defaults = {"group/huaweicloud.drs.all": {"region": "ap-southeast-1", "timeout": 10}}
    project.write("stop.yml", {"module_defaults": defaults, "tasks": tasks})
    command = ("ansible-lint", "--offline", "--strict", "stop.yml")
    succeed(*command, folder=project.folder, environment=project.environment)
    assert cloud.requests == []
