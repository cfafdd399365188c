# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Bisect a batch that was rejected as a whole, to find the item or the size limit that caused it.

One job ID that the cloud rejects, or an undocumented limit of the batch size, must not fail the whole batch. A cause
that all jobs share must not multiply the requests either.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from .._core.errors import CloudError
from .._core.retry import is_bisectable

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

# The batches that items were sent in, each with the result or the error of its request.
Results = list[tuple[Sequence[ItemT], "ResultT | CloudError"]]

# After so many single failures with the same code and no success, the cause is not an item.
_MAX_SINGLE_FAILURES = 8


class BatchBisector:
    """Sends items in one batch, and in halves if it is rejected as a whole. Safe to use from several threads."""

    def __init__(self, is_about_one_item: Callable[[CloudError], bool] = lambda _error: False) -> None:
        """``is_about_one_item`` returns whether an error is always about single items, however many items have it."""
        self._is_about_one_item = is_about_one_item
        self._lock = threading.Lock()
        self._accepted = 0
        self._single_failures: Counter[str | None] = Counter()
        self._limit: int | None = None

    def send(
        self,
        items: Sequence[ItemT],
        request: Callable[[Sequence[ItemT]], ResultT],
        select: Callable[[Sequence[ItemT]], Sequence[ItemT]] | None = None,
    ) -> Results[ItemT, ResultT]:
        """Send the items, and return the results.

        Before items are sent once more, ``select`` returns which of them are to be; the others are in no result.
        """
        if self._limit is not None and len(items) > self._limit:
            return [result for batch in chunks(items, self._limit) for result in self.send(batch, request, select)]
        try:
            result = request(items)
        except CloudError as error:
            return self._bisect(items, request, select, error)
        with self._lock:
            self._accepted += 1
        return [(items, result)]

    def _bisect(
        self,
        items: Sequence[ItemT],
        request: Callable[[Sequence[ItemT]], ResultT],
        select: Callable[[Sequence[ItemT]], Sequence[ItemT]] | None,
        error: CloudError,
    ) -> Results[ItemT, ResultT]:
        if len(items) == 1 and is_bisectable(error):
            with self._lock:
                self._single_failures[error.error_code] += 1
        if len(items) == 1 or not is_bisectable(error) or self._is_common(error):
            return [(items, error)]
        results: Results[ItemT, ResultT] = []
        size = (len(items) + 1) // 2
        selected = items if select is None else select(items)
        for half in chunks(selected, size):
            results += [(half, error)] if self._is_common(error) else self.send(half, request, select)
        if len(selected) == len(items) and not any(isinstance(result, CloudError) for _batch, result in results):
            # Both halves were accepted, so it was the size of the batch.
            with self._lock:
                self._limit = min(self._limit or size, size)
        return results

    def _is_common(self, error: CloudError) -> bool:
        """Return whether all items would fail with this error."""
        if self._is_about_one_item(error):
            return False
        with self._lock:
            return self._accepted == 0 and self._single_failures[error.error_code] >= _MAX_SINGLE_FAILURES


def chunks(items: Sequence[ItemT], size: int) -> list[Sequence[ItemT]]:
    """Return the items in their order, in chunks of ``size`` and a smaller last one."""
    return [items[start : start + size] for start in range(0, len(items), size)]
