# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin drs_jobs, read by Ansible's own InventoryManager: hosts, variables and groups."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING, InfoModule
from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import (
    DEMO,
    FIRST,
    REGIONS,
    SECOND,
    InventoryFile,
)

pytestmark = pytest.mark.usefixtures("run_folder")


def test_each_job_is_a_host_with_its_row(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.job(OTHER).engine_type = "postgresql"
    inventory = file.read(**DEMO)

    assert inventory.names == ["DRS-1234", "DRS-3456"]
    variables = inventory.vars_of("DRS-3456")
    row = variables.pop("drs_job")
    assert variables == {
        "ansible_connection": "local",
        "drs_job_id": OTHER,
        "drs_region": "demo",
        "drs_project_id": PROJECT_ID,
    }
    expected = {"id": OTHER, "name": "DRS-3456", "phase": "running", "job_type": "sync", "engine_type": "postgresql"}
    assert {name: row[name] for name in expected} == expected
    assert inventory.warnings == []


def test_a_row_is_that_of_drs_job_info(file: InventoryFile, sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.job(RUNNING).lag = 12.5
    details = ["lag", "progress", "endpoints"]
    rows = InfoModule(sim, clock).run(details=details).rows
    inventory = file.read(**DEMO, details=details)
    assert [inventory.vars_of(row["name"])["drs_job"] for row in rows] == rows
    assert inventory.vars_of("DRS-1234")["drs_job"]["lag"] == 12.5


def test_groups_come_by_themselves_below_one(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_job("a", "first", project_id=FIRST, job_type="migration", status="RELEASE_RESOURCE_COMPLETE")
    sim.cloud.add_job("b", "second", project_id=SECOND, job_type="cloudDataGuard", status="CREATING")
    inventory = file.read(regions=REGIONS)
    assert inventory.groups == {
        "drs_phase_stopped": ["first"],
        "drs_type_migration": ["first"],
        "drs_region_ap_southeast_1": ["first"],
        "drs_phase_not_started": ["second"],
        "drs_type_cloudDataGuard": ["second"],
        "drs_region_ap_southeast_3": ["second"],
        "drs_project_project_of_first": ["first"],
        "drs_project_project_of_second": ["second"],
    }
    assert inventory.below_parent == sorted(inventory.groups)
    assert [str(host.name) for host in inventory.manager.get_hosts("drs")] == ["first", "second"]


def test_an_inventory_without_jobs_is_not_a_failure(file: InventoryFile) -> None:
    inventory = file.read(region="ap-southeast-1")
    assert inventory.names == []
    assert "drs" in inventory.manager.groups


def test_types_and_phases_select_jobs(file: InventoryFile, sim: Simulator) -> None:
    for number, job_type in enumerate(("migration", "sync", "cloudDataGuard", "replay")):
        sim.cloud.add_job(f"run-{number}", project_id=FIRST, job_type=job_type)
        sim.cloud.add_job(f"end-{number}", project_id=FIRST, job_type=job_type, status="RELEASE_RESOURCE_COMPLETE")
    options: dict[str, Any] = {"region": "ap-southeast-1", "hostnames": ["id"]}
    assert len(file.read(**options).names) == 8
    assert file.read(**options, job_types=["replay", "migration"], phases=["running"]).names == ["run-0", "run-3"]
    listed = [request.query.get("job_type") or request.json["db_use_type"] for request in sim.requests[1:]]
    assert set(listed) == {"replay", "migration"}


def test_details_are_read_of_selected_jobs_only(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_job("run", project_id=FIRST)
    sim.cloud.add_job("end", project_id=FIRST, status="RELEASE_RESOURCE_COMPLETE")
    file.read(region="ap-southeast-1", phases=["running"], details=["lag"])
    (request,) = sim.requests_to("batch-progress")
    assert request.json == {"jobs": ["run"]}


def test_the_region_is_not_known_where_nothing_names_it(file: InventoryFile) -> None:
    inventory = file.read(project_id=PROJECT_ID)
    assert inventory.vars_of("DRS-1234")["drs_region"] is None
    assert inventory.below_parent == ["drs_phase_running", f"drs_project_{PROJECT_ID}", "drs_type_sync"]


def test_jobs_are_in_the_order_of_the_regions_and_of_their_names(file: InventoryFile, sim: Simulator) -> None:
    for number in (3, 1, 2):
        sim.cloud.add_job(f"b{number}", f"b{number}", project_id=SECOND)
        sim.cloud.add_job(f"c{number}", f"c{number}", project_id=FIRST)
    orders = [file.read(regions=regions).names for regions in (REGIONS, REGIONS, REGIONS[::-1])]
    assert orders == [["c1", "c2", "c3", "b1", "b2", "b3"]] * 2 + [["b1", "b2", "b3", "c1", "c2", "c3"]]


def test_expressions_make_variables_and_groups(file: InventoryFile) -> None:
    inventory = file.read(
        **DEMO,
        compose={"wave": "drs_job.name.split('-')[1]", "ansible_connection": "'ssh'"},
        groups={"late": "wave is defined and wave | int > 2000"},
        keyed_groups=[{"key": "drs_job.engine_type", "prefix": "engine"}, {"key": "wave", "prefix": "wave"}],
        strict=True,
    )
    assert inventory.vars_of("DRS-1234")["wave"] == "1234"
    assert inventory.vars_of("DRS-1234")["ansible_connection"] == "ssh"
    own = {name: hosts for name, hosts in inventory.groups.items() if not name.startswith("drs_")}
    assert own == {
        "late": ["DRS-3456"],
        "engine_mysql": ["DRS-1234", "DRS-3456"],
        "wave_1234": ["DRS-1234"],
        "wave_3456": ["DRS-3456"],
    }


@pytest.mark.parametrize(
    "options",
    [
        {"compose": {"a": "nosuch.b"}},
        {"groups": {"a": "nosuch.b"}},
        {"keyed_groups": [{"key": "nosuch.b"}]},
    ],
    ids=str,
)
def test_an_expression_that_fails_is_an_error_on_demand(file: InventoryFile, options: dict[str, Any]) -> None:
    assert len(file.read(**DEMO, **options).names) == 2
    # No job at all is there then.
    assert "nosuch" in file.fail(**DEMO, **options, strict=True)


def test_a_thousand_jobs_take_a_few_seconds(file: InventoryFile, sim: Simulator) -> None:
    for number in range(1000):
        sim.cloud.add_job(f"job-{number:04}", f"name-{number:04}", project_id=FIRST)
    started = time.monotonic()
    inventory = file.read(
        region="ap-southeast-1",
        hostnames=["drs_region ~ '-' ~ name"],
        keyed_groups=[{"key": "drs_job.engine_type", "prefix": "engine"}],
    )
    assert len(inventory.names) == 1000
    assert time.monotonic() - started < 20
