# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection ``awx.awx`` as far as tests need it: its argument specs, and a stub of it that ansible-playbook runs.

``awx_collection.json`` holds the facts, and where they are in AWX's source.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.huaweicloud.drs.tests.system.ecosystem import awx_stub

HERE = Path(__file__).resolve().parent
FACTS: dict[str, Any] = json.loads((HERE / "awx_collection.json").read_text(encoding="utf-8"))
MODULES: dict[str, dict[str, Any]] = FACTS["modules"]
PREFIX = "awx.awx."
EXAMPLES: dict[str, Any] = {"bool": True, "int": 1, "float": 1.0, "list": ["x"], "dict": {"x": "x"}}


def is_template(value: Any) -> bool:
    """Return whether a value is only known when the play runs."""
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def options_of(name: str) -> dict[str, dict[str, Any]]:
    """Return the options of a module, with those that all modules have."""
    return {**FACTS["common"], **MODULES[name]["options"]}


def problems(name: str, arguments: Mapping[str, Any]) -> list[str]:
    """Return what a module would say of its arguments. A template counts as a value of the right type."""
    if name not in MODULES:
        return [f"awx.awx has no module {name}"]
    spec = {option: _rules(each) for option, each in options_of(name).items()}
    by_name = {alias: each for option, each in spec.items() for alias in (option, *each.get("aliases", ()))}
    filled = {option: _example(value, by_name.get(option, {})) for option, value in arguments.items()}
    rules = {key: MODULES[name].get(key) for key in ("mutually_exclusive", "required_if")}
    found: list[str] = ArgumentSpecValidator(spec, **rules).validate(filled).error_messages
    return [*found, *_wrong_types(filled, by_name)]


def _rules(option: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in option.items() if key != "environment"}


def _example(value: Any, option: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_example(each, {}) for each in value]
    if not is_template(value):
        return value
    return (option.get("choices") or [EXAMPLES.get(option.get("type", "str"), "x")])[0]


def _wrong_types(arguments: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Find what Ansible would convert without a word, such as a number for a name."""
    types: dict[str, Any] = {"bool": bool, "int": int, "float": (int, float), "list": list, "dict": dict, "str": str}
    for name, value in arguments.items():
        kind = spec.get(name, {}).get("type", "str")
        if name in spec and kind in types and not isinstance(value, types[kind]):
            yield f"{name} is no {kind}: {value!r}"


class StubbedAwx:
    """An AWX that is a folder, and the collection that talks to it."""

    def __init__(self, folder: Path) -> None:
        """Write the collection."""
        self.folder = folder / "awx"
        self.collections = folder / "collections"
        plugins = self.collections / "ansible_collections" / "awx" / "awx" / "plugins"
        (plugins / "action").mkdir(parents=True)
        self.folder.mkdir()
        shutil.copy(HERE / "awx_collection.json", self.folder / "facts.json")
        for name in MODULES:
            shutil.copy(HERE / "awx_stub.py", plugins / "action" / f"{name}.py")
        # What comes with AWX.
        self.write({"credential_type/GPG Public Key": {}})

    @property
    def environment(self) -> dict[str, str]:
        """What ansible-playbook needs to use it."""
        paths = [str(self.collections), os.environ["ANSIBLE_COLLECTIONS_PATH"]]
        return {awx_stub.FOLDER: str(self.folder), "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(paths)}

    def objects(self) -> dict[str, dict[str, Any]]:
        """Return what there is, by kind and name."""
        objects: dict[str, dict[str, Any]] = json.loads((self.folder / "objects.json").read_text(encoding="utf-8"))
        return objects

    def write(self, objects: Mapping[str, Mapping[str, Any]]) -> None:
        """Set what there is."""
        (self.folder / "objects.json").write_text(json.dumps(objects), encoding="utf-8")

    def log(self) -> list[dict[str, Any]]:
        """Return what the modules of the last run did, in order, and forget it."""
        path = self.folder / "log.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]
