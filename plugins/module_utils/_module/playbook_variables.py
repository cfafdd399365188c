# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The variables of the playbook stop_jobs, checked as the options of modules are."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._core.errors import ConfigurationError
from .._core.job_info import JOB_TYPES
from .._core.jobs import PHASES, RUNNING
from .._core.option_values import check_names, entry_context, format_value, resolve_aliases
from .._core.pasted_ids import parse_ids
from .._core.stop_plan import StopSettings
from .approval_variable import parse_approval
from .arguments import check_job_id
from .raw_options import is_boolean
from .stop_task import parse_stop_settings, stop_spec

FILTERS = {
    "drs_job_type": "job_type",
    "drs_job_name": "name",
    "drs_engine_type": "engine_type",
    "drs_net_type": "net_type",
    "drs_enterprise_project_id": "enterprise_project_id",
}
"""The variables that select jobs by their properties, and their options of drs_job_info."""

# An approval names the jobs. How an earlier run has found them does not count any more.
_SELECTION = ("drs_job_ids", "drs_jobs", "drs_group", "drs_phases", *FILTERS)
_LOCATION = ("region", "project_id", "project_name", "cloud", "endpoint", "iam_endpoint", "api_version")
_STOP_OPTIONS = ("force", "wait", "wait_timeout", "wait_interval", "all_or_none")
_LAG_OPTIONS = ("max_lag", "max_lag_for", "lag_timeout")
_SELECTION_ERROR = (
    f"Name the jobs in one way: by drs_job_ids, by drs_jobs, or by a filter ({', '.join(FILTERS)}); or by drs_group, "
    "with an inventory of jobs"
)


def playbook_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the argument spec of the variables. drs_job_ids is left out: it is a list or a text in several forms."""
    stop = stop_spec().argument_spec
    return {
        "drs_jobs": stop["jobs"],
        **{variable: {"type": "str"} for variable in FILTERS},
        "drs_job_type": {"type": "str", "choices": list(JOB_TYPES)},
        "drs_group": {"type": "str"},
        "drs_phases": {"type": "list", "elements": "str", "choices": list(PHASES)},
        "expected_count": {"type": "int"},
        **{f"drs_{option}": stop[option] for option in (*_STOP_OPTIONS, *_LAG_OPTIONS)},
        "drs_preview": {"type": "bool", "default": False},
        "drs_list_file": {"type": "str"},
        **{f"drs_{option}": {"type": "str"} for option in _LOCATION},
    }


def parse_variables(
    variables: Mapping[str, Any], host: str = "localhost", hosts: Collection[str] = ("localhost",)
) -> dict[str, Any]:
    """Return the settings of the playbook for a host. Raise ConfigurationError for invalid variables.

    An empty text counts as a variable that is not set: a survey sets one for each empty field. ``hosts`` are those of
    the run.
    """
    if variables.get("drs_group"):
        # The region of a job in an inventory is null if only an endpoint is known.
        variables = {name: value for name, value in variables.items() if (name, value) != ("drs_region", None)}
    approved = variables.get("drs_approved", "")
    if _is_empty(approved):
        return _parse(variables)
    approval = parse_approval(approved, host, hosts)
    options = ("job_id", "name", "is_force_stop")
    jobs = [{option: entry[option] for option in options if entry[option] is not None} for entry in approval["jobs"]]
    rest = {name: value for name, value in variables.items() if name not in _SELECTION}
    chosen = {"drs_jobs": jobs} if jobs else {"drs_job_ids": []}
    return {**_parse({**rest, **chosen}, selection="drs_approved"), "approved": approval}


def _parse(variables: Mapping[str, Any], selection: str | None = None) -> dict[str, Any]:
    """Return the settings. ``selection`` is how jobs are selected; by default the variables say it."""
    spec = playbook_argument_spec()
    known = {name: value for name, value in variables.items() if name in spec or name == "drs_job_ids"}
    for name, value in known.items():
        _check_type(name, value, spec.get(name, {}).get("type"))
    values = {name: value for name, value in known.items() if not _is_empty(value)}
    selection = selection or _find_selection(known, values)
    if "drs_jobs" in values:
        options = spec["drs_jobs"]["options"]
        values["drs_jobs"] = [_normalize_entry(*each, options) for each in enumerate(values["drs_jobs"], start=1)]
    if isinstance(values.get("drs_phases"), str):
        values["drs_phases"] = re.findall(r"[^\s,;]+", values["drs_phases"])
    checked = _validate(values, spec)
    jobs: list[dict[str, Any]] = values.get("drs_jobs", [])
    job_ids = _parse_job_ids(values["drs_job_ids"]) if "drs_job_ids" in values else []
    options = {option: checked[f"drs_{option}"] for option in _STOP_OPTIONS}
    # Left out where they are not given: 0 is a limit, too.
    limits = {option: checked[f"drs_{option}"] for option in _LAG_OPTIONS if checked[f"drs_{option}"] is not None}
    settings = _parse_stop_settings({**options, **limits, **({"jobs": jobs} if jobs else {"job_ids": job_ids})})
    return {
        "approved": {},
        "chosen_by": selection,
        "filter": {option: checked[name] for name, option in FILTERS.items() if checked[name] is not None},
        "phases": checked["drs_phases"] or [RUNNING],
        "jobs": jobs,
        "job_ids": [request.job_id for request in settings.requests],
        "expected_count": -1 if checked["expected_count"] is None else checked["expected_count"],
        "force": checked["drs_force"],
        "wait": settings.wait,
        "wait_timeout": _without_zero_fraction(settings.wait_timeout),
        "wait_interval": _without_zero_fraction(settings.wait_interval),
        "all_or_none": settings.all_or_none,
        **{option: _without_zero_fraction(limit) for option, limit in limits.items()},
        "preview": checked["drs_preview"],
        "list_file": checked["drs_list_file"] or "",
    }


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _check_type(name: str, value: object, type_name: str | None) -> None:
    """Raise ConfigurationError for a value that Ansible would convert: a bool to a number, a list to a text."""
    if value is None:
        raise ConfigurationError(f"{name} is null: leave it out where it is not to count")
    if _is_empty(value):
        return
    is_scalar = not isinstance(value, bool) and isinstance(value, str | int | float)
    checks = {
        "str": (is_scalar and not isinstance(value, float), "a text"),
        "float": (is_scalar and _is_number(str(value)), "a number of seconds"),
        "bool": (is_boolean(value), "true or false"),
        "int": (is_scalar and re.fullmatch(r"\s*[0-9]+\s*", str(value)), "a whole number, not negative"),
    }
    if name in ("drs_jobs", "drs_phases"):
        is_text = name == "drs_phases" and isinstance(value, str)
        checks = {"list": (is_text or isinstance(value, list), "a list")}
    is_valid, expected = checks.get(type_name or "", (True, ""))
    if not is_valid:
        raise ConfigurationError(f"{name} must be {expected}; it is {format_value(value)}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _find_selection(variables: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return how jobs are selected: drs_job_ids, drs_jobs or filter. Raise ConfigurationError if not in one way."""
    lists = [name for name in ("drs_job_ids", "drs_jobs", "drs_group") if name in values]
    selections = lists + (["filter"] if values.keys() & FILTERS.keys() else [])
    if len(selections) != 1 or any(values[name] in ([], {}) for name in lists):
        raise ConfigurationError(_SELECTION_ERROR)
    (selection,) = selections
    if selection != "filter":
        if "drs_phases" in values:
            raise ConfigurationError(f"drs_phases belongs to a filter; with {selection} all named jobs are stopped")
        return selection
    for name in FILTERS:
        # An unset variable often becomes an empty text, and without it the filter would match more jobs.
        if name in variables and name not in values:
            raise ConfigurationError(f"{name} is empty: leave it out where it is not to filter")
    return selection


def _validate(values: Mapping[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    result = ArgumentSpecValidator(spec).validate({name: value for name, value in values.items() if name in spec})
    if result.error_messages:
        raise ConfigurationError(_one_line(result.error_messages))
    checked: dict[str, Any] = result.validated_parameters
    if checked["drs_phases"] == []:
        raise ConfigurationError("drs_phases names no phase: leave it out, or name those of the jobs to stop")
    return checked


def _parse_job_ids(value: object) -> list[str]:
    """Return the IDs in a list or a text, each once."""
    if isinstance(value, str):
        job_ids = parse_ids(value, "drs_job_ids")
        if not job_ids:
            raise ConfigurationError(_SELECTION_ERROR)
        return job_ids
    if not isinstance(value, list):
        raise ConfigurationError(
            f"drs_job_ids must be a list of IDs, or a text with one a line; it is {format_value(value)}"
        )
    for number, job_id in enumerate(value, start=1):
        _check_id(job_id, f"drs_job_ids: entry {number}")
    return list(dict.fromkeys(map(str, value)))


def _parse_stop_settings(options: dict[str, Any]) -> StopSettings:
    """Return the settings that drs_job_batch_stop would use. Raise ConfigurationError for what it would reject."""
    result = ArgumentSpecValidator(**stop_spec()._asdict()).validate(options)
    if result.error_messages:
        raise ConfigurationError(_one_line(result.error_messages))
    try:
        return parse_stop_settings(result.validated_parameters, check_mode=True, warn=lambda _warning: None)
    except ConfigurationError as error:
        # The message begins with the name of an option.
        raise ConfigurationError(f"drs_{error}") from None


def _normalize_entry(number: int, entry: object, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of drs_jobs without aliases and nulls."""
    if not isinstance(entry, dict):
        raise ConfigurationError(f"drs_jobs: entry {number} must be a dictionary; it is {format_value(entry)}")
    aliases = {alias: option for option, rules in options.items() for alias in rules.get("aliases", ())}
    context = entry_context("drs_jobs", number)
    check_names(entry, options.keys() | aliases.keys(), context)
    not_null = {name: value for name, value in entry.items() if value is not None}
    normalized = resolve_aliases(not_null, aliases, lambda _option, value: value, context)
    _check_id(normalized.get("job_id"), f"drs_jobs: job_id of entry {number}")
    return normalized


def _check_id(job_id: object, where: str) -> None:
    if job_id is None:
        raise ConfigurationError(f"{where} is missing")
    # A number may have lost a part of the ID, a leading zero for example.
    if not isinstance(job_id, str):
        raise ConfigurationError(f"{where} must be a text, in quotes; it is {format_value(job_id)}")
    check_job_id(job_id, where)


def _one_line(messages: list[str]) -> str:
    return "; ".join(" ".join(message.split()).rstrip(".") for message in messages)


def _without_zero_fraction(number: float) -> float:
    return int(number) if number == int(number) else number
