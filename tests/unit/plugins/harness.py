# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module the way Ansible does, in this process: arguments in, JSON out, and the requests that were made."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Clock
from ansible_collections.huaweicloud.drs.plugins.modules import drs_job_batch_stop, drs_job_info
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, RecordedRequest, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID

# The jobs of the API page's example.
RUNNING = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"
OTHER = "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t"
MISSING = "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s"

# The sentence with which IAM refuses a login, whatever the reason is.
WRONG_PASSWORD = "The request you have made requires authentication"
UNCHANGED_SUMMARY = dict.fromkeys("requested stopped stopping would_stop unchanged held failed unknown".split(), 0)

# In place of a value: "null", for an option that is None is left out.
NULL = object()

Row = dict[str, Any]

# Module and action run the same code; they differ in how they get their options and hand over the result. A test that
# is about that runs with both. `ansible-test units` hides what actions import from the tests of modules.
_AS_ACTION = {"module": False, "action": True} if importlib.util.find_spec("ansible.parsing") else {"module": False}
module_and_action = pytest.mark.parametrize("as_action", _AS_ACTION.values(), ids=_AS_ACTION)


@dataclass(frozen=True, kw_only=True)
class ReportedJob:
    """What a result says of one job, as far as the table of outcomes goes."""

    changed: bool
    outcome: str
    status_before: str | None
    status: str | None
    error_code: str | None = None


class ModuleRun:
    """The result of one run of a module, and the requests it made."""

    def __init__(self, stdout: str, code: object, shown: str = "") -> None:
        """Take what the module printed, its exit code, and the lines that its action has shown."""
        self.stdout = stdout
        self.shown = shown.splitlines()
        self.code = code
        self.result: dict[str, Any] = json.loads(stdout)
        self.requests: list[RecordedRequest] = []

    @property
    def failed(self) -> bool:
        """Whether the task failed: Ansible looks at the key, and the exit code has to agree."""
        failed = bool(self.result.get("failed", False))
        assert failed == (self.code == 1)
        return failed

    @property
    def changed(self) -> bool:
        """Whether the task changed something; absent means no."""
        return bool(self.result.get("changed", False))

    @property
    def msg(self) -> str:
        """The message, which is always one line."""
        msg: str = self.result["msg"]
        assert "\n" not in msg
        return msg

    @property
    def rows(self) -> list[Row]:
        """The jobs of the result."""
        rows: list[Row] = self.result["jobs"]
        return rows

    @property
    def row(self) -> Row:
        """The only job of the result."""
        (row,) = self.rows
        return row

    @property
    def outcomes(self) -> list[str]:
        """The outcome of each job."""
        return [row["outcome"] for row in self.rows]

    @property
    def ids(self) -> set[str]:
        """The IDs of the jobs that drs_job_info has found, each of them once."""
        assert not self.failed, self.result
        ids = [row["id"] for row in self.rows]
        assert self.result["count"] == len(ids) == len(set(ids))
        return set(ids)

    @property
    def endpoints(self) -> list[str]:
        """Which endpoints were asked, in order."""
        return [request.endpoint for request in self.requests]

    @property
    def warnings(self) -> str:
        """The warnings, as one text."""
        return str(self.result.get("warnings", ""))

    @property
    def job(self) -> ReportedJob:
        """What the result says of its only job, which has to agree with the task about ``changed``."""
        row = self.row
        assert row["changed"] == self.changed
        return ReportedJob(**{name: row[name] for name in ReportedJob.__dataclass_fields__})

    def to(self, endpoint: str) -> list[RecordedRequest]:
        """Give the requests to one endpoint."""
        return [request for request in self.requests if request.endpoint == endpoint]

    def counts(self) -> dict[str, int]:
        """Give how many jobs had each outcome, without the zeros; checks that the summary agrees with the rows."""
        summary: dict[str, int] = self.result["summary"]
        assert summary.keys() == UNCHANGED_SUMMARY.keys()
        assert summary["requested"] == len(self.rows)
        assert {name: self.outcomes.count(name) for name in summary if name != "requested"} == {
            name: count for name, count in summary.items() if name != "requested"
        }
        return {name: count for name, count in summary.items() if count and name != "requested"}


def run_main(main: Callable[[Clock], None], arguments: dict[str, Any], clock: Clock) -> ModuleRun:
    """Run a module's ``main`` with these arguments."""
    # Ansible collects warnings for a whole process, which for a real module is one run.
    for collected in ("_global_warnings", "_global_deprecations"):
        getattr(ansible_warnings, collected).clear()
    stdout = io.StringIO()
    with module_arguments(arguments), contextlib.redirect_stdout(stdout), pytest.raises(SystemExit) as ended:
        main(clock)
    return ModuleRun(stdout.getvalue(), ended.value.code)


@contextlib.contextmanager
def module_arguments(arguments: dict[str, Any]) -> Iterator[None]:
    """Let the next AnsibleModule find these arguments, and take this process for one that runs a module."""
    with contextlib.ExitStack() as stack:
        # Ansible's controller, which the tests have loaded, shows warnings itself, and each only once.
        with contextlib.suppress(ImportError, AttributeError):
            stack.enter_context(mock.patch("ansible.module_utils._internal.is_controller", False))
        try:
            from ansible.module_utils.testing import patch_module_args  # noqa: PLC0415  newer than ansible-core 2.16
        except ImportError:
            encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
            stack.enter_context(mock.patch.object(basic, "_ANSIBLE_ARGS", encoded))
        else:
            stack.enter_context(patch_module_args(arguments))
        yield


class ModuleRunner:
    """Runs a module of this collection against a simulated cloud whose clock it shares."""

    name: str
    main: Callable[[Clock], None]

    def __init__(self, sim: Simulator, clock: ManualClock, as_action: bool = False) -> None:
        """Take the cloud and the clock. A token comes without a request, so that a test sees only its own.

        ``as_action`` lets the action of that name do what a module would do on another machine.
        """
        self.sim = sim
        self.clock = clock
        self.as_action = as_action
        self.arguments: dict[str, Any] = {
            "endpoint": sim.url,
            "token": sim.cloud.issue_token("demo", "demo"),
            "project_id": PROJECT_ID,
        }

    def log_in_as(self, username: str = "demo", password: str = "demo", **options: Any) -> None:
        """Use a user name instead of the token from now on."""
        self.arguments = {
            "endpoint": self.sim.url,
            "iam_endpoint": self.sim.url,
            "username": username,
            "password": password,
            "domain_name": "demo",
            "project_name": "demo",
            **options,
        }

    def run(self, **options: Any) -> ModuleRun:
        """Run the module with just these options besides those that say where and as whom; None takes one away."""
        given = {**self.arguments, **options}
        self.sim.clear_requests()
        arguments = {name: None if value is NULL else value for name, value in given.items() if value is not None}
        run = self._run_action(arguments) if self.as_action else self._run_main(arguments)
        run.requests = self.sim.requests
        return run

    def _run_main(self, arguments: dict[str, Any]) -> ModuleRun:
        return run_main(type(self).main, arguments, self.clock)

    def _run_action(self, arguments: dict[str, Any]) -> ModuleRun:
        def as_module() -> dict[str, Any]:
            result = self._run_main(arguments).result
            assert result.get("failed") or result.get("warnings"), "Ansible had nothing to say about these options"
            return result

        # Here, for `ansible-test units` has nothing of what it imports.
        from ansible_collections.huaweicloud.drs.tests.unit.plugins.action_harness import run_action  # noqa: PLC0415

        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            result = run_action(self.name, arguments, self.clock, as_module)
        return ModuleRun(json.dumps(result), int(result.get("failed", False)), shown.getvalue())


class InfoModule(ModuleRunner):
    """drs_job_info."""

    name = "huaweicloud.drs.drs_job_info"
    main = staticmethod(drs_job_info.main)


class StopModule(ModuleRunner):
    """drs_job_batch_stop."""

    name = "huaweicloud.drs.drs_job_batch_stop"
    main = staticmethod(drs_job_batch_stop.main)

    def __call__(self, *jobs: str | dict[str, Any], check: bool = False, **options: Any) -> ModuleRun:
        """Run the module for these jobs, given as IDs or as entries of the option."""
        entries = [{"job_id": job} if isinstance(job, str) else job for job in jobs]
        return self.run(jobs=entries, _ansible_check_mode=check, **options)

    def four_steps(self, *jobs: str | dict[str, Any], **options: Any) -> tuple[ModuleRun, ...]:
        """Check, run, check again, run again."""
        check, run, check_again, run_again = (
            self(*jobs, check=check, **options) for check in (True, False, True, False)
        )
        for step in (check, check_again):
            assert "batch-stop" not in step.endpoints
        return check, run, check_again, run_again


def job_ids(count: int) -> list[str]:
    """Give so many IDs that look like real ones."""
    return [f"c7debc9c-8e09-4a5d-8dd6-cc44f{number:04}jb2" for number in range(count)]


def assert_silent(run: ModuleRun, *secrets: str) -> None:
    """Check that a run printed none of these, in whatever spelling JSON has for them, and showed none."""
    for secret in secrets:
        assert not [line for line in run.shown if secret in line]
        for spelling in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
            assert spelling not in run.stdout
