# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do the work of a task or a lookup, and print its result and which files of ours were loaded when."""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.loader import init_plugin_loader, lookup_loader

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.plugins.module_utils._module.arguments import ModuleSpec

PLUGINS = "ansible_collections.huaweicloud.drs.plugins."


class Clock:
    """A clock whose pauses take no time."""

    def __init__(self) -> None:
        """Begin with the time of the machine."""
        self._skipped = 0.0

    def time(self) -> float:
        """Give the seconds since 1970-01-01 UTC."""
        return time.time() + self._skipped

    def monotonic(self) -> float:
        """Give seconds from an arbitrary start."""
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Let that many seconds be over."""
        self._skipped += seconds


class Task:
    """A task whose options have been checked."""

    def __init__(self, spec: ModuleSpec, options: dict[str, Any]) -> None:
        """Take the options."""
        checked = ArgumentSpecValidator(**spec._asdict()).validate(options)
        assert not checked.error_messages
        self.argument_spec = spec.argument_spec
        self.params = checked.validated_parameters
        self.no_log_values: set[str] = set()
        self.check_mode = False
        self.wants_diff = True
        self.verbosity = 1
        self.retries: list[str] = []
        self.timeout = None

    def warn(self, warning: str) -> None:
        """Tell nobody."""

    def show_retry(self, retry: str) -> None:
        """Show nothing."""

    def show_progress(self, _line: object) -> None:
        """Show nothing."""

    def show_last_line(self, _line: object, _has_ansible_ended: bool) -> None:
        """Show nothing."""

    def end_process(self, _number: object) -> None:
        """Go on."""

    def lockout(self, _clock: Clock, _deadline: object) -> None:
        """Count no refusals beyond this task."""

    def is_abandoned(self) -> bool:
        """Somebody reads the result."""
        return False


def ours() -> list[str]:
    """Give the names of our files that are loaded."""
    return sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith(f"{PLUGINS}module_utils._"))


def libraries() -> list[str]:
    """Give the names of the libraries that are loaded, of those that only a client of HTTP needs."""
    return [name for name in ("requests", "urllib3") if name in sys.modules]


def look_up(name: str, options: str) -> None:
    """Do the work of a lookup."""
    init_plugin_loader()
    result = lookup_loader.get(f"huaweicloud.drs.{name}").run([], {}, **json.loads(options))
    paths = [name.removeprefix(PLUGINS).replace(".", "/") for name in sys.modules if name.startswith(PLUGINS)]
    print(json.dumps({"result": result, "paths": sorted(paths)}))


def do_task(spec: str, work: str, options: str) -> None:
    """Do the work; ``spec`` and ``work`` name a file and a function in it."""
    functions = []
    for name in (spec, work):
        file, function = name.split(".")
        functions.append(getattr(importlib.import_module(f"{PLUGINS}module_utils._module.{file}"), function))
    spec_of, do = functions
    connected: list[list[str]] = []

    def note(event: str, _arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            connected.append(ours())

    sys.addaudithook(note)
    result = do(Task(spec_of(), json.loads(options)), Clock())
    print(json.dumps({"result": result, "connected": connected, "end": ours(), "libraries": libraries()}))


if __name__ == "__main__":
    kind, *arguments = sys.argv[1:]
    if kind == "lookup":
        look_up(*arguments)
    else:
        do_task(*arguments)
