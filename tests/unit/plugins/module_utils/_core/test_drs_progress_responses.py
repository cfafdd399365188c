# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the responses about the progress of jobs say."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_progress_responses import (
    parse_items_response,
    parse_progress_response,
)

A, B = {"job_id": "a", "x": 1}, {"job_id": "b", "x": 2}


def test_items_are_matched_by_their_ids() -> None:
    readings = parse_items_response({"results": [B, A, {"job_id": "c"}, {"id": "a"}, "text", A]}, ["a", "b"])
    assert {job_id: dict(reading.item or {}) for job_id, reading in readings.items()} == {"a": A, "b": B}


def test_two_different_items_for_one_job_say_nothing() -> None:
    reading = parse_items_response({"results": [A, {**A, "x": 3}]}, ["a"])["a"]
    assert (reading.item, reading.reason) == (None, "the answer has two items for this job, which differ")


@pytest.mark.parametrize("body", [None, [], {}, {"results": {}}, {"jobs": [A]}])
def test_a_response_without_the_list_is_an_error(body: object) -> None:
    with pytest.raises(ValueError, match="no list 'results'"):
        parse_items_response(body, ["a"])


def test_the_progress_of_one_job_is_below_its_details() -> None:
    reading = parse_progress_response({"job": {"id": "a", "progress_info": {"incr_trans_delay": "0"}}}, "a")
    assert dict(reading.item or {}) == {"incr_trans_delay": "0"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], "no 'progress_info'"),
        ({"job": {"id": "a"}}, "no 'progress_info'"),
        ({"job": {"id": "b", "progress_info": {}}}, "another job"),
    ],
)
def test_a_response_about_something_else_is_an_error(body: object, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        parse_progress_response(body, "a")


def test_texts_are_masked_except_the_words_that_decide() -> None:
    item = {"job_id": "a", "transfer_status": "INCRE_TRANSFER_STARTED", "error_msg": "INCRE secret"}
    reading = parse_items_response({"results": [item]}, ["a"], lambda text: "***" if "INCRE" in text else text)["a"]
    assert reading.item is not None
    assert reading.item["transfer_status"] == "INCRE_TRANSFER_STARTED"
    assert reading.item["error_msg"] == "***"
