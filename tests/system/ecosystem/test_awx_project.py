# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The project for AWX: pinned to a release, and ready for ansible-sign."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import CHECKOUT, run, surroundings

PROJECT = CHECKOUT / "examples" / "awx-project"
VERSION: str = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))["version"]

can_sign = pytest.mark.skipif(
    find_spec("ansible_sign") is None or not shutil.which("gpg"), reason="ansible-sign or gpg is not installed"
)


def test_everything_is_pinned_to_the_release() -> None:
    (collection,) = yaml.safe_load((PROJECT / "collections/requirements.yml").read_text(encoding="utf-8"))[
        "collections"
    ]
    assert str(collection["version"]) == VERSION
    variables = yaml.safe_load((CHECKOUT / "examples/awx/vars.yml").read_text(encoding="utf-8"))
    assert variables["image"].rpartition(":")[2] == VERSION


@pytest.fixture
def keyring() -> Iterator[Path]:
    """A folder of GnuPG with one key. Its path is short, because the agent has a socket there."""
    folder = Path(tempfile.mkdtemp(prefix="drs-gpg-"))
    environment = {**os.environ, "GNUPGHOME": str(folder)}
    make = ("--batch", "--passphrase", "", "--quick-gen-key", "Tester <tester@example.com>", "ed25519", "sign", "never")
    try:
        subprocess.run(["gpg", *make], env=environment, check=True, capture_output=True)
        yield folder
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=environment, check=False, capture_output=True)
        shutil.rmtree(folder)


@pytest.fixture
def project(tmp_path: Path, keyring: Path) -> Path:
    """A copy of the project in a repository of its own, signed."""
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    assert ansible_sign("gpg-sign", folder, keyring)[0] == 0
    return folder


def ansible_sign(command: str, folder: Path, keyring: Path) -> tuple[int, str]:
    """Run ansible-sign, and return its exit code and output."""
    # It looks for a terminal to ask for a passphrase, unless it is told one.
    environment = {**surroundings(folder.parent), "GPG_TTY": ""}
    options: dict[str, Any] = {"folder": folder.parent, "environment": environment}
    done = run("ansible-sign", "project", command, "--gnupg-home", keyring, folder, **options)
    return done.returncode, done.stdout + done.stderr


@can_sign
def test_every_file_of_the_project_is_signed(project: Path, keyring: Path) -> None:
    code, said = ansible_sign("gpg-verify", project, keyring)
    assert code == 0, said
    signed = (project / ".ansible-sign" / "sha256sum.txt").read_text(encoding="utf-8").split()[1::2]
    files = {path.relative_to(PROJECT).as_posix() for path in PROJECT.rglob("*") if path.is_file()}
    assert set(signed) == files


@can_sign
@pytest.mark.parametrize("path", ["stop_jobs.yml", "inventory/jobs.drs_jobs.yml", "library/added.py"])
def test_a_file_that_is_changed_or_added_is_found(project: Path, keyring: Path, path: str) -> None:
    (project / path).parent.mkdir(exist_ok=True)
    with (project / path).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    code, said = ansible_sign("gpg-verify", project, keyring)
    assert code == 2, said
    assert path in said
