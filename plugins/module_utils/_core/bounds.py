# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The range of each option that is a number. Pure."""

from __future__ import annotations

from typing import NamedTuple

from .errors import ConfigurationError
from .option_values import format_value
from .text_options import option_label


class Bounds(NamedTuple):
    """The range of an option. A number that is not an integer is a time in seconds."""

    minimum: int
    maximum: int
    is_integer: bool = False
    exclusive_minimum: bool = False

    @property
    def text(self) -> str:
        """The range, as the documentation words it."""
        if self.exclusive_minimum:
            return f"more than {self.minimum} and at most {self.maximum}"
        return f"from {self.minimum} to {self.maximum}"

    def parse(self, value: object) -> int | float | None:
        """Return a value as a number; None if it is not one, or out of range."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            number = int(value) if self.is_integer else float(value)
        except (ValueError, OverflowError):
            return None
        if isinstance(value, float) and number != value:  # a fraction, or NaN, which equals nothing
            return None
        is_within = self.minimum <= number <= self.maximum
        return None if not is_within or (self.exclusive_minimum and number == self.minimum) else number


# A number above its maximum is a typing error, and some function of Python would fail on it later.
BOUNDS = {
    "timeout": Bounds(0, 3600, exclusive_minimum=True),
    "retries": Bounds(0, 100, is_integer=True),
    "wait_timeout": Bounds(0, 7 * 24 * 3600),
    "wait_interval": Bounds(0, 24 * 3600),
    "max_lag": Bounds(0, 24 * 3600),
    "max_lag_for": Bounds(0, 24 * 3600),
    "lag_timeout": Bounds(0, 7 * 24 * 3600),
    "batch_size": Bounds(1, 10000, is_integer=True),
    "concurrency": Bounds(1, 100, is_integer=True),
    "width": Bounds(40, 1000, is_integer=True),
}


def parse_number(option: str, value: object, variable: str | None = None) -> int | float:
    """Return the value of a numeric option, which ``variable`` may hold. Raise ConfigurationError with the range."""
    bounds = BOUNDS[option]
    number = bounds.parse(value)
    if number is None:
        kind = "whole number" if bounds.is_integer else "number of seconds"
        sign = "negative: " if isinstance(value, int | float) and value < 0 else ""
        raise ConfigurationError(
            f"{option_label(option, variable)} must be a {kind}, {bounds.text}; it is {sign}{format_value(value)}"
        )
    return number


def parse_integer(option: str, value: object) -> int:
    """Return the value of an option that is an integer. Raise ConfigurationError with the range."""
    return int(parse_number(option, value))
