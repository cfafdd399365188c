# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task ends early at a signal, with Ansible, or at its keyword timeout, whatever its work is doing."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._module.supervisor import EarlyEnd, supervise
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.task import TaskTimeout
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock
from ansible_collections.huaweicloud.drs.tests.unit.plugins.module_utils._module.test_task import TaskStub

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AlarmError(BaseException):
    """What Ansible raises in the main thread for its keyword timeout."""


class Task(TaskStub):
    """A task that notes how its process is ended."""

    def __init__(self, timeout: TaskTimeout | None = None, is_gone: bool = False) -> None:
        """``is_gone``: Ansible has ended."""
        super().__init__()
        self.timeout = timeout
        self._is_gone = is_gone
        self.ended_by: list[signal.Signals | None] = []

    def is_abandoned(self) -> bool:
        """Return whether Ansible has ended."""
        return self._is_gone

    def end_process(self, number: signal.Signals | None) -> None:
        """Note the signal."""
        self.ended_by.append(number)


class Work:
    """Work that goes on until the test is over."""

    def __init__(self, begin: Callable[[], None] = lambda: None) -> None:
        """``begin`` is called in the thread that works."""
        self._begin = begin
        self.is_over = threading.Event()

    def __call__(self) -> EarlyEnd:
        """Work."""
        self._begin()
        assert self.is_over.wait(30)
        return EarlyEnd("never")


@pytest.fixture
def handlers() -> Iterator[None]:
    """Check that the handlers of signals are the same in the end."""
    before = [signal.getsignal(number) for number in SIGNALS]
    yield
    assert [signal.getsignal(number) for number in SIGNALS] == before


def end_of(task: Task, begin: Callable[[], None] = lambda: None, clock: ManualClock | None = None) -> EarlyEnd:
    """Return how work ends early that would go on for ever."""
    work = Work(begin)
    try:
        return supervise(work, lambda end: end, task, clock or ManualClock())
    finally:
        work.is_over.set()


@pytest.mark.usefixtures("handlers")
def test_the_result_is_that_of_the_work() -> None:
    task = Task()
    assert supervise(lambda: "result", lambda end: end.reason, task, ManualClock()) == "result"
    assert task.ended_by == []


@pytest.mark.usefixtures("handlers")
def test_an_error_of_the_work_is_raised() -> None:
    def work() -> str:
        raise KeyError

    with pytest.raises(KeyError):
        supervise(work, lambda end: end.reason, Task(), ManualClock())


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_task_and_then_the_process(number: signal.Signals) -> None:
    task = Task()
    end = end_of(task, lambda: os.kill(os.getpid(), number))
    assert end == EarlyEnd(f"{number.name} ended the task", number, has_ansible_ended=True)
    assert task.ended_by == [number]


@pytest.mark.usefixtures("handlers")
def test_further_signals_wait_until_what_is_known_is_told() -> None:
    told = []

    def tell(end: EarlyEnd) -> EarlyEnd:
        for number in SIGNALS:
            os.kill(os.getpid(), number)
        told.append(end.reason)
        return end

    work = Work(lambda: os.kill(os.getpid(), signal.SIGINT))
    supervise(work, tell, Task(), ManualClock())
    work.is_over.set()
    assert told == ["SIGINT ended the task"]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        seen = supervise(lambda: signal.getsignal(signal.SIGHUP), lambda _end: None, Task(), ManualClock())
    finally:
        signal.signal(signal.SIGHUP, before)
    assert seen is signal.SIG_IGN


@pytest.mark.usefixtures("handlers")
def test_the_end_of_ansible_ends_the_task() -> None:
    task = Task(is_gone=True)
    assert end_of(task) == EarlyEnd("Ansible has ended", has_ansible_ended=True)
    assert task.ended_by == [None]


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("timeout", [TaskTimeout(6, seconds=3.0), TaskTimeout(6, seconds=30.0, end_at=3.0)])
def test_the_time_of_a_module_ends_the_task_and_not_the_process(timeout: TaskTimeout) -> None:
    task, clock = Task(timeout), ManualClock()
    end = end_of(task, lambda: clock.advance(3), clock)
    assert end == EarlyEnd("Ansible's keyword timeout (6 s) ended the task", timeout=timeout)
    assert task.ended_by == []


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    "task",
    [Task(TaskTimeout(6, seconds=0.0)), Task(TaskTimeout(6, seconds=3.0, end_at=-1.0)), Task(is_gone=True)],
    ids=["no time", "a module that took too long to start", "no Ansible"],
)
def test_work_that_comes_too_late_is_not_begun(task: Task) -> None:
    begun: list[str] = []
    supervise(lambda: begun.append("work"), lambda _end: None, task, ManualClock())
    assert begun == []


@pytest.mark.usefixtures("handlers")
def test_the_alarm_of_ansible_ends_the_task_and_not_the_process() -> None:
    def ring(_number: int, _frame: object) -> None:
        raise AlarmError

    before = signal.signal(signal.SIGALRM, ring)
    try:
        timeout = TaskTimeout(period=6, seconds=1000.0)
        task = Task(timeout)
        end = end_of(task, lambda: os.kill(os.getpid(), signal.SIGALRM))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert end == EarlyEnd("Ansible's keyword timeout (6 s) ended the task", timeout=timeout)
    assert task.ended_by == []


@pytest.mark.usefixtures("handlers")
def test_without_another_thread_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert supervise(lambda: "result", lambda end: end.reason, Task(), ManualClock()) == "result"
