# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that are timed, as data."""

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
    """Return a playbook with ``ping``: the minimum time of any playbook with a module."""
    return _play({"ansible.builtin.ping": {}})


def debug() -> list[Play]:
    """Return a playbook with ``debug``: the minimum time of any playbook, without a process of a module."""
    return _play({"ansible.builtin.debug": {"msg": "floor"}})


def import_requests() -> list[Play]:
    """Return a playbook with an action that only imports ``requests``."""
    return _play({"bare_requests": {}})


def bare_requests(url: str, token: str, job_ids: Sequence[str]) -> list[Play]:
    """Return a playbook with an action that only sends the requests of a stop."""
    options = {
        "reads": f"{url}/v3/{demo.PROJECT_ID}/jobs/batch-status",
        "stops": f"{url}/v5/{demo.PROJECT_ID}/jobs/batch-stop",
        "token": token,
        "job_ids": list(job_ids),
    }
    return _play({"bare_requests": options})


def bare_uri(url: str, token: str, job_id: str) -> list[Play]:
    """Return a playbook with one request of ``uri``: the status of one job."""
    options = {"url": f"{url}/v5/{demo.PROJECT_ID}/jobs/{job_id}?type=detail", "headers": {"X-Auth-Token": token}}
    return _play({"ansible.builtin.uri": options})


def loop_of_uri(url: str, token: str, job_ids: Sequence[str]) -> list[Play]:
    """Return the alternative without a module: a loop of ``uri`` that sends one stop after the other."""
    options = {
        "url": f"{url}/v5/{demo.PROJECT_ID}/jobs/{{{{ item }}}}/stop",
        "method": "POST",
        "headers": {"X-Auth-Token": token},
        "body_format": "json",
        "body": {"is_force_stop": False},
    }
    return _play({"ansible.builtin.uri": options, "loop": list(job_ids)})


def ours(url: str, job_ids: Sequence[str], wait: bool, **options: Any) -> list[Play]:
    """Return a playbook with this collection and the default options."""
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
    """Return the plays with an environment, so that Ansible starts a module process, as on any other machine."""
    return [{**play, "environment": {"BENCHMARK": "module"}} for play in content]


def empty_module() -> list[Play]:
    """Return a playbook with a module that only imports ``requests``."""
    return _play({"empty_module": {}})
