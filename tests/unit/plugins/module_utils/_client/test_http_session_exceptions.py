# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an exception wraps is found wherever libraries keep it, and looking for it never fails."""

from __future__ import annotations

import socket

import pytest
import requests

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_session import summarize_exceptions


def test_a_refused_connection_is_found_below_what_requests_raises() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(requests.ConnectionError) as caught:
            requests.get(f"http://127.0.0.1:{unused.getsockname()[1]}", timeout=5)
    exceptions = summarize_exceptions(caught.value)
    assert "ConnectionError" in exceptions[0].names
    assert any("NewConnectionError" in cause.names for cause in exceptions)
    assert any("ConnectionRefusedError" in cause.names for cause in exceptions)


class WithReasonError(Exception):
    """Keeps a cause as urllib3 does."""

    def __init__(self, reason: object) -> None:
        """Take the cause."""
        super().__init__("outside")
        self.reason = reason


class WithSocketError(Exception):
    """Keeps a cause as PySocks does."""

    def __init__(self, socket_err: object) -> None:
        """Take the cause."""
        super().__init__("outside")
        self.socket_err = socket_err


@pytest.mark.parametrize(
    "outside",
    [
        ValueError("outside", KeyError("inside")),
        WithReasonError(KeyError("inside")),
        WithSocketError(KeyError("inside")),
    ],
    ids=["argument", "reason", "socket_err"],
)
def test_a_cause_is_found_wherever_it_is_kept(outside: Exception) -> None:
    assert ["KeyError" in cause.names for cause in summarize_exceptions(outside)] == [False, True]


def test_a_cause_that_was_raised_from_another_is_found_with_the_functions_that_it_went_through() -> None:
    def inner_function() -> None:
        raise KeyError("inside")

    try:
        try:
            inner_function()
        except KeyError as error:
            raise ValueError("outside") from error
    except ValueError as outside:
        exceptions = summarize_exceptions(outside)
    assert ["inner_function" in cause.frames for cause in exceptions] == [False, True]


def test_an_exception_that_has_no_text_is_no_reason_to_fail() -> None:
    class SilentError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    (cause,) = summarize_exceptions(SilentError())
    assert cause.text == ""


def test_a_circle_of_causes_ends() -> None:
    first, second = WithReasonError(None), WithReasonError(None)
    first.reason, second.reason = second, first
    assert 2 <= len(summarize_exceptions(first)) < 100
