# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run an action as Ansible's worker does, in this process, and compare it with the module of its name."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins import loader as plugin_loaders
from ansible.plugins.action import ActionBase
from ansible.template import Templar
from ansible.utils.display import Display

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Clock
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import ModuleRunner


@dataclass(frozen=True)
class TaskContext:
    """Where and how a task runs: what a playbook and its inventory say of it besides its options."""

    keywords: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=lambda: {"ansible_python_interpreter": sys.executable})
    connection: str = "ansible.builtin.local"
    become: str | None = None
    folder: Path = Path()


ON_CONTROLLER = TaskContext()


def run_action(
    name: str,
    arguments: Mapping[str, Any],
    clock: Clock,
    as_module: Callable[[], dict[str, Any]],
    context: TaskContext = ON_CONTROLLER,
) -> dict[str, Any]:
    """Return the result of a task with these arguments; those that begin with ``_ansible_`` are flags of the task.

    Where the action leaves the task to the module, ``as_module`` gives the result.
    """
    options = {option: value for option, value in arguments.items() if not option.startswith("_ansible_")}
    loader = DataLoader()
    loader.set_basedir(str(context.folder))
    keywords = {
        "check_mode": arguments.get("_ansible_check_mode", False),
        "diff": arguments.get("_ansible_diff", False),
        **context.keywords,
    }
    play_context = PlayContext()
    connection = plugin_loaders.connection_loader.get(context.connection, play_context)
    if context.become is not None:
        connection.set_become_plugin(plugin_loaders.become_loader.get(context.become))
    action = plugin_loaders.action_loader.get(
        name,
        task=Task.load({name: options, **keywords}, loader=loader),
        connection=connection,
        play_context=play_context,
        loader=loader,
        templar=Templar(loader=loader, variables=dict(context.variables)),
        shared_loader_obj=plugin_loaders,
    )
    action.clock = clock
    with (
        mock.patch.object(ActionBase, "_execute_module", lambda *_args, **_kwargs: as_module()),
        mock.patch.object(Display(), "verbosity", arguments.get("_ansible_verbosity", 0)),
    ):
        result: dict[str, Any] = action.run(task_vars=dict(context.variables))
    return result


def results_of_both(runner: type[ModuleRunner], **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the results of a task as a module and as an action, each in a cloud of its own."""
    return _result_of(runner, False, options), _result_of(runner, True, options)


def _result_of(runner: type[ModuleRunner], as_action: bool, options: dict[str, Any]) -> dict[str, Any]:
    """Return the whole result, but for what differs from cloud to cloud."""
    clock = ManualClock()
    with Simulator(clock=clock) as sim:
        seed_demo(sim.cloud)
        result = runner(sim, clock, as_action).run(**options).result
        text = json.dumps(result).replace(sim.url, "URL").replace(sim.url.rpartition("/")[2], "HOST")
    for request in sim.requests:
        text = text.replace(request.request_id, "REQUEST")
    found: dict[str, Any] = json.loads(text)
    for row in found.get("jobs", ()):
        row.pop("create_time", None)  # the simulated cloud makes them up when it starts
    # ansible-core 2.19 and newer make objects of a module's warnings, and also of an action's, but later.
    texts = [each["event"]["msg"] if isinstance(each, dict) else each for each in found.pop("warnings", ())]
    return {**found, "texts of warnings": texts}
