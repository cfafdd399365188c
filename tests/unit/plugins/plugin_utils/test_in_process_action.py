# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action does a task itself only where the module would run in the same Python.

What it does then: the tests of each action in ../action, and those in ../modules and ../module_utils that are marked
`module_and_action`.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants as C

from ansible_collections.huaweicloud.drs.plugins.module_utils._module.base import TIMEOUT_PARAMETER
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._in_process_action import InProcessAction
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.action_harness import ON_CONTROLLER, TaskContext, run_action
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    RUNNING,
    InfoModule,
    StopModule,
)

STOP, INFO = StopModule.name, InfoModule.name
LEFT = {"left": "to the module"}
OTHER_PYTHON = {"ansible_python_interpreter": "/another/python"}
THIS_PYTHON = {"ansible_python_interpreter": sys.executable}


def left_to_module() -> dict[str, Any]:
    """Stand for the module."""
    return dict(LEFT)


def is_left(options: dict[str, Any], context: TaskContext = ON_CONTROLLER, name: str = STOP) -> bool:
    """Run a task that needs no cloud, and say whether the action left it to the module."""
    given = {"endpoint": "http://127.0.0.1:1", "token": "t", "project_id": PROJECT_ID, **options}
    result = run_action(name, given, ManualClock(), left_to_module, context)
    return "left" in result


def test_a_task_on_the_controller_is_done_at_once() -> None:
    assert not is_left({"jobs": []})
    assert not is_left({"job_ids": []}, name=INFO)


@pytest.mark.parametrize(
    "context",
    [
        TaskContext(connection="ansible.builtin.ssh"),
        TaskContext(become="ansible.builtin.sudo"),
        TaskContext(keywords={"environment": {"HTTPS_PROXY": "http://proxy.invalid"}}),
        TaskContext(keywords={"async": 60, "poll": 0}),
        TaskContext(variables=OTHER_PYTHON),
        TaskContext(variables={"ansible_python_interpreter": "auto"}),
        TaskContext(variables={}),
        TaskContext(
            keywords={"delegate_to": "elsewhere"},
            variables={**THIS_PYTHON, "ansible_delegated_vars": {"elsewhere": OTHER_PYTHON}},
        ),
    ],
    ids=["connection", "become", "environment", "async", "python", "auto", "discovered", "delegated"],
)
def test_a_task_that_runs_elsewhere_or_as_somebody_else_is_left_to_the_module(context: TaskContext) -> None:
    assert is_left({"jobs": []}, context)
    assert is_left({"job_ids": []}, context, INFO)


@pytest.mark.parametrize("value", [False, "false", "no", 0, "perhaps", "", [True], None])
def test_a_play_variable_leaves_every_task_to_the_module(value: object) -> None:
    context = TaskContext(variables={**THIS_PYTHON, "huaweicloud_in_process": value})
    assert is_left({"jobs": []}, context)
    assert is_left({"job_ids": []}, context, INFO)


@pytest.mark.parametrize("value", [True, "yes", 1])
def test_the_same_variable_may_say_what_happens_without_it(value: object) -> None:
    assert not is_left({"jobs": []}, TaskContext(variables={**THIS_PYTHON, "huaweicloud_in_process": value}))


def test_delegation_to_the_controller_is_done_at_once() -> None:
    variables = {**OTHER_PYTHON, "ansible_delegated_vars": {"localhost": THIS_PYTHON}}
    assert not is_left({"jobs": []}, TaskContext(keywords={"delegate_to": "localhost"}, variables=variables))


def test_files_that_are_to_be_kept_are_those_of_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(C.config._base_defs, "DEFAULT_KEEP_REMOTE_FILES", {"default": True, "type": "bool"})
    assert is_left({"jobs": []})


def test_a_forked_process_of_macos_asks_for_no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert is_left({"jobs": []})


@pytest.mark.parametrize(
    "options",
    [
        {"jobs": [RUNNING]},
        {"jobs": [{"job_id": RUNNING, "forse": True}]},
        {"jobs": [], "wait": "perhaps"},
        {"jobs": [], "iam_endpoint": "http://iam.invalid", "auth_url": "http://other.invalid"},
        {"jobs": None},
        {"jobs": [], "wait_timeout": "30m"},
        {"jobs": [], "name": "x"},
        {},
        # Ansible hands some things over that have no JSON, and makes something of them for a module.
        {"jobs": [], "project_name": Path("a")},
        {"jobs": [], "project_name": {"a"}},
    ],
    ids=["no dictionary", "unknown", "no boolean", "alias", "null", "no number", "other's", "missing", "object", "set"],
)
def test_what_ansible_says_of_options_it_says_in_the_module(options: dict[str, Any]) -> None:
    assert is_left(options)


def test_an_alias_that_says_the_same_is_nothing_to_talk_about() -> None:
    assert not is_left({"jobs": [], "iam_endpoint": "http://iam.invalid", "auth_url": "http://iam.invalid"})


def test_relative_paths_begin_at_the_playbook(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    options = {"jobs": [{"job_id": RUNNING}], "token": "t", "project_id": PROJECT_ID, "ca_path": "ca.pem"}
    options["endpoint"] = "https://drs.invalid"
    before = Path.cwd()
    at_home = run_action(STOP, options, ManualClock(), left_to_module, TaskContext(folder=tmp_path))
    elsewhere = run_action(STOP, options, ManualClock(), left_to_module, TaskContext(folder=tmp_path.parent))
    assert ("does not exist" in at_home["msg"], "does not exist" in elsewhere["msg"]) == (False, True)
    assert Path.cwd() == before


@pytest.mark.parametrize(
    ("transport", "left", "expected"),
    [
        ("local", 50.5, {"period": 60, "seconds": 57.0, "end_at": 147.5}),
        ("local", 0.0, {"period": 60, "seconds": 57.0, "end_at": 157.0}),  # no alarm is set
        ("ssh", 50.5, {"period": 60, "seconds": 57.0}),
    ],
)
def test_a_module_is_told_when_ansible_ends_it(
    monkeypatch: pytest.MonkeyPatch, transport: str, left: float, expected: dict[str, float]
) -> None:
    monkeypatch.setattr(signal, "getitimer", lambda _which: (left, 0.0))
    clock = ManualClock()
    clock.advance(100)
    task = SimpleNamespace(timeout=60, async_val=0, args={"jobs": []})
    action = SimpleNamespace(_task=task, _connection=SimpleNamespace(transport=transport), clock=clock)
    InProcessAction._pass_timeout(action)  # type: ignore[arg-type]
    assert task.args == {"jobs": [], TIMEOUT_PARAMETER: expected}


@pytest.mark.parametrize(("bundle", "left"), [("ca.pem", True), ("/etc/ca.pem", False), ("", False)])
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_relative_path_of_the_environment_begins_at_the_directory_of_the_module(
    monkeypatch: pytest.MonkeyPatch, variable: str, bundle: str, left: bool
) -> None:
    monkeypatch.setenv(variable, bundle)
    assert is_left({"jobs": []}) is left
