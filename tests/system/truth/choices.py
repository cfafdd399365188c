# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choices from bytes that hypothesis draws at once: a draw of its own for each of them takes several times as long.

Hypothesis makes each byte smaller when it looks for the simplest scenario that fails. So zero stands for the simplest
option, and each choice takes the same number of bytes whatever is chosen: no byte has another meaning afterwards.
"""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

OptionT = TypeVar("OptionT")

# Enough for a job, a fault, and half of a run. All are of one size, for hypothesis varies a scenario by exchanging what
# it has drawn with the same strategy: bytes of another size would not fit, and become zeros.
SIZE = 20
DRAWN = st.binary(min_size=SIZE, max_size=SIZE)


class Choices:
    """Choices, each made by the next bytes."""

    def __init__(self, drawn: bytes) -> None:
        self._bytes = iter(drawn)

    def one_of(self, *options: OptionT) -> OptionT:
        """Choose with one byte, each option as often as it is given, the simplest first."""
        return options[next(self._bytes) * len(options) >> 8]

    def between(self, low: float, high: float) -> float:
        """Choose with two bytes, in steps of a hundredth."""
        share = (next(self._bytes) << 8 | next(self._bytes)) / 0xFFFF
        return round(low + share * (high - low), 2)

    def seconds(self, low: float = 0.0, high: float = 60.0) -> float:
        """Choose with three bytes. The lowest, whole and short times come more often: most happens then."""
        fine = self.between(low, high)
        whole, short = max(low, float(int(fine))), round(low + fine % 1, 2)
        return self.one_of(low, low, whole, short, *[fine] * 4)
