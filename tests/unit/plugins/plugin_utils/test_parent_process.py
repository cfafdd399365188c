# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker that waits for a module ends with the process that has forked it. What real runs do is in ecosystem."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from ansible_collections.huaweicloud.drs.plugins.plugin_utils._parent_process import (
    ParentProcess,
    terminate_with_parent,
)


def is_running(pid: int) -> bool:
    """Return whether a process is there that has not ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    done = subprocess.run(["true"], check=False)  # gives way to others without a clock
    for _attempt in range(20_000):
        if condition():
            return
        done = subprocess.run(["true"], check=False)
    raise AssertionError(done)


# Forks a worker as Ansible does; the worker starts a module, and says its own and the module's process ID.
PROGRAM = """
import multiprocessing, os, subprocess, sys
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._parent_process import terminate_with_parent

def work():
    if "leader" in sys.argv:
        os.setpgid(0, 0)
    with terminate_with_parent():
        module = subprocess.Popen(["sleep", "600"])
        print(os.getpid(), module.pid, flush=True)
        module.wait()

worker = multiprocessing.get_context("fork").Process(target=work)
worker.start()
worker.join()
"""


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks into /proc")
@pytest.mark.parametrize("leads_group", [True, False])
def test_a_worker_ends_with_its_parent_and_takes_its_group_along(leads_group: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *(["leader"] if leads_group else [])],
        env={"PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"], "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as ansible:
        assert ansible.stdout is not None
        worker, module = map(int, ansible.stdout.readline().split())
        assert is_running(worker)
        ansible.kill()
        wait_for(lambda: not is_running(worker))
        if leads_group:
            wait_for(lambda: not is_running(module))
        else:  # nobody else of the group is touched
            assert is_running(module)
            os.kill(module, signal.SIGKILL)


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks into /proc")
def test_what_a_worker_has_started_ends_when_the_wait_is_interrupted() -> None:
    class TimeIsOverError(BaseException):
        """What Ansible's keyword timeout raises."""

    with pytest.raises(TimeIsOverError), terminate_with_parent():
        module = subprocess.Popen(["sleep", "600"])
        raise TimeIsOverError
    assert module.wait(30) == -signal.SIGTERM


def test_a_failure_of_the_task_ends_nothing() -> None:
    with pytest.raises(ValueError, match="no host"), terminate_with_parent():
        module = subprocess.Popen(["sleep", "600"])
        raise ValueError("no host")
    assert module.poll() is None
    module.kill()
    module.wait()


def test_the_parent_is_there_as_long_as_it_is() -> None:
    assert not ParentProcess().is_gone()


# Not a worker, but ansible-playbook itself, say, whose shell has ended because somebody has logged out.
ORPHAN = """
import os, sys
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._parent_process import ParentProcess
parent, shell = ParentProcess(), os.getppid()
print(flush=True)
sys.stdin.readline()
print(os.getppid() != shell, parent.is_gone())
"""


def test_who_is_no_worker_may_outlive_its_parent() -> None:
    with subprocess.Popen(
        ["/bin/sh", "-c", '"$@"; exit 0', "sh", sys.executable, "-c", ORPHAN],
        env={"PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"], "PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as shell:
        assert shell.stdin is not None
        assert shell.stdout is not None
        assert shell.stdout.readline() == "\n"
        shell.kill()
        shell.wait()
        shell.stdin.write("\n")
        shell.stdin.flush()
        assert shell.stdout.readline() == "True False\n"
