# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Detect whether the reader of a module's result is gone.

A module goes on running when Ansible is killed, or ends the task because of its keyword ``timeout``. On the same
machine, the parent process is gone then, or standard output is closed. Over ssh only the closed output can be detected,
and only by a write. So line breaks are written at an interval. Ansible ignores what comes before the JSON of a result.
"""

from __future__ import annotations

import contextlib
import os
import select
import stat
import sys
import threading

# Seconds.
_PROBE_INTERVAL = 0.25


class ResultReader:
    """The process that reads the result: the parent of this one, at the other end of standard output."""

    def __init__(self) -> None:
        """Remember the parent process and standard output."""
        self._parent = os.getppid()
        self._output = _find_output()
        self._is_gone = False
        self._has_ended = threading.Event()
        self._prober: threading.Thread | None = None

    def probe(self) -> None:
        """Start to write line breaks; `close` ends that."""
        if self._output is None:
            return
        prober = threading.Thread(target=self._probe, args=(self._output,), daemon=True)
        with contextlib.suppress(RuntimeError):  # no more threads: only the parent is checked
            prober.start()
            self._prober = prober

    def close(self) -> None:
        """Stop writing line breaks."""
        self._has_ended.set()
        if self._prober is not None:
            self._prober.join(1.0)  # it hangs while the pipe is full and not read

    def is_gone(self) -> bool:
        """Return whether the reader has ended or closed its end."""
        if os.getppid() != self._parent or (self._output is not None and _is_closed(self._output)):
            self._is_gone = True
        return self._is_gone

    def _probe(self, output: int) -> None:
        while not self._has_ended.wait(_PROBE_INTERVAL):
            try:
                os.write(output, b"\n")
            except OSError:
                self._is_gone = True
                return


def _find_output() -> int | None:
    """Return the file descriptor of standard output if it has a reader, None for a file."""
    try:
        output = sys.stdout.fileno()
        mode = os.fstat(output).st_mode
    except (OSError, ValueError, AttributeError):  # closed, or replaced by another object
        return None
    return output if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(output) else None


def _is_closed(output: int) -> bool:
    poll = select.poll()
    poll.register(output, 0)  # poll always reports errors and hang-ups
    return bool(poll.poll(0))
