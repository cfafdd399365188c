# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the variables of the playbook stop_jobs, checked as the options of modules are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._core.errors import ConfigurationError
from .._core.job_info import JOB_TYPES
from .._core.jobs import PHASES, RUNNING
from .._core.option_values import entry as entry_of
from .._core.option_values import format_value, resolve_aliases
from .._core.pasted_ids import parse_ids
from .._core.stop_plan import StopSettings
from .arguments import check_job_id
from .stop_task import parse_stop_settings, stop_spec

FILTERS = {
    "drs_job_type": "job_type",
    "drs_job_name": "name",
    "drs_engine_type": "engine_type",
    "drs_net_type": "net_type",
    "drs_enterprise_project_id": "enterprise_project_id",
}
"""The variables that choose jobs by what they are, and their options of drs_job_info."""

_PLACE = ("region", "project_id", "project_name", "cloud", "endpoint", "iam_endpoint", "api_version")
_STOP = ("force", "wait", "wait_timeout", "wait_interval")
_NAME_THE_JOBS = f"Name the jobs in one way: by drs_job_ids, by drs_jobs, or by a filter ({', '.join(FILTERS)})"


def playbook_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the variables of the playbook, as an argument spec. IDs are not in it, for they have many forms."""
    stop = stop_spec().argument_spec
    return {
        "drs_jobs": {**stop["jobs"], "required": False},
        **{variable: {"type": "str"} for variable in FILTERS},
        "drs_job_type": {"type": "str", "choices": list(JOB_TYPES)},
        "drs_phases": {"type": "list", "elements": "str", "choices": list(PHASES)},
        "expected_count": {"type": "int"},
        **{f"drs_{option}": stop[option] for option in _STOP},
        "drs_preview": {"type": "bool", "default": False},
        "drs_list_file": {"type": "str"},
        **{f"drs_{option}": {"type": "str"} for option in _PLACE},
    }


def parse_variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the variables ask for. Raise ConfigurationError where they cannot be meant.

    An empty text is a variable that is not given: a survey has one for each field that nobody has filled in.
    """
    spec = playbook_argument_spec()
    known = {name: value for name, value in variables.items() if name in spec or name == "drs_job_ids"}
    for name, value in known.items():
        _check_form(name, value, spec.get(name, {}).get("type"))
    given = {name: value for name, value in known.items() if not _is_empty(value)}
    chosen_by = _way_to_choose(known, given)
    if "drs_jobs" in given:
        given["drs_jobs"] = _plain_entries(given["drs_jobs"], spec["drs_jobs"]["options"])
    if isinstance(given.get("drs_phases"), str):
        given["drs_phases"] = re.findall(r"[^\s,;]+", given["drs_phases"])
    checked = _validated(given, spec)
    entries = _entries(given, checked["drs_force"])
    settings = _settings(entries, {option: checked[f"drs_{option}"] for option in _STOP})
    return {
        "chosen_by": chosen_by,
        "filter": {option: checked[name] for name, option in FILTERS.items() if checked[name] is not None},
        "phases": checked["drs_phases"] or [RUNNING],
        "entries": entries,
        "expected_count": -1 if checked["expected_count"] is None else checked["expected_count"],
        "force": checked["drs_force"],
        "wait": settings.wait,
        "wait_timeout": _shortest(settings.wait_timeout),
        "wait_interval": _shortest(settings.wait_interval),
        "preview": checked["drs_preview"],
        "list_file": checked["drs_list_file"] or "",
    }


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _check_form(name: str, value: object, kind: str | None) -> None:
    """Refuse what Ansible would turn into something else: a yes or no into a number, a list into a text."""
    if value is None:
        raise ConfigurationError(f"{name} is null: leave it out where it is not to count")
    if _is_empty(value):
        return
    number = not isinstance(value, bool) and isinstance(value, str | int | float)
    forms = {
        "str": (number and not isinstance(value, float), "a text"),
        "float": (number and _is_number(str(value)), "a number of seconds"),
        "int": (number and re.fullmatch(r"\s*[0-9]+\s*", str(value)), "a whole number, not negative"),
    }
    if name in ("drs_jobs", "drs_phases"):
        is_text = name == "drs_phases" and isinstance(value, str)
        forms = {"list": (is_text or isinstance(value, list), "a list")}
    is_right, wanted = forms.get(kind or "", (True, ""))
    if not is_right:
        raise ConfigurationError(f"{name} must be {wanted}; it is {format_value(value)}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _way_to_choose(variables: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return the one way in which jobs are chosen: drs_job_ids, drs_jobs or filter."""
    named = [name for name in ("drs_job_ids", "drs_jobs") if name in given]
    ways = named + (["filter"] if given.keys() & FILTERS.keys() else [])
    if len(ways) != 1 or any(given[name] in ([], {}) for name in named):
        raise ConfigurationError(_NAME_THE_JOBS)
    (way,) = ways
    if way != "filter":
        if "drs_phases" in given:
            raise ConfigurationError(f"drs_phases belongs to a filter; with {way} every job that is named is stopped")
        return way
    for name in FILTERS:
        # A variable that is unset often becomes an empty text, and a filter that lacks a part finds more.
        if name in variables and name not in given:
            raise ConfigurationError(f"{name} is empty: leave it out where it is not to filter")
    return way


def _validated(given: Mapping[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    result = ArgumentSpecValidator(spec).validate({name: value for name, value in given.items() if name in spec})
    if result.error_messages:
        raise ConfigurationError(_one_line(result.error_messages))
    checked: dict[str, Any] = result.validated_parameters
    if checked["drs_phases"] == []:
        raise ConfigurationError("drs_phases names no phase: leave it out, or name those of the jobs to stop")
    return checked


def _entries(given: Mapping[str, Any], force: bool) -> list[dict[str, Any]]:
    """Return the jobs that are named, as drs_job_batch_stop takes them; none for a filter."""
    if "drs_jobs" in given:
        entries: list[dict[str, Any]] = given["drs_jobs"]
        return entries
    job_ids = _job_ids(given["drs_job_ids"]) if "drs_job_ids" in given else []
    return [{"job_id": job_id, "is_force_stop": force} for job_id in job_ids]


def _job_ids(value: object) -> list[str]:
    """Return the IDs of a list, each once, or of a text."""
    if isinstance(value, str):
        job_ids = parse_ids(value, "drs_job_ids")
        if not job_ids:
            raise ConfigurationError(_NAME_THE_JOBS)
        return job_ids
    if not isinstance(value, list):
        raise ConfigurationError(
            f"drs_job_ids must be a list of IDs, or a text with one a line; it is {format_value(value)}"
        )
    for number, job_id in enumerate(value, start=1):
        _check_id(job_id, f"drs_job_ids: entry {number}")
    return list(dict.fromkeys(map(str, value)))


def _settings(entries: list[dict[str, Any]], options: Mapping[str, Any]) -> StopSettings:
    """Return what drs_job_batch_stop would read. Raise ConfigurationError for all that it would refuse."""
    result = ArgumentSpecValidator(**stop_spec()._asdict()).validate({"jobs": entries, **options})
    if result.error_messages:
        raise ConfigurationError(_one_line(result.error_messages))
    try:
        return parse_stop_settings(result.validated_parameters, check_mode=True, warn=lambda _warning: None)
    except ConfigurationError as error:
        # It begins with the option.
        raise ConfigurationError(f"drs_{error}") from None


def _plain_entries(entries: list[object], options: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_entry(number, entry, options) for number, entry in enumerate(entries, start=1)]


def _entry(number: int, entry: object, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of drs_jobs with the names of the options in place of their aliases."""
    where = f"drs_jobs: entry {number}"
    if not isinstance(entry, dict):
        raise ConfigurationError(f"{where} must be a dictionary; it is {format_value(entry)}")
    aliases = {alias: option for option, rules in options.items() for alias in rules.get("aliases", ())}
    strange = entry.keys() - options.keys() - aliases.keys()
    if strange:
        raise ConfigurationError(f"{where} has no option {', '.join(sorted(map(format_value, strange)))}")
    there = {name: value for name, value in entry.items() if value is not None}
    plain = resolve_aliases(there, aliases, lambda _option, value: value, entry_of("drs_jobs", number))
    _check_id(plain.get("job_id"), f"drs_jobs: job_id of entry {number}")
    return plain


def _check_id(job_id: object, where: str) -> None:
    if job_id is None:
        raise ConfigurationError(f"{where} is missing")
    # A number may have lost something on its way, such as a zero in front.
    if not isinstance(job_id, str):
        raise ConfigurationError(f"{where} must be a text, in quotes; it is {format_value(job_id)}")
    check_job_id(job_id, where)


def _one_line(messages: list[str]) -> str:
    return "; ".join(" ".join(message.split()).rstrip(".") for message in messages)


def _shortest(number: float) -> float:
    return int(number) if number == int(number) else number
