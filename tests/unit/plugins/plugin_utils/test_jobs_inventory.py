# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base class of the inventory plugin: which files it reads, and what it says of failures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible import constants
from ansible.errors import AnsibleParserError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.utils.display import Display

from ansible_collections.huaweicloud.drs.plugins.plugin_utils import _jobs_inventory
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import (
    DEMO,
    NAME,
    InventoryFile,
    add_regions,
)

pytestmark = pytest.mark.usefixtures("run_folder")


@pytest.fixture
def file(tmp_path: Path, sim: Simulator, clock: ManualClock) -> InventoryFile:
    """A file that logs in to that cloud."""
    add_regions(sim)
    return InventoryFile(tmp_path, sim, clock)


def enable(monkeypatch: pytest.MonkeyPatch, *plugins: str) -> list[str]:
    """Let Ansible try these plugins on each file, and return the warnings that come from now on."""
    warned: list[str] = []
    config = constants.config
    get = config.get_config_value
    monkeypatch.setattr("ansible.constants.INVENTORY_ENABLED", list(plugins))
    monkeypatch.setattr(
        config,
        "get_config_value",
        lambda name, *args, **options: list(plugins) if name == "INVENTORY_ENABLED" else get(name, *args, **options),
    )
    monkeypatch.setattr(Display, "warning", lambda _self, msg, *_args, **_options: warned.append(msg))
    # How ansible-core 2.19 and newer tell of a file that could not be read.
    monkeypatch.setattr(
        Display,
        "error_as_warning",
        lambda _self, msg, exception, **_options: warned.append(f"{msg} {exception}"),
        raising=False,
    )
    return warned


@pytest.mark.parametrize("plugins", [(NAME,), (NAME, "auto"), ("auto",)], ids=str)
def test_a_file_with_a_good_name_is_read_whoever_finds_it(
    file: InventoryFile, monkeypatch: pytest.MonkeyPatch, plugins: tuple[str, ...]
) -> None:
    warned = enable(monkeypatch, *plugins)
    assert len(file.read(**DEMO).names) == 2
    assert warned == []


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_file_with_a_wrong_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quote: str) -> None:
    path = tmp_path / "jobs.yml"
    path.write_text(f"region: demo\nplugin: {quote}{NAME}{quote}  # which\n", encoding="utf-8")
    problem = f"{path} is for {NAME}, so its name must end in drs_jobs.yml or drs_jobs.yaml: rename it"
    with pytest.raises(AnsibleParserError) as failure:
        inventory_loader.get(NAME).verify_file(str(path))
    assert str(failure.value) == problem
    # What Ansible makes of it.
    for plugins in (["auto"], [NAME]):
        warned = enable(monkeypatch, *plugins)
        InventoryManager(DataLoader(), [str(path)])
        assert " ".join(warned).count(problem) == 1


@pytest.mark.parametrize("content", ["plugin: other.other.other\n", "a: {plugin: huaweicloud.drs.drs_jobs}\n", "\x80"])
def test_files_of_others_are_left_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    path = tmp_path / "hosts.yml"
    path.write_text(content, encoding="latin-1")
    warned = enable(monkeypatch, NAME)
    plugin = inventory_loader.get(NAME)
    assert [plugin.verify_file(each) for each in (str(path), "host,", str(tmp_path / "no.drs_jobs.yml"))] == [False] * 3
    assert warned == []


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "hosts"
    os.mkfifo(pipe)  # without a writer, whoever opens it waits
    assert not inventory_loader.get(NAME).verify_file(str(pipe))


def test_a_fault_of_the_collection_is_one_line(file: InventoryFile) -> None:
    with mock.patch.object(_jobs_inventory, "read_regions", side_effect=RuntimeError("canary")):
        message = file.fail(**DEMO)
    assert message.startswith("an unforeseen RuntimeError in ")
    assert "canary" not in message


SECRETS: dict[str, dict[str, Any]] = {
    "of the file": {"password": "canary-password"},
    "of an entry": {"regions": [{**DEMO, "username": "demo", "password": "canary-password", "domain_name": "demo"}]},
    "of a lookup": {"password": "{{ lookup('env', 'CANARY') }}"},
    "of the environment": dict.fromkeys(("username", "password", "domain_name")),
}


@pytest.mark.parametrize("options", SECRETS.values(), ids=SECRETS)
def test_a_secret_that_the_cloud_repeats_is_masked(
    file: InventoryFile, sim: Simulator, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    monkeypatch.setenv("CANARY", "canary-password")
    for name, value in {
        "HW_USER_NAME": "demo",
        "HW_USER_PASSWORD": "canary-password",
        "HW_DOMAIN_NAME": "demo",
    }.items():
        monkeypatch.setenv(name, value)
    sim.faults.add(Fault("auth-tokens", nth=None, status=403, body={"error": {"message": "No canary-password here"}}))
    message = file.fail(**{**DEMO, **options})
    assert "No ******** here" in message
    assert "canary-password" not in message


def test_an_expression_may_use_extra_variables(file: InventoryFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible.plugins.inventory.load_extra_vars", lambda _loader: {"prefix": "x", "place": "demo"})
    inventory = file.read(region="{{ place }}", use_extra_vars=True, hostnames=["prefix ~ name"])
    assert inventory.names == ["xDRS-1234", "xDRS-3456"]
