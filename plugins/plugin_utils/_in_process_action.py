# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Run a module in Ansible's own process, where the result is the same.

Ansible packs a module with all that it imports and starts another Python for it, which takes longer than the work. So
where that Python would be the one that runs already (see `InProcessAction._runs_in_this_python`), and the options are
valid, the work is done at once. Everything else is left to the module, which has the same options, code and result.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ansible import constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.playbook.task import Task
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ..module_utils._client.clock import Clock, Deadline, SystemClock
from ..module_utils._client.lockout import Lockout
from ..module_utils._core.error_codes import is_code_of_refused_token, is_credential_refused
from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.progress_line import ProgressLine
from ..module_utils._module.arguments import ModuleSpec
from ..module_utils._module.base import TIMEOUT_PARAMETER
from ..module_utils._module.raw_options import normalize_options
from ..module_utils._module.task import TaskTimeout
from ._parent_process import ParentProcess, kill_worker, terminate_with_parent
from ._run_lockout import note_refused_token, run_lockout, run_store
from ._task_output import TaskOutput

# The play variable that makes all tasks run as modules, if false.
_IN_PROCESS_VARIABLE = "huaweicloud_in_process"
_INVOCATION_SETTING = "INJECT_INVOCATION"
# Seconds that a module ends before the keyword timeout of its task. On another host it takes a part of them to start.
_TIMEOUT_MARGIN = 3.0
# Rows of a result that Ansible prints at -v. An event of ansible-runner would hold all others once more, as JSON.
_MAX_PRINTED_ROWS = 100


class InProcessModule:
    """A replacement for AnsibleModule in Ansible's own process."""

    def __init__(self, argument_spec: dict[str, Any], params: dict[str, Any], task: Task, host: str | None) -> None:
        """``params`` are the validated options. Lines begin with the host, if one is given."""
        self.argument_spec = argument_spec
        self.params = params
        self.check_mode: bool = task.check_mode
        self.wants_diff: bool = task.diff
        self.verbosity: int = Display().verbosity
        secrets = [params[name] for name, option in argument_spec.items() if option.get("no_log")]
        self.no_log_values: set[str] = {str(secret) for secret in secrets if secret}
        self.warnings: list[str] = []
        self.retries: list[str] = []
        # Ansible ends the work itself then.
        self.timeout = TaskTimeout(task.timeout, math.inf) if task.timeout else None
        self._output = None if task.no_log else TaskOutput(host)
        self._parent = ParentProcess()

    def is_abandoned(self) -> bool:
        """Return whether Ansible has ended, and this worker lives on."""
        return self._parent.is_gone()

    def lockout(self, clock: Clock, deadline: Deadline) -> Lockout:
        """Return the lockout of the whole run."""
        return run_lockout(run_store(clock, deadline))

    def show_retry(self, retry: str) -> None:
        """Add a line to the result, and show it at once at -vv."""
        self.retries.append(retry)
        if self._output is not None:
            Display().vv(retry)

    def show_progress(self, line: ProgressLine) -> None:
        """Show a line at once, except with ``no_log``."""
        if self._output is not None:
            self._output.show(line)

    def show_last_line(self, line: ProgressLine, has_ansible_ended: bool) -> None:
        """Show the line of a task that ends early, except with ``no_log``."""
        if self._output is not None:
            (self._output.write if has_ansible_ended else self._output.show)(line)

    def end_process(self, number: signal.Signals | None) -> None:
        """End this worker as that signal does; without one, if its parent has ended."""
        if number is not None:
            os.kill(os.getpid(), number)
        elif self.is_abandoned():
            kill_worker()

    def warn(self, warning: str) -> None:
        """Add a warning to the result."""
        self.warnings.append(warning)


class InProcessAction(NormalAction):
    """An action that runs its module in this process where it can."""

    spec: Callable[[], ModuleSpec]
    run_task: Callable[[InProcessModule, Clock | None], dict[str, Any]]
    clock: Clock | None = None

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task."""
        variables = task_vars or {}
        if self._is_allowed(variables) and self._runs_in_this_python(variables):
            module = self._validated_module(variables)
            if module is not None:
                shows_invocation = self._shows_invocation(variables)
                # Nothing that can fail may come between the work and its result.
                return self._finalize_result(module, self.run_task(module, self.clock), shows_invocation)
        else:
            self._show_where_progress_is(variables)
        self._pass_timeout()
        with terminate_with_parent():
            result: dict[str, Any] = super().run(tmp, task_vars)
        with contextlib.suppress(Exception):  # a malformed result has to be returned, too
            self._note_refused_token(result)
            result = _limit_printed(result)
        return result

    def _is_allowed(self, task_vars: Mapping[str, Any]) -> bool:
        """Return whether the play variable is true or not set. A value that is not a boolean counts as false."""
        value = self._templar.template(task_vars.get(_IN_PROCESS_VARIABLE, True))
        try:
            return bool(boolean(value, strict=False))
        except TypeError:  # older versions of ansible-core raise it for a list
            return False

    def _note_refused_token(self, result: Mapping[str, Any]) -> None:
        """Keep lookups from giving out again a token that a module reports as refused."""
        token, error = self._task.args.get("token"), result.get("error")
        if not isinstance(token, str) or not error:
            return
        codes = [row.get("error_code") for row in result.get("jobs") or ()]
        if is_credential_refused(error["http_status"], error["code"]) or any(map(is_code_of_refused_token, codes)):
            clock = self.clock or SystemClock()
            note_refused_token(run_store(clock, Deadline(clock, 0)), token)

    def _runs_in_this_python(self, task_vars: Mapping[str, Any]) -> bool:
        """Return whether a module would run in this very Python, as this user and with this environment."""
        return (
            self._connection.transport == "local"
            and not self._connection.become
            and not any(self._task.environment or ())
            and self._interpreter(task_vars) == sys.executable
            # async and keep_remote_files need a module process.
            and not self._task.async_val
            and not C.config.get_config_value("DEFAULT_KEEP_REMOTE_FILES")
            # On macOS, looking up the proxies of the system in a forked process crashes.
            and sys.platform != "darwin"
            and not self._has_relative_bundle()
        )

    def _has_relative_bundle(self) -> bool:
        """Return whether the environment names a CA bundle relative to the directory that a module would run in."""
        bundles = [os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
        return any(bundle and not os.path.isabs(bundle) for bundle in bundles)

    def _interpreter(self, task_vars: Mapping[str, Any]) -> str:
        """Return the Python that a module would run in, or the mode in which Ansible would discover one."""
        host_vars = task_vars["ansible_delegated_vars"][self._task.delegate_to] if self._task.delegate_to else task_vars
        interpreter = C.config.get_config_value("INTERPRETER_PYTHON", variables=host_vars)
        return str(self._templar.template(interpreter)).strip()

    def _show_where_progress_is(self, task_vars: Mapping[str, Any]) -> None:
        """Show where the lines of a module go, which cannot show any."""
        has_no_log = self._task.no_log or C.config.get_config_value("DEFAULT_NO_TARGET_SYSLOG", variables=task_vars)
        if "progress" not in self.spec().argument_spec or has_no_log:
            return
        progress = self._task.args.get("progress", True)
        with contextlib.suppress(TypeError):  # the module reports a value that is no boolean
            if boolean(progress, strict=False):
                host = task_vars.get("inventory_hostname", "the host")
                name = self._task.action.rpartition(".")[2]
                text = f"Progress is in the system log of {host}: journalctl -f | grep {name}"
                TaskOutput(_shown_host(task_vars)).show(ProgressLine(text))

    def _pass_timeout(self) -> None:
        """Let the module return its result before Ansible ends it because of the keyword ``timeout``."""
        timeout = self._task.timeout
        if timeout and not self._task.async_val:
            seconds = max(0.0, timeout - _TIMEOUT_MARGIN)
            fields: dict[str, float] = {"period": timeout, "seconds": seconds}
            if self._connection.transport == "local":  # the same clock: it does not matter how long the module starts
                left = signal.getitimer(signal.ITIMER_REAL)[0] or timeout
                fields["end_at"] = (self.clock or SystemClock()).monotonic() + left - _TIMEOUT_MARGIN
            self._task.args = {**self._task.args, TIMEOUT_PARAMETER: fields}

    def _validated_module(self, task_vars: Mapping[str, Any]) -> InProcessModule | None:
        """Return the replacement of the module; None for invalid options, which the module reports."""
        spec = self.spec()
        try:
            options = normalize_options(spec.argument_spec, _to_json_types(self._task.args))
        except (TypeError, ConfigurationError):
            return None
        result = ArgumentSpecValidator(**spec._asdict()).validate(options)
        if result.error_messages:
            return None
        params = self._with_paths(spec.argument_spec, result.validated_parameters)
        return InProcessModule(spec.argument_spec, params, self._task, _shown_host(task_vars))

    def _with_paths(self, spec: Mapping[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        """Return the options with absolute paths, from the directory that a local module runs in."""
        paths = [name for name, option in spec.items() if option.get("type") == "path" and params.get(name)]
        return {**params, **{name: os.path.join(self._loader.get_basedir(), params[name]) for name in paths}}

    def _shows_invocation(self, variables: Mapping[str, Any]) -> bool:
        """Return whether the result holds the options: since ansible-core 2.21, only if a setting asks for it."""
        is_known = C.config.get_configuration_definition(_INVOCATION_SETTING) is not None
        return not is_known or bool(C.config.get_config_value(_INVOCATION_SETTING, variables=variables))

    def _finalize_result(
        self, module: InProcessModule, result: dict[str, Any], shows_invocation: bool
    ) -> dict[str, Any]:
        """Return a result with what AnsibleModule adds to it, and without the secrets that it removes."""
        result = {**result, **({"failed": True} if "msg" in result else {})}
        if module.warnings:
            result["warnings"] = module.warnings
        if not shows_invocation:
            result.pop("invocation", None)
        masked: dict[str, Any] = remove_values(result, module.no_log_values)
        return _limit_printed(masked)


def _shown_host(task_vars: Mapping[str, Any]) -> str | None:
    """Return the name of the host; None if the play has no other."""
    return task_vars.get("inventory_hostname") if len(task_vars.get("ansible_play_hosts_all") or ()) > 1 else None


def _to_json_types(value: Any) -> Any:
    """Return a value as a module receives it, without Ansible's tags. Raise TypeError if JSON cannot represent it."""
    if isinstance(value, dict):
        # JSON converts all keys to texts.
        return {next(iter(json.loads(json.dumps({key: None})))): _to_json_types(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_to_json_types(each) for each in value]
    return json.loads(json.dumps(value))


def _limit_printed(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result that Ansible does not print at -v if it is long, as it does with facts."""
    is_long = len(result.get("jobs") or ()) > _MAX_PRINTED_ROWS
    return {**result, "_ansible_verbose_override": True} if is_long else result
