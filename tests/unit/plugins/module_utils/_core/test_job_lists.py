# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which lists of jobs are requested, and what they say together."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError, ServiceError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_info import JobFilter
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_lists import (
    ListQuery,
    Observations,
    build_list_queries,
    is_last_page,
    is_page_beyond_last,
    merge_lists,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import Observation

V5, V3 = ListQuery("v5", "sync"), ListQuery("v3", "sync")
UNPUBLISHED = ServiceError("GET drs", status=404, error_code="APIGW.0101")
DENIED = ServiceError("GET drs", status=403, error_code="DRS.M00102")
BAD_REQUEST = ServiceError("GET drs", status=400, error_code="DRS.M00202")


@pytest.mark.parametrize(
    ("api_version", "job_type", "queries"),
    [
        ("v3", None, ["v3 migration", "v3 sync", "v3 cloudDataGuard"]),
        ("v5", None, ["v5 migration", "v5 sync", "v5 cloudDataGuard", "v5 replay"]),
        ("auto", "sync", ["v5 sync", "v3 sync"]),
        ("auto", "replay", ["v5 replay"]),
        ("v3", "replay", ["v3 replay"]),
    ],
)
def test_both_versions_are_asked_for_what_they_know(api_version: str, job_type: str | None, queries: list[str]) -> None:
    assert [" ".join(query) for query in build_list_queries(api_version, job_type)] == queries


def test_v5_comes_first_and_its_items_count() -> None:
    of_v5, of_v3 = Observation("CREATING", name="5"), Observation("CREATING", name="3")
    jobs = merge_lists(JobFilter(), {V5: {"a": of_v5}, V3: {"b": of_v3, "a": of_v3}})
    assert list(jobs.observations.items()) == [("a", of_v5), ("b", of_v3)]
    assert (jobs.api_versions, jobs.warning) == ("v5 and v3", None)


@pytest.mark.parametrize(
    ("of_v5", "of_v3", "api_versions", "has_warning"),
    [
        ({}, UNPUBLISHED, "v5", False),
        ({}, DENIED, "v5", True),
        (UNPUBLISHED, {}, "v3", False),
    ],
)
def test_a_list_that_is_not_needed_may_fail(
    of_v5: Observations | CloudError, of_v3: Observations | CloudError, api_versions: str, has_warning: bool
) -> None:
    jobs = merge_lists(JobFilter(), {V5: of_v5, V3: of_v3})
    assert (jobs.api_versions, jobs.warning is not None) == (api_versions, has_warning)


@pytest.mark.parametrize(
    ("of_v5", "of_v3", "raised"), [(DENIED, {}, DENIED), (UNPUBLISHED, DENIED, DENIED), (UNPUBLISHED,) * 3]
)
def test_a_list_that_is_needed_may_not(
    of_v5: Observations | CloudError, of_v3: Observations | CloudError, raised: CloudError
) -> None:
    with pytest.raises(CloudError) as caught:
        merge_lists(JobFilter(), {V5: of_v5, V3: of_v3})
    assert caught.value is raised


def test_a_type_that_a_region_does_not_know_is_left_out_unless_the_user_has_named_it() -> None:
    results: dict[ListQuery, Observations | CloudError] = {V5: {}, ListQuery("v5", "replay"): BAD_REQUEST}
    assert merge_lists(JobFilter(), results).warning is None
    with pytest.raises(ServiceError):
        merge_lists(JobFilter(job_type="replay"), {ListQuery("v5", "replay"): BAD_REQUEST})


@pytest.mark.parametrize(
    ("count", "listed", "total", "is_last"),
    [
        (100, 100, 100, False),
        (30, 130, 130, True),
        (30, 130, None, True),
        (30, 130, 200, False),
        (100, 100, None, False),
    ],
)
def test_a_short_page_is_the_last_if_the_total_agrees(
    count: int, listed: int, total: int | None, is_last: bool
) -> None:
    assert is_last_page(count, 100, listed, total) is is_last


def test_only_a_page_after_the_first_is_beyond_the_last() -> None:
    error = ServiceError("POST drs", status=400, error_code="DRS.M00211")
    assert [is_page_beyond_last(error, number) for number in (1, 2)] == [False, True]
    assert not is_page_beyond_last(DENIED, 2)
