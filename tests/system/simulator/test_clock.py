# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock that tests move by hand."""

from __future__ import annotations

import time

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, SystemClock


def test_time_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(start=1000.0)
    assert (clock.time(), clock.time(), clock.monotonic()) == (1000.0, 1000.0, 0.0)
    clock.advance(5)
    assert (clock.time(), clock.monotonic()) == (1005.0, 5.0)
    assert clock.sleeps == []


def test_sleep_moves_the_clock_and_is_recorded() -> None:
    clock = ManualClock(start=1000.0)
    clock.sleep(3)
    clock.sleep(0.5)
    assert clock.time() == 1003.5
    assert clock.sleeps == [3, 0.5]


def test_it_starts_now_so_that_real_signatures_are_fresh() -> None:
    assert ManualClock().time() == pytest.approx(time.time(), abs=5)


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        ManualClock().sleep(-1)


def test_the_system_clock_is_that_of_the_machine() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.monotonic() >= before
    assert clock.time() == pytest.approx(time.time(), abs=5)
