# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused as a whole is sent in halves, where that can help."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.batch_bisect import BatchBisector, chunks
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_responses import is_about_one_job
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    NoResponseError,
    ServiceError,
)

Refuse = Callable[[Sequence[int]], "CloudError | None"]


def refused(status: int = 400, code: str = "DRS.10000001") -> ServiceError:
    """Give the error of a request that was refused."""
    return ServiceError("POST https://drs", status=status, error_code=code)


class Cloud:
    """Takes what it is not told to refuse, and counts."""

    def __init__(self, refuse: Refuse) -> None:
        """Take what says whether items are refused together."""
        self._refuse = refuse
        self.sizes: list[int] = []
        self.taken: list[int] = []

    def __call__(self, items: Sequence[int]) -> str:
        """Answer a request."""
        self.sizes.append(len(items))
        error = self._refuse(items)
        if error is not None:
            raise error
        self.taken += items
        return "fine"


def fate(halving: BatchBisector, items: Sequence[int], cloud: Cloud) -> dict[int, bool]:
    """Send items; give whether each was taken. Each comes back exactly once."""
    pieces = halving.send(items, cloud)
    assert [item for piece, _result in pieces for item in piece] == list(items)
    return {item: result == "fine" for piece, result in pieces for item in piece}


def test_what_is_taken_together_is_sent_once() -> None:
    cloud = Cloud(lambda items: None)
    assert all(fate(BatchBisector(), range(10), cloud).values())
    assert cloud.sizes == [10]


@pytest.mark.parametrize("bad", [0, 4, 9])
@pytest.mark.parametrize("status", [400, 413])
def test_one_bad_item_costs_no_other(bad: int, status: int) -> None:
    cloud = Cloud(lambda items: refused(status) if bad in items else None)
    assert fate(BatchBisector(), range(10), cloud) == {item: item != bad for item in range(10)}
    assert sorted(cloud.taken) == [item for item in range(10) if item != bad]
    assert len(cloud.sizes) < 10


def test_a_limit_is_learned() -> None:
    cloud = Cloud(lambda items: refused() if len(items) > 3 else None)
    halving = BatchBisector()
    assert all(fate(halving, range(10), cloud).values())
    before = len(cloud.sizes)
    assert all(fate(halving, range(10), cloud).values())
    assert max(cloud.sizes[before:]) <= 3


@pytest.mark.parametrize(
    "error", [refused(401), refused(403), refused(404), refused(500), NoResponseError("x", sent=True)]
)
def test_what_halves_cannot_help_is_sent_once(error: CloudError) -> None:
    cloud = Cloud(lambda items: error)
    assert not any(fate(BatchBisector(), range(10), cloud).values())
    assert cloud.sizes == [10]


def test_a_cause_that_all_share_does_not_multiply_requests() -> None:
    cloud = Cloud(lambda items: refused(400, "DRS.M00200"))
    halving = BatchBisector()
    for _attempt in range(20):
        assert not any(fate(halving, range(10), cloud).values())
    assert len(cloud.sizes) < 60


def test_a_code_about_items_is_followed_to_the_last_one() -> None:
    cloud = Cloud(lambda items: refused(400, "DRS.M00289"))
    assert not any(fate(BatchBisector(is_about_one_job), range(100), cloud).values())
    assert cloud.sizes.count(1) == 100


@settings(deadline=None)
@given(st.lists(st.integers()), st.integers(min_value=1, max_value=50))
def test_batches_keep_every_item_and_the_order(items: list[int], size: int) -> None:
    batches = chunks(items, size)
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(0 < len(batch) <= size for batch in batches)
