# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated cloud and a module that share a clock which stands still, and an environment that says nothing.

The collection is imported inside the fixtures: when pytest is given this folder, it reads this file before the
``pytest_configure`` one folder up makes the collection importable.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import StopModule

_OURS = ("HW_", "HUAWEICLOUD_")
_FOR_REQUESTS = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the machine says about credentials, endpoints, proxies and CAs."""
    for name in list(os.environ):
        if name.startswith(_OURS) or name.upper() in _FOR_REQUESTS:
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> ManualClock:
    """The only time that passes, in the cloud and in the module."""
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
def stop(sim: Simulator, clock: ManualClock) -> StopModule:
    """drs_job_batch_stop with a token for that cloud."""
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import StopModule  # noqa: PLC0415

    return StopModule(sim, clock)
