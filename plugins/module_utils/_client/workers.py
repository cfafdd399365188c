# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: several requests under way at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Workers(Protocol):
    """Calls a function for each item; how many at once is its own affair."""

    def map(self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT]) -> list[ResultT]:
        """Give the results in the order of the items. What the function raises is raised here."""


class ThreadWorkers:
    """Up to ``concurrency`` threads, which live as long as one call of `map`."""

    def __init__(self, concurrency: int) -> None:
        """Start nothing yet."""
        self._concurrency = concurrency

    def map(self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT]) -> list[ResultT]:
        """Give the results in the order of the items.

        Every item is tried before the first exception, if any, is raised: one bad batch keeps no other from going out.
        """
        work: queue.SimpleQueue[tuple[int, ItemT]] = queue.SimpleQueue()
        for numbered in enumerate(items):
            work.put(numbered)
        total = work.qsize()
        results: dict[int, ResultT] = {}
        failures: list[Exception] = []

        def run() -> None:
            for number, item in _taken(work):
                try:
                    results[number] = function(item)
                except Exception as failure:  # raised below, in the caller's thread
                    failures.append(failure)

        # Daemons: a program that is interrupted must not wait for a server that never answers.
        others = [threading.Thread(target=run, daemon=True) for _ in range(min(self._concurrency, total) - 1)]
        for thread in others:
            thread.start()
        run()
        for thread in others:
            thread.join()
        if failures:
            raise failures[0]
        return [results[number] for number in range(total)]


def _taken(work: queue.SimpleQueue[ItemT]) -> Iterator[ItemT]:
    while True:
        try:
            yield work.get_nowait()
        except queue.Empty:
            return
