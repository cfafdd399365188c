# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-builder makes of the collection, and of the example of an execution environment."""

from __future__ import annotations

import re
import shutil
import tarfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import CHECKOUT, succeed, surroundings

pytestmark = pytest.mark.skipif(find_spec("ansible_builder") is None, reason="ansible-builder is not installed")

EXAMPLE = "examples/execution-environment.yml"


def from_yaml(text: str) -> Any:
    """Give the content of a text in YAML."""
    return yaml.safe_load(text)


def test_the_tarball_holds_the_metadata_and_what_it_names(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    metadata = from_yaml((CHECKOUT / "meta/execution-environment.yml").read_text(encoding="utf-8"))
    assert metadata["version"] == 1
    assert {"meta/execution-environment.yml", EXAMPLE, *metadata["dependencies"].values()} <= set(names)


def test_requests_is_asked_for_and_nothing_else(installed: Path, tmp_path: Path) -> None:
    said = succeed("ansible-builder", "introspect", installed, folder=tmp_path, environment=surroundings(tmp_path))
    assert from_yaml(said) == {"python": ["requests>=2.28  # from collection huaweicloud.drs"], "system": []}


def test_every_version_has_bounds_and_is_tested() -> None:
    definition = from_yaml((CHECKOUT / EXAMPLE).read_text(encoding="utf-8"))
    wanted = definition["dependencies"]
    # Neither "latest" nor nothing: both move.
    assert re.fullmatch(r"[\w./-]+:(?!latest)[\w.-]+", definition["images"]["base_image"]["name"])
    installed = [wanted["ansible_core"]["package_pip"], wanted["ansible_runner"]["package_pip"], *wanted["python"]]
    for requirement in map(Requirement, installed):
        assert {specifier.operator for specifier in requirement.specifier} == {">=", "<"}, requirement
        assert requirement.specifier.contains(version(requirement.name)), requirement


@pytest.fixture
def context(tarball: Path, tmp_path: Path) -> Path:
    """What ansible-builder makes of the example where its comment says to run it, and the tarball has been built."""
    shutil.copy(tarball, tmp_path)
    (tmp_path / "examples").mkdir()
    shutil.copy(CHECKOUT / EXAMPLE, tmp_path / EXAMPLE)
    command = ("ansible-builder", "create", "-f", EXAMPLE, "--output-filename", "Containerfile")
    succeed(*command, folder=tmp_path, environment=surroundings(tmp_path))
    return tmp_path / "context"


def test_the_example_makes_the_context_of_an_image(context: Path, tarball: Path) -> None:
    requirements = from_yaml((context / "_build/requirements.yml").read_text(encoding="utf-8"))
    (collection,) = requirements["collections"]
    assert collection["type"] == "file"
    assert (context / "_build" / collection["name"]).read_bytes() == tarball.read_bytes()

    containerfile = (context / "Containerfile").read_text(encoding="utf-8")
    definition = from_yaml((CHECKOUT / EXAMPLE).read_text(encoding="utf-8"))
    assert f'ARG EE_BASE_IMAGE="{definition["images"]["base_image"]["name"]}"' in containerfile
    assert re.search(r'^ARG ANSIBLE_INSTALL_REFS="ansible-core\S* ansible-runner\S*"$', containerfile, re.MULTILINE)
    assert (context / "_build/requirements.txt").read_text(encoding="utf-8").split() == definition["dependencies"][
        "python"
    ]
    assert "ansible-galaxy collection install $ANSIBLE_GALAXY_CLI_COLLECTION_OPTS -r requirements.yml" in containerfile
    # What the collection needs is found inside the image, by the script that the test above runs outside.
    assert "introspect.py introspect" in containerfile
    assert (context / "_build/scripts/introspect.py").is_file()


def test_what_the_image_installs_is_the_collection(context: Path, tmp_path: Path) -> None:
    # As the Containerfile does it, in the same folder; the collection needs no other, so no network either.
    command = (
        "ansible-galaxy",
        "collection",
        "install",
        "--offline",
        "-r",
        "requirements.yml",
        "-p",
        tmp_path / "share",
    )
    succeed(*command, folder=context / "_build", environment=surroundings(tmp_path))
    assert (tmp_path / "share/ansible_collections/huaweicloud/drs/requirements.txt").is_file()
