# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""End a worker of ansible-playbook when its parent process has ended.

A worker may go on running without its parent. Since ansible-core 2.19 each worker has a session of its own, so signals
from AWX, a closed terminal or the process group do not reach it.
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
    """The process that forked this worker; none if this process is not a worker."""

    def __init__(self) -> None:
        """Remember the process. The parent of ansible-playbook itself does not count: a playbook may outlive it."""
        process = multiprocessing.parent_process()
        self._pid = None if process is None else process.pid

    def is_gone(self) -> bool:
        """Return whether the process has ended: another process is the parent then."""
        return self._pid is not None and os.getppid() != self._pid


@contextmanager
def terminate_with_parent() -> Iterator[None]:
    """Kill this worker and its child processes as soon as its parent has ended.

    A worker that waits for a module needs this: the module would go on sending stops. The child processes also end
    when Ansible interrupts the wait, for its keyword ``timeout`` for example.
    """
    parent, has_ended = ParentProcess(), threading.Event()

    def watch() -> None:
        while not has_ended.wait(_INTERVAL):
            if parent.is_gone():
                kill_worker()

    with contextlib.suppress(RuntimeError):  # no more threads
        threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except Exception:  # an error of the task, which has ended then
        raise
    except BaseException:
        _terminate_children()
        raise
    finally:
        has_ended.set()


def _terminate_children() -> None:
    """Terminate the shell or the ssh client of this worker. The module notices that its reader is gone."""
    with contextlib.suppress(OSError):  # only Linux has this file
        for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
            os.kill(int(pid), signal.SIGTERM)


def kill_worker() -> None:
    """Kill this worker, and its child processes if it has a process group of its own."""
    if os.getpgrp() == os.getpid():  # the group has only this worker and its child processes
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
