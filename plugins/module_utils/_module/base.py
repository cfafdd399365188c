# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: AnsibleModule, safe from the first line on. The only place that ends a module."""

from __future__ import annotations

from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .abandoned import Reader


class DrsModule(AnsibleModule):
    """A module of this collection.

    While Ansible checks the options, it fails without knowing any secret if a list holds something that is no
    dictionary (seen with ansible-core 2.16 and 2.19), and then shows them all. So this class names them first.
    """

    def __init__(self, argument_spec: dict[str, Any]) -> None:
        """Check the options against the spec; all modules support check mode."""
        self._is_checked = False
        self._reader = Reader()
        super().__init__(argument_spec=argument_spec, supports_check_mode=True)
        self._is_checked = True
        # Ansible offers no other way to ask for these.
        self.wants_diff: bool = self._diff
        self.verbosity: int = self._verbosity
        self._reader.probe()

    def is_abandoned(self) -> bool:
        """Return whether nobody reads the result any more."""
        return self._reader.is_gone()

    def end(self, result: dict[str, Any]) -> NoReturn:
        """Tell Ansible the result, and exit. One with a ``msg`` is a failure."""
        self._reader.close()
        if "msg" in result:
            self.fail_json(**result)
        self.exit_json(**result)
        raise AssertionError("unreachable")  # for what is known of exit_json's type

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail, without a secret."""
        if not self._is_checked:
            secret_names = [name for name, option in self.argument_spec.items() if option.get("no_log")]
            self.no_log_values.update(str(self.params[name]) for name in secret_names if self.params.get(name))
            if msg.startswith("dictionary requested"):
                msg = f"an entry of a list is no dictionary; jobs wants entries such as {{'job_id': ID}} ({msg})"
        super().fail_json(msg, **kwargs)
        raise AssertionError("unreachable")  # for what is known of fail_json's type
