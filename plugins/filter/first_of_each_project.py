# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

DOCUMENTATION = r"""
name: first_of_each_project
short_description: Return one job of each project, of the jobs in an inventory
version_added: 0.2.0
description:
  - Returns the first of the given hosts of each project. The hosts are those of
    P(huaweicloud.drs.drs_jobs#inventory), which has a group for each project.
  - It belongs to the playbook C(huaweicloud.drs.stop_jobs), and changes with it. The playbook stops the jobs of a
    project with one task, and this task runs on one of them.
positional: _input
options:
  _input:
    description: The names of the hosts.
    type: list
    elements: str
    required: true
  groups:
    description: The groups of the inventory with their hosts, which is the variable C(groups).
    type: dict
    required: true
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Show which projects have jobs in a group
  hosts: "{{ groups['drs_phase_running'] | huaweicloud.drs.first_of_each_project(groups) }}"
  gather_facts: false
  tasks:
    - name: Show the project
      ansible.builtin.debug:
        var: drs_project_id
"""

RETURN = r"""
_value:
  description: The names of the hosts, in their order.
  type: list
  elements: str
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError

_PROJECT = "drs_project_"


def first_of_each_project(hosts: Sequence[str], groups: Mapping[str, Collection[str]]) -> list[str]:
    projects: dict[str, str] = {}
    for name, members in groups.items():
        for host in members if name.startswith(_PROJECT) else ():
            if projects.setdefault(host, name) != name:
                raise ConfigurationError(
                    f"{host} is in {projects[host]} and {name}, and names that begin with {_PROJECT} are those of "
                    "projects: name other groups otherwise. Nothing was stopped"
                )
    jobs = sorted(host for host in hosts if host in projects)
    if not jobs:
        raise ConfigurationError(
            "drs_group or --limit chooses no job: its hosts are not from an inventory of huaweicloud.drs.drs_jobs, or "
            "there are none. Nothing was stopped"
        )
    first: dict[str, str] = {}
    for host in jobs:
        first.setdefault(projects[host], host)
    return list(first.values())


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"first_of_each_project": first_of_each_project}
