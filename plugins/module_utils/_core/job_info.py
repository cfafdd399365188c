# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: which jobs to list, and a job as the user reads it, whichever call it came from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .error_codes import one_line
from .jobs import Observation, parse_phase

JOB_TYPES = ("migration", "sync", "cloudDataGuard", "replay")
"""The values of v5's ``job_type``: three on the page drs_03_0159, the last one in the official SDK only."""
NET_TYPES = ("eip", "vpn", "vpc")
"""The values of ``net_type`` in either list."""
V3_JOB_TYPES = JOB_TYPES[:3]
"""The values of v3's ``db_use_type`` (ShowJobList)."""

# What users get of a job besides id, name, status and phase; the same names for both generations. A choice, for the
# answers also hold database endpoints with users and, as their models say, passwords. Some are always there, so that
# templates can rely on them; the others are left out where they are null, for AWX keeps every result of 500 jobs.
STABLE_FIELDS = "job_type engine_type net_type create_time description".split()
OPTIONAL_FIELDS = (
    "job_direction task_type charging_mode enterprise_project_id billing_tag job_mode job_mode_role is_multi_az "
    "node_role parent_id master_job_id error_code error_msg"
).split()
# v3's names for the same.
_V3_FIELD_NAMES = {"job_type": "db_use_type", "error_msg": "error_message"}
_ACTION_LISTS = ("available_actions", "unavailable_actions")


@dataclass(frozen=True)
class JobFilter:
    """Which jobs to list; None does not filter."""

    job_type: str | None = None
    statuses: frozenset[str] | None = None
    """In capitals."""
    name: str | None = None
    engine_type: str | None = None
    net_type: str | None = None
    enterprise_project_id: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """What is left to the cloud, besides the type; both generations have the same names for it.

        Not the status: v5 knows 22 of the 29 there are, and takes one at a time.
        """
        given = {
            "name": self.name,
            "engine_type": self.engine_type,
            "net_type": self.net_type,
            "enterprise_project_id": self.enterprise_project_id,
        }
        return {name: value for name, value in given.items() if value is not None}

    def matches(self, observation: Observation) -> bool:
        """Say whether a job with this status is asked for."""
        return self.statuses is None or (observation.status or "").upper() in self.statuses


def build_job_row(job_id: str, observation: Observation) -> dict[str, object]:
    """Give a job as the user reads it: with None for what the cloud did not say, or without it, see above."""
    details = observation.details or {}
    phase = observation.phase
    action, children = _action(details.get("job_action")), _children(details.get("children"))
    return {
        "id": job_id,
        "name": observation.name,
        "status": observation.status,
        "phase": None if phase is None else phase.value,
        **_fields(details),
        **({"job_action": action} if action else {}),
        **({"children": children} if children else {}),
    }


def _fields(details: Mapping[str, object]) -> dict[str, object]:
    values = {
        name: _plain(details.get(name, details.get(_V3_FIELD_NAMES.get(name, name))))
        for name in (*STABLE_FIELDS, *OPTIONAL_FIELDS)
    }
    return {name: value for name, value in values.items() if name in STABLE_FIELDS or value not in (None, "")}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return one_line(value)
    return value if isinstance(value, int | float | bool) else None


def _action(value: object) -> dict[str, object] | None:
    if not isinstance(value, Mapping):
        return None
    lists: dict[str, object] = {
        name: [one_line(action) for action in actions if isinstance(action, str)] if isinstance(actions, list) else []
        for name in _ACTION_LISTS
        for actions in [value.get(name)]
    }
    return {**lists, "current_action": _plain(value.get("current_action"))}


def _children(value: object) -> list[dict[str, object]]:
    items = [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    return [_child(item) for item in items]


def _child(item: Mapping[str, object]) -> dict[str, object]:
    status = item.get("status")
    return {
        "id": _plain(item.get("id")),
        "name": _plain(item.get("name")),
        "status": _plain(status),
        "phase": parse_phase(status).value if isinstance(status, str) else None,
        **_fields(item),
    }
