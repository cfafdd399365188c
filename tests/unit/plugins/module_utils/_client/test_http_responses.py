# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of a response: an answer, or an error in the words of the cloud."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    InvalidResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator

MakeHttp = Callable[..., HttpClient]
READ = RequestKind.READ


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_success_gives_its_object_and_two_headers(
    http: HttpClient, sim: Simulator, answer_next: Callable[..., None], status: int
) -> None:
    answer_next(status, {"a": [1]}, **{"X-Request-Id": "r", "X-Subject-Token": "t"})
    answer = http.request("POST", f"{sim.url}/x", kind=READ, body={"b": "ü"})
    assert (answer.status, answer.body, answer.request_id, answer.subject_token) == (status, {"a": [1]}, "r", "t")
    assert sim.requests[0].json == {"b": "ü"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(
    http: HttpClient, sim: Simulator, answer_next: Callable[..., None], status: int
) -> None:
    with Simulator(clock=ManualClock()) as other:
        answer_next(status, Location=f"{other.url}/elsewhere")
        with pytest.raises(ServiceError, match=rf"HTTP {status}: a redirect to '127\.0\.0\.1'") as caught:
            http.request("POST", f"{sim.url}/x", kind=READ, auth=TokenAuth("abc"), body={})
        assert other.requests == []
    assert caught.value.status == status
    assert len(sim.requests) == 1


def test_a_redirect_to_nowhere_is_no_crash(http: HttpClient, sim: Simulator, answer_next: Callable[..., None]) -> None:
    for location in ("http://[bad/", "", "/same?secret=1"):
        answer_next(302, Location=location)
        with pytest.raises(ServiceError, match="redirect") as caught:
            http.request("GET", f"{sim.url}/x", kind=READ)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "named"),
    [(b"", "empty"), ("[]", "no object"), ("null", "no object"), ("<html>", "not JSON"), (b"\xff", "UTF-8")],
)
def test_a_success_that_says_nothing_is_unreadable(
    http: HttpClient, sim: Simulator, answer_next: Callable[..., None], body: str | bytes, named: str
) -> None:
    answer_next(200, body, **{"X-Request-Id": "r"})
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


def test_an_error_of_the_cloud_keeps_its_words(
    http: HttpClient, sim: Simulator, answer_next: Callable[..., None]
) -> None:
    body = {"error_code": "DRS.M00261", "error_msg": "Wrong project.\nSee there."}
    answer_next(403, body, **{"X-Request-Id": "r-1"})
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
        ({"X-Request-Id": "; url=https://other.invalid/?ticket=t", "X-IAM-Trace-Id": "b"}, {}, "b"),
        ({"X-Request-Id": "see https://other.invalid/?ticket=t"}, {"request_id": "two words"}, None),
        ({"X-Request-Id": "r" * 4000}, {}, None),
        ({"X-Request-Id": "", "X-Openstack-Request-Id": "req-8f3b6c2d"}, {}, "req-8f3b6c2d"),
    ],
)
def test_the_request_id_is_found_wherever_it_is(
    http: HttpClient,
    sim: Simulator,
    answer_next: Callable[..., None],
    headers: dict[str, str],
    body: dict[str, object],
    expected: str | None,
) -> None:
    answer_next(400, body, **headers)
    with pytest.raises(ServiceError) as caught:
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert caught.value.request_id == expected


@pytest.mark.parametrize("status", [204, 206, 304, 404, 418, 501])
def test_any_other_status_is_an_error(
    http: HttpClient, sim: Simulator, answer_next: Callable[..., None], status: int
) -> None:
    answer_next(status)
    with pytest.raises(ServiceError, match=f"HTTP {status}"):
        http.request("GET", f"{sim.url}/x", kind=READ)
    assert len(sim.requests) == 1
