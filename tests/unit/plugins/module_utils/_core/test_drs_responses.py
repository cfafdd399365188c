# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the responses of DRS say of jobs, and that no value in them can do any harm."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_responses import (
    StopReply,
    build_failed_observations,
    complete_observations,
    parse_detail_response,
    parse_list_response,
    parse_status_response,
    parse_stop_response,
    select_for_another_call,
    select_unread,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
# Items that look like those of an answer, with anything in their fields.
ITEMS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from(["a", "A", "b", "x"]) | JSON,
            "status": st.sampled_from(["success", "FAILED", "DELETED", "CREATING"]) | JSON,
            "name": JSON,
            "error_code": st.sampled_from(["DRS.M00289"]) | JSON,
            "error_msg": JSON,
        },
    )
    | JSON
)


@settings(deadline=None)
@given(JSON | st.fixed_dictionaries({"jobs": ITEMS, "results": ITEMS}))
def test_any_body_gives_answers_for_the_jobs_asked_or_a_value_error(body: object) -> None:
    for parse in (parse_stop_response, parse_status_response):
        try:
            answers = parse(body, ["a", "b"], "request")
        except ValueError as failure:
            assert str(failure)  # either is fine
        else:
            assert answers.keys() <= {"a", "b"}


SUCCESS = StopReply(None)


def refused(code: str | None, text: str) -> StopReply:
    """Give the answer for a job that was refused."""
    return StopReply(JobError(code, text, "request"))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"id": "a", "status": "success"}], {"a": SUCCESS}),
        ([{"id": "a", "status": "Success"}], {"a": SUCCESS}),
        ([{"id": "a", "status": "SUCCESS", "name": "DRS-1"}], {"a": StopReply(None, "DRS-1")}),
        ([{"id": "A", "status": "success"}], {}),
        (
            [{"id": "a", "status": "Failed", "error_code": "DRS.10020102", "error_msg": "No job."}],
            {"a": refused("DRS.10020102", "No job.")},
        ),
        ([{"id": "a", "status": "failed"}], {"a": refused(None, "The cloud refused the stop and gave no reason")}),
        ([{"id": "b", "status": "success"}, {"id": "a", "status": "success"}], {"a": SUCCESS, "b": SUCCESS}),
        ([{"id": "a", "status": "success"}, {"id": "a", "status": "Success"}], {"a": SUCCESS}),
        ([{"id": "a", "status": "success"}, {"id": "a", "status": "failed"}], {}),
        ([{"id": "a", "status": "failed"}, {"id": "a", "status": "success"}], {}),
        ([{"id": "a", "status": "success"}, {"id": "A", "status": "failed"}], {"a": SUCCESS}),
        ([{"id": "a", "status": "success"}, {"id": "a", "status": "pending"}], {}),
        ([{"id": "x", "status": "success"}], {}),
        ([{"status": "success"}], {}),
        ([{"id": None, "status": "success"}], {}),
        ([{"id": ["a"], "status": "success"}], {}),
        ([{"id": 1, "status": "success"}], {}),
        ([{"id": "a"}], {}),
        ([{"id": "a", "status": None}], {}),
        ([{"id": "a", "status": True}], {}),
        ([{"id": "a", "status": "succeeded"}], {}),
        ([{"id": "a", "status": ["success"]}], {}),
        (["a", None, 1, [], {"id": "b", "status": "success"}], {"b": SUCCESS}),
        ([], {}),
    ],
)
def test_the_answer_to_a_stop_says_it_job_by_job(items: list[Any], expected: dict[str, StopReply]) -> None:
    assert parse_stop_response({"jobs": items}, ["a", "b"], "request") == expected


def missing(code: str, text: str) -> Observation:
    """Give the look at a job that does not exist."""
    return Observation(missing=True, reason=JobError(code, text, "request"))


def unread(code: str | None, text: str) -> Observation:
    """Give the look at a job that says nothing of its status."""
    return Observation(reason=JobError(code, text, "request"))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"id": "a", "status": "CREATING"}], {"a": Observation("CREATING")}),
        ([{"id": "a", "status": "CREATING", "name": "n"}], {"a": Observation("CREATING", name="n")}),
        ([{"id": "A", "status": "CREATING"}], {}),
        ([{"id": "a", "status": "DELETED", "error_code": "DRS.M05004"}], {"a": Observation("DELETED")}),
        ([{"id": "a", "status": "deleted"}], {"a": Observation("DELETED")}),
        (
            [{"id": "a", "status": "INCRE_TRANSFER_FAILED", "error_code": "DRS.M03000", "error_message": "Why."}],
            {"a": Observation("INCRE_TRANSFER_FAILED")},
        ),
        (
            [{"id": "a", "error_code": "DRS.M00289", "error_message": "No job."}],
            {"a": missing("DRS.M00289", "No job.")},
        ),
        (
            [{"id": "a", "status": "", "error_code": "DRS.M00289", "error_msg": "No job."}],
            {"a": missing("DRS.M00289", "No job.")},
        ),
        (
            [{"id": "a", "error_code": "DRS.M05004", "error_message": "Gone."}],
            {"a": missing("DRS.M05004", "Gone.")},
        ),
        ([{"id": "a", "error_code": "DRS.M00004", "error_msg": "No."}], {"a": unread("DRS.M00004", "No.")}),
        ([{"id": "a"}], {"a": unread(None, "The cloud gave no status")}),
        ([{"id": "a", "status": None}], {"a": unread(None, "The cloud gave no status")}),
        ([{"id": "a", "status": 7}], {"a": unread(None, "The cloud gave no status")}),
        ([{"id": "x", "status": "CREATING"}, {"id": "b", "status": "CREATING"}], {"b": Observation("CREATING")}),
        ([None, "a", {"status": "CREATING"}], {}),
        ([], {}),
    ],
)
def test_the_answer_with_statuses_gives_a_look_at_each_job(items: list[Any], expected: dict[str, Observation]) -> None:
    assert parse_status_response({"results": items}, ["a", "b"], "request") == expected


@pytest.mark.parametrize("body", [None, [], "text", 7, {}, {"jobs": None}, {"jobs": {}}, {"results": "text"}])
def test_an_answer_without_its_list_is_unreadable(body: Any) -> None:
    with pytest.raises(ValueError, match="no list 'jobs'"):
        parse_stop_response(body, ["a"], None)
    with pytest.raises(ValueError, match="no list 'results'"):
        parse_status_response(body, ["a"], None)


def test_texts_of_an_answer_are_one_line() -> None:
    items = [{"id": "a", "status": "failed", "name": "two\nlines", "error_msg": "two\nlines"}]
    (answer,) = parse_stop_response({"jobs": items}, ["a"], None).values()
    assert answer.refusal is not None
    assert (answer.name, answer.refusal.error_msg) == ("two lines", "two lines")


def test_the_results_of_v3_have_another_name() -> None:
    body = {"count": 2, "results": [{"id": "a", "status": "success"}, {"id": "b", "status": "failed"}]}
    answers = parse_stop_response(body, ["a", "b"], "r", key="results")
    assert answers["a"].refusal is None
    assert answers["b"].refusal == JobError(None, "The cloud refused the stop and gave no reason", "r")


def test_a_detail_of_v5_is_a_look_with_all_that_was_said() -> None:
    body = {"job": {"id": "a", "status": "CREATING", "base_info": {"name": "n", "job_type": "sync"}}}
    look = parse_detail_response(body, "a", "r")
    assert (look.status, look.name) == ("CREATING", "n")
    assert look.details is not None
    assert look.details["job_type"] == "sync"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "has no 'job'"),
        ({"job": []}, "has no 'job'"),
        (None, "has no 'job'"),
        ({"job": {"id": "b", "status": "CREATING"}}, "about another job"),
        ({"job": {"id": "A", "status": "CREATING"}}, "about another job"),
    ],
)
def test_a_detail_that_makes_no_sense_is_unreadable(body: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_detail_response(body, "a", "r")


@pytest.mark.parametrize(
    ("body", "ids", "total"),
    [
        ({"jobs": [], "total_count": 0}, [], 0),
        ({"jobs": [{"id": "a", "status": "CREATING"}, {"id": 7}, "b", {}], "total_count": 3}, ["a"], 3),
        ({"jobs": [{"id": "a"}], "total_record": 5}, ["a"], 5),
        ({"jobs": [{"id": "a"}]}, ["a"], None),
        ({"jobs": [{"id": "a"}], "total_count": "5"}, ["a"], None),
        ({"jobs": [{"id": "a"}], "total_count": True}, ["a"], None),
        ({"jobs": [{"id": ""}, {"id": " b"}, {"id": "c\ud800"}, {"id": "d\n"}]}, [], None),
    ],
)
def test_a_page_of_a_list_gives_jobs_and_their_number(body: object, ids: list[str], total: int | None) -> None:
    looks, number = parse_list_response(body)
    assert (list(looks), number) == (ids, total)


@pytest.mark.parametrize("body", [{}, {"jobs": None}, {"jobs": {}}, [], None])
def test_a_page_without_a_list_is_unreadable(body: object) -> None:
    with pytest.raises(ValueError, match="no list 'jobs'"):
        parse_list_response(body)


@settings(deadline=None)
@given(body=st.fixed_dictionaries({}, optional={"jobs": ITEMS | JSON, "job": JSON, "total_count": JSON}) | JSON)
def test_no_list_and_no_detail_breaks_the_parsers(body: object) -> None:
    for parse in (lambda: parse_list_response(body), lambda: parse_detail_response(body, "a", None)):
        try:
            parse()
        except ValueError as error:
            assert "\n" not in str(error)


# Several jobs of one read.

NOT_FOUND = ServiceError("GET drs", status=400, error_code="DRS.M00289", error_text="No job.")
DENIED = ServiceError("GET drs", status=401, error_code="APIGW.0301", error_text="No.")
LOST = NoResponseError("no answer", sent=True)


@pytest.mark.parametrize(
    ("job_ids", "error", "missing", "is_refused"),
    [
        (["a"], NOT_FOUND, True, False),
        # Which of the two it is nobody can say.
        (["a", "b"], NOT_FOUND, False, False),
        (["a"], DENIED, False, True),
        (["a"], LOST, False, False),
    ],
)
def test_a_request_that_failed_says_of_each_job_why(
    job_ids: list[str], error: CloudError, missing: bool, is_refused: bool
) -> None:
    observations = build_failed_observations(job_ids, error, unrecoverable=False)
    expected = Observation(missing=missing, reason=JobError.from_error(error), is_refused=is_refused)
    assert observations == dict.fromkeys(job_ids, expected)


def test_where_no_other_request_can_succeed_the_observations_say_so() -> None:
    assert build_failed_observations(["a"], DENIED, unrecoverable=True)["a"].unrecoverable


def test_a_job_that_no_response_mentions_has_an_observation_too() -> None:
    completed = complete_observations(["b", "a"], {"a": Observation("CREATING"), "c": Observation("CREATING")})
    assert list(completed) == ["b", "a"]
    assert (completed["b"].status, completed["b"].missing) == (None, False)
    assert completed["b"].reason == JobError(None, "The cloud gave no status for this job")


def test_another_call_is_for_jobs_without_a_status_unless_the_credential_was_refused() -> None:
    observations = {
        "read": Observation("CREATING"),
        "gone": Observation(missing=True),
        "failed": build_failed_observations(["failed"], LOST, unrecoverable=False)["failed"],
        "denied": build_failed_observations(["denied"], DENIED, unrecoverable=False)["denied"],
    }
    job_ids = [*observations, "left out"]
    assert select_unread(job_ids, observations) == ["failed", "denied", "left out"]
    assert select_for_another_call(job_ids, observations) == ["failed", "left out"]
