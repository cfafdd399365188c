# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stop that the cloud has acted on, in part or late, though its answer says otherwise.

Where a request was refused as a whole, or its answer was lost, a status that has changed since the last look is ours.
Where the answer says of this very job that it failed, somebody else was faster.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.checks import (
    assert_looks_between_stops,
    assert_true,
    sent_to,
    sent_to_cloud,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawRequest, RawServer, Reply, just
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, ModuleRun, StopModule, job_ids

IDS = job_ids(4)
STARTED = "RELEASE_RESOURCE_STARTED"
# An accepted stop may take so many seconds to show, whatever the interval between two looks is.
SETTLE = 20.0


def refusal(status: int, code: str | None = None, **headers: str) -> dict[str, Any]:
    """Give a fault that refuses a request as a whole."""
    body = None if code is None else {"error_code": code, "error_msg": "No."}
    return {"status": status, "body": body, "headers": {key.replace("_", "-"): each for key, each in headers.items()}}


# What says that nothing was done, or says nothing: none of it is to be believed of a request that got through.
REFUSED = {
    "400": refusal(400, "DRS.10000001"),
    "400-empty": refusal(400),
    "403": refusal(403, "DRS.M00102"),
    "404": refusal(404, "DRS.M00101"),
    "409": refusal(409, "DRS.M01504"),
    "413": refusal(413),
    "422": refusal(422, "DRS.M00202"),
    "429": refusal(429),
    "429-later": refusal(429, Retry_After="3"),
    "503-later": refusal(503, Retry_After="1"),
}
IN_DOUBT = {
    "500": refusal(500, "APIGW.0601"),
    "502": refusal(502),
    "503": refusal(503),
    "504": refusal(504, "APIGW.0203"),
    "two-lengths": {"kind": "two-lengths"},
    "reset": {"kind": "reset"},
    "truncate": {"kind": "truncate"},
    "html": {"kind": "html"},
}


def faults(of: dict[str, dict[str, Any]]) -> pytest.MarkDecorator:
    """Run a test for each of these faults."""
    return pytest.mark.parametrize("fault", of.values(), ids=of)


def stop_all(stop: StopModule, **options: Any) -> ModuleRun:
    """Stop four running jobs, and check what has to be true of every run."""
    for job_id in IDS:
        stop.sim.cloud.add_job(job_id)
    run = stop(*IDS, **{"retries": 2, **options})
    assert_true(run, stop.sim, IDS)
    assert_looks_between_stops(sent_to_cloud(run.requests))
    return run


@pytest.mark.parametrize("accepts", [0, 2, 4])
@faults(REFUSED | IN_DOUBT)
def test_a_batch_that_was_stopped_in_part_is_told_as_it_is(
    stop: StopModule, fault: dict[str, Any], accepts: int
) -> None:
    stop.sim.faults.add(Fault("batch-stop", accepts=accepts, after=True, **fault))

    run = stop_all(stop)

    assert run.outcomes[:accepts] == ["stopped"] * accepts
    assert set(run.outcomes[accepts:]) <= {"stopped", "failed"}
    assert run.changed >= bool(accepts)


@faults(REFUSED)
@pytest.mark.parametrize("accepts", [1, 4])
def test_a_refusal_that_comes_each_time_hides_no_stop(stop: StopModule, fault: dict[str, Any], accepts: int) -> None:
    stop.sim.faults.add(Fault("batch-stop", nth=None, accepts=accepts, after=True, **fault))

    run = stop_all(stop)

    assert run.outcomes[:accepts] == ["stopped"] * accepts


@faults(REFUSED)
def test_a_refused_stop_that_nobody_can_look_at_is_unknown(stop: StopModule, fault: dict[str, Any]) -> None:
    stop.sim.faults.add(Fault("batch-stop", nth=None, after=True, **fault))
    for nth in range(2, 200):
        stop.sim.faults.add(Fault("batch-status", nth=nth, kind="reset"))

    run = stop_all(stop, wait_timeout=60)

    assert (run.outcomes, run.changed) == (["unknown"] * 4, True)


@pytest.mark.parametrize("lag", [6, 19])
@pytest.mark.parametrize("wait_interval", [1, 10])
@faults(IN_DOUBT | {"503-later": REFUSED["503-later"]})
def test_a_stop_that_shows_late_is_not_sent_again(
    stop: StopModule, fault: dict[str, Any], lag: int, wait_interval: int
) -> None:
    stop.sim.cloud.status_lag = lag
    stop.sim.faults.add(Fault("batch-stop", after=True, **fault))

    run = stop_all(stop, wait_interval=wait_interval)

    assert (run.outcomes, run.failed) == (["stopped"] * 4, False)
    assert len(run.to("batch-stop")) == 1


@pytest.mark.parametrize("lag", [6, 19])
@pytest.mark.parametrize("accepts", [2, 4])
@faults({name: REFUSED[name] for name in ("400", "413", "429-later", "503-later")})
def test_a_refused_batch_that_shows_late_is_told_as_it_is(
    stop: StopModule, fault: dict[str, Any], lag: int, accepts: int
) -> None:
    stop.sim.cloud.status_lag = lag
    stop.sim.faults.add(Fault("batch-stop", accepts=accepts, after=True, **fault))

    # What is sent once more is refused job by job, since the stop of each is under way; that is no news of others.
    assert stop_all(stop).outcomes[:accepts] == ["stopped"] * accepts


@pytest.mark.parametrize("wait_interval", [0.5, 1, 10, 60])
@pytest.mark.parametrize(
    "reply", [Reply(just(), acts=False, end="fin"), Reply(just(b"HTTP/1.1 502 No\r\n\r\n"), False, "fin")]
)
def test_a_stop_in_doubt_gets_its_time_before_another_one(
    stop: StopModule, clock: ManualClock, wait_interval: float, reply: Reply
) -> None:
    sent_at: list[float] = []

    def script(request: RawRequest, nth: int) -> Reply:
        if request.call == "batch-stop":
            sent_at.append(clock.monotonic())
        return reply if request.call == "batch-stop" and nth == 1 else Reply()

    with RawServer(stop.sim.url, script=script) as server:
        run = stop(RUNNING, endpoint=f"http://127.0.0.1:{server.port}", wait_interval=wait_interval)

    assert run.outcomes == ["stopped"]
    assert_true(run, stop.sim, [RUNNING])
    assert_looks_between_stops(sent_to(server))
    first, second = sent_at
    assert second - first >= SETTLE


# Who was it?


@pytest.mark.parametrize("status", [STARTED, "RELEASE_RESOURCE_COMPLETE", "DELETED"])
def test_somebody_else_was_faster_where_the_cloud_says_so_of_this_job(stop: StopModule, status: str) -> None:
    def script(request: RawRequest, _nth: int) -> Reply:
        if request.call == "batch-stop":
            stop.sim.cloud.job(RUNNING).status = status
        return Reply()

    with RawServer(stop.sim.url, script=script) as server:
        run = stop(RUNNING, endpoint=f"http://127.0.0.1:{server.port}")

    assert len(server.to("batch-stop")) == 1
    assert (run.outcomes, run.changed, run.failed) == (["unchanged"], False, False)


@faults(REFUSED | IN_DOUBT)
def test_a_change_since_the_last_look_is_ours_where_nothing_was_said_of_this_job(
    stop: StopModule, fault: dict[str, Any]
) -> None:
    def script(request: RawRequest, _nth: int) -> Reply:
        if request.call == "batch-stop":
            stop.sim.cloud.job(RUNNING).status = STARTED
        return Reply()

    stop.sim.faults.add(Fault("batch-stop", **fault))
    with RawServer(stop.sim.url, script=script) as server:
        run = stop(RUNNING, endpoint=f"http://127.0.0.1:{server.port}", retries=2)

    assert (run.outcomes, run.changed) == (["stopped"], True)


# A job that is not found once


@pytest.mark.parametrize("nth", [2, 3])
@pytest.mark.parametrize("ends_in", ["RELEASE_RESOURCE_COMPLETE", "RELEASE_RESOURCE_FAILED"])
def test_a_job_that_is_missing_once_is_not_gone(stop: StopModule, sim: Simulator, nth: int, ends_in: str) -> None:
    sim.cloud.add_job(IDS[0], release_seconds=60.0, ends_in=ends_in)
    sim.faults.add(Fault("batch-status", nth=nth, hides=[IDS[0]], after=True))

    run = stop(IDS[0])

    assert_true(run, sim, IDS[:1])
    assert (run.row["status"], run.row["changed"]) == (ends_in, True)
    assert run.outcomes == ["stopped" if ends_in.endswith("COMPLETE") else "failed"]


@faults(IN_DOUBT)
def test_a_job_in_doubt_that_is_missing_once_is_not_stopped(
    stop: StopModule, sim: Simulator, fault: dict[str, Any]
) -> None:
    sim.faults.add(Fault("batch-stop", nth=None, **fault))
    sim.faults.add(Fault("batch-status", nth=2, hides=[RUNNING], after=True))

    run = stop(RUNNING, retries=0)

    assert_true(run, sim, [RUNNING])
    assert run.row["status"] == "INCRE_TRANSFER_STARTED"
