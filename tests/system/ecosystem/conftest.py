# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as users get it: built, and installed without a network."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection's tarball."""
    from ansible_collections.huaweicloud.drs.tests.system.ecosystem import programs  # noqa: PLC0415  see tests/conftest.py

    folder = tmp_path_factory.mktemp("build")
    command = ("ansible-galaxy", "collection", "build", "--output-path", folder)
    programs.succeed(*command, folder=programs.CHECKOUT, environment=programs.surroundings(folder))
    (built,) = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="session")
def installed(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the tarball has been installed into, without a network."""
    from ansible_collections.huaweicloud.drs.tests.system.ecosystem import programs  # noqa: PLC0415  see tests/conftest.py

    folder = tmp_path_factory.mktemp("installed")
    command = ("ansible-galaxy", "collection", "install", "--offline", "-p", folder, tarball)
    programs.succeed(*command, folder=folder, environment=programs.surroundings(folder.parent))
    return folder
