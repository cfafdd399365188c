# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make ``ansible_collections.huaweicloud.drs`` importable for plain ``pytest tests/unit``, from any directory.

Ansible finds a collection only below a folder ``ansible_collections/NAMESPACE/NAME``, and a checkout rarely lies
there. So the checkout is linked into a temporary tree of that shape, which is removed when pytest ends.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def pytest_configure(config: pytest.Config) -> None:
    """Link the checkout and start Ansible's plugin loader, before any test module is imported.

    Each worker of pytest-xdist comes here in its own process and gets its own tree.
    """
    if __name__.startswith("ansible_collections."):
        return  # ansible-test runs this file from a tree of its own and has set everything up
    tree = tempfile.TemporaryDirectory(prefix="huaweicloud-drs-tests-")
    config.add_cleanup(tree.cleanup)
    link = Path(tree.name, "ansible_collections", "huaweicloud", "drs")
    link.parent.mkdir(parents=True)
    link.symlink_to(CHECKOUT, target_is_directory=True)

    # The environment, so that an ansible-playbook started by a test sees the same collection.
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = tree.name
    # The path, so that a plain Python started with this sys.path (multiprocessing) sees it too.
    sys.path.insert(0, tree.name)
    from ansible.plugins.loader import init_plugin_loader  # noqa: PLC0415  importing it reads the environment

    init_plugin_loader([tree.name])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many scenarios the tests that draw them have drawn."""
    for report in terminalreporter.getreports("passed"):
        for name, value in getattr(report, "user_properties", []):
            if name == "scenarios":
                terminalreporter.write_line(f"{value} scenarios: {report.nodeid.rpartition('::')[2]}")
