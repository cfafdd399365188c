# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what a request was refused for as a whole, found out by sending it in halves.

One job ID that the cloud dislikes, or a limit on the size that nobody documents, must not cost the whole batch. A cause
that all jobs share must not multiply requests either.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from .._core.errors import CloudError
from .._core.retry import is_bisectable

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

Pieces = list[tuple[Sequence[ItemT], "ResultT | CloudError"]]

# So many single items refused for the reason of the whole, and nothing accepted: the cause is not in the items.
_MAX_SINGLE_FAILURES = 8


class BatchBisector:
    """Sends items together, and in halves what is refused as a whole. Safe to use from several threads."""

    def __init__(self, item_error_codes: Collection[str] = ()) -> None:
        """``item_error_codes`` are error codes that are always about single items, however many of them there are."""
        self._about_items = item_error_codes
        self._lock = threading.Lock()
        self._accepted = 0
        self._single_failures: Counter[str | None] = Counter()
        self._limit: int | None = None

    def send(
        self,
        items: Sequence[ItemT],
        request: Callable[[Sequence[ItemT]], ResultT],
        select: Callable[[Sequence[ItemT]], Sequence[ItemT]] | None = None,
    ) -> Pieces[ItemT, ResultT]:
        """Return the pieces that the items were sent in, each with the result or the error of its request.

        Before items are sent once more, ``select`` says which of them are to be; the others are in no piece.
        """
        if self._limit is not None and len(items) > self._limit:
            return [piece for some in chunks(items, self._limit) for piece in self.send(some, request, select)]
        try:
            result = request(items)
        except CloudError as error:
            return self._in_halves(items, request, select, error)
        with self._lock:
            self._accepted += 1
        return [(items, result)]

    def _in_halves(
        self,
        items: Sequence[ItemT],
        request: Callable[[Sequence[ItemT]], ResultT],
        select: Callable[[Sequence[ItemT]], Sequence[ItemT]] | None,
        error: CloudError,
    ) -> Pieces[ItemT, ResultT]:
        if not is_bisectable(error):
            return [(items, error)]
        if len(items) == 1:
            with self._lock:
                self._single_failures[error.error_code] += 1
            return [(items, error)]
        if self._is_common(error):
            return [(items, error)]
        pieces: Pieces[ItemT, ResultT] = []
        size = (len(items) + 1) // 2
        selected = items if select is None else select(items)
        for half in chunks(selected, size):
            pieces += [(half, error)] if self._is_common(error) else self.send(half, request, select)
        if len(selected) == len(items) and not any(isinstance(result, CloudError) for _piece, result in pieces):
            # Nothing was wrong with the items, so it was their number.
            with self._lock:
                self._limit = min(self._limit or size, size)
        return pieces

    def _is_common(self, error: CloudError) -> bool:
        if error.error_code in self._about_items:
            return False
        with self._lock:
            return self._accepted == 0 and self._single_failures[error.error_code] >= _MAX_SINGLE_FAILURES


def chunks(items: Sequence[ItemT], size: int) -> list[Sequence[ItemT]]:
    """Return the items in their order, in chunks of ``size`` and a smaller last one."""
    return [items[start : start + size] for start in range(0, len(items), size)]
