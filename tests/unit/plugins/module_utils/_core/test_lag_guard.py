# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which jobs may be stopped, from one sample of their lags to the next."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_lag import Lag
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.lag_guard import LagGuard, LagLimits

UNKNOWN = Lag(None, "no delay")


def guard_of(max_lag_for: float = 30, lag_timeout: float = 0, wait_interval: float = 10) -> LagGuard:
    """Return a guard of the jobs a and b that may lag by five seconds."""
    return LagGuard(LagLimits(5, max_lag_for, lag_timeout), ["a", "b"], wait_interval)


def sample(guard: LagGuard, elapsed: float, **lags: float | Lag) -> None:
    """Take a sample of these jobs."""
    guard.sample({job_id: lag if isinstance(lag, Lag) else Lag(lag) for job_id, lag in lags.items()}, elapsed)


def test_a_job_is_ready_when_each_sample_was_within_the_limit_for_long_enough() -> None:
    guard = guard_of()
    for elapsed in (0, 10, 20):
        sample(guard, elapsed, a=5, b=0)
        assert guard.undecided == ["a", "b"]
    sample(guard, 30, a=5, b=0)
    assert (guard.undecided, guard.held) == ([], {})
    assert guard.lags == {"a": 5, "b": 0}


@pytest.mark.parametrize(
    ("lag", "reason"),
    [(5.001, "its lag of 5.001 s is over 5 s"), (UNKNOWN, "its lag is not known: no delay")],
)
def test_a_sample_beyond_the_limit_holds_the_job(lag: float | Lag, reason: str) -> None:
    guard = guard_of()
    sample(guard, 0, a=lag, b=1)
    assert guard.held == {"a": reason}
    assert (guard.undecided, guard.watched) == (["b"], ["b"])


def test_with_time_a_job_may_catch_up_and_starts_anew_after_each_setback() -> None:
    guard = guard_of(max_lag_for=20, lag_timeout=60)
    for elapsed, lag in ((0, 9), (10, 1), (20, 9), (30, 1), (40, 1)):
        sample(guard, elapsed, a=lag, b=0)
        assert "a" in guard.undecided
    sample(guard, 50, a=1, b=0)
    assert guard.undecided == []


def test_after_the_time_a_good_streak_goes_on_and_a_bad_sample_holds() -> None:
    guard = guard_of(max_lag_for=20, lag_timeout=15)
    sample(guard, 10, a=1, b=9)
    sample(guard, 20, a=1, b=9)
    assert guard.held == {"b": "its lag of 9 s is over 5 s (within 15 s)"}
    sample(guard, 30, a=1)
    assert guard.undecided == []


def test_a_job_that_is_ready_is_watched_until_the_others_are() -> None:
    guard = guard_of(max_lag_for=0, lag_timeout=60)
    sample(guard, 0, a=0, b=9)
    assert (guard.undecided, guard.watched) == (["b"], ["a", "b"])
    sample(guard, 10, a=9, b=0)
    assert guard.undecided == ["a"]


@pytest.mark.parametrize(("wait_interval", "age"), [(3, 3), (10, 10), (60, 10)])
def test_a_sample_is_too_old_after_an_interval_or_ten_seconds(wait_interval: float, age: float) -> None:
    guard = guard_of(max_lag_for=0, wait_interval=wait_interval)
    sample(guard, 0, a=0, b=0)
    assert guard.select_stale(["a"], age) == []
    assert guard.select_stale(["a"], age + 0.1) == ["a"]


def test_the_only_sample_decides() -> None:
    guard = guard_of(lag_timeout=60)
    guard.sample({"a": Lag(0), "b": Lag(9)}, 0, only_one=True)
    assert guard.undecided == []
    assert guard.held == {"b": "its lag of 9 s is over 5 s"}


def test_what_is_not_decided_in_time_is_held() -> None:
    guard = guard_of()
    sample(guard, 0, a=0, b=9)
    guard.hold_undecided("time was over")
    assert guard.held == {"a": "time was over", "b": "its lag of 9 s is over 5 s"}
