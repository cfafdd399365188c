# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run an action as Ansible's worker does, in this process."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Place:
    """Where and how a task runs: what a playbook and its inventory say of it besides its options."""

    keywords: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=lambda: {"ansible_python_interpreter": sys.executable})
    connection: str = "ansible.builtin.local"
    become: str | None = None
    folder: Path = Path()


HERE = Place()


def run_action(
    name: str,
    arguments: Mapping[str, Any],
    clock: Clock,
    as_module: Callable[[], dict[str, Any]],
    place: Place = HERE,
) -> dict[str, Any]:
    """Give the result of a task with these arguments; what begins with ``_ansible_`` is what a module is told so.

    Where the action leaves the task to the module, ``as_module`` gives the result.
    """
    options = {option: value for option, value in arguments.items() if not option.startswith("_ansible_")}
    loader = DataLoader()
    loader.set_basedir(str(place.folder))
    keywords = {
        "check_mode": arguments.get("_ansible_check_mode", False),
        "diff": arguments.get("_ansible_diff", False),
        **place.keywords,
    }
    play_context = PlayContext()
    connection = plugin_loaders.connection_loader.get(place.connection, play_context)
    if place.become is not None:
        connection.set_become_plugin(plugin_loaders.become_loader.get(place.become))
    action = plugin_loaders.action_loader.get(
        name,
        task=Task.load({name: options, **keywords}, loader=loader),
        connection=connection,
        play_context=play_context,
        loader=loader,
        templar=Templar(loader=loader, variables=dict(place.variables)),
        shared_loader_obj=plugin_loaders,
    )
    action.clock = clock
    with (
        mock.patch.object(ActionBase, "_execute_module", lambda *_args, **_kwargs: as_module()),
        mock.patch.object(Display(), "verbosity", arguments.get("_ansible_verbosity", 0)),
    ):
        result: dict[str, Any] = action.run(task_vars=dict(place.variables))
    return result
