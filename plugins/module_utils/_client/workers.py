# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: several requests under way at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


# Seconds. A thread that notices itself that time is over gets the chance to say so.
_MOMENT = 0.5


class Workers(Protocol):
    """Calls a function for each item; how many at once is its own affair."""

    def map(
        self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT], late: Callable[[ItemT, bool], ResultT]
    ) -> list[ResultT]:
        """Give the results in the order of the items; of an item that takes too long, what ``late`` makes of it.

        ``late`` is told whether the function was called for the item at all.

        Every item is tried before the first exception of the function, if any, is raised here.
        """


class ThreadWorkers:
    """Up to ``concurrency`` threads, which live as long as one call of `map`.

    The caller's thread only waits, and not for ever: a server that sends a byte now and then is within every timeout
    of the socket, so ``patience`` gives the seconds after which to go on without an answer.
    """

    def __init__(self, concurrency: int, patience: Callable[[], float]) -> None:
        """Start nothing yet."""
        self._concurrency = concurrency
        self._patience = patience

    def map(
        self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT], late: Callable[[ItemT, bool], ResultT]
    ) -> list[ResultT]:
        """Give the results in the order of the items, as `Workers` says."""
        todo = list(enumerate(items))
        work: queue.SimpleQueue[tuple[int, ItemT]] = queue.SimpleQueue()
        for numbered in todo:
            work.put(numbered)
        begun: set[int] = set()
        results: dict[int, ResultT] = {}
        failures: list[Exception] = []
        given_up = threading.Event()

        def run() -> None:
            for number, item in _taken(work, given_up):
                begun.add(number)
                try:
                    results[number] = function(item)
                except Exception as failure:  # raised below, in the caller's thread
                    failures.append(failure)

        # Daemons: the program must be able to end while one of them still waits.
        threads = [threading.Thread(target=run, daemon=True) for _attempt in range(min(self._concurrency, len(todo)))]
        try:
            self._run(threads)
        finally:  # also where Ansible ends the task, because the time that its keyword timeout allows is over
            given_up.set()
        if failures:
            raise failures[0]
        return [results[number] if number in results else late(item, number in begun) for number, item in todo]

    def _run(self, threads: Sequence[threading.Thread]) -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(_MOMENT, self._patience()))
            if thread.is_alive():
                return  # patience is over for the others, too; what they have done by now counts


def _taken(work: queue.SimpleQueue[ItemT], given_up: threading.Event) -> Iterator[ItemT]:
    while not given_up.is_set():
        try:
            yield work.get_nowait()
        except queue.Empty:
            return
