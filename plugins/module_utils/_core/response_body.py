# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.

"""Read the values of a response body."""

from __future__ import annotations

from collections.abc import Mapping


def as_mapping(value: object) -> Mapping[str, object]:
    """Return a JSON object as it is, and an empty one for any other value."""
    return value if isinstance(value, Mapping) else {}


def as_text(value: object) -> str | None:
    """Return a text as it is, and None for an empty one or any other value."""
    return value if isinstance(value, str) and value else None
