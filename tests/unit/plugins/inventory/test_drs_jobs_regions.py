# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs of many regions and projects: credentials, logins, failures, and what is shown of them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import (
    DEMO,
    FIRST,
    NO_PERMISSION,
    REGIONS,
    InventoryFile,
)

pytestmark = pytest.mark.usefixtures("run_folder")


def test_a_job_of_two_entries_is_one_host(file: InventoryFile) -> None:
    inventory = file.read(regions=[DEMO, {"region": "elsewhere", "project_id": PROJECT_ID}, DEMO])
    assert inventory.names == ["DRS-1234", "DRS-3456"]
    assert inventory.vars_of("DRS-1234")["drs_region"] == "demo"
    assert inventory.warnings == []


def test_a_run_logs_in_once_for_each_identity_and_project(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_user("second", "secret", "demo")
    other = {"username": "second", "password": "secret", "domain_name": "demo"}
    file.read(regions=[*REGIONS, {**REGIONS[0], "language": "zh-cn"}, {**REGIONS[0], **other}, *REGIONS])
    logins = [
        (each["identity"]["password"]["user"]["name"], each["scope"]["project"]["name"])
        for each in (request.json["auth"] for request in sim.requests_to("auth-tokens"))
    ]
    assert sorted(logins) == [("demo", "ap-southeast-1"), ("demo", "ap-southeast-3"), ("second", "ap-southeast-1")]


def test_an_entry_replaces_credential_and_project_of_the_file(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_job("a", "first", project_id=FIRST)
    token = sim.cloud.issue_token("demo", "ap-southeast-1")
    inventory = file.read(
        project_id=PROJECT_ID,
        region="demo",
        regions=[{}, {"region": "ap-southeast-1"}, {"project_name": "ap-southeast-1", "token": token}],
    )
    assert inventory.names == ["DRS-1234", "DRS-3456", "first"]
    tokens = {request.headers["X-Auth-Token"] for request in sim.requests_to("jobs")}
    assert token in tokens
    assert len(sim.requests_to("auth-tokens")) == 2


def test_options_come_from_the_environment(file: InventoryFile, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HW_USER_NAME": "demo",
        "HW_USER_PASSWORD": "demo",
        "HW_DOMAIN_NAME": "demo",
        "HW_AUTH_URL": file.sim.url,
        "HW_DRS_ENDPOINT": file.sim.url,
        "HW_REGION_NAME": "demo",
    }.items():
        monkeypatch.setenv(name, value)
    file.options = {"plugin": file.options["plugin"]}
    assert len(file.read().names) == 2


def test_access_keys_need_no_login(file: InventoryFile, sim: Simulator) -> None:
    file.options |= {**dict.fromkeys(("username", "password", "domain_name")), **DEMO}
    assert len(file.read(access_key="demo-ak", secret_key="demo-sk").names) == 2
    assert not sim.requests_to("auth-tokens")


def test_regions_are_read_side_by_side(file: InventoryFile, sim: Simulator) -> None:
    for number in range(8):
        sim.cloud.add_project(f"p{number}", f"r-{number}")
        sim.cloud.add_job(f"a{number}", project_id=f"p{number}")
    regions = [{"region": f"r-{number}"} for number in range(8)]
    options: dict[str, Any] = {"regions": regions, "api_version": "v5", "job_types": ["sync"]}
    file.read(**options)  # logs in, one after the other until the first is accepted
    sim.cloud.latency = 0.5
    assert len(file.read(**options).names) == 8
    assert not sim.requests_to("auth-tokens")
    first = sim.requests[:8]
    assert {request.params["project_id"] for request in first} == {f"p{number}" for number in range(8)}
    assert first[-1].arrived_at - first[0].arrived_at < sim.cloud.latency


def test_a_region_that_fails_fails_the_inventory(file: InventoryFile, sim: Simulator) -> None:
    sim.faults.add(Fault("jobs", nth=None, **NO_PERMISSION))
    message = file.fail(region="demo")
    assert message.startswith(f"GET {sim.url}/v5/{PROJECT_ID}/jobs answered HTTP 403: DRS.M00102: No.")
    message = file.fail(regions=[*REGIONS, *REGIONS])
    assert message.startswith(
        f"4 of 4 regions could not be read: regions: entry 1 (ap-southeast-1): GET {sim.url}/v5/{FIRST}/jobs answered"
    )
    assert message.endswith("; and 1 more")


def test_a_region_that_fails_is_a_warning_on_demand(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_job("a", "first", project_id=FIRST)
    inventory = file.read(regions=[{"region": "nosuch"}, *REGIONS], strict_regions=False)
    assert inventory.names == ["first"]
    (warning,) = inventory.warnings
    assert warning.startswith("the jobs of a region are missing: regions: entry 1 (nosuch): POST ")
    assert "could not be read" in file.fail(regions=[{"region": "nosuch"}, *REGIONS])


@pytest.mark.parametrize(("strict", "attempts"), [(True, 1), (False, 2)])
def test_a_wrong_password_is_not_tried_for_each_region(
    file: InventoryFile, sim: Simulator, strict: bool, attempts: int
) -> None:
    options: dict[str, Any] = {"regions": REGIONS * 8, "password": "wrong-canary"}
    if strict:
        message = file.fail(**options)
        assert message.startswith("16 of 16 regions could not be read (15 were not tried after that): regions: entry ")
        assert "canary" not in message
    else:
        inventory = file.read(**options, strict_regions=False)
        assert len(inventory.warnings) == 16
        assert "canary" not in str(inventory.warnings)
    assert [request.status for request in sim.requests] == [401] * attempts


def test_a_refused_access_key_is_sent_once(file: InventoryFile, sim: Simulator) -> None:
    key = {"access_key": "demo-ak", "secret_key": "wrong-canary", **dict.fromkeys(("username", "password"))}
    message = file.fail(regions=REGIONS * 8, **key)
    assert "canary" not in message
    assert len(sim.requests) == 1


def test_a_token_that_was_revoked_is_replaced(file: InventoryFile, sim: Simulator) -> None:
    file.read(**DEMO)
    sim.cloud.revoke_token(sim.requests_to("jobs")[0].headers["X-Auth-Token"])
    assert len(file.read(**DEMO).names) == 2
    assert len(sim.requests_to("auth-tokens")) == 1


def test_a_warning_about_regions_is_shown_once(file: InventoryFile, sim: Simulator) -> None:
    sim.faults.add(Fault("job-list", nth=None, **NO_PERMISSION))
    inventory = file.read(regions=REGIONS, validate_certs=False)
    assert inventory.warnings[0].startswith("validate_certs is false: ")
    assert [each.partition(": jobs of engines")[0] for each in inventory.warnings[1:]] == [
        "regions: entry 1 (ap-southeast-1)",
        "regions: entry 2 (ap-southeast-3)",
    ]


def test_what_was_read_is_shown_on_demand(file: InventoryFile, sim: Simulator) -> None:
    sim.faults.add(Fault("jobs", nth=1, status=503))
    shown = file.read(regions=[DEMO]).shown
    assert f"regions: entry 1 (demo): 2 jobs in project {PROJECT_ID} at {sim.url}" in shown
    assert [line for line in shown if line.startswith(f"regions: entry 1 (demo): GET {sim.url}/") and "503" in line]
