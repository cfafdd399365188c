# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of regions that failed, and what of a cache counts. Reading regions is in the tests of the plugin."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError, DeadlineError
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._jobs_inventory_regions import (
    RegionFailure,
    RegionJobs,
    build_cached_value,
    describe_failures,
    parse_cached_regions,
)

UNTRIED = DeadlineError("not sent")


def failures_of(*errors: CloudError) -> list[RegionFailure]:
    """Return one failure for each error."""
    return [RegionFailure(f"entry {number}", error) for number, error in enumerate(errors, start=1)]


@pytest.mark.parametrize(
    ("errors", "total", "expected"),
    [
        ([CloudError("no")], 3, "1 of 3 regions could not be read: entry 1: no"),
        ([CloudError("no"), CloudError("not")], 2, "2 of 2 regions could not be read: entry 1: no; entry 2: not"),
        (
            [UNTRIED, CloudError("no"), UNTRIED],
            3,
            "3 of 3 regions could not be read (2 were not tried after that): entry 2: no",
        ),
        (
            [CloudError("no")] * 5,
            5,
            "5 of 5 regions could not be read: entry 1: no; entry 2: no; entry 3: no; and 2 more",
        ),
        ([UNTRIED, UNTRIED], 2, "2 of 2 regions could not be read: entry 1: not sent; entry 2: not sent"),
    ],
)
def test_failures_are_named(errors: list[CloudError], total: int, expected: str) -> None:
    assert describe_failures(failures_of(*errors), total) == expected


def test_the_only_region_has_no_label() -> None:
    assert describe_failures([RegionFailure("", CloudError("no"))], 1) == "no"


def test_what_is_cached_comes_back() -> None:
    regions = [RegionJobs("a", "p", [{"id": "1"}]), RegionJobs(None, "q", [])]
    assert parse_cached_regions(build_cached_value(regions)) == regions


@pytest.mark.parametrize("value", [None, [], {}, {"regions": [{"region": "a"}]}, {"regions": [1]}], ids=str)
def test_what_this_version_has_not_cached_does_not_count(value: Any) -> None:
    assert parse_cached_regions(value) is None
