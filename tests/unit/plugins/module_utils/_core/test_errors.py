# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exception tree: what a line for the user holds."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ConfigurationError,
    DeadlineError,
    InvalidResponseError,
    NoResponseError,
    ServiceError,
)

TRIED = "POST https://drs.example.com/v5/p/jobs/batch-stop"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ServiceError(TRIED, status=502), f"{TRIED} answered HTTP 502"),
        (ServiceError(TRIED, status=404, error_code="A.1"), f"{TRIED} answered HTTP 404: A.1"),
        (ServiceError(TRIED, status=500, error_text="No."), f"{TRIED} answered HTTP 500: No."),
        (
            ServiceError(TRIED, status=401, error_code="A.1", error_text="No", request_id="r", hint="Do this."),
            f"{TRIED} answered HTTP 401: A.1: No (request ID r). Do this.",
        ),
        (
            ServiceError(TRIED, status=401, error_text="No.", hint="Do this."),
            f"{TRIED} answered HTTP 401: No. Do this.",
        ),
        (
            ServiceError(TRIED, status=401, error_text="No!", hint="Do this."),
            f"{TRIED} answered HTTP 401: No! Do this.",
        ),
        (
            ServiceError(TRIED, status=401, error_text="不。", hint="Do this."),
            f"{TRIED} answered HTTP 401: 不。 Do this.",
        ),
        (ServiceError(TRIED, status=401, hint="Do this."), f"{TRIED} answered HTTP 401. Do this."),
    ],
)
def test_a_service_error_says_what_was_tried_and_what_came_back(error: ServiceError, line: str) -> None:
    assert str(error) == line


def test_more_advice_comes_after_the_first() -> None:
    error = ServiceError(TRIED, status=401, error_text="No", hint="Do this.")
    error.advise("Then that.")
    error.advise(None)
    assert str(error) == f"{TRIED} answered HTTP 401: No. Do this. Then that."


def test_the_text_of_a_service_error_is_the_services_own_or_else_the_line() -> None:
    assert ServiceError(TRIED, status=400, error_text="No.").error_msg == "No."
    bare = ServiceError(TRIED, status=502)
    assert bare.error_msg == str(bare)


def test_every_error_has_what_a_result_shows() -> None:
    for error in (
        CloudError("x"),
        ConfigurationError("x"),
        DeadlineError("x"),
        NoResponseError("x", sent=True),
        InvalidResponseError("x"),
    ):
        assert isinstance(error, CloudError)
        assert (error.error_code, error.error_msg, error.request_id, error.status) == (None, "x", None, None)


def test_an_unreadable_answer_keeps_its_request_id() -> None:
    error = InvalidResponseError("x", status=200, request_id="r")
    assert (error.status, error.request_id) == (200, "r")


def test_what_may_have_been_sent_is_told_apart() -> None:
    assert NoResponseError("x", sent=True).sent
    assert not NoResponseError("x", sent=False).sent
