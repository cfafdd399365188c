# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How jobs are named as hosts: by preferences, uniquely, and never with a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING
from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import (
    DEMO,
    FIRST,
    REGIONS,
    SECOND,
    TEMPLATE,
    InventoryFile,
)

pytestmark = pytest.mark.usefixtures("run_folder")


@pytest.mark.parametrize(
    ("hostnames", "expected"),
    [
        (["id"], [RUNNING, OTHER]),
        (["nosuch", "name"], ["DRS-1234", "DRS-3456"]),
        (["nosuch ~ 'x'", "drs_job.nosuch.deeper", "description", "name | lower"], ["drs-1234", "drs-3456"]),
        ("[drs_region, name] | join('-')", ["demo-DRS-1234", "demo-DRS-3456"]),
        (["create_time | int * 0 + (name[4:] | int)"], ["1234", "3456"]),
    ],
    ids=str,
)
def test_hosts_are_named_by_the_first_preference_that_gives_a_name(
    file: InventoryFile, hostnames: list[str] | str, expected: list[str]
) -> None:
    assert file.read(**DEMO, hostnames=hostnames).names == expected


def test_a_job_without_a_name_is_named_by_its_id(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_job("a", "", project_id=FIRST)
    assert file.read(region="ap-southeast-1").names == ["a"]
    assert file.fail(region="ap-southeast-1", hostnames=["name", "nosuch"]) == (
        "hostnames (name, nosuch) gives no name for the job a (null)"
    )


def test_names_that_are_not_unique_get_the_ids_of_all_their_jobs(file: InventoryFile, sim: Simulator) -> None:
    for job_id, name, project_id in [
        ("a", "same", FIRST),
        ("b", "same", SECOND),
        ("c", "same_a", FIRST),
        ("d", "single", FIRST),
    ]:
        sim.cloud.add_job(job_id, name, project_id=project_id)
    inventory = file.read(regions=REGIONS)
    assert inventory.names == ["same_a_a", "same_a_c", "single", "same_b"]
    assert inventory.warnings == [
        "the ID of the job is appended to host names that are not unique, or in use: 'same', 'same_a'"
    ]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "all", "drs", "drs_phase_running", "web"])
def test_a_job_never_takes_the_name_of_something_else(
    file: InventoryFile, sim: Simulator, tmp_path: Path, name: str
) -> None:
    sim.cloud.add_job("a", name, project_id=FIRST)
    static = tmp_path / "static.yml"
    static.write_text("all: {hosts: {web: {kind: machine}}}", encoding="utf-8")
    inventory = file.read(static, file.write(region="ap-southeast-1"))
    assert inventory.names == ["web", f"{name}_a"]
    assert inventory.vars_of("web") == {"kind": "machine"}
    assert len(inventory.warnings) == 1


def test_two_files_with_the_same_job_have_one_host(file: InventoryFile) -> None:
    paths = [file.write(f"{name}.drs_jobs.yml", **DEMO) for name in ("a", "b")]
    inventory = file.read(*paths)
    assert inventory.names == ["DRS-1234", "DRS-3456"]
    assert inventory.warnings == []
    assert len(file.sim.requests_to("auth-tokens")) == 1


def test_no_text_of_the_cloud_is_a_template(file: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_job("a", TEMPLATE, project_id=FIRST, description="{% raw %}", job_type="migration")
    inventory = file.read(
        region="ap-southeast-1",
        compose={"copy": "drs_job.name", "longer": "'a ' ~ drs_job.name"},
        keyed_groups=[{"key": "drs_job.name", "prefix": "named"}],
        groups={"found": "drs_job.name"},
    )
    (name,) = inventory.names
    assert name == "__ lookup('pipe', 'echo canary') }}"
    variables = inventory.manager.hosts[name].get_vars()
    templar = Templar(DataLoader(), variables=variables)
    for expression in ("drs_job.name", "copy", "inventory_hostname", "inventory_hostname_short", "drs_job"):
        assert "canary'" in str(_evaluate(templar, expression))
    assert _evaluate(templar, "longer") == f"a {TEMPLATE}"
    assert _evaluate(templar, "drs_job.description") == "{% raw %}"
    assert not [group for group in inventory.groups if "{" in group]


def _evaluate(templar: Templar, expression: str) -> Any:
    template: Any = f"{{{{ {expression} }}}}"
    try:
        from ansible.template import trust_as_template  # noqa: PLC0415  new in ansible-core 2.19
    except ImportError:
        return templar.template(template)
    return templar.template(trust_as_template(template))
