# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the frame of every task, from its options to what Ansible is told. Ends nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from .._client.clock import Clock, Deadline, SystemClock
from .._core.errors import CloudError, UnexpectedError
from .secrets import Secrets

if TYPE_CHECKING:
    from .._client.lockout import Lockout


class ModuleContext(Protocol):
    """A task whose options have been checked: the module itself, or the action on the controller."""

    argument_spec: dict[str, Any]
    params: dict[str, Any]
    no_log_values: set[str]
    check_mode: bool
    wants_diff: bool
    verbosity: int

    def warn(self, warning: str) -> None:
        """Tell the user something beside the result."""

    def is_abandoned(self) -> bool:
        """Return whether nobody reads the result any more."""

    def lockout(self, clock: Clock, deadline: Deadline) -> Lockout | None:
        """Return what counts refused credentials beyond this task; None where nothing can."""


Work = Callable[[ModuleContext, Secrets, Clock], dict[str, Any]]


def run(task: ModuleContext, clock: Clock | None, work: Work) -> dict[str, Any]:
    """Do the work and give the result, as it may be shown. One with a ``msg`` is a failure, also of a CloudError."""
    secrets = Secrets(task)
    try:
        result = work(task, secrets, clock or SystemClock())
    except CloudError as error:
        result = {"msg": str(error), "changed": False}
    except Exception as failure:
        result = {"msg": str(UnexpectedError(failure)), "changed": False}
    result = secrets.protect(result)
    if not task.wants_diff:
        result.pop("diff", None)
    return result
