# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Call a function for many items at once, in threads, with a timeout.

Not `concurrent.futures`: it waits for all its threads before Python exits, also for one that never ends.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from .._core.errors import CloudError, DeadlineError, NoResponseError, UnexpectedError

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

# Seconds. Grace for a thread that is about to raise its own timeout error.
_GRACE_SECONDS = 0.5


class ThreadExecutor:
    """Calls a function for each item, in up to ``concurrency`` threads, which end with each call of `map`.

    The error of an item is what the function raises; a `NoResponseError` if it takes too long; a `DeadlineError` if it
    is not called any more. An exception that is no CloudError says as little about the request as no response, and
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
        """Return the results in the order of the items, those of errors from ``on_error``. ``service`` is for texts."""
        numbered_items = list(enumerate(items))
        work: queue.SimpleQueue[tuple[int, ItemT]] = queue.SimpleQueue()
        for numbered in numbered_items:
            work.put(numbered)
        started: set[int] = set()
        results: dict[int, ResultT] = {}
        errors: dict[int, CloudError] = {}
        cancelled = threading.Event()

        def worker() -> None:
            for number, item in _drain(work, cancelled):
                started.add(number)
                try:
                    results[number] = function(item)
                except CloudError as error:
                    errors[number] = error
                except Exception as error:  # an unforeseen one must not affect the other items
                    text = f"{service} was asked, and the answer met {UnexpectedError(error)}"
                    errors[number] = NoResponseError(text, sent=True)

        try:
            self._run(worker, len(numbered_items))
        finally:  # also if Ansible interrupts the wait, which its keyword timeout does
            cancelled.set()
        return [
            results[number]
            if number in results
            else on_error(item, errors.get(number) or _build_timeout_error(service, number in started))
            for number, item in numbered_items
        ]

    def call(self, function: Callable[[], ResultT], service: str) -> ResultT:
        """Return the result of one call of the function. Raise CloudError, also if it takes too long."""

        def reraise(_item: None, error: CloudError) -> ResultT:
            raise error

        (result,) = self.map(lambda _item: function(), [None], reraise, service)
        return result

    def _run(self, worker: Callable[[], None], items: int) -> None:
        threads = _start_threads(worker, min(self._concurrency, items))
        if not threads:
            worker()
        for thread in threads:
            thread.join(max(_GRACE_SECONDS, self._timeout()))
            if thread.is_alive():
                return  # time is over for the others, too; the results so far count


def _start_threads(worker: Callable[[], None], count: int) -> Sequence[threading.Thread]:
    """Start so many threads, or as many as the system allows. As daemons, they do not keep Python from exiting."""
    threads: list[threading.Thread] = []
    for _number in range(count):
        thread = threading.Thread(target=worker, daemon=True)
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
