# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read an inventory of DRS jobs the way Ansible does, in this process, against a simulated cloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.utils.display import Display

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Clock
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._jobs_inventory import JobsInventory
from ansible_collections.huaweicloud.drs.tests.simulator import Simulator

NAME = "huaweicloud.drs.drs_jobs"
USER = {"username": "demo", "password": "demo", "domain_name": "demo"}
REGIONS = [{"region": "ap-southeast-1"}, {"region": "ap-southeast-3"}]
FIRST, SECOND = "project-of-first", "project-of-second"
"""The IDs of the projects of these regions."""
DEMO: dict[str, Any] = {"region": "demo"}
NO_PERMISSION: dict[str, Any] = {"status": 403, "body": {"error_code": "DRS.M00102", "error_msg": "No."}}
TEMPLATE = "{{ lookup('pipe', 'echo canary') }}"


class Inventory:
    """An inventory that was read."""

    def __init__(self, manager: InventoryManager, warnings: list[str], shown: list[str]) -> None:
        """Take what Ansible has read, and what it has said meanwhile."""
        self.manager = manager
        self.warnings = warnings
        self.shown = shown

    @property
    def names(self) -> list[str]:
        """The names of all hosts, in order."""
        return [str(name) for name in self.manager.hosts]

    @property
    def groups(self) -> dict[str, list[str]]:
        """The names of the hosts that are directly in each group, without empty groups."""
        hosts = {str(name): [str(host.name) for host in group.hosts] for name, group in self.manager.groups.items()}
        return {name: found for name, found in hosts.items() if found}

    @property
    def below_parent(self) -> list[str]:
        """The groups below that of all jobs."""
        return sorted(str(group.name) for group in self.manager.groups["drs"].child_groups)

    def vars_of(self, name: str) -> dict[str, Any]:
        """Return the variables of a host, without those that Ansible sets."""
        ansible = ("inventory_file", "inventory_dir")
        return {key: value for key, value in self.manager.hosts[name].vars.items() if key not in ansible}


class InventoryFile:
    """Writes and reads the file of an inventory."""

    def __init__(self, folder: Path, sim: Simulator, clock: Clock) -> None:
        """Log in as the user of the demonstration."""
        self.folder = folder
        self.sim = sim
        self.clock = clock
        self.options: dict[str, Any] = {"plugin": NAME, "endpoint": sim.url, "iam_endpoint": sim.url, **USER}

    def write(self, file_name: str = "wave.drs_jobs.yml", /, **options: Any) -> Path:
        """Write the file with these options besides those that say where and as whom; None takes one away."""
        given = {name: value for name, value in {**self.options, **options}.items() if value is not None}
        path = self.folder / file_name
        path.write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
        return path

    def read(self, *paths: Path | str, cache: bool = True, **options: Any) -> Inventory:
        """Read these files, by default one with these options. They have to be valid."""
        sources = [str(path) for path in paths] or [str(self.write(**options))]
        self.sim.clear_requests()
        # Ansible itself only warns of an inventory that it cannot read.
        must_succeed = mock.patch("ansible.constants.INVENTORY_ANY_UNPARSED_IS_FAILED", True)
        with self._watched() as (warnings, shown), must_succeed:
            manager = InventoryManager(DataLoader(), sources, cache=cache)
        return Inventory(manager, warnings, shown)

    def fail(self, path: Path | None = None, /, **options: Any) -> str:
        """Read an inventory that has to fail; return the line that says why."""
        source = str(path or self.write(**options))
        self.sim.clear_requests()
        plugin, data = inventory_loader.get(NAME), InventoryData()
        with self._watched(), pytest.raises(AnsibleParserError) as failure:
            plugin.parse(data, DataLoader(), source)
        assert failure.value.__suppress_context__
        assert not data.hosts
        message = str(failure.value)
        assert "\n" not in message
        return message

    @contextmanager
    def _watched(self) -> Iterator[tuple[list[str], list[str]]]:
        warnings: list[str] = []
        shown: list[str] = []
        with (
            mock.patch.object(JobsInventory, "clock", self.clock),
            mock.patch.object(Display, "warning", lambda _self, msg, *_args, **_options: warnings.append(msg)),
            mock.patch.object(Display, "vv", lambda _self, msg, *_args, **_options: shown.append(msg)),
        ):
            yield warnings, shown


def add_regions(sim: Simulator) -> None:
    """Add a project for each region, named like it, as in the real cloud."""
    sim.cloud.add_project(FIRST, "ap-southeast-1")
    sim.cloud.add_project(SECOND, "ap-southeast-3")
