# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: secrets stay out of every result, and results stay whole.

Ansible cuts every value of a ``no_log`` option out of every string that the module returns, as a piece of text: the
password ``a`` would eat the letters of all results, the password ``success`` their words. So secrets that occur in what
the result has to say are taken from Ansible's list; they are kept out of free text, the only place where a cloud could
echo them, by this module.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .run import Task

_MASK = "********"
_HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
# IAM allows no shorter passwords; and as a piece of text, a shorter secret is in everything.
_SHORTEST_SECRET = 6
_FREE_TEXT = ("msg", "error_msg")


class Secrets:
    """What a task knows and must not say."""

    def __init__(self, task: Task) -> None:
        """Take over the secrets that Ansible has found among the options."""
        self._task = task
        self._secrets: set[str] = set(task.no_log_values)
        # From here on nobody needs the options, which Ansible shows at -vvv.
        self._shown_params = {
            name: _HIDDEN if value is not None and task.argument_spec.get(name, {}).get("no_log") else value
            for name, value in task.params.items()
        }

    def learn(self, secret: str) -> None:
        """Register a secret that was found or obtained at run time."""
        self._secrets.add(secret)
        self._task.no_log_values.add(secret)

    def protect(self, result: dict[str, Any]) -> dict[str, Any]:
        """Give the result as it may be shown, and tell Ansible which secrets it may cut out of it."""
        facts = json.dumps(_facts(result))
        harmful = {secret for secret in self._secrets if len(secret) < _SHORTEST_SECRET or _quoted(secret) in facts}
        self._task.no_log_values -= harmful
        protected: dict[str, Any] = _masked(result, [secret for secret in self._secrets if secret in harmful])
        return {**protected, "invocation": {"module_args": self._shown_params}}


def _facts(result: object) -> object:
    """Give the result without its free text: what must come back letter by letter."""
    if isinstance(result, dict):
        return {key: _facts(value) for key, value in result.items() if key not in _FREE_TEXT}
    return [_facts(value) for value in result] if isinstance(result, list) else result


def _quoted(secret: str) -> str:
    return json.dumps(secret)[1:-1]


def _masked(result: Any, secrets: list[str]) -> Any:
    if isinstance(result, dict):
        return {
            key: _mask(value, secrets) if key in _FREE_TEXT and isinstance(value, str) else _masked(value, secrets)
            for key, value in result.items()
        }
    return [_masked(value, secrets) for value in result] if isinstance(result, list) else result


def _mask(text: str, secrets: list[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", _MASK, text)
    return text
