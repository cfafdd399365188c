# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: the statuses of many jobs at once."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, OTHER, RUNNING, Client, error_of

TWELVE = [f"job-{number:02}" for number in range(12)]


@pytest.fixture
def twelve(sim: Simulator) -> None:
    """Twelve more jobs."""
    for job_id in TWELVE:
        sim.cloud.add_job(job_id)


def test_statuses_in_the_order_asked(client: Client, clock: ManualClock) -> None:
    client.sim.cloud.job(OTHER).status = "PAUSING"
    client.batch_stop(RUNNING)
    assert client.batch_status(OTHER, RUNNING).json() == {
        "results": [{"id": OTHER, "status": "PAUSING"}, {"id": RUNNING, "status": "RELEASE_RESOURCE_STARTED"}],
        "count": 2,
    }
    clock.advance(3)
    assert client.batch_status(RUNNING).json()["results"][0]["status"] == "RELEASE_RESOURCE_COMPLETE"


def test_the_status_shown_may_lag(client: Client, clock: ManualClock) -> None:
    client.sim.cloud.status_lag = 5
    client.batch_stop(RUNNING)

    shown = []
    for _attempt in range(9):
        shown.append(client.batch_status(RUNNING).json()["results"][0]["status"])
        clock.advance(1)
    assert shown == (["INCRE_TRANSFER_STARTED"] * 5 + ["RELEASE_RESOURCE_STARTED"] * 3 + ["RELEASE_RESOURCE_COMPLETE"])
    # Whoever believes it and stops again is refused all the same.
    assert client.batch_stop(RUNNING).json()["jobs"][0]["error_code"] == "DRS.M00304"


@pytest.mark.usefixtures("twelve")
@pytest.mark.parametrize(
    ("page_req", "expected"),
    [
        ({}, TWELVE[:5]),
        ({"cur_page": 2}, TWELVE[5:10]),
        ({"cur_page": 3}, TWELVE[10:]),
        ({"per_page": 10}, TWELVE[:10]),
        ({"cur_page": 2, "per_page": 10}, TWELVE[10:]),
        ({"per_page": 100}, TWELVE),
        ({"per_page": 0}, TWELVE),
        ({"cur_page": 0, "per_page": 0}, TWELVE),
    ],
)
def test_paging(client: Client, page_req: dict[str, int], expected: list[str]) -> None:
    body = client.batch_status(*TWELVE, **page_req).json()
    assert [item["id"] for item in body["results"]] == expected
    assert body["count"] == len(expected)


@pytest.mark.usefixtures("twelve")
@pytest.mark.parametrize(
    ("page_req", "code"),
    [
        ({"cur_page": 4}, "DRS.M00211"),
        ({"cur_page": 2, "per_page": 12}, "DRS.M00211"),
        ({"cur_page": 0}, "DRS.M00210"),
        ({"cur_page": -1}, "DRS.M00210"),
        ({"per_page": 101}, "DRS.M00210"),
        ({"per_page": -1}, "DRS.M00210"),
        ({"cur_page": 2, "per_page": 0}, "DRS.M00210"),
        ({"cur_page": "1"}, "DRS.M00202"),
        ({"per_page": True}, "DRS.M00202"),
        ({"page": 1}, "DRS.M00300"),
    ],
)
def test_wrong_paging(client: Client, page_req: dict[str, Any], code: str) -> None:
    assert error_of(client.batch_status(*TWELVE, **page_req)) == (400, code)


class TestMissingJobs:
    """The documentation does not say what happens; each of the three shapes is one that clients have met or expect."""

    def test_an_item_with_an_error(self, client: Client) -> None:
        response = client.batch_status(RUNNING, MISSING)
        assert response.status_code == 200
        found, missing = response.json()["results"]
        assert found == {"id": RUNNING, "status": "INCRE_TRANSFER_STARTED"}
        assert missing.keys() == {"id", "error_code", "error_message"}
        assert (missing["id"], missing["error_code"]) == (MISSING, "DRS.M00289")

    def test_a_refusal_that_names_the_first(self, client: Client) -> None:
        client.sim.cloud.missing_shape = "refuse"
        response = client.batch_status(RUNNING, MISSING, "another")
        assert response.status_code == 400
        assert response.json()["count"] == 1
        assert response.json()["results"][0]["id"] == MISSING
        assert response.json()["results"][0]["error_code"] == "DRS.M00289"
        assert client.batch_status(RUNNING).status_code == 200

    def test_nothing(self, client: Client) -> None:
        client.sim.cloud.missing_shape = "omit"
        body = client.batch_status(RUNNING, MISSING).json()
        assert [item["id"] for item in body["results"]] == [RUNNING]
        assert body["count"] == 1

    def test_a_deleted_job_is_not_missing(self, client: Client) -> None:
        client.sim.cloud.job(RUNNING).status = "DELETED"
        assert client.batch_status(RUNNING).json()["results"] == [{"id": RUNNING, "status": "DELETED"}]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "DRS.M00201"),
        ({"jobs": []}, "DRS.M00201"),
        ({"jobs": RUNNING}, "DRS.M00202"),
        ({"jobs": [1]}, "DRS.M00202"),
        ({"jobs": [""]}, "DRS.M00202"),
        ({"jobs": [{"job_id": RUNNING}]}, "DRS.M00202"),
        ({"jobs": [RUNNING, RUNNING]}, "DRS.M00301"),
        ({"jobs": [RUNNING], "page_req": None}, "DRS.M00202"),
        ({"jobs": [RUNNING], "paging": {}}, "DRS.M00300"),
    ],
)
def test_a_malformed_body(client: Client, body: object, code: str) -> None:
    assert error_of(client.post("/jobs/batch-status", body, version="v3")) == (400, code)
