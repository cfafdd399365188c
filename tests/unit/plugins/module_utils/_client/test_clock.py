# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one deadline of a task."""

from __future__ import annotations

import time

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline, SystemClock
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import DeadlineError
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock


def test_a_deadline_counts_down() -> None:
    clock = ManualClock()
    deadline = Deadline(clock, 10)
    assert (deadline.remaining, deadline.is_over) == (10, False)
    deadline.check()
    clock.advance(9.5)
    assert (deadline.remaining, deadline.is_over) == (0.5, False)
    clock.advance(0.5)
    assert deadline.is_over
    with pytest.raises(DeadlineError, match="not sent: the 10 seconds"):
        deadline.check()
    clock.advance(5)
    assert deadline.remaining == -5


def test_no_time_at_all_is_over_at_once() -> None:
    assert Deadline(ManualClock(), 0).is_over


def test_time_can_be_declared_over() -> None:
    deadline = Deadline(ManualClock(), 1800)
    deadline.expire()
    assert deadline.is_over
    with pytest.raises(DeadlineError):
        deadline.check()


def test_the_clock_of_the_machine_tells_its_time() -> None:
    clock = SystemClock()
    assert abs(clock.time() - time.time()) < 60
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.monotonic() >= before
