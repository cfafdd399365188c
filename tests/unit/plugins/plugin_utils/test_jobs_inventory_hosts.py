# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DRS jobs as hosts: unique names, and what may become of a text of the cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._jobs_inventory_hosts import (
    JobHost,
    build_hosts,
    make_unique,
)
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._jobs_inventory_regions import RegionJobs


def job(job_id: str, name: Any = "name", **fields: Any) -> dict[str, Any]:
    """Return a row."""
    return {"id": job_id, "name": name, "phase": "running", "job_type": "sync", **fields}


def no_expression(expression: str, _variables: Mapping[str, Any]) -> Any:
    """Evaluate nothing."""
    raise AssertionError(expression)


def hosts_of(*regions: RegionJobs, hostnames: tuple[str, ...] = ("name", "id")) -> list[JobHost]:
    """Return the hosts without an expression."""
    return build_hosts(regions, hostnames, no_expression)


def test_the_first_region_that_has_a_job_counts() -> None:
    hosts = hosts_of(
        RegionJobs("a", "p", [job("2", "y"), job("1", "z")]), RegionJobs("b", "q", [job("1"), job("3", "x")])
    )
    assert [(host.name, host.job_id, host.variables["drs_region"]) for host in hosts] == [
        ("y", "2", "a"),
        ("z", "1", "a"),
        ("x", "3", "b"),
    ]


def test_groups_are_left_out_where_nothing_is_known() -> None:
    (host,) = hosts_of(RegionJobs(None, "p", [job("1", job_type=None, phase=None)]))
    assert list(host.group_names()) == ["drs_project_p"]
    (host,) = hosts_of(RegionJobs("a-1", "p", [job("1")]))
    assert list(host.group_names()) == ["drs_phase_running", "drs_type_sync", "drs_region_a-1", "drs_project_p"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("  a \n b ", "a b"), ("{{ a }}", "__ a }}"), ("#jinja2: {%", "#jinja2: _%"), (" ", "1"), (None, "1"), (7, "7")],
)
def test_names_are_one_line_without_a_template(name: Any, expected: str) -> None:
    (host,) = hosts_of(RegionJobs("a", "p", [job("1", name)]))
    assert host.name == expected
    assert host.variables["drs_job"]["name"] == name


@pytest.mark.parametrize(
    ("hostnames", "expected"),
    [
        (("nosuch",), "hostnames (nosuch) gives no name for the job 1 ('name')"),
        (("children",), "hostnames: children gives a list for the job 1, no text"),
    ],
)
def test_no_name_is_an_error(hostnames: tuple[str, ...], expected: str) -> None:
    with pytest.raises(ConfigurationError) as failure:
        hosts_of(RegionJobs("a", "p", [job("1", children=[])]), hostnames=hostnames)
    assert str(failure.value) == expected


@pytest.mark.parametrize(
    ("names", "taken", "expected", "warned"),
    [
        ({"1": "a", "2": "b"}, {}, ["a", "b"], None),
        ({"1": "a", "2": "a", "3": "b"}, {}, ["a_1", "a_2", "b"], "'a'"),
        # A name that another one becomes.
        ({"1": "a", "2": "a", "3": "a_1"}, {}, ["a_1_1", "a_2", "a_1_3"], "'a', 'a_1'"),
        ({"1": "a"}, {"a": None}, ["a_1"], "'a'"),
        ({"1": "a"}, {"a": "2"}, ["a_1"], "'a'"),
        ({"1": "a"}, {"a": "1"}, ["a"], None),
        ({"1": "a"}, {"a": None, "a_1": None}, ["a_1_1"], "'a', 'a_1'"),
        ({str(number): f"n{number // 2}" for number in range(14)}, {}, None, "'n0', 'n1', 'n2', 'n3', 'n4' and 2 more"),
    ],
)
def test_names_become_unique(
    names: dict[str, str], taken: dict[str, str | None], expected: list[str] | None, warned: str | None
) -> None:
    hosts, warning = make_unique([JobHost(name, {"drs_job_id": job_id}) for job_id, name in names.items()], taken)
    found = [host.name for host in hosts]
    assert [host.job_id for host in hosts] == list(names)
    assert found == expected or (expected is None and len(set(found)) == len(found))
    text = "the ID of the job is appended to host names that are not unique, or in use: "
    assert warning == (None if warned is None else f"{text}{warned}")
