# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: the progress of jobs, and how far they lag behind their sources."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, RUNNING, Client, error_of


def test_the_progress_in_the_incremental_phase(sim: Simulator, client: Client, clock: ManualClock) -> None:
    sim.cloud.job(RUNNING).lag = 17.771
    response = client.progress(RUNNING)
    assert response.status_code == 200
    assert response.json() == {
        "count": 1,
        "results": [
            {
                "job_id": RUNNING,
                "progress": "100",
                "incre_trans_delay": "17",
                "incre_trans_delay_millis": "17771",
                "task_mode": "FULL_INCR_TRANS",
                "transfer_status": "INCRE_TRANSFER_STARTED",
                "process_time": str(round(clock.time() * 1000)),
                "remaining_time": "0",
                "progress_map": {
                    key: {"completed": "100%", "remaining_time": None} for key in ("struct", "data", "index")
                },
            }
        ],
    }


def test_outside_of_it_there_is_no_delay(sim: Simulator, client: Client) -> None:
    sim.cloud.job(RUNNING).status = "FULL_TRANSFER_STARTED"
    (item,) = client.progress(RUNNING).json()["results"]
    assert (item["incre_trans_delay"], item["incre_trans_delay_millis"]) == ("-1", "-1")
    assert item["progress_map"]["data"]["completed"] == "50%"


def test_what_differs_between_regions_can_be_set(sim: Simulator, client: Client) -> None:
    sim.cloud.configure(progress_http_status=202, delay_units=["seconds"])
    response = client.progress(RUNNING)
    assert response.status_code == 202
    (item,) = response.json()["results"]
    assert "incre_trans_delay" in item
    assert "incre_trans_delay_millis" not in item


@pytest.mark.parametrize("endpoint", ["batch-progress", "batch-rpo-and-rto"])
def test_an_unknown_job_is_an_item_with_an_error_or_none(sim: Simulator, client: Client, endpoint: str) -> None:
    (_running, item) = client.progress(RUNNING, MISSING, endpoint=endpoint).json()["results"]
    assert item == {"job_id": MISSING, "error_code": "DRS.M00289", "error_msg": "The job does not exist."}
    sim.cloud.configure(missing_shape="omit")
    assert client.progress(RUNNING, MISSING, endpoint=endpoint).json()["count"] == 1


def test_rpo_and_rto_are_in_milliseconds(sim: Simulator, client: Client) -> None:
    sim.cloud.add_job("dr-job", job_type="cloudDataGuard", rpo=1.5, rto=None)
    response = client.progress("dr-job", endpoint="batch-rpo-and-rto")
    assert response.status_code == 202
    (item,) = response.json()["results"]
    assert (item["rpo_info"]["delay"], item["rto_info"]["delay"]) == ("1500", "-1")


def test_v5_has_it_for_one_job_in_another_spelling(sim: Simulator, client: Client) -> None:
    sim.cloud.job(RUNNING).lag = 2.5
    job = client.get(f"/jobs/{RUNNING}", type="progress").json()["job"]
    assert job["id"] == RUNNING
    assert (job["progress_info"]["incr_trans_delay"], job["progress_info"]["incr_trans_delay_millis"]) == ("2", "2500")
    assert error_of(client.get(f"/jobs/{MISSING}", type="progress")) == (400, "DRS.10000010")


@pytest.mark.parametrize("jobs", [[""], [1], [RUNNING, RUNNING], "all", None])
def test_malformed_requests_are_refused(client: Client, jobs: object) -> None:
    response = client.send(
        "POST",
        f"/v3/{PROJECT_ID}/jobs/batch-progress",
        json={"jobs": jobs},
        headers={"X-Auth-Token": client.token},
    )
    assert response.status_code == 400
