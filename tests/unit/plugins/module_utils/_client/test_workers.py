# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests under way at once."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.workers import ThreadWorkers


def never(item: object, _is_begun: bool = False) -> int:
    """Stand for an item that took too long, where none may."""
    raise AssertionError(item)


def patient(concurrency: int) -> ThreadWorkers:
    """Give workers that wait as long as it takes."""
    return ThreadWorkers(concurrency, patience=lambda: 60.0)


@pytest.mark.parametrize("concurrency", [1, 3, 100])
def test_results_come_in_the_order_of_the_items(concurrency: int) -> None:
    assert patient(concurrency).map(lambda item: item * 2, range(50), late=never) == list(range(0, 100, 2))


def test_no_items_are_no_work() -> None:
    assert patient(4).map(never, [], late=never) == []


@pytest.mark.parametrize("concurrency", [1, 3])
def test_so_many_work_at_once_and_no_more(concurrency: int) -> None:
    # Nobody passes the barrier before all of them work at the same time.
    barrier = threading.Barrier(concurrency, timeout=30)
    lock = threading.Lock()
    working, most = 0, 0

    def work(_item: int) -> int:
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
        barrier.wait()
        with lock:
            working -= 1
        return 0

    patient(concurrency).map(work, range(concurrency * 4), late=never)
    assert most == concurrency


@pytest.mark.parametrize("concurrency", [1, 3])
def test_every_item_is_tried_before_a_failure_is_raised(concurrency: int) -> None:
    tried: list[int] = []

    def work(item: int) -> int:
        tried.append(item)
        if item == 2:
            raise ValueError("two")
        return item

    with pytest.raises(ValueError, match="two"):
        patient(concurrency).map(work, range(10), late=never)
    assert sorted(tried) == list(range(10))


def describe_late(item: int, is_begun: bool) -> str:
    """Say which item was late, and whether somebody had begun it."""
    return f"{'late' if is_begun else 'never begun'} {item}"


def test_what_nobody_has_begun_is_told_apart() -> None:
    released = threading.Event()

    def work(_item: int) -> str:
        released.wait(30)
        return "done"

    try:
        results = ThreadWorkers(1, patience=lambda: 0.0).map(work, range(2), late=describe_late)
    finally:
        released.set()
    assert results == ["late 0", "never begun 1"]


def test_what_takes_too_long_is_given_up() -> None:
    released = threading.Event()

    def work(item: int) -> str:
        if item == 1:
            released.wait(30)
        return f"done {item}"

    try:
        results = ThreadWorkers(2, patience=lambda: 0.0).map(work, range(3), late=describe_late)
    finally:
        released.set()
    assert results == ["done 0", "late 1", "done 2"]


def test_who_is_interrupted_while_waiting_begins_nothing_more() -> None:
    # Ansible's keyword timeout raises in the thread that waits.
    class TimeIsOverError(BaseException):
        pass

    begun: list[int] = []
    may_end = threading.Event()
    before = set(threading.enumerate())

    def work(item: int) -> int:
        begun.append(item)
        may_end.wait(30)
        return item

    def interrupt() -> float:
        raise TimeIsOverError

    with pytest.raises(TimeIsOverError):
        ThreadWorkers(1, patience=interrupt).map(work, range(3), late=never)
    may_end.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
    assert begun in ([0], [])
