# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-lint calls in place of a module. That it does so: tests/system/ecosystem/test_ansible_lint.py."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any
from unittest import mock

import pytest

from ansible_collections.huaweicloud.drs.plugins.action import drs_job_batch_stop, drs_job_info
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._option_lint import OptionLint, replace_templates
from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule, module_arguments

TEMPLATE = "{{ something }}"
SPEC = drs_job_batch_stop.ActionModule.spec().argument_spec


def problem_of(action: Any, options: dict[str, Any]) -> str | None:
    """Return what the main() of an action prints of these options, None if it finds nothing wrong."""
    stdout = io.StringIO()
    with module_arguments(options), contextlib.redirect_stdout(stdout):
        try:
            action.main()
        except SystemExit:
            problem: str = json.loads(stdout.getvalue())["msg"]
            return problem
    assert stdout.getvalue() == ""
    return None


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"jobs": [{"job_id": RUNNING}], "wait": "no"}, None),
        ({"jbos": [{"job_id": RUNNING}]}, "jbos is no option: did you mean jobs?"),
        ({}, "one of the following is required: jobs, job_ids"),
        ({"job_ids": [RUNNING], "wait_timeout": "30m"}, "wait_timeout must be a number of seconds, from 0 to 604800"),
        ({"job_ids": [RUNNING], "api_version": "v4"}, "value of api_version must be one of: auto, v5, v3, got: v4"),
        ({"job_ids": [RUNNING], "access_key": "a"}, "parameters are required together: access_key, secret_key"),
    ],
)
def test_invalid_options_are_told_as_the_module_does(
    stop: StopModule, options: dict[str, Any], problem: str | None
) -> None:
    told = problem_of(drs_job_batch_stop, options)
    assert (told or "").startswith(problem or "")
    if problem is not None:
        assert told == stop.run(**options).msg


@pytest.mark.parametrize(("action", "option"), [(drs_job_batch_stop, "job_ids"), (drs_job_info, "name")])
def test_options_that_are_valid_lead_to_no_request(action: Any, option: str, stop: StopModule, sim: Simulator) -> None:
    sim.clear_requests()
    assert problem_of(action, {**stop.arguments, option: RUNNING}) is None
    assert sim.requests == []


def test_the_options_are_not_written_to_the_system_log() -> None:
    with mock.patch.object(OptionLint, "_log_to_syslog") as syslog, mock.patch.object(OptionLint, "log") as log:
        assert problem_of(drs_job_batch_stop, {"job_ids": [RUNNING], "password": "canary", "username": "a"}) is None
    assert syslog.mock_calls == log.mock_calls == []


@pytest.mark.parametrize(
    "options",
    [
        {name: TEMPLATE for name in SPEC if name != "job_ids"},
        {"job_ids": [TEMPLATE, RUNNING], "wait": "{% if a %}true{% endif %}"},
        {"jobs": [TEMPLATE, {"id": TEMPLATE, "force": TEMPLATE, "name": TEMPLATE}], "auth_url": TEMPLATE},
    ],
)
def test_a_template_may_be_anything(options: dict[str, Any]) -> None:
    assert problem_of(drs_job_batch_stop, options) is None


def test_what_is_no_template_stays() -> None:
    options = {"jobs": [{"job_id": "a", "colour": TEMPLATE}], "wait": 1, "colour": ["blue"], "job_ids": "a,b"}
    replaced = {**options, "jobs": [{"job_id": "a", "colour": "x"}]}
    assert replace_templates(SPEC, options) == replaced
