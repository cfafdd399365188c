# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that are timed, as values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..tests.simulator import demo

Play = dict[str, Any]


def _play(task: dict[str, Any]) -> list[Play]:
    head = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return [{**head, "vars": variables, "tasks": [task]}]


def ping() -> list[Play]:
    """The floor of any playbook with a module."""
    return _play({"ansible.builtin.ping": {}})


def bare_uri(url: str, token: str, job_id: str) -> list[Play]:
    """One request with ``uri``: the status of one job."""
    options = {"url": f"{url}/v5/{demo.PROJECT_ID}/jobs/{job_id}?type=detail", "headers": {"X-Auth-Token": token}}
    return _play({"ansible.builtin.uri": options})


def loop_of_uri(url: str, token: str, job_ids: Sequence[str]) -> list[Play]:
    """What somebody writes who has no module: one stop after the other."""
    options = {
        "url": f"{url}/v5/{demo.PROJECT_ID}/jobs/{{{{ item }}}}/stop",
        "method": "POST",
        "headers": {"X-Auth-Token": token},
        "body_format": "json",
        "body": {"is_force_stop": False},
    }
    return _play({"ansible.builtin.uri": options, "loop": list(job_ids)})


def ours(url: str, job_ids: Sequence[str], wait: bool, **options: Any) -> list[Play]:
    """This collection, with the options that a user would leave as they are."""
    arguments = {
        "endpoint": url,
        "project_id": demo.PROJECT_ID,
        "access_key": demo.ACCESS_KEY,
        "secret_key": demo.SECRET_KEY,
        "wait": wait,
        "jobs": [{"job_id": job_id} for job_id in job_ids],
        **options,
    }
    return _play({"huaweicloud.drs.drs_job_batch_stop": arguments})


def as_module(content: list[Play]) -> list[Play]:
    """Let Ansible start a module for it, as it does on any other machine; an environment of its own is enough."""
    return [{**play, "environment": {"BENCHMARK": "module"}} for play in content]


def empty_module() -> list[Play]:
    """A module that imports ``requests`` and ends."""
    return _play({"empty_module": {}})
