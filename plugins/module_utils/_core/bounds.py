# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: how small and how large each option that is a number may be. Pure."""

from __future__ import annotations

from typing import NamedTuple

from .errors import ConfigurationError
from .option_values import format_value
from .text_options import option_label


class Bounds(NamedTuple):
    """What an option that is a number may be; what is no whole number is a time in seconds."""

    smallest: int
    largest: int
    is_whole: bool = False
    is_more: bool = False
    """Whether it has to be more than the smallest."""

    @property
    def text(self) -> str:
        """The range, as the documentation says it."""
        if self.is_more:
            return f"more than {self.smallest} and at most {self.largest}"
        return f"from {self.smallest} to {self.largest}"

    def number_in(self, value: object) -> int | float | None:
        """Return the number that a value is, None where it is none, or not within the bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            number = int(value) if self.is_whole else float(value)
        except (ValueError, OverflowError):
            return None
        if isinstance(value, float) and number != value:  # a fraction; nothing equals what is not a number
            return None
        is_within = self.smallest <= number <= self.largest and not (self.is_more and number == self.smallest)
        return number if is_within else None


# A number that is too large is a mistyped one, and ends in an error of Python's own at some place or other.
BOUNDS = {
    "timeout": Bounds(0, 3600, is_more=True),
    "retries": Bounds(0, 100, is_whole=True),
    "wait_timeout": Bounds(0, 7 * 24 * 3600),
    "wait_interval": Bounds(0, 24 * 3600),
    "batch_size": Bounds(1, 10000, is_whole=True),
    "concurrency": Bounds(1, 100, is_whole=True),
}


def parse_number(option: str, value: object, source: str | None = None) -> int | float:
    """Return the value of an option that is a number. Raise ConfigurationError that says what it may be.

    ``source`` is where the value is from, if not from the option.
    """
    bounds = BOUNDS[option]
    number = bounds.number_in(value)
    if number is None:
        kind = "whole number" if bounds.is_whole else "number of seconds"
        sign = "negative: " if isinstance(value, int | float) and value < 0 else ""
        raise ConfigurationError(
            f"{option_label(option, source)} must be a {kind}, {bounds.text}; it is {sign}{format_value(value)}"
        )
    return number


def parse_integer(option: str, value: object) -> int:
    """Return the value of an option that is a count. Raise ConfigurationError that says what it may be."""
    return int(parse_number(option, value))
