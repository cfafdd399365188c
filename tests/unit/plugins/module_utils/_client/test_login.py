# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From credentials to the auth of requests and the project."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_api import DrsApi
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.iam_tokens import Token
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.login import log_in
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import ClientConfig
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    PasswordCredential,
    Scope,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError, ConfigurationError
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING

USER = PasswordCredential("demo", "demo", "demo")
WORKERS = ThreadExecutor(1, timeout=lambda: 60.0)


def connect(http: HttpClient, config: ClientConfig, add_secret: Callable[[str], None]) -> DrsApi:
    """Log in, and return DRS."""
    auth, project_id = log_in(config, http, ManualClock(), WORKERS, add_secret)
    return DrsApi(http, auth, config.drs_url, project_id)


def test_a_token_is_used_without_a_login(http: HttpClient, sim: Simulator) -> None:
    learned: list[str] = []
    token = TokenCredential(sim.cloud.issue_token("demo", "demo"))
    api = connect(http, ClientConfig(token, sim.url, PROJECT_ID), learned.append)
    assert sim.requests == []
    assert api.get_statuses([RUNNING])[RUNNING].status == "INCRE_TRANSFER_STARTED"


def test_a_user_logs_in_and_the_token_is_learned_before_anybody_uses_it(http: HttpClient, sim: Simulator) -> None:
    learned: list[str] = []
    connection = ClientConfig(USER, sim.url, None, sim.url, Scope(project_name="demo"))
    api = connect(http, connection, learned.append)
    assert [request.endpoint for request in sim.requests] == ["auth-tokens"]
    api.get_statuses([RUNNING])
    assert [sim.requests[1].headers["X-Auth-Token"]] == learned


def test_a_renewed_token_is_learned_too(http: HttpClient, sim: Simulator) -> None:
    learned: list[str] = []
    connection = ClientConfig(USER, sim.url, None, sim.url, Scope(project_name="demo"))
    api = connect(http, connection, learned.append)
    sim.cloud.revoke_token(learned[0])
    assert api.get_statuses([RUNNING])[RUNNING].status == "INCRE_TRANSFER_STARTED"
    assert len(learned) == 2
    assert sim.requests[-1].headers["X-Auth-Token"] == learned[1]


def test_a_refused_login_is_raised(http: HttpClient, sim: Simulator) -> None:
    wrong = PasswordCredential("demo", "wrong", "demo")
    with pytest.raises(CloudError, match="requires authentication"):
        connect(http, ClientConfig(wrong, sim.url, None, sim.url, Scope(project_name="demo")), print)
    assert len(sim.requests) == 1


def test_a_token_without_a_project_asks_for_project_id(http: HttpClient, sim: Simulator) -> None:
    sim.faults.add(Fault("auth-tokens", status=201, headers={"X-Subject-Token": "t"}, body={"token": {}}))
    with pytest.raises(ConfigurationError, match="project demo: give project_id"):
        connect(http, ClientConfig(USER, sim.url, None, sim.url, Scope(project_name="demo")), print)


def test_a_login_without_iam_is_an_error_before_any_request(http: HttpClient, sim: Simulator) -> None:
    with pytest.raises(ConfigurationError, match="give region or iam_endpoint"):
        connect(http, ClientConfig(USER, sim.url, PROJECT_ID), print)
    assert sim.requests == []


class Cache:
    """Tokens of this process."""

    def __init__(self) -> None:
        """Start empty."""
        self.tokens: list[Token] = []
        self.refused: list[str] = []

    def get_user_token(self, _user: PasswordCredential, _scope: Scope, fetch: Callable[[], Token]) -> Token:
        """Return the token that was not refused."""
        usable = [token for token in self.tokens if token.token not in self.refused]
        if not usable:
            self.tokens.append(fetch())
        return (usable or self.tokens)[-1]

    def note_refused(self, token: str) -> None:
        """Record it."""
        self.refused.append(token)


def test_a_token_of_another_session_is_used_until_it_is_refused(http: HttpClient, sim: Simulator) -> None:
    cache, learned = Cache(), list[str]()
    config = ClientConfig(USER, sim.url, None, sim.url, Scope(project_name="demo"))
    for _session in range(2):
        auth, project_id = log_in(config, http, ManualClock(), WORKERS, learned.append, tokens=cache)
    assert len(sim.requests_to("auth-tokens")) == 1
    assert learned == [cache.tokens[0].token] * 2
    sim.cloud.revoke_token(learned[0])
    api = DrsApi(http, auth, config.drs_url, project_id)
    assert api.get_statuses([RUNNING])[RUNNING].status == "INCRE_TRANSFER_STARTED"
    assert cache.refused == [learned[0]]
    assert len(sim.requests_to("auth-tokens")) == 2
