# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An access key signs each attempt of each request, and nothing is sent once it was refused."""

from __future__ import annotations

from typing import Any

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule

KEY: dict[str, Any] = {"token": None, "access_key": "demo-ak", "secret_key": "demo-sk"}


def test_an_access_key_signs_every_request_and_logs_in_nowhere(sim: Simulator, stop: StopModule) -> None:
    run = stop(RUNNING, **KEY)

    assert run.outcomes == ["stopped"]
    assert not sim.requests_to("auth-tokens")
    for request in sim.requests:
        assert request.headers["Authorization"].startswith(
            "SDK-HMAC-SHA256 Access=demo-ak, SignedHeaders=content-type;"
        )
        assert request.headers["X-Project-Id"] == PROJECT_ID
        assert "X-Auth-Token" not in request.headers
    assert "demo-sk" not in str([request.headers for request in sim.requests])


def test_each_attempt_is_signed_anew(sim: Simulator, stop: StopModule) -> None:
    sim.faults.add(Fault("batch-status", status=503, headers={"Retry-After": "60"}))

    assert stop(RUNNING, **KEY).outcomes == ["stopped"]

    first, second = (request.headers["X-Sdk-Date"] for request in sim.requests_to("batch-status")[:2])
    assert first != second


def test_a_temporary_key_sends_its_security_token(sim: Simulator, stop: StopModule) -> None:
    sim.cloud.add_access_key("temporary", "its-secret", [PROJECT_ID], security_token="its-security-token")
    key: dict[str, Any] = {"token": None, "access_key": "temporary", "secret_key": "its-secret"}

    assert stop(RUNNING, **key, security_token="its-security-token").outcomes == ["stopped"]
    sim.clear_requests()
    assert stop(RUNNING, **key).outcomes == ["failed"]


def test_a_wrong_signature_is_sent_once_however_many_batches_there_are(sim: Simulator, stop: StopModule) -> None:
    jobs = [f"job-{number}" for number in range(450)]

    run = stop(*jobs, **{**KEY, "secret_key": "not-the-secret"}, concurrency=1)

    assert set(run.outcomes) == {"failed"}
    assert len(run.requests) == 1
    assert "APIGW.0301" in run.msg
    assert "not-the-secret" not in run.stdout
