# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""DRS jobs as hosts: their names, variables and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.option_values import format_value
from ._jobs_inventory_regions import RegionJobs

PARENT_GROUP = "drs"
"""The group that all jobs are in."""

Evaluate = Callable[[str, Mapping[str, Any]], Any]
"""Returns the value of an expression with these variables. Raises AnsibleError."""

# Every template begins with it, and with it the text that changes the delimiters of Jinja2.
_TEMPLATE_CHARACTER = "{"
_MAX_NAMED_HOSTS = 5


@dataclass(frozen=True)
class JobHost:
    """A job as a host."""

    name: str
    variables: Mapping[str, Any]

    @property
    def job_id(self) -> str:
        """The ID of the job."""
        job_id: str = self.variables["drs_job_id"]
        return job_id

    def group_names(self) -> Iterator[str]:
        """Yield the names of the groups, which may have characters that a group must not have."""
        job = self.variables["drs_job"]
        for kind, value in (
            ("phase", job["phase"]),
            ("type", job["job_type"]),
            ("region", self.variables["drs_region"]),
            ("project", self.variables["drs_project_id"]),
        ):
            if value:
                yield f"{PARENT_GROUP}_{kind}_{value}"


def build_hosts(regions: Sequence[RegionJobs], hostnames: Sequence[str], evaluate: Evaluate) -> list[JobHost]:
    """Return one host for each job: regions in their order, and the hosts of a region by name.

    Raise ConfigurationError if no preference in ``hostnames`` gives a name for a job. Names may not be unique.
    """
    hosts: dict[str, JobHost] = {}
    for region in regions:
        found = []
        for job in region.jobs:
            if job["id"] not in hosts:
                variables = _build_variables(region, job)
                found.append(JobHost(_find_name(hostnames, variables, evaluate), variables))
        hosts.update({host.job_id: host for host in sorted(found, key=lambda host: (host.name, host.job_id))})
    return list(hosts.values())


def make_unique(hosts: Sequence[JobHost], taken: Mapping[str, str | None]) -> tuple[list[JobHost], str | None]:
    """Return the hosts with unique names, and a warning if names have changed.

    The ID of the job is appended to all names that are not unique. ``taken`` are the names that cannot be used, each
    with the ID of the job that has it, if it is one.
    """
    names = {host.job_id: host.name for host in hosts}
    renamed: dict[str, None] = {}
    while True:
        counts = Counter(names.values())
        colliding = [
            job_id for job_id, name in names.items() if counts[name] > 1 or (name in taken and taken[name] != job_id)
        ]
        if not colliding:
            break
        renamed.update(dict.fromkeys(names[job_id] for job_id in colliding))
        names.update({job_id: f"{names[job_id]}_{job_id}" for job_id in colliding})
    unique = [JobHost(names[host.job_id], host.variables) for host in hosts]
    return unique, _describe_renamed(list(renamed)) if renamed else None


def _describe_renamed(names: Sequence[str]) -> str:
    named = ", ".join(format_value(name) for name in names[:_MAX_NAMED_HOSTS])
    unnamed = len(names) - _MAX_NAMED_HOSTS
    rest = f" and {unnamed} more" if unnamed > 0 else ""
    return f"the ID of the job is appended to host names that are not unique, or in use: {named}{rest}"


def _build_variables(region: RegionJobs, job: Mapping[str, Any]) -> dict[str, Any]:
    variables = {
        # A job is no machine, and its name may be that of one.
        "ansible_connection": "local",
        "drs_job_id": job["id"],
        "drs_region": region.region,
        "drs_project_id": region.project_id,
        "drs_job": job,
    }
    return {name: _mark_untrusted(value) for name, value in variables.items()}


def _mark_untrusted(value: Any) -> Any:
    """Return a value of the cloud, which Ansible must not take for a template.

    Since ansible-core 2.19 only texts that are marked as trusted are templates. Before, it is the other way round, and
    ``ansible-inventory`` shows marked texts in another form. So those that cannot be templates are left as they are.
    """
    if isinstance(value, dict):
        return {name: _mark_untrusted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_mark_untrusted(each) for each in value]
    return wrap_var(value) if isinstance(value, str) and _TEMPLATE_CHARACTER in value else value


def _find_name(hostnames: Sequence[str], variables: Mapping[str, Any], evaluate: Evaluate) -> str:
    """Return the name that the first preference gives. Raise ConfigurationError."""
    job = variables["drs_job"]
    fields = {**variables, **job}
    for preference in hostnames:
        name = _evaluate_preference(preference, fields, evaluate, job["id"])
        if name:
            # Names of hosts are copied to places that no mark reaches, so none may begin a template.
            return name.replace(_TEMPLATE_CHARACTER, "_")
    raise ConfigurationError(
        f"hostnames ({', '.join(hostnames)}) gives no name for the job {job['id']} ({format_value(job['name'])})"
    )


def _evaluate_preference(preference: str, fields: Mapping[str, Any], evaluate: Evaluate, job_id: str) -> str:
    """Return the name that a preference gives, an empty text if it gives none. Raise ConfigurationError."""
    if preference.strip().isidentifier():
        value = fields.get(preference.strip())
    else:
        try:
            value = evaluate(preference, fields)
        except AnsibleUndefinedVariable:
            return ""
        except AnsibleError as error:
            reason = " ".join(str(error).split())
            raise ConfigurationError(
                f"hostnames: {preference} cannot be evaluated for the job {job_id}: {reason}"
            ) from None
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise ConfigurationError(f"hostnames: {preference} gives {format_value(value)} for the job {job_id}, no text")
    return " ".join(str(value).split())
