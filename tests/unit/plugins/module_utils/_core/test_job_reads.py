# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a read of several jobs says of each of them."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_reads import (
    build_failed_observations,
    complete_observations,
    select_for_another_call,
    select_unread,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation

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
