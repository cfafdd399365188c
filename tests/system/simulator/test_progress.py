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


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ([(0, 100), (50, 0)], {0: "100", 10: "80", 25: "50", 50: "0", 500: "0"}),
        ([(10, 7)], {0: "7", 10: "7", 100: "7"}),
        ([(0, 0), (20, 0), (20, 90), (80, 30)], {0: "0", 19: "0", 20: "90", 50: "60", 80: "30", 81: "30"}),
    ],
    ids=["falls", "stands", "jumps"],
)
def test_the_lag_can_take_a_course(
    sim: Simulator, client: Client, clock: ManualClock, course: list[tuple[float, float]], expected: dict[float, str]
) -> None:
    sim.cloud.add_job("course", lag=course)
    start = clock.monotonic()
    for moment, delay in expected.items():
        clock.sleep(moment - (clock.monotonic() - start))
        assert client.progress("course").json()["results"][0]["incre_trans_delay"] == delay


def test_a_job_can_have_an_error_in_place_of_its_progress(sim: Simulator, client: Client) -> None:
    sim.cloud.job(RUNNING).progress_error = ("DRS.10000023", "Program exception.")
    (item,) = client.progress(RUNNING).json()["results"]
    assert item == {"job_id": RUNNING, "error_code": "DRS.10000023", "error_msg": "Program exception."}


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("own", [("0", None)]),
        ("none", [("-1", None)]),
        ("omit", []),
        ("error", [(None, "DRS.M00307")]),
    ],
)
def test_a_parent_can_lack_a_progress_of_its_own(
    sim: Simulator, client: Client, shape: str, expected: list[tuple[str | None, str | None]]
) -> None:
    sim.cloud.add_job("parent", job_type="cloudDataGuard")
    sim.cloud.add_job("child", job_type="cloudDataGuard", parent_id="parent")
    sim.cloud.configure(parent_progress=shape)
    *parents, child = client.progress("parent", "child").json()["results"]
    assert [(item.get("incre_trans_delay"), item.get("error_code")) for item in parents] == expected
    assert child["incre_trans_delay"] == "0"


@pytest.mark.parametrize("endpoint", ["batch-progress", "batch-rpo-and-rto"])
def test_a_role_may_lack_the_permission_to_read_it(sim: Simulator, client: Client, endpoint: str) -> None:
    user = sim.cloud.accounts.user("demo", "demo")
    assert user is not None
    user.forbidden = frozenset({endpoint})
    assert error_of(client.progress(RUNNING, endpoint=endpoint)) == (403, "DRS.M00102")
    assert client.batch_stop({"job_id": RUNNING}).status_code == 200


@pytest.mark.parametrize("jobs", [[""], [1], [RUNNING, RUNNING], "all", None])
def test_malformed_requests_are_refused(client: Client, jobs: object) -> None:
    response = client.send(
        "POST",
        f"/v3/{PROJECT_ID}/jobs/batch-progress",
        json={"jobs": jobs},
        headers={"X-Auth-Token": client.token},
    )
    assert response.status_code == 400
