# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in for the modules of ``awx.awx``: no request leaves, the objects of AWX are in a file.

Ansible validates the options, by the argument specs in ``awx_collection.json``. The rest are the few things that decide
about the order of tasks, and whether a second run changes or fails:

* A module looks up the objects that it names, some of them even if it is to remove something, and fails without them.
* What is removed takes with it what belongs to it.
* A credential type that is in use cannot be removed: awx/api/views/__init__.py, CredentialTypeDetail.destroy().
* Links of an approval node in the task that creates it fail: workflow_job_template_node.py, the last lines of main().
* A secret is not shown, so it is not compared with ``update_secrets: false``: controller_api.py,
  ControllerAPIModule.fields_could_be_same().

This file becomes an action plugin of a collection in a temporary folder, under the names of all modules. An action is
several times as fast as a module.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

FOLDER = "AWX_STUB_FOLDER"
"""The environment variable with the folder of the facts, the objects and the log."""


# What a node of a workflow can run, and AWX finds by one call.
_UNIFIED = ("job_template", "workflow_job_template", "project", "inventory_source")


class Objects:
    """The objects of AWX, by kind and name."""

    def __init__(self, path: Path) -> None:
        """Read them, if there are any."""
        self._path = path
        self.all: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def write(self) -> None:
        """Keep them for the next module."""
        self._path.write_text(json.dumps(self.all, indent=1), encoding="utf-8")

    def missing(self, kind: str, params: dict[str, Any], lookups: dict[str, str]) -> Iterator[str]:
        """Return what is looked up and is not there."""
        for option, other in lookups.items():
            named = params.get(option) or []
            for name in [named] if isinstance(named, str) else named:
                kinds = _UNIFIED if other == "unified_job_template" else (other,)
                if not any(f"{each}/{name}" in self.all for each in kinds):
                    yield f"Request to /api/v2/{other}s/?name={name} returned 0 items, expected 1 ({kind}.{option})"

    def remove(self, key: str, facts: dict[str, Any]) -> None:
        """Remove an object, and what belongs to it."""
        kind, _slash, name = key.partition("/")
        del self.all[key]
        for other in list(self.all):
            module = facts["modules"].get(other.partition("/")[0], {})
            owner = "organization" if kind == "organization" else module.get("deleted_with")
            looked_up = {**module["looks_up"]["always"], **module["looks_up"]["unless_absent"]} if module else {}
            of = self.all.get(other, {}).get(owner, [])
            if looked_up.get(owner) == kind and name in ([of] if isinstance(of, str) else of):
                self.remove(other, facts)

    def change(self, key: str, params: dict[str, Any], facts: dict[str, Any]) -> bool:
        """Bring an object into the wanted state, and return whether anything has changed."""
        if params["state"] != "absent":
            return self.set(key, params)
        there = key in self.all
        if there:
            self.remove(key, facts)
        return there

    def set(self, key: str, params: dict[str, Any]) -> bool:
        """Create or change an object, and return whether anything has changed."""
        told = {name: value for name, value in params.items() if value is not None and name != "state"}
        known = self.all.get(key)
        inputs = (known or {}).get("inputs", {})
        if params.get("update_secrets") is False and told.get("inputs", {}).keys() == inputs.keys():
            told["inputs"] = inputs
        self.all[key] = {**(known or {}), **told}
        return self.all[key] != known


def problem_of(kind: str, params: dict[str, Any], objects: Objects, facts: dict[str, Any]) -> str | None:
    """Return why AWX would refuse."""
    lookups = facts["modules"][kind]["looks_up"]
    wanted = dict(lookups["always"])
    if params["state"] != "absent":
        wanted |= lookups["unless_absent"]
        if params.get("approval_node") and any(
            params.get(f"{when}_nodes") for when in ("success", "always", "failure")
        ):
            return "The requested object could not be found at /api/v2/workflow_approval_templates/1/success_nodes/."
    elif kind == "credential_type":
        using = [key for key, each in objects.all.items() if each.get("credential_type") == params["name"]]
        if using:
            return f"Credential types that are in use cannot be deleted: {using}"
    return next(objects.missing(kind, params, wanted), None)


class ActionModule(ActionBase):
    """What stands in for the module of the name that a task says."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Validate the options, do what the module would do, and log it."""
        folder = Path(os.environ[FOLDER])
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        kind = self._task.action.rpartition(".")[2]
        spec = {
            name: {key: value for key, value in option.items() if key != "environment"}
            for name, option in {**facts["common"], **facts["modules"][kind]["options"]}.items()
        }
        rules = {key: facts["modules"][kind].get(key) for key in ("mutually_exclusive", "required_if")}
        _valid, params = self.validate_argument_spec(argument_spec=spec, **rules)
        params = {name: value for name, value in params.items() if name in facts["modules"][kind]["options"]}

        objects = Objects(folder / "objects.json")
        key = f"{kind}/{params.get('name') or params.get('identifier') or params['team'] + ' ' + params['role']}"
        problem = problem_of(kind, params, objects, facts)
        changed = problem is None and objects.change(key, params, facts)
        objects.write()
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"key": key, "state": params["state"], "changed": changed}) + "\n")
        result = {"changed": changed, "invocation": {"module_args": params}}
        return result if problem is None else {**result, "failed": True, "msg": problem}
