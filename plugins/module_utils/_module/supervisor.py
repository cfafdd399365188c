# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""End a task before its work is done: at a signal, with Ansible, or at its keyword ``timeout``.

The work is done in another thread. The main thread does nothing but wait, so a signal always finds it ready to say what
is known at that moment, and to end the process.
"""

from __future__ import annotations

import contextvars
import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Generic, NamedTuple, TypeVar

from .._client.clock import Clock
from .task import ModuleContext, TaskTimeout

ResultT = TypeVar("ResultT")

# Seconds between two looks whether Ansible has ended.
_POLL_INTERVAL = 0.05
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class EarlyEnd(NamedTuple):
    """Why a task ends before its work is done."""

    reason: str
    signal: signal.Signals | None = None
    """The signal that ends this process, if one does."""
    has_ansible_ended: bool = False
    """Whether Ansible does not show lines of this process any more."""
    timeout: TaskTimeout | None = None
    """The keyword ``timeout`` of the task, if that ends it."""


class _EarlyEndError(BaseException):
    def __init__(self, end: EarlyEnd) -> None:
        super().__init__(end.reason)
        self.end = end


def supervise(
    work: Callable[[], ResultT], end_early: Callable[[EarlyEnd], ResultT], task: ModuleContext, clock: Clock
) -> ResultT:
    """Return the result of the work; that of ``end_early`` if the task ends before, while the work still goes on.

    A signal, and the end of Ansible, end this process after ``end_early``.
    """
    end, result = _wait_for_end(work, end_early, task, clock)
    if end is not None and end.has_ansible_ended:
        task.end_process(end.signal)
    return result


def _wait_for_end(
    work: Callable[[], ResultT], end_early: Callable[[EarlyEnd], ResultT], task: ModuleContext, clock: Clock
) -> tuple[EarlyEnd | None, ResultT]:
    thread, timeout = _WorkThread(work), task.timeout
    end_at = math.inf if timeout is None else min(clock.monotonic() + timeout.seconds, timeout.end_at)

    def check_may_go_on() -> None:
        if task.is_abandoned():
            raise _EarlyEndError(EarlyEnd("Ansible has ended", has_ansible_ended=True))
        if clock.monotonic() >= end_at:
            raise _EarlyEndError(_end_of_timeout(timeout))

    with _signals_as_errors():
        try:
            check_may_go_on()  # a module may have taken so long to start
            thread.start_work()
            while not thread.has_ended(_POLL_INTERVAL):
                check_may_go_on()
        except Exception:
            raise
        except BaseException as error:
            # Ansible's alarm for its keyword timeout raises an exception of its own. Signals are ignored from here on:
            # Ansible terminates a worker that it has interrupted, and would do so before it has told what is known.
            end = error.end if isinstance(error, _EarlyEndError) else _end_of_timeout(timeout)
            return end, end_early(end)
    return None, thread.result


class _WorkThread(Generic[ResultT]):
    """A thread that does the work; or this one, if the system can start no other."""

    def __init__(self, work: Callable[[], ResultT]) -> None:
        self._work = work
        # Ansible keeps in the context which task it is that runs.
        self._context = contextvars.copy_context()
        self._has_ended = threading.Event()
        self._results: list[ResultT] = []
        self._error: BaseException | None = None

    def start_work(self) -> None:
        try:
            threading.Thread(target=self._run, daemon=True).start()
        except (RuntimeError, MemoryError):
            self._run()

    def has_ended(self, seconds: float) -> bool:
        """Wait so long at most, and return whether the work is done."""
        return self._has_ended.wait(seconds)

    @property
    def result(self) -> ResultT:
        """The result of the work. Raise what the work has raised."""
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._context.run(self._work))
        except Exception as error:  # raised again in the main thread
            self._error = error
        finally:
            self._has_ended.set()


@contextmanager
def _signals_as_errors() -> Iterator[None]:
    """Raise an error in the main thread at the first signal that would end this process, and ignore others."""
    handlers: dict[signal.Signals, Any] = {}

    def raise_once(number: int, _frame: FrameType | None) -> None:
        for each in handlers:
            signal.signal(each, signal.SIG_IGN)
        name = signal.Signals(number)
        raise _EarlyEndError(EarlyEnd(f"{name.name} ended the task", name, has_ansible_ended=True))

    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            if handler not in (signal.SIG_IGN, None):  # nohup ignores SIGHUP
                handlers[number] = handler
                signal.signal(number, raise_once)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _end_of_timeout(timeout: TaskTimeout | None) -> EarlyEnd:
    about = f"'s keyword timeout ({timeout.period} s)" if timeout else ""
    return EarlyEnd(f"Ansible{about} ended the task", timeout=timeout)
