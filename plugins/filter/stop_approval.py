# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

DOCUMENTATION = r"""
name: stop_approval
short_description: Return what a look has shown, for an approval
version_added: 0.2.0
description:
  - Returns the jobs that a stop in check mode would stop or wait for, with their names, phases and lags.
  - It belongs to the playbook C(huaweicloud.drs.stop_jobs), and changes with it.
positional: _input
options:
  _input:
    description: The rows of M(huaweicloud.drs.drs_job_batch_stop) in check mode.
    type: list
    elements: dict
    required: true
  jobs:
    description: The rows of M(huaweicloud.drs.drs_job_info) about the same jobs.
    type: list
    elements: dict
    required: true
  place:
    description: The project and the address of the cloud, as a text.
    type: str
    required: true
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Hand on what was shown
  ansible.builtin.set_stats:
    data:
      drs_approved: "{{ {'localhost': preview.jobs | huaweicloud.drs.stop_approval(info.jobs, 'the project')} }}"
"""

RETURN = r"""
_value:
  description: The C(place), the C(count) and the C(jobs).
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_approval import build_approval


def stop_approval(rows: Iterable[Mapping[str, Any]], jobs: Iterable[Mapping[str, Any]], place: str) -> dict[str, Any]:
    return build_approval(rows, jobs, place)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"stop_approval": stop_approval}
