# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What programs that tests start need. The collection is imported inside, see tests/conftest.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import Simulator


_LONGEST = Path(__file__).with_name("truth")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: a worker that came to them last would keep the others waiting."""
    items.sort(key=lambda item: _LONGEST not in item.path.parents)


@pytest.fixture
def cloud() -> Iterator[Simulator]:
    """A cloud with the jobs of the API page; time passes, for it is asked by programs of their own."""
    from ansible_collections.huaweicloud.drs.tests.simulator import Simulator, seed_demo  # noqa: PLC0415

    with Simulator(release_seconds=0.1) as simulator:
        seed_demo(simulator.cloud)
        yield simulator
