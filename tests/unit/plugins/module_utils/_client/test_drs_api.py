# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each call of DRS: its method and path, what it sends, and what is said of an answer that makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_api import DrsApi
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import InvalidResponseError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import StopRequest
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING


class Case(NamedTuple):
    """A call, its endpoint in the simulated cloud, and the request that it makes."""

    call: Callable[[DrsApi], object]
    endpoint: str
    line: str
    body: Any = None
    query: Mapping[str, str] = MappingProxyType({})


V3, V5 = f"/v3/{PROJECT_ID}/jobs", f"/v5/{PROJECT_ID}/jobs"
MAX_PAGE_SIZE = {"cur_page": 1, "per_page": 100}
STOPS = [StopRequest(RUNNING, False), StopRequest(OTHER, True)]
CASES = {
    "stop_v5": Case(
        lambda api: api.stop_v5(STOPS),
        "batch-stop",
        f"POST {V5}/batch-stop",
        {"jobs": [{"job_id": RUNNING, "is_force_stop": False}, {"job_id": OTHER, "is_force_stop": True}]},
    ),
    "stop_v3": Case(
        lambda api: api.stop_v3(STOPS),
        "batch-jobs",
        f"DELETE {V3}/batch-jobs",
        {
            "jobs": [
                {"job_id": RUNNING, "delete_type": "terminate"},
                {"job_id": OTHER, "delete_type": "force_terminate"},
            ]
        },
    ),
    "statuses": Case(
        lambda api: api.get_statuses([RUNNING, OTHER]),
        "batch-status",
        f"POST {V3}/batch-status",
        {"jobs": [RUNNING, OTHER], "page_req": MAX_PAGE_SIZE},
    ),
    "details": Case(
        lambda api: api.get_statuses([RUNNING], "batch-detail"),
        "batch-detail",
        f"POST {V3}/batch-detail",
        {"jobs": [RUNNING], "page_req": MAX_PAGE_SIZE},
    ),
    "detail_v5": Case(
        lambda api: api.get_detail_v5(RUNNING),
        "job-detail",
        f"GET {V5}/{RUNNING}",
        query={"type": "detail"},
    ),
    "list_v5": Case(
        lambda api: api.list_v5({"job_type": "sync", "name": "a&b c"}, 100),
        "jobs",
        f"GET {V5}",
        query={"job_type": "sync", "name": "a&b c", "offset": "100", "limit": "100"},
    ),
    "list_v3": Case(
        lambda api: api.list_v3({"db_use_type": "sync"}, 1),
        "job-list",
        f"POST {V3}",
        {"db_use_type": "sync", **MAX_PAGE_SIZE},
    ),
}
EACH_CALL = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@pytest.fixture
def api(http: HttpClient, sim: Simulator) -> DrsApi:
    """The calls, with a token."""
    return DrsApi(http, TokenAuth(sim.cloud.issue_token("demo", "demo")), sim.url, PROJECT_ID)


@EACH_CALL
def test_a_call_sends_what_its_page_says(api: DrsApi, sim: Simulator, case: Case) -> None:
    assert case.call(api)
    (request,) = sim.requests
    assert (request.endpoint, f"{request.method} {request.path}") == (case.endpoint, case.line)
    assert request.query == case.query
    assert (None if case.body is None else request.json) == case.body
    assert "X-Auth-Token" in request.headers


@EACH_CALL
def test_an_answer_that_makes_no_sense_is_named_with_its_call(api: DrsApi, sim: Simulator, case: Case) -> None:
    sim.faults.add(Fault(case.endpoint, status=200, body={}, headers={"X-Request-Id": "r"}))
    with pytest.raises(InvalidResponseError) as caught:
        case.call(api)
    method, _blank, path = case.line.partition(" ")
    assert str(caught.value).startswith(f"{method} {sim.url}{path} answered HTTP 200, but the answer has no ")
    assert (caught.value.status, caught.value.request_id) == (200, "r")
