# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What drs_job_batch_stop says of a refusal: the service's words, and what to check, for who was asked and who asks."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, ModuleRun, StopModule

KEY: dict[str, Any] = {"token": None, "access_key": "demo-ak", "secret_key": "demo-sk"}
TERSE = {"error": {"code": 401, "message": "The request you have made requires authentication.", "title": "No"}}


def refused(stop: StopModule, endpoint: str, status: int, body: Any = None, **options: Any) -> ModuleRun:
    """Stop a job where one call is always refused."""
    stop.sim.faults.add(Fault(endpoint, status=status, body=body, headers={"X-Request-Id": ""}, nth=None))
    run = stop(RUNNING, **options)
    assert run.outcomes == ["failed"]
    # One line, one full stop at the end of each sentence.
    assert ".." not in run.msg
    assert ". ." not in run.msg
    return run


def test_a_refused_login_names_all_that_can_be_checked(stop: StopModule) -> None:
    stop.log_in_as()
    msg = refused(stop, "auth-tokens", 401, TERSE).msg
    assert "requires authentication. Check username, password and domain_name, and the project 'demo'." in msg
    for named in ("expired", "disabled", "locked", "15 minutes", "login protection", "iam_token", "totp_passcode"):
        assert named in msg


def test_login_protection_is_told_where_iam_tells_it(stop: StopModule) -> None:
    receipt = {"methods": ["password"], "user": {"name": "demo"}}
    body = {"receipt": receipt, "required_auth_methods": [["password", "totp"]]}
    stop.log_in_as()
    msg = refused(stop, "auth-tokens", 401, body).msg
    assert "login protection, and IAM wants password and totp: use the lookup iam_token" in msg
    assert "domain_name" not in msg


NOT_FOUND = {"error": {"code": 404, "message": "The resource could not be found.", "title": "Not Found"}}


@pytest.mark.parametrize(
    "body", [NOT_FOUND, {"code": "NoSuchPage"}, {"error_code": "APIGW.0101", "error_msg": "No such API."}, "<html>"]
)
def test_a_404_of_iam_is_about_its_endpoint(stop: StopModule, body: Any) -> None:
    stop.log_in_as()
    assert "check iam_endpoint (a base URL, with or without /v3), region and cloud" in (
        refused(stop, "auth-tokens", 404, body).msg
    )


def test_a_refused_token_is_about_the_token(stop: StopModule) -> None:
    msg = refused(stop, "batch-status", 401, TERSE).msg
    assert "The token is not taken there: get a new one" in msg
    assert "password" not in msg


def test_a_refused_key_is_about_the_key(stop: StopModule) -> None:
    msg = refused(stop, "batch-status", 401, TERSE, **KEY).msg
    assert "Check access_key and secret_key" in msg
    assert "password" not in msg


@pytest.mark.parametrize("endpoint", ["batch-status", "batch-stop"])
@pytest.mark.parametrize(("status", "said"), [(403, "lacks a permission"), (404, "check region, cloud and endpoint")])
def test_a_refusal_of_drs_without_a_code_says_what_to_check(
    stop: StopModule, endpoint: str, status: int, said: str
) -> None:
    assert said in refused(stop, endpoint, status, "<html>").msg


@pytest.mark.parametrize("minutes", [-120, -20, 20, 120])
def test_a_clock_that_is_off_hides_no_reason_where_nothing_is_signed(
    stop: StopModule, sim: Simulator, minutes: int
) -> None:
    stop.clock = ManualClock(time.time() + minutes * 60)
    body = {"error_code": "APIGW.0301", "error_msg": "decrypt token fail"}
    msg = refused(stop, "batch-status", 401, body).msg
    assert "get a new one" in msg
    assert "clock" not in msg
    sim.faults.clear()
    stop.log_in_as(password="wrong")
    msg = stop(RUNNING).msg
    assert "Check username" in msg
    assert "clock" not in msg


@pytest.mark.parametrize(("minutes", "said"), [(20, "20 minutes ahead of"), (-20, "20 minutes behind")])
def test_a_clock_that_is_off_is_told_beside_the_reason_of_a_refused_signature(
    stop: StopModule, sim: Simulator, minutes: int, said: str
) -> None:
    stop.clock = ManualClock(time.time() + minutes * 60)
    msg = stop(RUNNING, **KEY).msg
    assert "verify aksk signature fail" in msg
    assert said in msg
    assert "Check access_key and secret_key" in msg


def test_a_missing_permission_has_nothing_to_do_with_the_clock(stop: StopModule) -> None:
    stop.clock = ManualClock(time.time() + 3600)
    body = {"error_code": "DRS.M00103", "error_msg": "No operation permission."}
    msg = refused(stop, "batch-status", 401, body, **KEY).msg
    assert "lacks a permission" in msg
    assert "clock" not in msg


def test_the_request_id_of_keystone_is_read(stop: StopModule, sim: Simulator) -> None:
    headers = {"X-Request-Id": "", "X-Openstack-Request-Id": "req-keystone"}
    sim.faults.add(Fault("auth-tokens", status=401, body=TERSE, headers=headers))
    stop.log_in_as()
    run = stop(RUNNING)
    assert run.row["request_id"] == "req-keystone"
    assert "(request ID req-keystone)" in run.msg
