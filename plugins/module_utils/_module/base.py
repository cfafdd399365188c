# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: AnsibleModule, safe from the first line on. The only place that ends a module."""

from __future__ import annotations

import contextlib
import os
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .._client.clock import Clock, Deadline
from .._core.errors import ConfigurationError
from .raw_options import normalize_options
from .result_reader import ResultReader
from .secrets import Secrets


class DrsModule(AnsibleModule):
    """A module of this collection.

    What is wrong with the options is found before Ansible checks them, or by Ansible before it knows any secret; and
    with it Ansible shows them all. So this class names the secrets first.
    """

    def __init__(self, argument_spec: dict[str, Any]) -> None:
        """Check the options against the spec; all modules support check mode."""
        self._is_checked = False
        self._reader = ResultReader()
        super().__init__(argument_spec=argument_spec, supports_check_mode=True)
        self._is_checked = True
        # Ansible offers no other way to ask for these.
        self.wants_diff: bool = self._diff
        self.verbosity: int = self._verbosity
        self._spare_file: int | None = None
        with contextlib.suppress(OSError):
            self._spare_file = os.open(os.devnull, os.O_RDONLY)
        self._reader.probe()

    def is_abandoned(self) -> bool:
        """Return whether nobody reads the result any more."""
        return self._reader.is_gone()

    def lockout(self, clock: Clock, deadline: Deadline) -> None:
        """Return nothing: a process of its own cannot know what was refused before."""

    def exit_with(self, result: dict[str, Any]) -> NoReturn:
        """Tell Ansible the result, and exit. One with a ``msg`` is a failure."""
        self._reader.close()
        if self._spare_file is not None:
            # Ansible opens files to tell a result, and the work may have left none that can be opened.
            os.close(self._spare_file)
        if "msg" in result:
            self.fail_json(**result)
        self.exit_json(**result)
        raise AssertionError("unreachable")  # for what is known of exit_json's type

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail, without a secret."""
        result = {**kwargs, "msg": msg}
        if not self._is_checked:
            secret_names = [name for name, option in self.argument_spec.items() if option.get("no_log")]
            self.no_log_values.update(str(self.params[name]) for name in secret_names if self.params.get(name))
            # Ansible quotes values as they are, and line breaks with them.
            result = Secrets(self).protect({**result, "msg": " ".join(msg.split())})
        super().fail_json(**result)
        raise AssertionError("unreachable")  # for what is known of fail_json's type

    def _load_params(self) -> None:
        """Take the options as they were given: the only moment at which null is not the same as nothing.

        Ansible calls this method, which has been there for modules that look at their own options since 2.1, first.
        """
        super()._load_params()
        try:
            self.params = normalize_options(self.argument_spec, self.params)
        except ConfigurationError as error:
            self.params = {name: value for name, value in self.params.items() if not name.startswith("_ansible_")}
            self.fail_json(str(error), changed=False)
