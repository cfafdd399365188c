# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who drs_job_batch_stop is: the credential it uses, how it logs in, and what it does when a token dies."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    WRONG_PASSWORD,
    ReportedJob,
    StopModule,
    job_ids,
)

BEFORE = "INCRE_TRANSFER_STARTED"


def test_a_user_logs_in_once_and_the_project_id_comes_from_the_answer(stop: StopModule, sim: Simulator) -> None:
    stop.log_in_as()
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert run.endpoints == ["auth-tokens", "batch-status", "batch-stop", "batch-status"]
    assert {request.path.split("/")[2] for request in run.requests[1:]} == {PROJECT_ID}
    login = run.requests[0]
    assert login.query == {"nocatalog": "true"}
    assert login.json["auth"]["scope"] == {"project": {"name": "demo"}}
    assert "X-Auth-Token" not in login.headers


@pytest.mark.parametrize("suffix", ["", "/", "/v3", "/v3/"])
def test_iam_endpoint_may_end_in_v3(stop: StopModule, sim: Simulator, suffix: str) -> None:
    stop.log_in_as(iam_endpoint=sim.url + suffix)
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert run.requests[0].path == "/v3/auth/tokens"


def test_iam_endpoint_has_an_alias(stop: StopModule, sim: Simulator) -> None:
    stop.log_in_as(iam_endpoint=None, auth_url=sim.url)
    assert stop(RUNNING).outcomes == ["stopped"]


def test_a_project_id_scopes_the_login_and_is_used(stop: StopModule) -> None:
    stop.log_in_as(project_id=PROJECT_ID, project_name=None)
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert run.requests[0].json["auth"]["scope"] == {"project": {"id": PROJECT_ID}}


def test_the_region_is_the_name_of_the_project_where_none_is_given(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.add_project("p2", "eu-west-101")
    sim.cloud.add_job("job-2", project_id="p2")
    stop.log_in_as(project_name=None, region="eu-west-101")
    run = stop("job-2")
    assert run.outcomes == ["stopped"]
    assert run.requests[0].json["auth"]["scope"] == {"project": {"name": "eu-west-101"}}


def test_a_login_without_a_project_in_the_answer_asks_for_project_id(stop: StopModule, sim: Simulator) -> None:
    token = {"X-Subject-Token": "abc"}
    sim.faults.add(Fault("auth-tokens", status=201, headers=token, body={"token": {"expires_at": "2030"}}))
    stop.log_in_as()
    run = stop(RUNNING)
    assert run.endpoints == ["auth-tokens"]
    assert run.counts() == {"failed": 1}
    assert "project_id" in run.msg


def test_a_token_that_dies_in_the_middle_is_renewed_once_for_all(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(token_lifetime=15.0, release_seconds=25.0)
    jobs = job_ids(130)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    stop.log_in_as()
    run = stop(*jobs)
    # Two reads at once meet the dead token after 20 seconds; there is one login for both, and one more read each.
    assert run.outcomes == ["stopped"] * 130
    assert len(run.to("auth-tokens")) == 2
    statuses = [request.status for request in run.to("batch-status")]
    assert statuses.count(200) == 8
    # The second read may leave when the new token is there already.
    assert statuses.count(401) in (1, 2)
    assert len(statuses) == 8 + statuses.count(401)


def test_a_token_that_dies_before_the_stop_costs_no_stop_twice(stop: StopModule, sim: Simulator) -> None:
    body = {"error_code": "APIGW.0307", "error_msg": "The token must be updated."}
    sim.faults.add(Fault("batch-stop", status=401, body=body))
    stop.log_in_as()
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert len(run.to("auth-tokens")) == 2
    assert [request.status for request in run.to("batch-stop")] == [401, 200]
    assert len(sim.cloud.accepted_stops) == 1


def test_a_long_wait_goes_on_with_as_many_tokens_as_it_takes(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(token_lifetime=45.0, release_seconds=400.0)
    stop.log_in_as()
    run = stop(RUNNING, OTHER)
    assert run.outcomes == ["stopped", "stopped"]
    assert len(run.to("auth-tokens")) > 7
    # Each token that is refused costs one more read.
    refused = [request.status for request in run.to("batch-status")].count(401)
    assert refused == len(run.to("auth-tokens")) - 1
    assert len(sim.cloud.accepted_stops) == 2


REFUSALS: list[tuple[int, str | None]] = [(401, None), (401, "APIGW.0307"), (401, "APIG.0301"), (403, "DRS.M00100")]


@pytest.mark.parametrize(("status", "code"), REFUSALS)
def test_a_token_that_had_worked_is_renewed_whatever_it_is_refused_with(
    stop: StopModule, sim: Simulator, status: int, code: str | None
) -> None:
    sim.cloud.configure(release_seconds=200.0)
    body = {"error_code": code, "error_msg": "No."} if code else {"error": {"code": status, "message": "No."}}
    for nth in range(3, 20, 2):
        sim.faults.add(Fault("batch-status", status=status, body=body, nth=nth))
    sim.faults.add(Fault("batch-stop", status=status, body=body))
    stop.log_in_as()
    run = stop(RUNNING)
    assert run.outcomes == ["stopped"]
    assert len(run.to("auth-tokens")) == 1 + 9 + 1
    assert len(sim.cloud.accepted_stops) == 1


def test_a_missing_permission_is_no_reason_to_log_in_again(stop: StopModule, sim: Simulator) -> None:
    body = {"error_code": "DRS.M00103", "error_msg": "No operation permission."}
    sim.faults.add(Fault("batch-stop", status=401, body=body, nth=None))
    stop.log_in_as()
    run = stop(RUNNING)
    assert run.job == ReportedJob(
        changed=False,
        outcome="failed",
        status_before=BEFORE,
        status=BEFORE,
        error_code="DRS.M00103",
    )
    assert len(run.to("auth-tokens")) == 1
    assert len(run.to("batch-stop")) == 1


@pytest.mark.parametrize(("status", "code"), REFUSALS)
def test_stops_that_no_token_is_good_for_log_in_a_few_times_only(
    stop: StopModule, sim: Simulator, status: int, code: str | None
) -> None:
    body = {"error_code": code, "error_msg": "No."} if code else None
    sim.faults.add(Fault("batch-stop", status=status, body=body, nth=None))
    jobs = job_ids(30)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    stop.log_in_as()
    run = stop(*jobs, retries=3, concurrency=1, batch_size=2)
    assert set(run.outcomes) == {"failed"}
    assert not run.changed
    # The first stop, and as many more as there may be retries, not so many for each of 15 batches.
    assert len(run.to("batch-stop")) == 1 + 3
    assert len(run.to("auth-tokens")) == 1 + 1 + 3


def test_stops_that_meet_one_revoked_token_at_once_share_its_successor(stop: StopModule, sim: Simulator) -> None:
    for nth in (1, 2, 3, 4):
        sim.faults.add(Fault("batch-stop", status=401, nth=nth))
    jobs = job_ids(8)
    for job_id in jobs:
        sim.cloud.add_job(job_id)
    stop.log_in_as()
    # So that all four have left before the first of them is answered.
    sim.cloud.latency = 0.1
    run = stop(*jobs, batch_size=2, concurrency=4)
    assert run.outcomes == ["stopped"] * 8
    assert len(sim.cloud.accepted_stops) == 8


def test_a_renewal_that_is_refused_is_not_tried_again(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.configure(token_lifetime=15.0, release_seconds=10_000.0)
    body = {"error": {"code": 401, "message": WRONG_PASSWORD, "title": "Unauthorized"}}
    for nth in range(2, 50):
        sim.faults.add(Fault("auth-tokens", status=401, body=body, nth=nth))
    stop.log_in_as()
    run = stop(RUNNING, wait_timeout=300)
    assert len(run.to("auth-tokens")) == 2
    assert run.outcomes == ["stopping"]
    assert run.changed
    assert run.failed


def test_a_token_that_dies_and_cannot_be_renewed_keeps_the_rows(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.release_seconds = 100
    stop.arguments["token"] = sim.cloud.issue_token("demo", "demo", lifetime=15)
    run = stop(RUNNING, wait_timeout=300)
    assert run.outcomes == ["stopping"]
    assert run.changed
    assert run.failed
    assert RUNNING in run.msg
    assert "APIGW.0307" in run.msg
    # Nothing that is sent after that could succeed.
    assert [request.status for request in run.to("batch-status")] == [200, 200, 401]


def test_a_token_that_was_dead_from_the_start_is_a_clear_failure(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.revoke_token(stop.arguments["token"])
    run = stop(RUNNING, OTHER)
    assert run.counts() == {"failed": 2}
    assert not run.changed
    assert {row["error_code"] for row in run.rows} == {"APIGW.0307"}
    assert "APIGW.0307" in run.msg
    # What the gateway says of a dead token is not said any better by asking again.
    assert len(run.requests) <= 2


def test_a_token_for_another_project_is_a_clear_failure(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.add_project("p2", "elsewhere")
    run = stop(RUNNING, project_id="p2")
    assert run.counts() == {"failed": 1}
    assert run.row["error_code"] == "DRS.M00100"
