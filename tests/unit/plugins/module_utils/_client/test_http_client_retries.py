# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often a request is sent again, after how long, and what the deadline has to do with it. Nothing sleeps."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    DeadlineError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind, Retry
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator

MakeHttp = Callable[..., HttpClient]
READ, LOGIN, STOP = RequestKind.READ, RequestKind.LOGIN, RequestKind.STOP
EXPIRED = {"error_code": "APIGW.0307", "error_msg": "The token must be updated."}


def failing(sim: Simulator, http: HttpClient, kind: RequestKind, fault: Fault) -> int:
    """Send a request that always fails; give how often it was sent."""
    sim.faults.add(fault)
    with pytest.raises(CloudError):
        http.request("POST", f"{sim.url}/x", kind=kind, body={})
    return len(sim.requests)


ALWAYS_500 = Fault("unknown", status=500, nth=None)
ALWAYS_RESET = Fault("unknown", kind="reset", nth=None)
ALWAYS_429 = Fault("unknown", status=429, nth=None)


@pytest.mark.parametrize(
    ("fault", "kind", "times"),
    [
        (ALWAYS_500, READ, 6),
        (ALWAYS_500, LOGIN, 2),
        (ALWAYS_500, STOP, 1),
        (ALWAYS_RESET, READ, 6),
        (ALWAYS_RESET, LOGIN, 2),
        (ALWAYS_RESET, STOP, 1),
        (ALWAYS_429, READ, 6),
        (ALWAYS_429, LOGIN, 6),
        (ALWAYS_429, STOP, 1),
        (Fault("unknown", status=401, nth=None), LOGIN, 1),
        (Fault("unknown", status=401, nth=None, body=EXPIRED), LOGIN, 1),
        (Fault("unknown", status=403, nth=None), READ, 1),
        (Fault("unknown", status=503, nth=None, headers={"Retry-After": "1"}), READ, 6),
        (Fault("unknown", status=503, nth=None, headers={"Retry-After": "1"}), LOGIN, 2),
        (Fault("unknown", status=503, nth=None, headers={"Retry-After": "1"}), STOP, 1),
        (Fault("unknown", status=503, nth=None), STOP, 1),
    ],
)
def test_a_request_is_repeated_where_that_is_safe(
    http: HttpClient, sim: Simulator, fault: Fault, kind: RequestKind, times: int
) -> None:
    assert failing(sim, http, kind, fault) == times


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_retries_are_further_attempts(make_http: MakeHttp, sim: Simulator, retries: int) -> None:
    assert failing(sim, make_http(retries=retries), READ, ALWAYS_500) == retries + 1


def test_the_pauses_grow(http: HttpClient, sim: Simulator, clock: ManualClock) -> None:
    failing(sim, http, READ, ALWAYS_500)
    assert clock.sleeps == [0.5, 1, 2, 4, 8]


def test_the_pauses_of_a_throttled_request_are_longer(http: HttpClient, sim: Simulator, clock: ManualClock) -> None:
    failing(sim, http, READ, ALWAYS_429)
    assert clock.sleeps == [2.5, 5, 10, 20, 30]


def test_a_pause_that_the_server_asks_for_is_kept(http: HttpClient, sim: Simulator, clock: ManualClock) -> None:
    for seconds in ("7", "0", "soon"):
        sim.faults.add(Fault("unknown", status=429, headers={"Retry-After": seconds}))
        sim.faults.add(Fault("unknown", status=200, body={}, nth=2))
        http.request("POST", f"{sim.url}/x", kind=READ, body={})
        sim.faults.clear()
    assert clock.sleeps == [7, 0, 2.5]


def test_an_answer_after_failures_is_the_answer(http: HttpClient, sim: Simulator) -> None:
    sim.faults.add(Fault("unknown", kind="reset"))
    sim.faults.add(Fault("unknown", status=502, nth=2))
    sim.faults.add(Fault("unknown", status=200, body={"a": 1}, nth=3))
    assert http.request("GET", f"{sim.url}/x", kind=READ).body == {"a": 1}


@pytest.fixture
def closed() -> Iterator[str]:
    """A URL where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unused.getsockname()[1]}"


@pytest.mark.parametrize("kind", [kind for kind in RequestKind if kind is not RequestKind.OPTIONAL_READ])
def test_a_refused_connection_is_always_tried_again(
    http: HttpClient, clock: ManualClock, closed: str, kind: RequestKind
) -> None:
    with pytest.raises(NoResponseError) as caught:
        http.request("POST", f"{closed}/x?canary=1", kind=kind, body={"canary": 1})
    assert not caught.value.sent
    assert clock.sleeps == [0.5, 1, 2, 4, 8]
    assert closed in str(caught.value)
    assert "canary" not in str(caught.value)


def test_when_time_is_over_nothing_is_sent(make_http: MakeHttp, sim: Simulator, clock: ManualClock) -> None:
    http = make_http(seconds=10)
    clock.advance(10)
    with pytest.raises(DeadlineError, match="10 seconds"):
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert sim.requests == []


def test_no_pause_reaches_beyond_the_deadline(make_http: MakeHttp, sim: Simulator, clock: ManualClock) -> None:
    # Pauses of 0.5, 1 and 2 seconds are within 6 seconds; one more of 4 seconds is not.
    assert failing(sim, make_http(seconds=6), READ, ALWAYS_500) == 4
    assert clock.sleeps == [0.5, 1, 2]


def test_a_server_cannot_ask_for_more_time_than_there_is(
    make_http: MakeHttp, sim: Simulator, clock: ManualClock
) -> None:
    fault = Fault("unknown", status=429, headers={"Retry-After": "999999999999"}, nth=None)
    assert failing(sim, make_http(seconds=60), READ, fault) == 1
    assert clock.sleeps == []


def test_an_expired_token_is_renewed_once_without_a_pause(http: HttpClient, sim: Simulator, clock: ManualClock) -> None:
    sim.faults.add(Fault("unknown", status=401, body=EXPIRED))
    sim.faults.add(Fault("unknown", status=200, body={}, nth=2))
    http.request("POST", f"{sim.url}/x", kind=READ, auth=TokenAuth("old", refresh_using=lambda: "new"), body={})
    assert [request.headers["X-Auth-Token"] for request in sim.requests] == ["old", "new"]
    assert clock.sleeps == []


def test_a_stop_gets_a_new_token_and_is_sent_again_by_its_caller(http: HttpClient, sim: Simulator) -> None:
    sim.faults.add(Fault("unknown", status=401, body=EXPIRED))
    sim.faults.add(Fault("unknown", status=200, body={}, nth=2))
    auth = TokenAuth("old", refresh_using=lambda: "new")
    with pytest.raises(ServiceError, match=r"APIGW\.0307"):
        http.request("POST", f"{sim.url}/x", kind=STOP, auth=auth, body={})
    http.request("POST", f"{sim.url}/x", kind=STOP, auth=auth, body={})
    assert [request.headers["X-Auth-Token"] for request in sim.requests] == ["old", "new"]


def test_a_new_token_that_is_no_better_is_not_renewed_again(http: HttpClient, sim: Simulator) -> None:
    sim.faults.add(Fault("unknown", status=401, body=EXPIRED, nth=None))
    tokens = iter(["second", "third"])
    with pytest.raises(ServiceError, match=r"APIGW\.0307"):
        http.request("GET", f"{sim.url}/x", kind=READ, auth=TokenAuth("first", refresh_using=lambda: next(tokens)))
    assert [request.headers["X-Auth-Token"] for request in sim.requests] == ["first", "second"]


@pytest.mark.parametrize("code", ["APIGW.0301", "DRS.M00103", "IAM.0062"])
def test_no_other_401_is_worth_a_new_token(http: HttpClient, sim: Simulator, code: str) -> None:
    sim.faults.add(Fault("unknown", status=401, body={"error_code": code, "error_msg": "No."}, nth=None))
    with pytest.raises(ServiceError, match=code):
        http.request("GET", f"{sim.url}/x", kind=READ, auth=TokenAuth("first", refresh_using=lambda: "second"))
    assert len(sim.requests) == 1


def test_each_retry_is_told_before_the_pause(make_http: MakeHttp, sim: Simulator, clock: ManualClock) -> None:
    told: list[tuple[Retry, list[float]]] = []
    http = make_http(on_retry=lambda retry: told.append((retry, clock.sleeps)))
    sim.faults.add(Fault("unknown", status=429, headers={"Retry-After": "7"}))
    sim.faults.add(Fault("unknown", kind="reset", nth=2))
    sim.faults.add(Fault("unknown", status=200, body={}, nth=3))
    http.request("POST", f"{sim.url}/x?canary=1", kind=READ, auth=TokenAuth("canary"), body={"canary": 1})
    line = f"POST {sim.url}/x"
    assert told == [(Retry(line, "HTTP 429", 7, 2), []), (Retry(line, "no response", 1, 3), [7])]
    assert "canary" not in str(told)


@pytest.mark.parametrize("kind", [READ, STOP])
def test_what_is_not_repeated_is_no_retry(make_http: MakeHttp, sim: Simulator, kind: RequestKind) -> None:
    told: list[Retry] = []
    failing(sim, make_http(on_retry=told.append, retries=0 if kind is READ else 5), kind, ALWAYS_500)
    assert told == []


def test_a_retry_that_cannot_be_shown_fails_no_request(make_http: MakeHttp, sim: Simulator) -> None:
    def fail(_retry: Retry) -> None:
        raise OSError("nobody reads")

    sim.faults.add(Fault("unknown", status=503))
    sim.faults.add(Fault("unknown", status=200, body={}, nth=2))
    assert make_http(on_retry=fail).request("GET", f"{sim.url}/x", kind=READ).body == {}
