# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter first_of_each_project."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.filter.first_of_each_project import FilterModule
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError

GROUPS = {
    "all": ["web", "c", "b", "a", "d"],
    "drs": ["c", "b", "a", "d"],
    "drs_project_one": ["c", "a"],
    "drs_project_two": ["b", "d"],
}


def first(*hosts: str) -> list[str]:
    """Return what the filter makes of hosts."""
    found: list[str] = FilterModule().filters()["first_of_each_project"](hosts, GROUPS)
    return found


def test_there_is_one_job_of_each_project_whatever_the_order_is() -> None:
    assert first("a", "b", "c", "d") == first("d", "c", "b", "a", "web") == ["a", "b"]
    assert first("c", "d") == ["c", "d"]
    assert first("a", "c") == ["a"]


def test_a_group_that_is_named_like_a_project_is_an_error() -> None:
    groups = {**GROUPS, "drs_project_wave": ["a", "b"]}
    with pytest.raises(ConfigurationError, match="a is in drs_project_one and drs_project_wave"):
        FilterModule().filters()["first_of_each_project"](["a"], groups)


@pytest.mark.parametrize("hosts", [(), ("web",), ("elsewhere",)])
def test_no_job_is_an_error(hosts: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="chooses no job"):
        first(*hosts)
