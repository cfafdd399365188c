# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""drs_job_info: the filter of jobs, and the row of a job, whichever API call it comes from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .error_codes import one_line
from .jobs import Observation, parse_phase

JOB_TYPES = ("migration", "sync", "cloudDataGuard", "replay")
"""The values of ``job_type`` in v5: three on the page drs_03_0159, ``replay`` in the official SDK only."""
NET_TYPES = ("eip", "vpn", "vpc")
"""The values of ``net_type`` in both API versions."""
V3_JOB_TYPES = JOB_TYPES[:3]
"""The values of ``db_use_type`` in v3 (ShowJobList)."""

# The fields of a row besides id, name, status and phase, named alike for both API versions. All other fields of the
# API are left out: endpoints of databases hold users and, according to their models, passwords. Stable fields are in
# every row, so that templates can rely on them. Optional fields are left out if null: AWX stores the rows of all jobs.
STABLE_FIELDS = "job_type engine_type net_type create_time description".split()
OPTIONAL_FIELDS = (
    "job_direction task_type charging_mode enterprise_project_id billing_tag job_mode job_mode_role is_multi_az "
    "node_role parent_id master_job_id error_code error_msg"
).split()
ENDPOINT_FIELDS = "ip db_port inst_id inst_name region db_type db_name".split()
_V3_FIELD_NAMES = {"job_type": "db_use_type", "error_msg": "error_message"}
_ACTION_LISTS = ("available_actions", "unavailable_actions")


@dataclass(frozen=True)
class JobFilter:
    """The jobs to list. A field that is None does not filter."""

    job_type: str | None = None
    statuses: frozenset[str] | None = None
    """In upper case."""
    name: str | None = None
    engine_type: str | None = None
    net_type: str | None = None
    enterprise_project_id: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """The filters for the API, besides the job type; both API versions have the same names for them.

        The status is not one of them: v5 takes one status only, and knows 22 of 29.
        """
        parameters = {
            "name": self.name,
            "engine_type": self.engine_type,
            "net_type": self.net_type,
            "enterprise_project_id": self.enterprise_project_id,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    def matches(self, observation: Observation) -> bool:
        """Return whether the status of a job passes the filter."""
        return self.statuses is None or (observation.status or "").upper() in self.statuses


def build_endpoints(details: Mapping[str, object]) -> dict[str, object]:
    """Return source and target of a job. Fields that are not listed here may hold passwords and keys."""
    return {
        name: _parse_endpoint(details.get(key))
        for name, key in (("source", "source_endpoint"), ("target", "target_endpoint"))
    }


def build_job_row(job_id: str, observation: Observation) -> dict[str, object]:
    """Return the row of a job. Stable fields that the API does not have are None, optional ones are left out."""
    details = observation.details or {}
    phase = observation.phase
    action, children = _parse_action(details.get("job_action")), _parse_children(details.get("children"))
    return {
        "id": job_id,
        "name": observation.name,
        "status": observation.status,
        "phase": None if phase is None else phase.value,
        **_parse_fields(details),
        **({"job_action": action} if action else {}),
        **({"children": children} if children else {}),
    }


def _parse_fields(details: Mapping[str, object]) -> dict[str, object]:
    values = {name: _scalar(details.get(name)) for name in (*STABLE_FIELDS, *OPTIONAL_FIELDS)}
    values.update({name: _scalar(details.get(key)) for name, key in _V3_FIELD_NAMES.items() if name not in details})
    return {name: value for name, value in values.items() if name in STABLE_FIELDS or value not in (None, "")}


def _parse_endpoint(value: object) -> dict[str, object]:
    """Return the listed fields of an endpoint. v5 has a list of them; the first is that of the job itself."""
    endpoint = value[0] if isinstance(value, list) and value else value
    fields = endpoint if isinstance(endpoint, Mapping) else {}
    return {name: _scalar(fields.get(name)) for name in ENDPOINT_FIELDS}


def _scalar(value: object) -> object:
    if isinstance(value, str):
        return one_line(value)
    return value if isinstance(value, int | float | bool) else None


def _parse_action(value: object) -> dict[str, object] | None:
    if not isinstance(value, Mapping):
        return None
    lists = {name: _parse_texts(value.get(name)) for name in _ACTION_LISTS}
    return {**lists, "current_action": _scalar(value.get("current_action"))}


def _parse_texts(value: object) -> list[str]:
    return [one_line(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _parse_children(value: object) -> list[dict[str, object]]:
    return [_parse_child(each) for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _parse_child(item: Mapping[str, object]) -> dict[str, object]:
    status = item.get("status")
    return {
        "id": _scalar(item.get("id")),
        "name": _scalar(item.get("name")),
        "status": _scalar(status),
        "phase": parse_phase(status).value if isinstance(status, str) else None,
        **_parse_fields(item),
    }
