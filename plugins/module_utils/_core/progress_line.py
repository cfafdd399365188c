# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""A line that a task shows while it works."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

MIN_REPORTED_PAUSE = 10.0
"""Pauses of up to this many seconds are not worth a line."""


class LineKind(Enum):
    """What a line is about; it decides its color."""

    INFORMATION = "information"
    CHANGE = "change"
    PROBLEM = "problem"


class ProgressLine(NamedTuple):
    """One line without the line break."""

    text: str
    kind: LineKind = LineKind.INFORMATION


Show = Callable[[ProgressLine], None]
"""Shows a line at once. Several threads may call it."""
