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
    CloudError,
    ConfigurationError,
    InvalidResponseError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind
from ansible_collections.huaweicloud.drs.plugins.module_utils._version import VERSION
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator

MakeHttp = Callable[..., HttpClient]
READ, STOP = RequestKind.READ, RequestKind.STOP


def answered(sim: Simulator, status: int = 200, body: object = None, **headers: str) -> None:
    """Let the next request be answered with this."""
    content = {"a": 1} if body is None else body
    assert isinstance(content, dict | list | str | bytes)
    sim.faults.add(Fault("unknown", status=status, body=content, headers=headers))


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_success_gives_its_object_and_two_headers(http: HttpClient, sim: Simulator, status: int) -> None:
    answered(sim, status, {"a": [1]}, **{"X-Request-Id": "r", "X-Subject-Token": "t"})
    answer = http.request("POST", f"{sim.url}/x", kind=READ, body={"b": "ü"})
    assert (answer.status, answer.body, answer.request_id, answer.subject_token) == (status, {"a": [1]}, "r", "t")
    assert sim.requests[0].json == {"b": "ü"}


def test_every_request_says_who_sends_it_and_what_it_holds(make_http: MakeHttp, sim: Simulator) -> None:
    answered(sim)
    make_http(language="zh-cn").request("POST", f"{sim.url}/x", kind=READ, body={})
    headers = sim.requests[0].headers
    assert headers["User-Agent"] == f"huaweicloud.drs/{VERSION} (Ansible collection)"
    assert headers["X-Language"] == "zh-cn"
    assert headers["Content-Type"] == "application/json"
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("auth", [None, TokenAuth("abc")], ids=["anonymous", "token"])
def test_netrc_adds_no_credential(
    http: HttpClient, sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth: Auth | None
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\ndefault login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    answered(sim)
    http.request("GET", f"{sim.url}/x", kind=READ, auth=auth)
    assert "Authorization" not in sim.requests[0].headers
    assert sim.requests[0].headers.get("X-Auth-Token") == ("abc" if auth else None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(http: HttpClient, sim: Simulator, status: int) -> None:
    with Simulator(clock=ManualClock()) as other:
        answered(sim, status, Location=f"{other.url}/elsewhere")
        with pytest.raises(ServiceError, match=rf"HTTP {status}: a redirect to '127\.0\.0\.1'") as caught:
            http.request("POST", f"{sim.url}/x", kind=READ, auth=TokenAuth("abc"), body={})
        assert other.requests == []
    assert caught.value.status == status
    assert len(sim.requests) == 1


def test_a_redirect_to_nowhere_is_no_crash(http: HttpClient, sim: Simulator) -> None:
    for location in ("http://[bad/", "", "/same?secret=1"):
        answered(sim, 302, Location=location)
        with pytest.raises(ServiceError, match="redirect") as caught:
            http.request("GET", f"{sim.url}/x", kind=READ)
        assert "secret" not in str(caught.value)


def test_a_cookie_is_not_kept(http: HttpClient, sim: Simulator) -> None:
    for _attempt in range(2):
        answered(sim, 200, **{"Set-Cookie": "session=abc; Path=/"})
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert "Cookie" not in sim.requests[1].headers


def test_one_connection_carries_several_requests(http: HttpClient, sim: Simulator) -> None:
    for _attempt in range(5):
        answered(sim)
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert sim.connections == 1


def test_a_proxy_of_the_environment_is_used(http: HttpClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", sim.url)
    answered(sim)
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
    ("body", "named"),
    [(b"", "empty"), ("[]", "no object"), ("null", "no object"), ("<html>", "not JSON"), (b"\xff", "UTF-8")],
)
def test_a_success_that_says_nothing_is_unreadable(
    http: HttpClient, sim: Simulator, body: str | bytes, named: str
) -> None:
    answered(sim, 200, body, **{"X-Request-Id": "r"})
    with pytest.raises(InvalidResponseError, match=f"GET {sim.url}/x answered HTTP 200, but .*{named}") as caught:
        http.request("GET", f"{sim.url}/x?canary=1", kind=READ)
    assert (caught.value.status, caught.value.request_id) == (200, "r")
    assert "canary" not in str(caught.value)
    assert len(sim.requests) == 1


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_of_somebody_else_is_not_shown(make_http: MakeHttp, sim: Simulator, status: int) -> None:
    sim.faults.add(Fault("unknown", kind="html", status=status))
    with pytest.raises(CloudError, match=r"JSON") as caught:
        make_http(retries=0).request("GET", f"{sim.url}/x", kind=READ)
    assert "<" not in str(caught.value)


@pytest.mark.parametrize("kind", ["oversize", "nested"])
def test_far_too_much_is_unreadable(http: HttpClient, sim: Simulator, kind: str) -> None:
    sim.faults.add(Fault("unknown", kind=kind, size=17 * 1024 * 1024))  # type: ignore[arg-type]
    with pytest.raises(InvalidResponseError, match=r"bytes|deeply"):
        http.request("GET", f"{sim.url}/x", kind=READ)


@pytest.mark.parametrize("kind", ["oversize", "nested"])
def test_far_too_much_is_no_way_to_hide_an_error(make_http: MakeHttp, sim: Simulator, kind: str) -> None:
    sim.faults.add(Fault("unknown", kind=kind, status=500, size=17 * 1024 * 1024))  # type: ignore[arg-type]
    with pytest.raises(CloudError, match=f"GET {sim.url}/x answered"):
        make_http(retries=0).request("GET", f"{sim.url}/x", kind=READ)


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


def test_an_error_of_the_cloud_keeps_its_words(http: HttpClient, sim: Simulator) -> None:
    body = {"error_code": "DRS.M00261", "error_msg": "Wrong project.\nSee there."}
    answered(sim, 403, body, **{"X-Request-Id": "r-1"})
    with pytest.raises(ServiceError) as caught:
        http.request("POST", f"{sim.url}/v3/x?canary=1", kind=READ, body={"secret": "canary"})
    error = caught.value
    assert (error.status, error.error_code, error.error_msg, error.request_id) == (
        403,
        "DRS.M00261",
        "Wrong project. See there.",
        "r-1",
    )
    line = f"POST {sim.url}/v3/x answered HTTP 403: DRS.M00261: Wrong project. See there. (request ID r-1)"
    assert str(error).startswith(line)
    assert "project_id" in str(error)
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({"X-Request-Id": "a", "X-IAM-Trace-Id": "b"}, {"request_id": "c"}, "a"),
        ({"X-Request-Id": "", "X-IAM-Trace-Id": "b"}, {"request_id": "c"}, "b"),
        ({"X-Request-Id": ""}, {"request_id": "c"}, "c"),
        ({"X-Request-Id": ""}, {"request_id": 7}, None),
    ],
)
def test_the_request_id_is_found_wherever_it_is(
    http: HttpClient, sim: Simulator, headers: dict[str, str], body: dict[str, object], expected: str | None
) -> None:
    answered(sim, 400, body, **headers)
    with pytest.raises(ServiceError) as caught:
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert caught.value.request_id == expected


@pytest.mark.parametrize("status", [204, 206, 304, 404, 418, 501])
def test_any_other_status_is_an_error(http: HttpClient, sim: Simulator, status: int) -> None:
    answered(sim, status)
    with pytest.raises(ServiceError, match=f"HTTP {status}"):
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert len(sim.requests) == 1


@pytest.mark.parametrize(
    ("body", "is_from_api"),
    [
        ("", False),
        ("<html>", False),
        ({}, False),
        ([{"error_code": "DRS.M00202"}], False),
        ({"status": 400, "path": "/"}, False),
        ({"error_msg": "no"}, True),
        ({"error": {"code": 400, "message": "no"}}, True),
        ({"results": [{"id": "a", "error_code": "DRS.M00289"}]}, True),
    ],
)
def test_an_error_with_a_code_or_a_text_of_the_api_is_its_own(
    http: HttpClient, sim: Simulator, body: object, is_from_api: bool
) -> None:
    answered(sim, 400, body)
    with pytest.raises(ServiceError) as caught:
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert caught.value.is_from_api is is_from_api
