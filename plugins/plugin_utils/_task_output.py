# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Show lines of a task while it works.

A worker of ansible-playbook sends its lines to the main process, which displays and logs them. When that has ended, or
is about to, nobody displays them any more. So the last line of a task is written directly then.

Ansible loads actions in the main process before it forks a worker, which gives this file two occasions. It duplicates
the console, because newer versions of ansible-core close it in workers. And it makes Python write each line at once:
otherwise those to a pipe or a file are kept back until there are 8 KB of them, and lost if the process is killed.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import sys
import threading

from ansible import constants as C
from ansible.utils.color import stringc
from ansible.utils.display import Display

from ..module_utils._core.error_codes import replace_controls
from ..module_utils._core.progress_line import LineKind, ProgressLine

_COLOR_SETTINGS = {
    LineKind.INFORMATION: "COLOR_OK",
    LineKind.CHANGE: "COLOR_CHANGED",
    LineKind.PROBLEM: "COLOR_ERROR",
}
# The callbacks whose standard output is read by programs.
_MACHINE_READABLE = ("json", "jsonl")
# Seconds that a line may take that another thread is showing.
_LOCK_TIMEOUT = 1.0


def _duplicate(number: int) -> int | None:
    try:
        return os.dup(number)  # not inherited by programs that a worker starts
    except OSError:
        return None


def _write_lines_at_once() -> None:
    if multiprocessing.parent_process() is None and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)


_STDOUT, _STDERR = _duplicate(1), _duplicate(2)
_write_lines_at_once()


class TaskOutput:
    """Shows the lines of one task on one host. Several threads may call it at once."""

    def __init__(self, host: str | None) -> None:
        """Begin each line with the host, if one is given."""
        self._prefix = "" if host is None else f"{host}: "
        callback = C.config.get_config_value("DEFAULT_STDOUT_CALLBACK")
        self._uses_stderr = callback.rpartition(".")[2] in _MACHINE_READABLE
        self._colors = {kind: C.config.get_config_value(setting) for kind, setting in _COLOR_SETTINGS.items()}
        self._lock = threading.Lock()

    def show(self, line: ProgressLine) -> None:
        """Let Ansible display and log a line."""
        with self._lock:
            self._display_line(line)

    def write(self, line: ProgressLine) -> None:
        """Display and log a line while Ansible ends."""
        if multiprocessing.parent_process() is None:
            self.show(line)
            return
        # A worker that ends while it sends a line would keep the main process from ending.
        self._lock.acquire(timeout=_LOCK_TIMEOUT)
        console = _STDERR if self._uses_stderr else _STDOUT
        if console is not None:
            with contextlib.suppress(OSError):
                # After the ^C that a terminal shows.
                start = "\n" if os.isatty(console) else ""
                os.write(console, f"{start}{stringc(self._text(line), self._colors[line.kind])}\n".encode())
        Display().set_queue(None)  # type: ignore[arg-type]  # from here on this process displays by itself
        self._display_line(line, log_only=True)

    def _display_line(self, line: ProgressLine, *, log_only: bool = False) -> None:
        color = self._colors[line.kind]
        Display().display(self._text(line), color, self._uses_stderr, log_only=log_only)

    def _text(self, line: ProgressLine) -> str:
        return replace_controls(f"{self._prefix}{line.text}")
