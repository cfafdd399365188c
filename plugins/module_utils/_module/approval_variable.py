# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


# This file is private to the collection: do not import it from elsewhere.
"""The variable drs_approved of the playbook stop_jobs: what an earlier run in check mode has shown, by host."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .._core.errors import ConfigurationError
from .._core.jobs import PHASES
from .._core.option_values import format_value
from .arguments import check_job_id

_ENTRY = frozenset({"job_id", "name", "is_force_stop", "phase", "lag"})


def parse_approval(value: object, host: str, hosts: Collection[str]) -> dict[str, Any]:
    """Return the ``place`` and the ``jobs`` that were approved for a host. Raise ConfigurationError.

    ``hosts`` are all hosts of the run: a job that was approved must not be left out because its host is.
    """
    if not isinstance(value, Mapping) or not all(isinstance(approval, Mapping) for approval in value.values()):
        raise _error(f"it is {format_value(value)}")
    left_out = [name for name in value if name not in hosts and value[name].get("jobs")]
    if left_out:
        raise ConfigurationError(f"drs_approved has jobs of hosts that are not in this run: {', '.join(left_out)}")
    if host not in value:
        raise ConfigurationError(f"drs_approved has nothing for {host}: look at its jobs first")
    approval = value[host]
    jobs, place = approval.get("jobs"), approval.get("place")
    if not isinstance(jobs, list) or not isinstance(place, str):
        raise _error("it has no place, or no list of jobs")
    for number, entry in enumerate(jobs, start=1):
        _check_entry(entry, f"drs_approved: entry {number}")
    if len({entry["job_id"] for entry in jobs}) != len(jobs):
        raise _error("a job is named twice")
    return {"place": place, "jobs": jobs}


def _check_entry(entry: object, where: str) -> None:
    if not isinstance(entry, dict) or entry.keys() != _ENTRY or not isinstance(entry["job_id"], str):
        raise _error(f"an entry is {format_value(entry)}")
    check_job_id(entry["job_id"], where)
    name = entry["name"]
    if not (name is None or (isinstance(name, str) and name.strip())):
        raise _error(f"a name is {format_value(name)}")
    if not isinstance(entry["is_force_stop"], bool) or entry["phase"] not in (*PHASES, None):
        raise _error(f"is_force_stop or phase of {entry['job_id']} is neither")


def _error(detail: str) -> ConfigurationError:
    return ConfigurationError(f"drs_approved is not what a run of this playbook in check mode hands on: {detail}")
