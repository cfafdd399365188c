# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM as modules and lookups use it: with a credential that needs a login or not, and never for longer than allowed."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.iam_client import IamClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    AccessKeyCredential,
    Agency,
    PasswordCredential,
    RequestCredential,
    Scope,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import NoResponseError, ServiceError
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import ACCESS_KEY, PROJECT_ID, SECRET_KEY
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawRequest, RawServer, Reply

USER = PasswordCredential("demo", "demo", "demo")


@pytest.fixture
def iam(http: HttpClient, sim: Simulator, clock: ManualClock) -> IamClient:
    """IAM of the simulated cloud."""
    return IamClient(sim.url, http, clock, ThreadExecutor(1, timeout=lambda: 60.0))


def test_a_user_gets_a_token_for_a_project(iam: IamClient) -> None:
    assert iam.fetch_user_token(USER, Scope(project_name="demo")).project_id == PROJECT_ID


def test_a_refusal_is_raised_as_it_is(iam: IamClient) -> None:
    with pytest.raises(ServiceError) as caught:
        iam.fetch_user_token(PasswordCredential("demo", "wrong-password", "demo"), Scope(project_name="demo"))
    assert caught.value.status == 401


@pytest.mark.parametrize("kind", ["token", "access key"])
def test_a_project_is_found_with_a_token_and_with_an_access_key(iam: IamClient, sim: Simulator, kind: str) -> None:
    credentials: dict[str, RequestCredential] = {
        "token": TokenCredential(sim.cloud.issue_token("demo", "demo")),
        "access key": AccessKeyCredential(ACCESS_KEY, SECRET_KEY),
    }
    assert iam.find_project_id(credentials[kind], "demo", None) == PROJECT_ID


def test_an_agency_is_asked_for_with_the_token_of_its_user(iam: IamClient, sim: Simulator) -> None:
    token = TokenCredential(sim.cloud.issue_token("demo", "demo"))
    with pytest.raises(ServiceError):
        iam.fetch_agency_token(token, Agency("no-such-agency", "customer"), Scope(project_name="demo"))
    (request,) = sim.requests_to("auth-tokens")
    assert request.headers["X-Auth-Token"] == token.token
    assert request.json["auth"]["identity"]["methods"] == ["assume_role"]


def test_nobody_waits_for_a_response_that_does_not_end(sim: Simulator, clock: ManualClock) -> None:
    is_over = threading.Event()

    class StuckClient(HttpClient):
        def __init__(self) -> None:
            """Take nothing."""

        def request(self, *_arguments: object, **_options: object) -> object:  # type: ignore[override]
            """Return after the test."""
            is_over.wait()
            return None

    iam = IamClient(sim.url, StuckClient(), clock, ThreadExecutor(1, timeout=lambda: 0.0))
    with pytest.raises(NoResponseError, match=f"IAM at {sim.url} gave no complete answer before time was over"):
        iam.fetch_user_token(USER, Scope(project_name="demo"))
    is_over.set()


def test_the_connection_to_the_next_server_opens_while_iam_answers(
    http: HttpClient, sim: Simulator, clock: ManualClock
) -> None:
    with RawServer(sim.url) as drs:
        connected = threading.Event()

        def answer_when_connected(_request: RawRequest, _nth: int) -> Reply:
            for _look in range(3000):
                if drs.connections or connected.wait(0.01):
                    break
            return Reply()

        with RawServer(sim.url, script=answer_when_connected) as iam:
            client = IamClient(
                f"http://127.0.0.1:{iam.port}",
                http,
                clock,
                ThreadExecutor(1, timeout=lambda: 60.0),
                next_url=f"http://127.0.0.1:{drs.port}",
            )
            client.fetch_user_token(USER, Scope(project_name="demo"))
            assert (iam.connections, drs.connections, drs.seen) == (1, 1, [])


def test_a_server_that_answers_for_iam_too_gets_no_connection_ahead(
    http: HttpClient, sim: Simulator, clock: ManualClock
) -> None:
    executor = ThreadExecutor(1, timeout=lambda: 60.0)
    before = sim.connections
    IamClient(sim.url, http, clock, executor, next_url=sim.url).fetch_user_token(USER, Scope(project_name="demo"))
    assert sim.connections - before == 1
