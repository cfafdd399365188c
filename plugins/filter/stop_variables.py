# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stop_variables
short_description: Check the variables of the playbook stop_jobs
version_added: 0.2.0
description:
  - Validates the variables of the playbook C(huaweicloud.drs.stop_jobs) before its first request, and returns the
    parsed values.
  - It belongs to this playbook, and changes with it.
  - Types, choices and entries are validated like the options of M(huaweicloud.drs.drs_job_batch_stop). An empty text
    counts as not set. In a filter it is an error, because the filter would find more jobs without it. Null is an error.
  - A text of job IDs must contain only IDs as the cloud creates them, 36 characters with four hyphens. They are
    separated by blanks, line ends, commas or semicolons. Each may be in quotes, and all of them in the brackets of a
    list. A bullet, a name or half of an ID is an error that shows it. Only a text without any such ID may contain other
    IDs, of 1 to 64 letters, digits and hyphens, one per line or separated by commas.
positional: _input
options:
  _input:
    description: The defined variables by name.
    type: dict
    required: true
  host:
    description: The host whose jobs are stopped.
    type: str
    default: localhost
  hosts:
    description: All hosts of the run.
    type: list
    elements: str
    default: [localhost]
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Parse two pasted IDs
  ansible.builtin.debug:
    msg: "{{ ({'drs_job_ids': pasted} | huaweicloud.drs.stop_variables).job_ids }}"
  vars:
    pasted: |
      c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r,
      "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t"
"""

RETURN = r"""
_value:
  description:
    - The parsed values, and an empty C(error).
    - If a variable is invalid, only C(error), a message of one line.
  type: dict
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.playbook_variables import parse_variables


def stop_variables(
    variables: Mapping[str, Any], host: str = "localhost", hosts: Collection[str] = ("localhost",)
) -> dict[str, Any]:
    # The error is returned, since Ansible shows an exception on several lines, with all variables.
    try:
        return {"error": "", **parse_variables(variables, host, hosts)}
    except ConfigurationError as error:
        return {"error": str(error)}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"stop_variables": stop_variables}
