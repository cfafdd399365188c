# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: whether the ansible-playbook that started this worker still runs.

A worker is not always ended with it. From ansible-core 2.19 on, workers have sessions of their own, which a cancel by
AWX, a closed terminal or a signal to the process group does not reach.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Seconds.
_INTERVAL = 0.05


class ParentProcess:
    """The process that has forked this worker, if this is one."""

    def __init__(self) -> None:
        """Note who it is. Whoever started ansible-playbook itself does not count: that may well go on without."""
        process = multiprocessing.parent_process()
        self._pid = None if process is None else process.pid

    def is_gone(self) -> bool:
        """Return whether it has ended: another process becomes the parent then."""
        return self._pid is not None and os.getppid() != self._pid


@contextmanager
def terminate_with_parent() -> Iterator[None]:
    """End this worker and what it has started, as soon as the process that started it has ended.

    This is for a worker that waits for a module, which would go on sending stops. What it has started also ends when
    Ansible interrupts the wait, which its keyword ``timeout`` does.
    """
    parent, has_ended = ParentProcess(), threading.Event()

    def watch() -> None:
        while not has_ended.wait(_INTERVAL):
            if parent.is_gone():
                _end_now()

    with contextlib.suppress(RuntimeError):  # where the system starts no more threads
        threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except Exception:  # what a task may end with, and so nothing of it is under way any more
        raise
    except BaseException:
        _end_children()
        raise
    finally:
        has_ended.set()


def _end_children() -> None:
    """End the shell, or the client of ssh, that this worker has started; a module notices that."""
    with contextlib.suppress(OSError):  # other systems than Linux have no such file
        for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
            os.kill(int(pid), signal.SIGTERM)


def _end_now() -> None:
    if os.getpgrp() == os.getpid():  # and so nobody else is in the group but what this worker has started
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
