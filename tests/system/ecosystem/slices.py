# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The slices of an AWX job: the inventory of each, as AWX makes it, and its run on an execution node."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import CHECKOUT, run, succeed, surroundings

Inventory = dict[str, Any]
# More do not help where slices share a few processors.
FORKS = "4"


def imported(inventory: Path, environment: Mapping[str, str]) -> Inventory:
    """Return the inventory that AWX imports from a source, with the command of AWX."""
    command = ("ansible-inventory", "--list", "--export", "-i", inventory)
    found: Inventory = json.loads(succeed(*command, folder=inventory.parent, environment=environment))
    return found


def slice_of(inventory: Inventory, number: int, count: int) -> Inventory:
    """Return the inventory that AWX gives to a slice. The first one has the number 1.

    AWX sorts the hosts by name, and takes each ``count``-th one. Groups have only these hosts, all groups are below
    ``all``, and a group without hosts, children and variables is only named there. Source: ``get_sliced_hosts`` and
    ``get_script_data`` in awx/main/models/inventory.py, AWX at e21dd0a0 (October 2024).
    """
    variables = inventory["_meta"]["hostvars"]
    hosts = sorted(variables)[number - 1 :: count]
    groups = {name: group for name, group in inventory.items() if name not in ("_meta", "all", "ungrouped")}
    given: Inventory = {}
    for name, group in groups.items():
        info = {
            "hosts": [host for host in group.get("hosts", []) if host in set(hosts)],
            "children": group.get("children", []),
            "vars": group.get("vars", {}),
        }
        if any(info.values()):
            given[name] = {key: value for key, value in info.items() if value}
    grouped = {host for group in given.values() for host in group.get("hosts", [])}
    given["all"] = {"hosts": [host for host in hosts if host not in grouped], "children": list(groups)}
    enabled = {"remote_host_enabled": "true", "remote_tower_enabled": "true"}
    given["_meta"] = {"hostvars": {host: {**variables[host], **enabled} for host in hosts}}
    return given


@dataclass
class Report:
    """What one run sent back."""

    status: str
    stdout: str
    artifacts: dict[str, Any]
    """What AWX shows as the artifacts of the job: the data of ``set_stats``."""

    @property
    def stopped(self) -> list[str]:
        """Return the job ID of each row whose stop was accepted."""
        rows = [row for rows in self.artifacts.get("drs_outcomes", {}).values() for row in rows]
        return [row["job_id"] for row in rows if row["outcome"] in ("stopped", "stopping")]


class Template:
    """A job template: the playbook of the project for AWX, with a credential and extra variables."""

    def __init__(self, cloud: Simulator, collections: Path, folder: Path, **variables: Any) -> None:
        """Prepare runs below a folder. The installed collections are those of the project."""
        self.folder = folder
        self.collections = collections
        self.variables = variables
        self.credential = {
            "HW_DOMAIN_NAME": "demo",
            "HW_USER_NAME": "demo",
            "HW_USER_PASSWORD": "demo",
            "HW_AUTH_URL": f"{cloud.url}/v3",
            "HW_DRS_ENDPOINT": cloud.url,
        }

    def inventory(self, regions: list[str], **options: Any) -> Inventory:
        """Import the jobs of these regions, as a source of an inventory in AWX."""
        content = {
            "plugin": "huaweicloud.drs.drs_jobs",
            "regions": [{"region": name} for name in regions],
            "hostnames": ["id"],
        }
        path = self.folder / "wave.drs_jobs.yml"
        path.write_text(yaml.safe_dump({**content, **options}), encoding="utf-8")
        environment = {**surroundings(self.folder), **self.credential}
        return imported(path, {**environment, "ANSIBLE_COLLECTIONS_PATH": str(self.collections)})

    def launch(self, inventory: Inventory, slices: int = 1) -> list[Report]:
        """Run a job, which AWX divides into so many slices, and return their reports."""
        parts = [slice_of(inventory, number, slices) for number in range(1, slices + 1)]
        with ThreadPoolExecutor(slices) as pool:
            return list(pool.map(self.run, [f"slice{number}" for number in range(slices)], parts))

    def launch_limited(self, inventory: Inventory, limits: list[str]) -> list[Report]:
        """Run a job for each limit at the same time, and return their reports. Each gets the whole inventory."""
        whole = slice_of(inventory, 1, 1)
        with ThreadPoolExecutor(len(limits)) as pool:
            return list(pool.map(lambda limit: self.run(limit, whole, "--limit", limit), limits))

    def run(self, name: str, inventory: Inventory, *options: str) -> Report:
        """Run the playbook on an execution node, in folders of this name that hold nothing before."""
        home, there, back = (self.folder / name / each for each in ("home", "there", "back"))
        sent_from = self._private_data(self.folder / name / "here", inventory, options)
        home.mkdir()
        arguments: dict[str, Any] = {"folder": home, "environment": surroundings(home)}
        transmit = ("ansible-runner", "transmit", sent_from, "-p", "stop_jobs.yml", "--ident", name)
        sent = succeed(*transmit, **arguments)
        # The folder of the worker and that of the results do not exist yet, and the worker sees nothing of the sender.
        shutil.rmtree(sent_from)
        # A failed play is a failed job, and the worker succeeds: its results tell.
        done = run("ansible-runner", "worker", "--private-data-dir", there, stdin=sent, **arguments)
        run("ansible-runner", "process", back, "--ident", name, stdin=done.stdout, **arguments)
        return _report(back / "artifacts" / name)

    def _private_data(self, folder: Path, inventory: Inventory, options: tuple[str, ...]) -> Path:
        """Write the private data directory that AWX makes for a slice, whose inventory is a script."""
        shutil.copytree(CHECKOUT / "examples" / "awx-project", folder / "project")
        shutil.copytree(self.collections, folder / "project" / "collections", dirs_exist_ok=True)
        for name in ("env", "inventory"):
            (folder / name).mkdir()
        script = f"#!/usr/bin/env python3\nprint({json.dumps(inventory)!r})\n"
        (folder / "inventory" / "hosts").write_text(script, encoding="utf-8")
        (folder / "inventory" / "hosts").chmod(0o700)
        (folder / "env" / "envvars").write_text(json.dumps(self.credential), encoding="utf-8")
        (folder / "env" / "extravars").write_text(json.dumps(self.variables), encoding="utf-8")
        (folder / "env" / "cmdline").write_text(" ".join(("--forks", FORKS, *options)), encoding="utf-8")
        return folder


def _report(folder: Path) -> Report:
    events = [json.loads(path.read_bytes()) for path in sorted((folder / "job_events").glob("*.json"))]
    data = [event["event_data"].get("artifact_data", {}) for event in events if event["event"] == "playbook_on_stats"]
    return Report(
        status=(folder / "status").read_text(encoding="utf-8"),
        stdout=(folder / "stdout").read_text(encoding="utf-8"),
        artifacts=data[0] if data else {},
    )
