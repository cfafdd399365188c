# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: several requests under way at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from .._core.errors import CloudError, DeadlineError, NoResponseError, UnexpectedError

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

# Seconds. A thread that notices itself that time is over gets the chance to say so.
_GRACE_SECONDS = 0.5


class Executor(Protocol):
    """Calls a function for each item; how many at once is its own affair."""

    def map(
        self,
        function: Callable[[ItemT], ResultT],
        items: Iterable[ItemT],
        on_error: Callable[[ItemT, CloudError], ResultT],
        service: str,
    ) -> list[ResultT]:
        """Return the results in the order of the items, and in place of an error what ``on_error`` makes of it.

        An error is what the function raises. An item that took too long gets a `NoResponseError` where the function was
        called for it, else a `DeadlineError`. Whatever the function raises that is no CloudError says as
        little about the request as no answer, and becomes one. ``service`` is whom the requests are for, in the texts
        of these errors. ``on_error`` is called in the caller's thread, so what it raises is raised here.
        """


class ThreadExecutor:
    """Up to ``concurrency`` threads, which live as long as one call of `map`.

    The caller's thread only waits, and not for ever: a server that sends a byte now and then is within every timeout
    of the socket, so ``patience`` gives the seconds after which to go on without an answer. Where the system starts no
    thread at all, the caller's does the work.
    """

    def __init__(self, concurrency: int, timeout: Callable[[], float]) -> None:
        """Start nothing yet."""
        self._concurrency = concurrency
        self._patience = timeout

    def map(
        self,
        function: Callable[[ItemT], ResultT],
        items: Iterable[ItemT],
        on_error: Callable[[ItemT, CloudError], ResultT],
        service: str,
    ) -> list[ResultT]:
        """Return the results in the order of the items, as `Workers` says."""
        numbered_items = list(enumerate(items))
        work: queue.SimpleQueue[tuple[int, ItemT]] = queue.SimpleQueue()
        for numbered in numbered_items:
            work.put(numbered)
        started: set[int] = set()
        results: dict[int, ResultT] = {}
        errors: dict[int, CloudError] = {}
        cancelled = threading.Event()

        def run() -> None:
            for number, item in _drain(work, cancelled):
                started.add(number)
                try:
                    results[number] = function(item)
                except CloudError as error:
                    errors[number] = error
                except Exception as failure:  # nobody foresaw it, and the other items must not suffer
                    errors[number] = _unforeseen(failure, service)

        try:
            self._run(run, len(numbered_items))
        finally:  # also where Ansible ends the task, because the time that its keyword timeout allows is over
            cancelled.set()
        return [
            results[number]
            if number in results
            else on_error(item, errors.get(number) or _build_timeout_error(service, number in started))
            for number, item in numbered_items
        ]

    def _run(self, run: Callable[[], None], items: int) -> None:
        threads = _start_threads(run, min(self._concurrency, items))
        if not threads:
            run()
        for thread in threads:
            thread.join(max(_GRACE_SECONDS, self._patience()))
            if thread.is_alive():
                return  # patience is over for the others, too; what they have done by now counts


def call(executor: Executor, function: Callable[[], ResultT], service: str) -> ResultT:
    """Return what the function returns, if it does so in time. Raises CloudError."""

    def fail(_nothing: None, error: CloudError) -> ResultT:
        raise error

    (result,) = executor.map(lambda _nothing: function(), [None], fail, service)
    return result


def _start_threads(run: Callable[[], None], count: int) -> Sequence[threading.Thread]:
    """Start so many threads, or as many as the system allows. Daemons: one that still waits keeps no program alive."""
    threads: list[threading.Thread] = []
    for _number in range(count):
        thread = threading.Thread(target=run, daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            break
        threads.append(thread)
    return threads


def _drain(work: queue.SimpleQueue[ItemT], cancelled: threading.Event) -> Iterator[ItemT]:
    while not cancelled.is_set():
        try:
            yield work.get_nowait()
        except queue.Empty:
            return


def _build_timeout_error(service: str, is_started: bool) -> CloudError:
    if is_started:
        return NoResponseError(f"{service} gave no complete answer before time was over", sent=True)
    return DeadlineError("not sent: time was over")


def _unforeseen(failure: Exception, service: str) -> CloudError:
    return NoResponseError(f"{service} was asked, and the answer met {UnexpectedError(failure)}", sent=True)
