# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests under way at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client import executor
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor, Work
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


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "_GRACE_SECONDS", 0.05)


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
    ("failure", "expected"),
    [
        (ConfigurationError("wrong"), "2: ConfigurationError, wrong"),
        (AttributeError("a secret"), "2: NoResponseError, DRS at https://drs.invalid was asked, and the answer met an"),
        (MemoryError(), "2: NoResponseError, DRS at https://drs.invalid was asked"),
    ],
)
def test_a_failure_costs_no_other_item(concurrency: int, failure: Exception, expected: str) -> None:
    def work(item: int) -> str:
        if item == 2:
            raise failure
        return str(item)

    results = patient(concurrency).map(work, range(10), describe, SERVICE)

    assert results[2].startswith(expected)
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


class Countdown:
    """A unit of work that leads to the one with the next smaller number, also when it fails. The number 3 fails."""

    def __init__(self, number: int, log: list[str], may_end: threading.Event | None = None) -> None:
        """Write to this log, and end only when it is allowed."""
        self.number = number
        self.log = log
        self.may_end = may_end

    def run(self) -> Sequence[Work]:
        """Count down."""
        if self.may_end is not None:
            self.may_end.wait(30)
        if self.number == 3:
            raise ConfigurationError("three")
        self.log.append(f"done {self.number}")
        return self._next()

    def fail(self, error: CloudError) -> Sequence[Work]:
        """Go on in spite of the error."""
        self.log.append(f"{type(error).__name__} {self.number}")
        return self._next()

    def _next(self) -> Sequence[Work]:
        return [Countdown(self.number - 1, self.log)] if self.number else []


def test_what_work_leads_to_is_done_before_what_waits_already() -> None:
    log: list[str] = []
    patient(1).run([Countdown(4, log), Countdown(1, log)], SERVICE, 2)
    assert log == ["done 4", "ConfigurationError 3", "done 2", "done 1", "done 0", "done 1", "done 0"]


def test_a_thread_without_work_waits_for_what_others_lead_to() -> None:
    # Neither of the two that the first one leads to ends without the other, so the idle thread must not have ended.
    both = threading.Barrier(2, timeout=30)

    class Pair:
        def __init__(self, is_first: bool) -> None:
            self.is_first = is_first

        def run(self) -> Sequence[Work]:
            if self.is_first:
                return [Pair(is_first=False), Pair(is_first=False)]
            both.wait()
            return []

        def fail(self, error: CloudError) -> Sequence[Work]:
            raise error

    patient(2).run([Pair(is_first=True)], SERVICE, 2)


def test_when_time_is_over_all_fails_that_work_leads_to() -> None:
    log: list[str] = []
    released = threading.Event()
    try:
        ThreadExecutor(1, timeout=lambda: 0.0).run([Countdown(2, log, released), Countdown(0, log)], SERVICE, 2)
    finally:
        released.set()
    assert log[:4] == ["NoResponseError 2", "DeadlineError 0", "DeadlineError 1", "DeadlineError 0"]


def test_what_a_failure_raises_is_raised_after_the_rest_is_done() -> None:
    class Broken:
        def run(self) -> Sequence[Work]:
            raise ConfigurationError("wrong")

        def fail(self, error: CloudError) -> Sequence[Work]:
            raise ValueError(str(error))

    log: list[str] = []
    with pytest.raises(ValueError, match="wrong"):
        patient(1).run([Broken(), Countdown(1, log)], SERVICE, 2)
    assert log == ["done 1", "done 0"]
