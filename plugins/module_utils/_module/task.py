# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The frame of every task: run its function, turn errors into a failed result, keep secrets out of the result.

Ansible cuts every value of a ``no_log`` option out of every string that a module returns, as a piece of text: the
password ``a`` would remove the letter from all results. So secrets that occur in a part of the result that has to come
back unchanged (IDs, codes, statuses) are taken off Ansible's list. The cloud's own texts are masked as soon as they
arrive; the free texts of the result, which may quote options, are masked here once more.
"""

from __future__ import annotations

import json
import math
import os
import signal
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .._client.clock import Clock, Deadline, SystemClock
from .._core.errors import CloudError, UnexpectedError
from .._core.jobs import JobError
from .._core.masking import Masker, find_proxy_passwords, find_url_passwords, redact_user_info
from .._core.secret_variants import MIN_SECRET_LENGTH

if TYPE_CHECKING:
    from .._client.lockout import Lockout
    from .._core.progress_line import ProgressLine

_HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_FREE_TEXT_KEYS = ("msg", "error_msg", "message")
_RETRIES_VERBOSITY = 2
_MAX_RETRY_LINES = 100


class TaskTimeout(NamedTuple):
    """The keyword ``timeout`` of a task, in seconds."""

    period: int
    """Its value."""
    seconds: float
    """How long the work may take."""
    end_at: float = math.inf
    """When it ends at the latest, on the monotonic clock of this machine."""


class ModuleContext(Protocol):
    """A task whose options have been validated: the module itself, or the action on the controller."""

    argument_spec: dict[str, Any]
    params: dict[str, Any]
    no_log_values: set[str]
    check_mode: bool
    wants_diff: bool
    verbosity: int
    retries: list[str]
    """The requests that were repeated, one line each."""
    timeout: TaskTimeout | None
    """None where the task has no such keyword."""

    def warn(self, warning: str) -> None:
        """Add a warning to the result."""

    def show_retry(self, retry: str) -> None:
        """Add a line about a request that is repeated, and show it where that is possible."""

    def show_progress(self, line: ProgressLine) -> None:
        """Show a line at once."""

    def show_last_line(self, line: ProgressLine, has_ansible_ended: bool) -> None:
        """Show the line of a task that ends early, also where Ansible does not show any more."""

    def is_abandoned(self) -> bool:
        """Return whether nobody reads the result any more."""

    def end_process(self, number: signal.Signals | None) -> None:
        """End this process as that signal does; without one, only if nobody waits for its result."""

    def lockout(self, clock: Clock, deadline: Deadline) -> Lockout | None:
        """Return what counts refused credentials beyond this task; None where nothing can."""


class Secrets:
    """The secrets of a task."""

    def __init__(self, task: ModuleContext) -> None:
        """Take over the secrets that Ansible has found among the options, and those in URLs."""
        self._task = task
        self.masker = Masker(task.no_log_values)
        """Masks them in texts."""
        for password in (*find_url_passwords(task.params.values()), *find_proxy_passwords(os.environ)):
            self.add_secret(password)
        # The options as Ansible may show them at -vvv: nothing reads them from here on.
        self._shown_params = {
            name: _HIDDEN
            if value is not None and task.argument_spec.get(name, {}).get("no_log")
            else redact_user_info(value)
            for name, value in task.params.items()
        }

    def add_secret(self, secret: str) -> None:
        """Register a secret that was found or obtained at run time."""
        self.masker.add_secret(secret)
        self._task.no_log_values.add(secret)

    def mask_result(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return the result as it may be shown, and take off Ansible's list what it must not cut out."""
        fixed_text = json.dumps(_without_free_text(result))
        colliding = {secret for secret in self._task.no_log_values if _escape_json(secret) in fixed_text}
        self._task.no_log_values -= {
            secret for secret in self._task.no_log_values if len(secret) < MIN_SECRET_LENGTH or secret in colliding
        }
        masked: dict[str, Any] = self._mask(result, colliding)
        return {**masked, "invocation": {"module_args": self._shown_params}}

    def _mask(self, result: Any, colliding: Collection[str]) -> Any:
        if isinstance(result, dict):
            return {
                key: self.masker.mask(value, colliding)
                if key in _FREE_TEXT_KEYS and isinstance(value, str)
                else self._mask(value, colliding)
                for key, value in result.items()
            }
        return [self._mask(value, colliding) for value in result] if isinstance(result, list) else result


TaskFunction = Callable[[ModuleContext, Secrets, Clock], dict[str, Any]]


def run_task(task: ModuleContext, clock: Clock | None, function: TaskFunction) -> dict[str, Any]:
    """Return the result of a task as it may be shown. One with a ``msg`` is a failure, also of a CloudError."""
    secrets = Secrets(task)
    try:
        result = function(task, secrets, clock or SystemClock())
    except CloudError as error:
        result = {**failure_fields(str(error), JobError.from_error(error)), "changed": False}
    except Exception as failure:
        unexpected = UnexpectedError(failure)
        result = {**failure_fields(str(unexpected), JobError.from_error(unexpected)), "changed": False}
    if task.retries and task.verbosity >= _RETRIES_VERBOSITY:
        result["retries"] = _latest_lines(task.retries)
    result = secrets.mask_result(result)
    if not task.wants_diff:
        result.pop("diff", None)
    return result


def failure_fields(message: str, error: JobError | None = None) -> dict[str, Any]:
    """Return what makes a result a failure: ``msg``, and ``error`` for conditions in a playbook."""
    if error is None:
        error = JobError(None, message)
    return {
        "msg": message,
        "error": {
            "code": error.error_code,
            "message": error.error_msg,
            "http_status": error.http_status,
            "request_id": error.request_id,
        },
    }


def _latest_lines(retries: list[str]) -> list[str]:
    """Return the lines about the latest retries: a long wait at a throttled API has thousands."""
    omitted = len(retries) - _MAX_RETRY_LINES
    return retries if omitted <= 0 else [f"{omitted} earlier retries are not listed", *retries[omitted:]]


def _without_free_text(result: object) -> object:
    """Return the result without its free texts: what must come back unchanged."""
    if isinstance(result, dict):
        return {key: _without_free_text(value) for key, value in result.items() if key not in _FREE_TEXT_KEYS}
    return [_without_free_text(value) for value in result] if isinstance(result, list) else result


def _escape_json(text: str) -> str:
    return json.dumps(text)[1:-1]
