# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cache of an inventory: used where it is about the same, never with a secret, never incomplete."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import (
    DEMO,
    FIRST,
    NO_PERMISSION,
    REGIONS,
    TEMPLATE,
    InventoryFile,
)

pytestmark = pytest.mark.usefixtures("run_folder")


@pytest.fixture
def cached(file: InventoryFile, tmp_path: Path) -> InventoryFile:
    """A file whose jobs are kept in JSON files."""
    file.options |= {"cache": True, "cache_plugin": "ansible.builtin.jsonfile"}
    file.options |= {"cache_connection": str(tmp_path / "cache"), "cache_timeout": 3600}
    return file


def files_of(file: InventoryFile) -> dict[str, str]:
    """Return the files of the cache."""
    return {path.name: path.read_text(encoding="utf-8") for path in (file.folder / "cache").iterdir()}


def test_jobs_come_from_the_cache(cached: InventoryFile, sim: Simulator) -> None:
    options: dict[str, Any] = {"regions": [DEMO, *REGIONS], "details": ["lag"]}
    sim.cloud.add_job("a", TEMPLATE, project_id=FIRST)
    first = cached.read(**options)
    sim.cloud.add_job("b", "new", project_id=FIRST)
    second = cached.read(**options)
    assert not sim.requests
    assert second.names == first.names
    assert [second.vars_of(name) for name in second.names] == [first.vars_of(name) for name in first.names]
    assert second.groups == first.groups
    assert "the jobs are from the cache" in second.shown
    # `meta: refresh_inventory` and --flush-cache
    assert "new" in cached.read(**options, cache=False).names
    assert sim.requests
    assert "new" in cached.read(**options).names
    assert not sim.requests


@pytest.mark.parametrize(
    ("change", "is_another"),
    [
        ({"username": "second"}, True),
        ({"token": "a"}, True),
        ({"access_key": "demo-ak", "secret_key": "demo-sk", "username": None, "password": None}, True),
        ({"region": "ap-southeast-1"}, True),
        ({"project_name": "ap-southeast-1"}, True),
        ({"phases": ["running"]}, True),
        ({"job_types": ["sync"]}, True),
        ({"details": ["lag"]}, True),
        ({"validate_certs": False}, True),
        ({"hostnames": ["id"], "compose": {"a": "1"}, "timeout": 5, "strict_regions": False}, False),
    ],
    ids=str,
)
def test_another_identity_place_or_selection_has_a_cache_of_its_own(
    cached: InventoryFile, sim: Simulator, change: dict[str, Any], is_another: bool
) -> None:
    sim.cloud.add_user("second", "demo", "demo")
    if "token" in change:
        change = {"token": sim.cloud.issue_token("demo", "demo")}
    cached.read(**DEMO)
    cached.read(**{**DEMO, **change})
    assert bool(sim.requests) == is_another
    assert len(files_of(cached)) == (2 if is_another else 1)


def test_no_secret_is_in_the_cache_or_in_variables(cached: InventoryFile, sim: Simulator) -> None:
    sim.cloud.add_user("canary", "canary-password", "demo")
    sim.cloud.add_access_key("key", "canary-secret")
    token = sim.cloud.issue_token("demo", "ap-southeast-3")
    sim.cloud.add_job("a", "canary-password", project_id=FIRST, description="with canary-secret in it")
    inventory = cached.read(
        regions=[
            {**REGIONS[0], "username": "canary", "password": "canary-password", "domain_name": "demo"},
            {**REGIONS[1], "token": token},
            {**DEMO, "access_key": "key", "secret_key": "canary-secret"},
        ]
    )
    obtained = {request.headers.get("X-Auth-Token", token) for request in sim.requests}
    (cache,) = files_of(cached).items()
    written = str([cache, [inventory.vars_of(name) for name in inventory.names], inventory.groups, inventory.shown])
    assert len(obtained) == 2
    assert [secret for secret in ("canary-password", "canary-secret", *obtained) if secret in written] == []


def test_an_incomplete_inventory_is_not_kept(cached: InventoryFile, sim: Simulator) -> None:
    cached.read(regions=[DEMO, {"region": "nosuch"}], strict_regions=False)
    assert files_of(cached) == {}
    sim.faults.add(Fault("job-list", nth=None, **NO_PERMISSION))
    assert cached.read(**DEMO).warnings
    assert files_of(cached) == {}


def test_a_cache_that_cannot_be_read_is_ignored(cached: InventoryFile) -> None:
    cached.read(**DEMO)
    (path,) = (cached.folder / "cache").iterdir()
    path.write_text(path.read_text(encoding="utf-8").replace("project_id", "other"), encoding="utf-8")
    assert len(cached.read(**DEMO).names) == 2
    assert cached.sim.requests
