# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for a module holds for the action that does its work on the controller: each test runs with both."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import InfoModule, StopModule


# `ansible-test units` hides what actions import from the tests of modules.
DRIVERS = [False, True] if find_spec("ansible.parsing") else [False]


@pytest.fixture(params=DRIVERS, ids=["module", "action"][: len(DRIVERS)])
def as_action(request: pytest.FixtureRequest) -> bool:
    """Whether the action does the work."""
    is_action: bool = request.param
    return is_action


@pytest.fixture
def stop(sim: Simulator, clock: ManualClock, as_action: bool) -> StopModule:
    """drs_job_batch_stop with a token for that cloud."""
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import StopModule  # noqa: PLC0415

    return StopModule(sim, clock, as_action)


@pytest.fixture
def info(sim: Simulator, clock: ManualClock, as_action: bool) -> InfoModule:
    """drs_job_info with a token for that cloud."""
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import InfoModule  # noqa: PLC0415

    return InfoModule(sim, clock, as_action)
