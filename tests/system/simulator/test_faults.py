# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may go wrong on the way, before and after the cloud has done its work."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.faults import FaultKind
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import OTHER, RUNNING, Client, error_of

BOTH = pytest.mark.parametrize("after", [False, True], ids=["before", "after"])


def stopped(client: Client) -> bool:
    """Tell whether the cloud took a stop on."""
    return bool(client.sim.cloud.accepted_stops)


@BOTH
def test_an_answer_of_any_status(client: Client, after: bool) -> None:
    body = {"error_code": "APIGW.0201", "error_msg": "Backend timeout"}
    fault = Fault("batch-stop", status=504, headers={"Retry-After": "7"}, body=body, after=after)
    client.sim.faults.add(fault)

    response = client.batch_stop(RUNNING)
    assert error_of(response) == (504, "APIGW.0201")
    assert response.headers["Retry-After"] == "7"
    assert response.headers["X-Request-Id"]
    assert stopped(client) is after
    assert [request.status for request in client.sim.requests] == [504]
    assert client.batch_stop(OTHER).status_code == 200


def test_an_answer_without_a_body(client: Client) -> None:
    client.sim.faults.add(Fault("batch-stop", status=502))
    response = client.batch_stop(RUNNING)
    assert (response.status_code, response.content) == (502, b"")


def test_a_real_answer_with_other_headers(client: Client) -> None:
    client.sim.faults.add(Fault("batch-stop", headers={"X-Request-Id": "mine"}, after=True))
    response = client.batch_stop(RUNNING)
    assert response.json()["jobs"][0]["status"] == "success"
    assert response.headers["X-Request-Id"] == "mine"


@pytest.mark.parametrize("body", ["Bad gateway", b"Bad gateway"])
def test_a_body_that_is_no_json(client: Client, body: str | bytes) -> None:
    client.sim.faults.add(Fault("batch-stop", status=502, body=body))
    assert client.batch_stop(RUNNING).text == "Bad gateway"


def test_a_redirect(client: Client) -> None:
    client.sim.faults.add(Fault("batch-stop", status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"}))
    response = client.batch_stop(RUNNING)
    assert (response.status_code, response.next and response.next.url) == (302, "http://127.0.0.1:1/elsewhere")
    assert not stopped(client)


@BOTH
def test_a_reset(client: Client, after: bool) -> None:
    client.sim.faults.add(Fault("batch-stop", kind="reset", after=after))
    with pytest.raises(requests.ConnectionError) as caught:
        client.batch_stop(RUNNING)
    assert "ConnectionResetError" in repr(caught.value)
    assert stopped(client) is after
    assert [request.status for request in client.sim.requests] == [None]


@BOTH
def test_a_stall(client: Client, after: bool) -> None:
    client.sim.faults.add(Fault("batch-stop", kind="stall", after=after))
    client.timeout = 0.3
    with pytest.raises(requests.ReadTimeout):
        client.batch_stop(RUNNING)
    assert stopped(client) is after
    assert [request.status for request in client.sim.requests] == [None]


@BOTH
def test_half_an_answer(client: Client, after: bool) -> None:
    client.sim.faults.add(Fault("batch-stop", kind="truncate", after=after))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.batch_stop(RUNNING)
    assert stopped(client) is after


@BOTH
def test_a_page_of_somebody_else(client: Client, after: bool) -> None:
    client.sim.faults.add(Fault("batch-stop", kind="html", after=after))
    response = client.batch_stop(RUNNING)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert response.text.startswith("<html>")
    assert stopped(client) is after


def test_far_too_much(client: Client) -> None:
    client.sim.faults.add(Fault("jobs", kind="oversize", size=3_000_001))
    response = client.get("/jobs")
    assert len(response.content) == 3_000_001
    assert response.json().keys() == {"padding"}


def test_far_too_deep(client: Client) -> None:
    client.sim.faults.add(Fault("jobs", kind="nested", depth=200_000))
    with pytest.raises(RecursionError):
        client.get("/jobs").json()


def test_byte_by_byte(client: Client) -> None:
    client.sim.faults.add(Fault("jobs", kind="trickle", status=200, body={"jobs": []}, interval=0.001))
    assert client.get("/jobs").json() == {"jobs": []}


def test_byte_by_byte_is_slower_than_any_single_wait(client: Client) -> None:
    client.sim.faults.add(Fault("jobs", kind="trickle", interval=0.05))
    client.timeout = 0.5
    began = time.monotonic()
    assert client.get("/jobs").json() == {"jobs": []}
    # Twelve bytes, and a timeout that counts for each wait on the socket anew.
    assert time.monotonic() - began > client.timeout


@pytest.mark.parametrize("kind", ["trickle", "oversize"])
def test_a_client_may_leave_in_the_middle(client: Client, caplog: pytest.LogCaptureFixture, kind: FaultKind) -> None:
    client.sim.faults.add(Fault("jobs", kind=kind, interval=0.001, body="x" * 2000))
    client.session.stream = True
    with client.get("/jobs") as response:
        assert response.raw.read(1)
    assert client.get("/jobs").status_code == 400
    assert caplog.text == ""


@BOTH
def test_two_lengths(client: Client, after: bool) -> None:
    client.sim.faults.add(Fault("batch-stop", kind="two-lengths", after=after))
    with pytest.raises(requests.RequestException, match="multiple unmatching values"):
        client.batch_stop(RUNNING)
    assert stopped(client) is after
    assert [request.status for request in client.sim.requests] == [200]
    assert client.batch_status(RUNNING).status_code == 200


@pytest.mark.parametrize("accepts", [0, 1, 2])
@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, (400, "DRS.10000001")), ({"status": 503, "body": {"error_code": "APIGW.0203"}}, (503, "APIGW.0203"))],
)
def test_a_batch_that_fails_half_way(
    client: Client, accepts: int, given: dict[str, Any], expected: tuple[int, str]
) -> None:
    ids = [client.sim.cloud.add_job(f"job-{number}").job_id for number in range(3)]
    client.sim.faults.add(Fault("batch-stop", accepts=accepts, after=True, **given))

    assert error_of(client.batch_stop(*ids)) == expected
    assert [stop.job_id for stop in client.sim.cloud.accepted_stops] == ids[:accepts]
    assert client.batch_stop(*ids[accepts:]).json()["jobs"][0]["status"] == "success"
    assert [stop.job_id for stop in client.sim.cloud.accepted_stops] == ids


def test_a_batch_of_v3_that_fails_half_way(client: Client) -> None:
    client.sim.faults.add(Fault("batch-jobs", accepts=1, after=True))
    assert error_of(client.batch_jobs(RUNNING, OTHER)) == (400, "DRS.10000001")
    assert [stop.job_id for stop in client.sim.cloud.accepted_stops] == [RUNNING]


def test_a_job_that_is_not_found_once(client: Client) -> None:
    client.sim.faults.add(Fault("batch-status", hides=[RUNNING], after=True))
    hidden, seen = (client.batch_status(RUNNING, OTHER).json()["results"] for _attempt in range(2))
    assert [result.get("error_code") for result in hidden] == ["DRS.M00289", None]
    assert [result.get("error_code") for result in seen] == [None, None]


def test_faults_end_when_the_simulator_stops() -> None:
    with Simulator(clock=ManualClock()) as sim, requests.Session() as session:
        sim.faults.add(Fault("projects", kind="trickle", interval=3600))
        response = session.get(sim.url + "/v3/projects", stream=True, timeout=10)
    with pytest.raises(requests.RequestException, match="ConnectionResetError"):
        response.json()


@pytest.mark.parametrize(("nth", "expected"), [(1, [502, 200, 200]), (3, [200, 200, 502]), (None, [502, 502, 502])])
def test_which_call(client: Client, nth: int | None, expected: list[int]) -> None:
    client.batch_status(RUNNING)
    client.sim.faults.add(Fault("batch-status", status=502, nth=nth))
    client.batch_stop(RUNNING)
    assert [client.batch_status(RUNNING).status_code for _attempt in range(3)] == expected


def test_several_faults(client: Client) -> None:
    for nth, status in ((2, 503), (1, 502), (2, 504)):
        client.sim.faults.add(Fault("batch-status", status=status, nth=nth))
    assert [client.batch_status(RUNNING).status_code for _attempt in range(3)] == [502, 503, 200]


def test_no_more_faults(client: Client) -> None:
    client.sim.faults.add(Fault("batch-status", status=502, nth=None))
    client.sim.faults.clear()
    assert client.batch_status(RUNNING).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "nowhere", "status": 500},
        {"endpoint": "stop"},
        {"endpoint": "stop", "status": 500, "nth": 0},
        {"endpoint": "stop", "kind": "explode"},
        {"endpoint": "stop", "accepts": -1, "after": True},
        {"endpoint": "stop", "accepts": 1, "status": 400},
        {"endpoint": "stop", "hides": [RUNNING], "status": 400},
        {"endpoint": "stop", "hides": RUNNING, "after": True},
    ],
)
def test_nonsense_is_refused(sim: Simulator, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"endpoint|status|nth|kind|accepts|hides"):
        sim.faults.add(Fault(**wrong))


def test_another_process_may_add_faults(client: Client) -> None:
    fault = {"endpoint": "batch-stop", "status": 503, "body": {"a": 1}, "nth": None}
    assert client.send("POST", "/simulator/faults", json=fault).status_code == 201
    assert client.batch_stop(RUNNING).json() == {"a": 1}


def test_another_process_may_let_a_batch_fail_half_way_or_hide_a_job(client: Client) -> None:
    for fault in (
        {"endpoint": "batch-stop", "accepts": 1, "after": True},
        {"endpoint": "batch-status", "hides": [OTHER], "after": True},
        {"endpoint": "batch-jobs", "kind": "two-lengths", "after": True},
    ):
        assert client.send("POST", "/simulator/faults", json=fault).status_code == 201
    assert client.batch_stop(RUNNING, OTHER).status_code == 400
    assert client.batch_status(OTHER).json()["results"][0]["error_code"] == "DRS.M00289"
    assert len(client.sim.cloud.accepted_stops) == 1


@pytest.mark.parametrize("body", ["", "[]", "{}", json.dumps({"endpoint": "stop"}), '{"endpoint": "x", "status": 1}'])
def test_another_process_is_told_what_is_wrong(client: Client, body: str) -> None:
    response = client.send("POST", "/simulator/faults", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["error"]
