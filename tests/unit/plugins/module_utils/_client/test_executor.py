# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests under way at once."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ConfigurationError,
    NoResponseError,
)

SERVICE = "DRS at https://drs.invalid"


def never(item: object, error: CloudError | None = None) -> int:
    """Stand for what may not be called."""
    raise AssertionError(item, error)


def patient(concurrency: int) -> ThreadExecutor:
    """Give workers that wait as long as it takes."""
    return ThreadExecutor(concurrency, timeout=lambda: 60.0)


@pytest.mark.parametrize("concurrency", [1, 3, 100])
def test_results_come_in_the_order_of_the_items(concurrency: int) -> None:
    assert patient(concurrency).map(lambda item: item * 2, range(50), never, SERVICE) == list(range(0, 100, 2))


def test_no_items_are_no_work() -> None:
    assert patient(4).map(never, [], never, SERVICE) == []


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

    patient(concurrency).map(work, range(concurrency * 4), never, SERVICE)
    assert most == concurrency


def describe(item: int, error: CloudError) -> str:
    """Say which item met which error."""
    return f"{item}: {type(error).__name__}, {error}"


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ConfigurationError("wrong"), "2: ConfigurationError, wrong"),
        (AttributeError("a secret"), "2: NoResponseError, DRS at https://drs.invalid was asked, and the answer met an"),
        (MemoryError(), "2: NoResponseError, DRS at https://drs.invalid was asked"),
    ],
)
def test_a_failure_costs_no_other_item(concurrency: int, failure: Exception, told: str) -> None:
    def work(item: int) -> str:
        if item == 2:
            raise failure
        return str(item)

    results = patient(concurrency).map(work, range(10), describe, SERVICE)

    assert results[2].startswith(told)
    assert "a secret" not in results[2]
    assert [result for result in results if result != results[2]] == [
        str(number) for number in range(10) if number != 2
    ]


@pytest.mark.parametrize("threads", [0, 1])
def test_fewer_threads_than_asked_for_do_the_work_too(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    start = threading.Thread.start
    started: list[threading.Thread] = []

    def start_some(thread: threading.Thread) -> None:
        if len(started) == threads:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_some)
    assert patient(4).map(lambda item: item * 2, range(10), never, SERVICE) == list(range(0, 20, 2))
    assert len(started) == threads


def test_one_call_raises_what_it_meets_and_gives_up_in_time() -> None:
    def fail() -> None:
        raise ConfigurationError("wrong")

    assert patient(1).call(lambda: "done", SERVICE) == "done"
    with pytest.raises(ConfigurationError, match="wrong"):
        patient(1).call(fail, SERVICE)
    released = threading.Event()
    try:
        with pytest.raises(NoResponseError, match=f"{SERVICE} gave no complete answer before time was over"):
            ThreadExecutor(1, timeout=lambda: 0.0).call(lambda: released.wait(30), SERVICE)
    finally:
        released.set()


def test_what_nobody_has_begun_is_told_apart() -> None:
    released = threading.Event()

    def work(_item: int) -> str:
        released.wait(30)
        return "done"

    try:
        results = ThreadExecutor(1, timeout=lambda: 0.0).map(work, range(2), describe, SERVICE)
    finally:
        released.set()
    late = f"0: NoResponseError, {SERVICE} gave no complete answer before time was over"
    assert results == [late, "1: DeadlineError, not sent: time was over"]


def test_what_takes_too_long_is_given_up() -> None:
    released = threading.Event()

    def work(item: int) -> str:
        if item == 1:
            released.wait(30)
        return f"done {item}"

    try:
        results = ThreadExecutor(2, timeout=lambda: 0.0).map(work, range(3), describe, SERVICE)
    finally:
        released.set()
    late = f"1: NoResponseError, {SERVICE} gave no complete answer before time was over"
    assert results == ["done 0", late, "done 2"]


def test_who_is_interrupted_while_waiting_begins_nothing_more() -> None:
    # Ansible's keyword timeout raises in the thread that waits.
    class TimeIsOverError(BaseException):
        pass

    started: list[int] = []
    may_end = threading.Event()
    before = set(threading.enumerate())

    def work(item: int) -> int:
        started.append(item)
        may_end.wait(30)
        return item

    def interrupt() -> float:
        raise TimeIsOverError

    with pytest.raises(TimeIsOverError):
        ThreadExecutor(1, timeout=interrupt).map(work, range(3), never, SERVICE)
    may_end.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
    assert started in ([0], [])
