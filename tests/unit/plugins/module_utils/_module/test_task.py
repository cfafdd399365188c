# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The frame of a task: whatever its work raises becomes a result that may be shown."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Clock, Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError, NoResponseError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.progress_line import ProgressLine
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.task import (
    ModuleContext,
    Secrets,
    TaskTimeout,
    run_task,
)
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock


class TaskStub:
    """A task with a password, which Ansible has checked."""

    def __init__(self, wants_diff: bool = False) -> None:
        """Take whether it was asked for the difference."""
        self.argument_spec: dict[str, Any] = {"password": {"no_log": True}, "username": {}}
        self.params: dict[str, Any] = {
            "password": "Pelican-77",
            "username": "me",
            "endpoint": "https://a:b@example.com",
        }
        self.no_log_values = {"Pelican-77"}
        self.check_mode = False
        self.wants_diff = wants_diff
        self.verbosity = 0
        self.retries: list[str] = []
        self.timeout: TaskTimeout | None = None

    def warn(self, _warning: str) -> None:
        """Warn nobody."""

    def show_retry(self, _retry: str) -> None:
        """Show nothing."""

    def show_progress(self, _line: ProgressLine) -> None:
        """Show nothing."""

    def show_last_line(self, _line: ProgressLine, _has_ansible_ended: bool) -> None:
        """Show nothing."""

    def end_process(self, _number: signal.Signals | None) -> None:
        """Go on."""

    def is_abandoned(self) -> bool:
        """Return that somebody reads the result."""
        return False

    def lockout(self, _clock: Clock, _deadline: Deadline) -> None:
        """Count nothing."""


def run_function(function: Any, *, wants_diff: bool = False) -> dict[str, Any]:
    """Run this work, and return the result."""
    return run_task(TaskStub(wants_diff), ManualClock(), function)


def raising(error: Exception) -> Any:
    """Return work that fails."""

    def work(_task: ModuleContext, _secrets: Secrets, _clock: Clock) -> dict[str, Any]:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConfigurationError("region is missing"), "region is missing"),
        (NoResponseError("the password Pelican-77 got no answer", sent=True), "the password ******** got no answer"),
    ],
)
def test_an_error_of_ours_is_a_failure_with_its_line(error: Exception, expected: str) -> None:
    result = run_function(raising(error))
    assert (result["msg"], result["changed"]) == (expected, False)


def test_an_error_that_nobody_foresaw_is_told_without_its_text() -> None:
    result = run_function(raising(KeyError("secret")))
    assert "an unforeseen KeyError in" in result["msg"]
    assert "secret" not in result["msg"]
    assert result["changed"] is False


def test_the_options_are_shown_without_secrets() -> None:
    result = run_function(lambda *_arguments: {"changed": True})
    assert result["invocation"] == {
        "module_args": {
            "password": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER",
            "username": "me",
            "endpoint": "https://********@example.com",
        }
    }


def test_a_secret_that_is_learned_meanwhile_is_masked_too() -> None:
    def work(_task: ModuleContext, secrets: Secrets, _clock: Clock) -> dict[str, Any]:
        secrets.add_secret("Wombat-41")
        return {"changed": False, "msg": "Wombat-41 and Pelican-77"}

    assert run_function(work)["msg"] == "******** and ********"


@pytest.mark.parametrize("wants_diff", [False, True])
def test_there_is_a_difference_for_who_asks(wants_diff: bool) -> None:
    result = run_function(lambda *_arguments: {"changed": True, "diff": {"before": {}}}, wants_diff=wants_diff)
    assert ("diff" in result) is wants_diff
