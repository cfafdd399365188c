# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets stay out of what drs_job_batch_stop prints, and what it prints stays whole, whatever the secrets are."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    RUNNING,
    WRONG_PASSWORD,
    StopModule,
    assert_silent,
    module_and_action,
)

pytestmark = module_and_action

CANARY = 'Canary-"pass\\wörd'
TOKEN = "canary-token-0123456789-abcdefghijklmnopqrstuvwxyz"


def canary_user(stop: StopModule, **options: Any) -> None:
    """Log in with the canary as the password from now on."""
    stop.sim.cloud.add_user("canary", CANARY, "demo")
    stop.log_in_as("canary", CANARY, **options)


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_neither_password_nor_token_is_printed_after_a_success(stop: StopModule, check: bool) -> None:
    canary_user(stop)
    run = stop(RUNNING, check=check, _ansible_diff=True, _ansible_verbosity=4)
    assert not run.failed
    token = run.to("batch-status")[0].headers["X-Auth-Token"]
    assert_silent(run, CANARY, token)
    if "invocation" in run.result:  # ansible-core 2.21 leaves it out
        assert run.result["invocation"]["module_args"]["username"] == "canary"


def test_a_wrong_password_is_not_printed(stop: StopModule) -> None:
    stop.log_in_as(password=CANARY)
    run = stop(RUNNING)
    assert WRONG_PASSWORD in run.msg
    assert_silent(run, CANARY)


def test_a_wrong_token_is_not_printed(stop: StopModule) -> None:
    run = stop(RUNNING, token=TOKEN)
    assert run.failed
    assert_silent(run, TOKEN)


def test_nothing_is_printed_when_the_connection_is_refused(stop: StopModule) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
        canary_user(stop, iam_endpoint=closed)
        run = stop(RUNNING)
        assert closed in run.msg
        assert_silent(run, CANARY)
        run = stop(RUNNING, token=TOKEN, project_id=PROJECT_ID, endpoint=closed)
        assert closed in run.msg
        assert_silent(run, CANARY, TOKEN)


@pytest.mark.parametrize("endpoint", ["auth-tokens", "batch-status", "batch-stop"])
def test_nothing_is_printed_after_a_page_of_somebody_else(stop: StopModule, sim: Simulator, endpoint: str) -> None:
    sim.faults.add(Fault(endpoint, kind="html", nth=None))
    canary_user(stop)
    run = stop(RUNNING, wait_timeout=30)
    assert run.failed
    assert "<html>" not in run.stdout
    assert_silent(run, CANARY, *[request.headers.get("X-Auth-Token", CANARY) for request in run.requests])


@pytest.mark.parametrize("endpoint", ["auth-tokens", "batch-status"])
def test_a_cloud_that_repeats_a_secret_is_not_repeated(stop: StopModule, sim: Simulator, endpoint: str) -> None:
    body = {"error_code": "IAM.0001", "error_msg": f"wrong: Canary-Password for {TOKEN}."}
    sim.faults.add(Fault(endpoint, status=401, body=body))
    sim.cloud.add_user("canary", "Canary-Password", "demo")
    stop.log_in_as("canary", "Canary-Password")
    run = stop(RUNNING)
    assert run.failed
    assert "wrong: " in run.msg
    assert_silent(run, "Canary-Password")


def test_a_cloud_that_repeats_a_token_is_not_repeated(stop: StopModule, sim: Simulator) -> None:
    body = {"error_code": "APIGW.0301", "error_msg": f"cannot decrypt {TOKEN}."}
    sim.faults.add(Fault("batch-status", status=401, body=body))
    run = stop(RUNNING, token=TOKEN)
    assert "cannot decrypt" in run.msg
    assert_silent(run, TOKEN)


def test_a_secret_of_the_environment_is_not_printed(stop: StopModule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_USER_NAME", "demo")
    monkeypatch.setenv("HW_USER_PASSWORD", CANARY)
    monkeypatch.setenv("HW_DOMAIN_NAME", "demo")
    stop.log_in_as(username=None, password=None, domain_name=None)  # type: ignore[arg-type]
    run = stop(RUNNING)
    assert WRONG_PASSWORD in run.msg
    assert_silent(run, CANARY)


def test_no_key_of_a_result_means_something_else_to_ansible_or_jinja(stop: StopModule) -> None:
    refused = {"results", "failed_when_result", "skipped", "items", "keys", "values", "exception", "stdout", "rc"}
    failing, working = stop(MISSING, _ansible_diff=True), stop(RUNNING, _ansible_diff=True)
    for run in (failing, working):
        assert not refused & (run.result.keys() | run.rows[0].keys() | run.result["summary"].keys())
    assert failing.result["failed"] is True
    assert isinstance(failing.result["summary"]["failed"], int)
