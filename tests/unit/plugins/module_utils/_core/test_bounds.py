# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers within their bounds, and what is none."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.bounds import (
    Bounds,
    parse_integer,
    parse_number,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError

TIMES = Bounds(0, 10)
ABOVE = Bounds(0, 10, exclusive_minimum=True)
COUNTS = Bounds(1, 10, is_integer=True)


@pytest.mark.parametrize(
    ("bounds", "value", "number"),
    [
        (TIMES, 0, 0),
        (TIMES, "0.5", 0.5),
        (TIMES, 10, 10),
        (TIMES, " 7 ", 7),
        (ABOVE, 1e-9, 1e-9),
        (COUNTS, 1, 1),
        (COUNTS, "10", 10),
        (COUNTS, 3.0, 3),
    ],
)
def test_a_number_within_the_bounds_is_given(bounds: Bounds, value: Any, number: float) -> None:
    assert bounds.parse(value) == number
    assert isinstance(bounds.parse(value), int if bounds.is_integer else float)


NO_NUMBERS: list[Any] = [
    None,
    "",
    "a",
    "1m",
    True,
    False,
    [],
    [1],
    {},
    b"1",
    -1,
    -0.1,
    10.5,
    11,
    math.nan,
    math.inf,
    -math.inf,
]


@pytest.mark.parametrize("bounds", [TIMES, ABOVE, COUNTS])
@pytest.mark.parametrize(
    "value", [*NO_NUMBERS, "nan", "inf", "1e999", 10**400, -(10**400), "9" * 5000], ids=lambda value: repr(value)[:20]
)
def test_what_is_no_number_within_the_bounds_is_none(bounds: Bounds, value: Any) -> None:
    assert bounds.parse(value) is None


@pytest.mark.parametrize(("bounds", "value"), [(ABOVE, 0), (ABOVE, "0"), (COUNTS, 0), (COUNTS, 1.5), (COUNTS, "1.0")])
def test_an_end_that_is_not_included_and_a_fraction_are_none(bounds: Bounds, value: Any) -> None:
    assert bounds.parse(value) is None


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("timeout", 0, "timeout must be a number of seconds, more than 0 and at most 3600; it is 0"),
        ("wait_timeout", -1.5, "wait_timeout must be a number of seconds, from 0 to 604800; it is negative: -1.5"),
        ("retries", "many", "retries must be a whole number, from 0 to 100; it is 'many'"),
        ("batch_size", None, "batch_size must be a whole number, from 1 to 10000; it is null"),
        ("concurrency", {}, "concurrency must be a whole number, from 1 to 100; it is a dictionary"),
    ],
)
def test_the_error_says_what_it_may_be(option: str, value: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_number(option, value)
    assert str(caught.value) == said


def test_a_count_is_an_int() -> None:
    assert parse_integer("retries", "7") == 7
    with pytest.raises(ConfigurationError, match="it is 101"):
        parse_integer("retries", 101)
