# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counting refusals never changes what is told of a request, and lets none leave too late."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.lockout import Key, Lockout
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    DeadlineError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.refusal_history import Identity, RefusalHistory
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator

TOKEN = Identity("token", "", "a")
URL = "https://drs.example.com"
LOST = NoResponseError("the connection broke", sent=True)
REFUSED = ServiceError("POST drs", status=401)


class Broken:
    """Histories that can be read, and nothing else."""

    def __init__(self, history: RefusalHistory) -> None:
        """Take what everybody reads."""
        self._history = history

    def read(self, _key: Key) -> RefusalHistory:
        """Return always the same."""
        return self._history

    def write(self, _key: Key, _history: RefusalHistory) -> None:
        """Fail as nobody foresaw."""
        raise RuntimeError

    @contextmanager
    def locked(self, _key: Key) -> Iterator[None]:
        """Fail as where another process takes too long, once the token has been accepted."""
        if self._history.accepted:
            raise NoResponseError("another process of this run", sent=False)
        yield


@pytest.mark.parametrize("history", [RefusalHistory(), RefusalHistory(accepted="a")], ids=["unknown", "accepted"])
@pytest.mark.parametrize("error", [LOST, REFUSED], ids=["lost", "refused"])
def test_what_became_of_a_request_is_told_as_it_is(history: RefusalHistory, error: Exception) -> None:
    with pytest.raises(type(error)) as caught, Lockout(Broken(history)).attempt(TOKEN, URL):
        raise error
    assert caught.value is error


@pytest.mark.parametrize("history", [RefusalHistory(), RefusalHistory(accepted="a")], ids=["unknown", "accepted"])
def test_a_success_stays_one(history: RefusalHistory) -> None:
    with Lockout(Broken(history)).attempt(TOKEN, URL):
        pass


class Slow(Broken):
    """Histories that somebody else holds for an hour."""

    def __init__(self, clock: ManualClock) -> None:
        """Take the clock."""
        super().__init__(RefusalHistory())
        self._clock = clock

    @contextmanager
    def locked(self, _key: Key) -> Iterator[None]:
        """Take an hour."""
        self._clock.advance(3600)
        yield


def test_nothing_leaves_when_time_is_over_after_the_wait_for_another_request(
    sim: Simulator, clock: ManualClock
) -> None:
    http = HttpClient(HttpSettings(), clock, Deadline(clock, 60), lockout=Lockout(Slow(clock)))
    with pytest.raises(DeadlineError):
        http.request("POST", f"{sim.url}/v5/p/jobs/batch-stop", kind=RequestKind.STOP, auth=TokenAuth("t"), body={})
    assert not sim.requests


def test_a_refusal_is_told_before_anybody_else_may_send_the_credential() -> None:
    told: list[Identity] = []
    lockout = Lockout(on_refusal=told.append)
    entered, seen = threading.Event(), []

    def wait() -> None:
        entered.wait()
        with lockout.attempt(TOKEN, URL):
            seen.append(list(told))

    thread = threading.Thread(target=wait)
    thread.start()
    with suppress(ServiceError), lockout.attempt(TOKEN, URL):
        entered.set()
        thread.join(0.1)  # it waits for this request
        raise REFUSED
    thread.join()
    assert seen == [[TOKEN]]
    for error in (LOST, ServiceError("GET drs", status=500)):
        with suppress(type(error)), lockout.attempt(TOKEN, URL):
            raise error
    assert told == [TOKEN]


def test_those_that_wait_for_the_first_request_do_not_wait_for_each_other() -> None:
    lockout, together, entered = Lockout(), threading.Barrier(3, timeout=10), threading.Event()

    def wait() -> None:
        entered.wait()
        with lockout.attempt(TOKEN, URL):
            together.wait()

    threads = [threading.Thread(target=wait) for _number in range(3)]
    for thread in threads:
        thread.start()
    with lockout.attempt(TOKEN, URL):
        entered.set()
        threads[0].join(0.1)
    for thread in threads:
        thread.join()
    assert not together.broken
