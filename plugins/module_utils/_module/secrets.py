# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: secrets stay out of every result, and results stay whole.

Ansible cuts every value of a ``no_log`` option out of every string that the module returns, as a piece of text: the
password ``a`` would eat the letters of all results, the password ``success`` their words. So secrets that occur in what
the result has to say are taken from Ansible's list. What the cloud has said is masked as soon as it comes, so no secret
is in that; and once more, this module masks the free text, which may quote the options.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from .._core.masking import Masker, find_proxy_passwords, find_url_passwords, redact_user_info
from .._core.secret_variants import MIN_SECRET_LENGTH

if TYPE_CHECKING:
    from .task import ModuleContext

_HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_FREE_TEXT = ("msg", "error_msg", "message")


class Secrets:
    """What a task knows and must not say."""

    def __init__(self, task: ModuleContext) -> None:
        """Take over the secrets that Ansible has found among the options, and those in URLs."""
        self._task = task
        self.masker = Masker(task.no_log_values)
        """Keeps them out of texts."""
        for password in (*find_url_passwords(task.params.values()), *find_proxy_passwords(os.environ)):
            self.add_secret(password)
        # From here on nobody needs the options, which Ansible shows at -vvv.
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

    def protect(self, result: dict[str, Any]) -> dict[str, Any]:
        """Give the result as it may be shown, and tell Ansible which secrets it may cut out of it."""
        facts = json.dumps(_facts(result))
        said = {secret for secret in self._task.no_log_values if _quoted(secret) in facts}
        self._task.no_log_values -= {
            secret for secret in self._task.no_log_values if len(secret) < MIN_SECRET_LENGTH or secret in said
        }
        protected: dict[str, Any] = self._masked(result, said)
        return {**protected, "invocation": {"module_args": self._shown_params}}

    def _masked(self, result: Any, said: Collection[str]) -> Any:
        if isinstance(result, dict):
            return {
                key: self.masker.mask(value, said)
                if key in _FREE_TEXT and isinstance(value, str)
                else self._masked(value, said)
                for key, value in result.items()
            }
        return [self._masked(value, said) for value in result] if isinstance(result, list) else result


def _facts(result: object) -> object:
    """Give the result without its free text: what must come back letter by letter."""
    if isinstance(result, dict):
        return {key: _facts(value) for key, value in result.items() if key not in _FREE_TEXT}
    return [_facts(value) for value in result] if isinstance(result, list) else result


def _quoted(secret: str) -> str:
    return json.dumps(secret)[1:-1]
