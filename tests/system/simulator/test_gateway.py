# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway: who may call, how often, how much."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import RUNNING, Client, error_of

STATUS_PATH = f"/v3/{PROJECT_ID}/jobs/batch-status"
STATUS_BODY = json.dumps({"jobs": [RUNNING]}).encode()


def message_of(client: Client, **options: object) -> str:
    """Send a signed request that fails to authenticate, and give the end of the gateway's text."""
    response = client.signed("POST", STATUS_PATH, STATUS_BODY, **options)
    assert error_of(response) == (401, "APIGW.0301")
    body = response.json()
    assert body["request_id"] == response.headers["X-Request-Id"]
    return str(body["error_msg"]).removeprefix("Incorrect IAM authentication information: ")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("GET", f"/v5/{PROJECT_ID}/jobs/batch-stop/"),
        ("PUT", f"/v5/{PROJECT_ID}/jobs/batch-stop"),
        ("POST", f"/v3/{PROJECT_ID}/jobs/batch-stop"),
        ("POST", f"/v5/{PROJECT_ID}/jobs/batch-status"),
        ("GET", "/v3.0/OS-CREDENTIAL/securitytokens"),
        ("POST", f"/v5//jobs/{RUNNING}/stop"),
        ("OPTIONS", "/v5"),
    ],
)
def test_unknown_paths_and_methods(client: Client, method: str, path: str) -> None:
    response = client.send(method, path)
    assert error_of(response) == (404, "APIGW.0101")
    assert response.json()["request_id"] == response.headers["X-Request-Id"]
    assert [request.endpoint for request in client.sim.requests] == ["unknown"]


def test_every_answer_has_a_request_id_of_its_own(client: Client) -> None:
    responses = [client.batch_status(RUNNING), client.batch_status(), client.send("GET", "/"), client.log_in({})]
    assert all(re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"]) for response in responses)
    assert len({response.headers["X-Request-Id"] for response in responses}) == 4


class TestTokens:
    """X-Auth-Token."""

    def test_none(self, client: Client) -> None:
        assert error_of(client.send("POST", STATUS_PATH, data=STATUS_BODY)) == (401, "APIGW.0301")

    @pytest.mark.parametrize("token", ["nonsense", ""])
    def test_one_that_cannot_be_decoded(self, client: Client, token: str) -> None:
        client.token = token
        response = client.batch_status(RUNNING)
        assert error_of(response) == (401, "APIGW.0301")
        assert "decrypt token fail" in response.json()["error_msg"]

    def test_an_expired_one(self, client: Client, clock: ManualClock) -> None:
        clock.advance(24 * 3600)
        assert error_of(client.batch_status(RUNNING)) == (401, "APIGW.0307")

    def test_a_revoked_one(self, client: Client) -> None:
        assert client.batch_status(RUNNING).status_code == 200
        client.sim.cloud.revoke_token(client.token)
        assert error_of(client.batch_status(RUNNING)) == (401, "APIGW.0307")

    def test_one_of_another_project(self, client: Client) -> None:
        client.sim.cloud.add_project("second", "ap-southeast-1")
        client.token = client.sim.cloud.issue_token("demo", "second")
        assert error_of(client.batch_status(RUNNING)) == (403, "DRS.M00100")

    def test_a_project_that_does_not_exist(self, client: Client) -> None:
        response = client.send("GET", "/v5/nothing/jobs?job_type=sync", headers={"X-Auth-Token": client.token})
        assert error_of(response) == (403, "DRS.M00261")


class TestSignatures:
    """AK/SK."""

    def test_a_good_one(self, client: Client) -> None:
        assert client.signed("POST", STATUS_PATH, STATUS_BODY).status_code == 200
        extra = {"X-Project-Id": PROJECT_ID}
        assert client.signed("POST", STATUS_PATH, STATUS_BODY, extra=extra).status_code == 200
        assert client.signed("GET", f"/v5/{PROJECT_ID}/jobs?name=a%2Cb%20c&job_type=sync").status_code == 200

    def test_a_wrong_secret(self, client: Client) -> None:
        assert message_of(client, secret="wrong") == "verify aksk signature fail"

    def test_an_unknown_key(self, client: Client) -> None:
        assert message_of(client, access="nobody") == "Get secretKey failed,ak:nobody,err:ak not exist"

    @pytest.mark.parametrize("header", ["nonsense", "Bearer abc", "SDK-HMAC-SHA256 Access=demo-ak"])
    def test_a_malformed_header(self, client: Client, header: str) -> None:
        response = client.send("POST", STATUS_PATH, data=STATUS_BODY, headers={"Authorization": header})
        assert error_of(response) == (401, "APIGW.0301")

    def test_a_date_that_is_none(self, client: Client) -> None:
        assert message_of(client, extra={"X-Sdk-Date": "2026-01-01"}) == "verify aksk signature fail"

    @pytest.mark.parametrize(("skew", "status"), [(-901, 401), (-899, 200), (899, 200), (902, 401)])
    def test_the_clock_may_be_off_by_15_minutes(self, client: Client, skew: int, status: int) -> None:
        at = client.sim.cloud.clock.time() + skew
        assert client.signed("POST", STATUS_PATH, STATUS_BODY, at=at).status_code == status

    def test_more_than_five_failures_in_a_row_lock_for_five_minutes(self, client: Client, clock: ManualClock) -> None:
        for _attempt in range(6):
            assert message_of(client, secret="wrong") == "verify aksk signature fail"
        assert message_of(client) == "AK access failed to reach the limit,forbidden"
        clock.advance(299)
        assert message_of(client) == "AK access failed to reach the limit,forbidden"
        clock.advance(1)
        assert client.signed("POST", STATUS_PATH, STATUS_BODY).status_code == 200

    def test_a_success_forgets_failures(self, client: Client) -> None:
        for _attempt in range(3):
            for _attempt in range(5):
                message_of(client, secret="wrong")
            assert client.signed("POST", STATUS_PATH, STATUS_BODY).status_code == 200

    def test_a_key_of_another_project(self, client: Client) -> None:
        client.sim.cloud.add_access_key("ak", "sk", project_ids=["second"])
        response = client.signed("POST", STATUS_PATH, STATUS_BODY, access="ak", secret="sk")
        assert error_of(response) == (403, "DRS.M00102")

    @pytest.mark.parametrize("projects", [None, [PROJECT_ID]])
    def test_a_project_header_that_differs_from_the_path(self, client: Client, projects: list[str] | None) -> None:
        client.sim.cloud.add_access_key("ak", "sk", project_ids=projects)
        options = {"access": "ak", "secret": "sk", "extra": {"X-Project-Id": "second"}}
        assert error_of(client.signed("POST", STATUS_PATH, STATUS_BODY, **options)) == (403, "DRS.M00102")


class TestTemporaryKeys:
    """AK/SK with a security token."""

    @pytest.fixture(autouse=True)
    def key(self, sim: Simulator, clock: ManualClock) -> None:
        sim.cloud.add_access_key("temp", "sk", security_token="tok", expires_at=clock.time() + 900)

    def test_with_its_security_token(self, client: Client) -> None:
        options = {"access": "temp", "secret": "sk", "extra": {"X-Security-Token": "tok"}}
        assert client.signed("POST", STATUS_PATH, STATUS_BODY, **options).status_code == 200

    @pytest.mark.parametrize("extra", [{}, {"X-Security-Token": "another"}])
    def test_without_it(self, client: Client, extra: dict[str, str]) -> None:
        text = message_of(client, access="temp", secret="sk", extra=extra)
        assert text == "Get secretKey failed,ak:temp,err:ak not exist"

    def test_after_its_end(self, client: Client, clock: ManualClock) -> None:
        clock.advance(900)
        extra = {"X-Security-Token": "tok"}
        assert message_of(client, access="temp", secret="sk", extra=extra) == "securitytoken expired"


class TestLimits:
    """Sizes and rates."""

    def test_the_rate_of_a_user(self, client: Client, clock: ManualClock) -> None:
        client.sim.cloud.per_user_rate_limit = (2, 60)
        assert [client.batch_status(RUNNING).status_code for _attempt in range(3)] == [200, 200, 429]
        response = client.batch_status(RUNNING)
        assert error_of(response) == (429, "APIGW.0308")
        assert "limit:2,time:60 second" in response.json()["error_msg"]
        assert client.signed("POST", STATUS_PATH, STATUS_BODY).status_code == 200
        clock.advance(60)
        assert client.batch_status(RUNNING).status_code == 200

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"X-Auth-Token": "x" * 32_000}, 401),
            ({"X-Auth-Token": "x" * 33_000}, 494),
            ({f"X-{number}": "x" * 30_000 for number in range(5)}, 494),
        ],
    )
    def test_headers(self, client: Client, headers: dict[str, str], status: int) -> None:
        assert client.send("POST", STATUS_PATH, headers=headers).status_code == status

    def test_the_uri(self, client: Client) -> None:
        assert error_of(client.get("/jobs", job_type="sync", name="x" * 33_000)) == (414, "APIGW.0201")

    @pytest.mark.parametrize("length", [12 * 1024 * 1024 + 1, 13 * 1024 * 1024])
    def test_the_body(self, client: Client, length: int) -> None:
        response = client.send("POST", STATUS_PATH, data=b" " * length, headers={"X-Auth-Token": client.token})
        assert error_of(response) == (413, "APIGW.0201")
