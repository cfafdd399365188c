# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What leaves, and what is made of what comes back: one request at a time."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import Auth, TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    ConfigurationError,
    NoResponseError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind
from ansible_collections.huaweicloud.drs.plugins.module_utils._version import VERSION
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator

MakeHttp = Callable[..., HttpClient]
READ, STOP = RequestKind.READ, RequestKind.STOP


def test_every_request_says_who_sends_it_and_what_it_holds(
    make_http: MakeHttp, sim: Simulator, answer_next: Callable[..., None]
) -> None:
    answer_next()
    make_http(language="zh-cn").request("POST", f"{sim.url}/x", kind=READ, body={})
    headers = sim.requests[0].headers
    assert headers["User-Agent"] == f"huaweicloud.drs/{VERSION} (Ansible collection)"
    assert headers["X-Language"] == "zh-cn"
    assert headers["Content-Type"] == "application/json"
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("auth", [None, TokenAuth("abc")], ids=["anonymous", "token"])
def test_netrc_adds_no_credential(
    http: HttpClient,
    sim: Simulator,
    answer_next: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    auth: Auth | None,
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\ndefault login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    answer_next()
    http.request("GET", f"{sim.url}/x", kind=READ, auth=auth)
    assert "Authorization" not in sim.requests[0].headers
    assert sim.requests[0].headers.get("X-Auth-Token") == ("abc" if auth else None)


def test_a_cookie_is_not_kept(http: HttpClient, sim: Simulator, answer_next: Callable[..., None]) -> None:
    for _attempt in range(2):
        answer_next(200, **{"Set-Cookie": "session=abc; Path=/"})
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert "Cookie" not in sim.requests[1].headers


def test_one_connection_carries_several_requests(
    http: HttpClient, sim: Simulator, answer_next: Callable[..., None]
) -> None:
    for _attempt in range(5):
        answer_next()
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert sim.connections == 1


def test_a_proxy_of_the_environment_is_used(
    http: HttpClient, sim: Simulator, answer_next: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", sim.url)
    answer_next()
    http.request("GET", "http://drs.example.com/x", kind=READ)
    assert sim.requests[0].target == "http://drs.example.com/x"


def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    make_http: MakeHttp, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://me:canary@127.0.0.1:1")
    with pytest.raises(NoResponseError, match="proxy") as caught:
        make_http(retries=0).request("GET", "http://drs.example.com/x", kind=READ)
    assert "canary" not in str(caught.value)
    assert base64.b64encode(b"me:canary").decode() not in str(caught.value)
    assert not caught.value.sent


@pytest.mark.parametrize(
    ("kind", "named"), [("reset", "connection broke"), ("truncate", "connection broke"), ("stall", "0.2 seconds")]
)
def test_an_answer_that_does_not_come_may_have_been_worked_on(
    make_http: MakeHttp, sim: Simulator, kind: str, named: str
) -> None:
    sim.faults.add(Fault("unknown", kind=kind))  # type: ignore[arg-type]
    with pytest.raises(NoResponseError, match=named) as caught:
        make_http(timeout=0.2).request("POST", f"{sim.url}/x", kind=STOP, body={})
    assert caught.value.sent
    assert len(sim.requests) == 1


def test_a_host_that_does_not_exist_is_said_so(make_http: MakeHttp) -> None:
    with pytest.raises(NoResponseError, match="could not be resolved") as caught:
        make_http(retries=0).request("GET", "http://nowhere.invalid/", kind=STOP)
    assert not caught.value.sent


@pytest.mark.parametrize("url", ["http://*/", "http://a..b/", f"http://{'a' * 70}.com/"])
def test_a_url_that_cannot_be_used_is_a_mistake(http: HttpClient, clock: ManualClock, url: str) -> None:
    with pytest.raises(ConfigurationError, match="characters"):
        http.request("GET", url, kind=READ)
    assert clock.sleeps == []


def test_a_token_that_cannot_be_sent_is_a_mistake_and_not_shown(http: HttpClient, sim: Simulator) -> None:
    with pytest.raises(ConfigurationError) as caught:
        http.request("GET", f"{sim.url}/x", kind=READ, auth=TokenAuth("canary\nX-Evil: 1"))
    assert "canary" not in str(caught.value)
    assert sim.requests == []
