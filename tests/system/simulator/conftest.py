# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the running simulated cloud.

The collection is imported inside the fixtures: when pytest is given this folder, it reads this file before the
``pytest_configure`` one folder up makes the collection importable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
    from ansible_collections.huaweicloud.drs.tests.system.simulator.client import Client


@pytest.fixture
def client(sim: Simulator) -> Iterator[Client]:
    """A client with a token."""
    from ansible_collections.huaweicloud.drs.tests.system.simulator.client import Client  # noqa: PLC0415

    client = Client(sim)
    with client.session:
        yield client
