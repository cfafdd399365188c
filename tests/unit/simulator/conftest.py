# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A running simulated cloud with the jobs of the API page, a clock that stands still, and a client.

The collection is imported inside the fixtures: when pytest is given this folder, it reads this file before the
``pytest_configure`` one folder up makes the collection importable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
    from ansible_collections.huaweicloud.drs.tests.unit.simulator.client import Client


@pytest.fixture
def clock() -> ManualClock:
    """The only time that passes in the cloud."""
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock  # noqa: PLC0415

    return ManualClock()


@pytest.fixture
def sim(clock: ManualClock) -> Iterator[Simulator]:
    """A cloud with the jobs of the API page."""
    from ansible_collections.huaweicloud.drs.tests.simulator import Simulator, seed_demo  # noqa: PLC0415

    with Simulator(clock=clock) as simulator:
        seed_demo(simulator.cloud)
        yield simulator


@pytest.fixture
def client(sim: Simulator) -> Iterator[Client]:
    """A client with a token."""
    from ansible_collections.huaweicloud.drs.tests.unit.simulator.client import Client  # noqa: PLC0415

    client = Client(sim)
    with client.session:
        yield client
