# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

DOCUMENTATION = r"""
name: held_since_approval
short_description: Return the jobs that have changed since an approval
version_added: 0.2.0
description:
  - Returns a row for each job that is in another phase than when it was approved, except those that have stopped or are
    stopping.
  - It belongs to the playbook C(huaweicloud.drs.stop_jobs), and changes with it.
positional: _input
options:
  _input:
    description: The rows of M(huaweicloud.drs.drs_job_info).
    type: list
    elements: dict
    required: true
  jobs:
    description: The jobs of an approval, as P(huaweicloud.drs.stop_approval#filter) returns them.
    type: list
    elements: dict
    required: true
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Show the jobs that have changed since they were approved
  ansible.builtin.debug:
    msg: "{{ info.jobs | huaweicloud.drs.held_since_approval(approval.jobs) | huaweicloud.drs.job_table }}"
"""

RETURN = r"""
_value:
  description: The rows, with the keys of those of M(huaweicloud.drs.drs_job_batch_stop).
  type: list
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_approval import hold_changed_jobs


def held_since_approval(rows: Iterable[Mapping[str, Any]], jobs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return hold_changed_jobs(rows, jobs)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"held_since_approval": held_since_approval}
