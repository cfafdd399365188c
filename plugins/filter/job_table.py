# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: job_table
short_description: Show jobs as lines that fit a console
version_added: 0.2.0
description:
  - Returns one line of text for each row of the result of M(huaweicloud.drs.drs_job_batch_stop) or
    M(huaweicloud.drs.drs_job_info).
  - A line has the ID, the name, the outcome or the phase, the lag if it is known, and the reason. Columns that are
    empty in all rows are left out.
  - The reason is an error code, a status or a text. Names and reasons are cut to the width.
positional: _input
options:
  _input:
    description: The rows, which are C(jobs) of a result.
    type: list
    elements: dict
    required: true
  width:
    description:
      - The width of a line in characters.
      - IDs, outcomes and lags are never cut. A line is longer if they are.
      - From 40 to 1000.
    type: int
    default: 100
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Show the outcome of each job
  ansible.builtin.debug:
    msg: "{{ stops.jobs | huaweicloud.drs.job_table }}"

- name: Show the running jobs
  ansible.builtin.debug:
    msg: "{{ info.jobs | selectattr('phase', 'eq', 'running') | huaweicloud.drs.job_table(width=120) }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample:
    - "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r  DRS-1234  stopped"
    - "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s            failed   DRS.M00289"
"""

from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.bounds import parse_integer
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_table import format_job_table


def job_table(rows: Iterable[object], width: int = 100) -> list[str]:
    return format_job_table(rows, parse_integer("width", width))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"job_table": job_table}
