# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS: stopping a single job."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, RUNNING, Client, error_of


def test_it_stops(client: Client) -> None:
    response = client.post(f"/jobs/{RUNNING}/stop", {"is_force_stop": True})
    assert response.status_code == 200
    assert response.json() == {"id": RUNNING, "name": "DRS-1234", "status": "success"}
    assert [stop[:2] for stop in client.sim.cloud.accepted_stops] == [(RUNNING, True)]


def test_force_is_optional(client: Client) -> None:
    assert client.post(f"/jobs/{RUNNING}/stop", {}).status_code == 200
    assert [stop[:2] for stop in client.sim.cloud.accepted_stops] == [(RUNNING, False)]


def test_a_missing_job_has_a_code_of_its_own(client: Client) -> None:
    assert error_of(client.post(f"/jobs/{MISSING}/stop", {})) == (400, "DRS.10000010")


def test_a_second_stop_is_refused(client: Client) -> None:
    client.post(f"/jobs/{RUNNING}/stop", {})
    response = client.post(f"/jobs/{RUNNING}/stop", {})
    assert (response.status_code, response.json()["status"]) == (200, "failed")
    assert response.json()["error_code"] == "DRS.M00304"


@pytest.mark.parametrize("body", [[], {"is_force_stop": "yes"}, {"force": True}])
def test_a_malformed_body(client: Client, body: object) -> None:
    assert client.post(f"/jobs/{RUNNING}/stop", body).status_code == 400
    assert client.sim.cloud.accepted_stops == []
