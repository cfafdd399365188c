# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""AnsibleModule for this collection, which shows no secret from its first line on. The only file that ends a module."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .._client.clock import Clock, Deadline
from .._core.errors import ConfigurationError
from .._core.progress_line import ProgressLine
from .arguments import ModuleSpec
from .raw_options import normalize_options
from .result_reader import ResultReader
from .task import Secrets, TaskTimeout, failure_fields

TIMEOUT_PARAMETER = "_ansible_huaweicloud_drs_timeout"
"""How an action tells its module the keyword ``timeout`` of the task: the fields of a TaskTimeout."""


class DrsModule(AnsibleModule):
    """A module of this collection.

    Invalid options are found before Ansible validates them, or by Ansible before it knows any secret; and Ansible shows
    all options with such an error. So this class registers the secrets first.
    """

    def __init__(self, spec: ModuleSpec) -> None:
        """Validate the options; all modules support check mode."""
        self._is_validated = False
        self._reader = ResultReader()
        super().__init__(**spec._asdict(), supports_check_mode=True)
        self._is_validated = True
        # Ansible offers no other way to ask for these.
        self.wants_diff: bool = self._diff
        self.verbosity: int = self._verbosity
        self.retries: list[str] = []
        self.timeout: TaskTimeout | None = self._timeout
        self._spare_file: int | None = None
        with contextlib.suppress(OSError):
            self._spare_file = os.open(os.devnull, os.O_RDONLY)
        self._reader.probe()

    def show_retry(self, retry: str) -> None:
        """Add a line to the result: a module cannot show anything while it runs."""
        self.retries.append(retry)

    def show_progress(self, line: ProgressLine) -> None:
        """Write a line to the system log, where Ansible also notes that the module was invoked."""
        with contextlib.suppress(Exception):
            self.log(line.text)

    def show_last_line(self, line: ProgressLine, has_ansible_ended: bool) -> None:
        """Write the line to the system log."""
        del has_ansible_ended  # it makes no difference there
        self.show_progress(line)

    def is_abandoned(self) -> bool:
        """Return whether nobody reads the result any more."""
        return self._reader.is_gone()

    def end_process(self, number: signal.Signals | None) -> None:
        """End this process as that signal does. Without one, the module ends by itself."""
        if number is not None:
            os.kill(os.getpid(), number)

    def lockout(self, clock: Clock, deadline: Deadline) -> None:
        """Return None: a process of its own does not know what was refused before."""

    def exit_with(self, result: dict[str, Any]) -> NoReturn:
        """Print the result and exit. One with a ``msg`` is a failure."""
        self._reader.close()
        if self._spare_file is not None:
            # Ansible opens files to print a result, and the task may have used up all file descriptors.
            os.close(self._spare_file)
        if "msg" in result:
            self.fail_json(**result)
        self.exit_json(**result)
        raise AssertionError("unreachable")  # exit_json has no type of its own

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        """Fail, without a secret."""
        result = {**failure_fields(msg), **kwargs}
        if not self._is_validated:
            secret_names = [name for name, option in self.argument_spec.items() if option.get("no_log")]
            self.no_log_values.update(str(self.params[name]) for name in secret_names if self.params.get(name))
            # Ansible quotes values as they are, and line breaks with them.
            result = Secrets(self).mask_result({**result, **failure_fields(" ".join(msg.split()))})
        super().fail_json(**result)
        raise AssertionError("unreachable")  # fail_json has no type of its own

    def _load_params(self) -> None:
        """Normalize the options as they were given: only here can null be told from an option that is left out.

        Ansible has called this method first since 2.1, for modules that look at their own options.
        """
        super()._load_params()
        timeout = self.params.pop(TIMEOUT_PARAMETER, None)
        self._timeout = None if timeout is None else TaskTimeout(**timeout)
        try:
            self.params = normalize_options(self.argument_spec, self.params)
        except ConfigurationError as error:
            self.params = {name: value for name, value in self.params.items() if not name.startswith("_ansible_")}
            self.fail_json(str(error), changed=False)
