# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: whether somebody is still there who reads the result of a module.

A module lives on when Ansible is killed, or ends the task because of its keyword ``timeout``. On the same machine its
parent is gone then, or nobody reads its standard output. Over ssh only the latter shows, and only after something has
been written: so a line break is, every now and then. Ansible skips what stands before the JSON of a result.
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
    """Who reads the result: the process that started this one, at the other end of standard output."""

    def __init__(self) -> None:
        """Note who is there at the start."""
        self._parent = os.getppid()
        self._output = _pipe_of_output()
        self._is_gone = False
        self._has_ended = threading.Event()
        self._prober: threading.Thread | None = None

    def probe(self) -> None:
        """Write a line break now and then, until `close`."""
        if self._output is None:
            return
        prober = threading.Thread(target=self._probe, args=(self._output,), daemon=True)
        with contextlib.suppress(RuntimeError):  # where the system starts no more threads, it works without
            prober.start()
            self._prober = prober

    def close(self) -> None:
        """Write nothing more."""
        self._has_ended.set()
        if self._prober is not None:
            self._prober.join(1.0)  # it may hang where nobody reads and the pipe is full

    def is_gone(self) -> bool:
        """Return whether nobody reads the result any more."""
        if os.getppid() != self._parent or (self._output is not None and not _is_read(self._output)):
            self._is_gone = True
        return self._is_gone

    def _probe(self, output: int) -> None:
        while not self._has_ended.wait(_PROBE_INTERVAL):
            try:
                os.write(output, b"\n")
            except OSError:
                self._is_gone = True
                return


def _pipe_of_output() -> int | None:
    """Return the file descriptor of standard output, if somebody may read from its other end."""
    try:
        output = sys.stdout.fileno()
        mode = os.fstat(output).st_mode
    except (OSError, ValueError, AttributeError):  # closed, or replaced by what is no file
        return None
    return output if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(output) else None


def _is_read(output: int) -> bool:
    poll = select.poll()
    poll.register(output, 0)  # errors and hang-ups are always told
    return not poll.poll(0)
