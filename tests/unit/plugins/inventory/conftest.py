# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of an inventory. The collection is imported inside, see tests/conftest.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import InventoryFile


@pytest.fixture
def file(tmp_path: Path, sim: Simulator, clock: ManualClock) -> InventoryFile:
    """A file that logs in to a cloud with the jobs of the demonstration, and two more regions."""
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import (  # noqa: PLC0415
        InventoryFile,
        add_regions,
    )

    add_regions(sim)
    return InventoryFile(tmp_path, sim, clock)
