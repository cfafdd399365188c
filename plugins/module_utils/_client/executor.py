# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Do many units of work at once, in threads, with a timeout.

Not `concurrent.futures`: it waits for all its threads before Python exits, also for one that never ends.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from .._core.errors import CloudError, DeadlineError, NoResponseError, UnexpectedError

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

# Seconds. Grace for a thread that is about to raise its own timeout error.
_GRACE_SECONDS = 0.5


class Work(Protocol):
    """A unit of work. It may lead to others, which are done before those that wait already."""

    def run(self) -> Sequence[Work]:
        """Do the work, and return what it leads to. Raise CloudError."""

    def fail(self, error: CloudError) -> Sequence[Work]:
        """Record why the work failed or was not done, and return what that leads to."""


class ThreadExecutor:
    """Does units of work in up to ``concurrency`` threads, which end when all are done.

    The error of a unit is the CloudError that it raises; a `NoResponseError` if it takes too long; a `DeadlineError` if
    it is not begun any more. An exception that is no CloudError says as little about the request as no response, and
    becomes a `NoResponseError`. If the system can start no thread, the caller's thread does the work.
    """

    def __init__(self, concurrency: int, timeout: Callable[[], float]) -> None:
        """``timeout`` returns how long to wait, in seconds: socket timeouts never end a response that trickles in."""
        self._concurrency = concurrency
        self._timeout = timeout

    def map(
        self,
        function: Callable[[ItemT], ResultT],
        items: Iterable[ItemT],
        on_error: Callable[[ItemT, CloudError], ResultT],
        service: str,
    ) -> list[ResultT]:
        """Return the results in the order of the items. For an item with an error, it is the result of ``on_error``.

        ``service`` names the server in errors. What ``on_error`` raises is raised here.
        """
        calls = [_Call(function, item) for item in items]
        self.run(calls, service, len(calls))
        return [on_error(each.item, each.error) if each.error is not None else each.results[0] for each in calls]

    def call(self, function: Callable[[], ResultT], service: str) -> ResultT:
        """Return the result of one call of the function. Raise CloudError, also if it takes too long."""

        def reraise(_item: None, error: CloudError) -> ResultT:
            raise error

        (result,) = self.map(lambda _item: function(), [None], reraise, service)
        return result

    def run(self, work: Sequence[Work], service: str, threads: int) -> None:
        """Do this work and all that it leads to, in no more than so many threads. Raise what a ``fail`` raises."""
        queue = _Queue(work)
        raised: list[Exception] = []

        def drain() -> None:
            while (unit := queue.get()) is not None:
                further: Sequence[Work] = ()
                try:
                    further = _do(unit, service)
                except Exception as error:
                    raised.append(error)
                finally:  # otherwise the other threads would wait for it
                    queue.mark_done(unit, further)

        try:
            self._run_threads(drain, threads)
        finally:  # also if Ansible interrupts the wait, which its keyword timeout does
            started, waiting = queue.close()
        for unit in started:
            waiting += unit.fail(NoResponseError(f"{service} gave no complete answer before time was over", sent=True))
        while waiting:
            waiting += waiting.popleft().fail(DeadlineError("not sent: time was over"))
        if raised:
            raise raised[0]

    def _run_threads(self, target: Callable[[], None], count: int) -> None:
        threads = _start_threads(target, min(self._concurrency, count))
        if not threads:
            target()
        for thread in threads:
            thread.join(max(_GRACE_SECONDS, self._timeout()))
            if thread.is_alive():
                return  # time is over for the others, too; the results so far count


class _Call(Generic[ItemT, ResultT]):
    """The call of a function for one item, as a unit of work."""

    def __init__(self, function: Callable[[ItemT], ResultT], item: ItemT) -> None:
        self._function = function
        self.item = item
        self.results: list[ResultT] = []
        self.error: CloudError | None = None

    def run(self) -> Sequence[Work]:
        self.results.append(self._function(self.item))
        return ()

    def fail(self, error: CloudError) -> Sequence[Work]:
        if not self.results:
            self.error = error
        return ()


class _Queue:
    """Work that several threads take from, until nothing is left that is not done."""

    def __init__(self, work: Iterable[Work]) -> None:
        self._waiting = deque(work)
        self._started: list[Work] = []
        self._is_closed = False
        self._changed = threading.Condition()

    def get(self) -> Work | None:
        """Wait for a unit and return it; None if there will be no other."""
        with self._changed:
            while self._started and not self._waiting and not self._is_closed:
                self._changed.wait()
            if self._is_closed or not self._waiting:
                return None
            self._started.append(self._waiting.popleft())
            return self._started[-1]

    def mark_done(self, unit: Work, further: Sequence[Work]) -> None:
        with self._changed:
            if not self._is_closed:
                self._started.remove(unit)
                self._waiting.extendleft(reversed(further))
                self._changed.notify_all()

    def close(self) -> tuple[list[Work], deque[Work]]:
        """Give out no more, and return what is started, and what is not."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            return self._started, self._waiting


def _do(unit: Work, service: str) -> Sequence[Work]:
    try:
        return unit.run()
    except CloudError as error:
        return unit.fail(error)
    except Exception as error:  # an unforeseen one must not affect the other units
        text = f"{service} was asked, and the answer met {UnexpectedError(error)}"
        return unit.fail(NoResponseError(text, sent=True))


def _start_threads(target: Callable[[], None], count: int) -> Sequence[threading.Thread]:
    """Start so many threads, or as many as the system allows. As daemons, they do not keep Python from exiting."""
    threads: list[threading.Thread] = []
    for _number in range(count):
        thread = threading.Thread(target=target, daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            break
        threads.append(thread)
    return threads
