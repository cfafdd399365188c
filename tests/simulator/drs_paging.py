# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of the calls of v3 that read jobs."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any, TypeVar

from .answers import drs_error
from .validation import Field

Item = TypeVar("Item")

_MAX_PER_PAGE = 100
PAGE_FIELDS = {"cur_page": Field(int), "per_page": Field(int)}


def page_of(items: list[Item], page_req: Mapping[str, Any], default_size: int) -> list[Item]:
    """Return the items of the requested page. Raise ApiError if the page does not exist."""
    current = page_req.get("cur_page", 1)
    size = page_req.get("per_page", default_size)
    if not 0 <= size <= _MAX_PER_PAGE:
        raise drs_error("DRS.M00210", "per_page")
    if size == 0:
        # All items. The page may only be 0 or 1 then (official SDK, page_req.py, query_jobs_req.py).
        if current not in (0, 1):
            raise drs_error("DRS.M00210", "cur_page")
        return items
    if current < 1:
        raise drs_error("DRS.M00210", "cur_page")
    # An empty list has a first page (INFERRED).
    if current > max(1, ceil(len(items) / size)):
        raise drs_error("DRS.M00211")
    return items[(current - 1) * size : current * size]
