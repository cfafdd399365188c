# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One line about many jobs: which ones are named, and with which text."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.batch_message import JobProblem, describe_problems
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError


def test_jobs_with_the_same_problem_are_named_together_with_the_text_of_the_first() -> None:
    problems = [JobProblem("a", "x", "first"), JobProblem("b", "y", "other"), JobProblem("c", "x", "second")]
    assert describe_problems(problems, 4, "failed") == "3 of 4 DRS jobs failed: a, c (first); b (other)"


@pytest.mark.parametrize(("total", "jobs"), [(1, "1 of 1 DRS job failed"), (2, "1 of 2 DRS jobs failed")])
def test_the_number_of_jobs_is_that_of_the_task(total: int, jobs: str) -> None:
    assert describe_problems([JobProblem("a", "x", "why")], total, "failed") == f"{jobs}: a (why)"


def test_five_jobs_are_named_and_the_others_are_counted() -> None:
    problems = [JobProblem(str(number), "x", "why") for number in range(8)]
    assert describe_problems(problems, 8, "failed", more=", see jobs") == (
        "8 of 8 DRS jobs failed: 0, 1, 2, 3, 4 (why); and 3 more, see jobs"
    )


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (JobError("DRS.M1", "No.", "r-1"), "DRS.M1: No, request ID r-1"),
        (JobError("DRS.M1", "No"), "DRS.M1: No"),
        (JobError(None, "not sent"), "not sent"),
        (
            JobError("DRS.M1", "No.", "r-1", 403, "POST https://drs answered HTTP 403."),
            "POST https://drs answered HTTP 403",
        ),
    ],
    ids=["request ID", "code", "text", "detail"],
)
def test_the_text_is_the_detail_of_an_error_or_its_parts(error: JobError, text: str) -> None:
    assert JobProblem.from_error("a", error).text == text


def test_errors_with_one_code_are_one_problem() -> None:
    groups = {JobProblem.from_error(each, JobError("DRS.M1", each)).group for each in "ab"}
    assert groups == {"DRS.M1"}
