# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The options of the inventory plugin: from its file to the regions to read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._core.config import (
    ClientConfig,
    HttpSettings,
    merge_options,
    parse_client_config,
    parse_http_settings,
)
from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.job_info import JOB_TYPES
from ..module_utils._core.jobs import LISTED_PHASES
from ..module_utils._core.masking import SECRET_OPTIONS, find_url_passwords
from ..module_utils._core.option_values import format_value
from ..module_utils._module.arguments import common_argument_spec
from ..module_utils._module.job_details import DETAILS
from ..module_utils._module.raw_options import is_boolean, normalize_options
from ._template_values import Templar, evaluate_template

Options = Mapping[str, Any]

# Lists that select nothing if they are empty.
_NOT_EMPTY = ("job_types", "phases", "hostnames")
# Their entries are expressions, which are evaluated for each job.
_HOSTNAMES = "hostnames"


class RegionSource(NamedTuple):
    """One region and project to read."""

    label: str
    """What messages call it. Empty if it is the only one."""
    params: dict[str, Any]
    """The validated options that all modules share."""
    config: ClientConfig
    http_settings: HttpSettings


class InventorySettings(NamedTuple):
    """What an inventory consists of."""

    regions: tuple[RegionSource, ...]
    job_types: tuple[str, ...] | None
    """None for all."""
    phases: frozenset[str] | None
    """None for all."""
    details: frozenset[str]
    hostnames: tuple[str, ...]
    strict_regions: bool


def inventory_spec() -> dict[str, Any]:
    """Return the options of the inventory plugin, without those of Ansible's own fragments."""
    return {
        **common_argument_spec(),
        "regions": {"type": "list", "elements": "dict"},
        "job_types": {"type": "list", "elements": "str", "choices": list(JOB_TYPES)},
        "phases": {"type": "list", "elements": "str", "choices": list(LISTED_PHASES)},
        "details": {"type": "list", "elements": "str", "choices": list(DETAILS), "default": []},
        "hostnames": {"type": "list", "elements": "str", "default": ["name", "id"]},
        "strict_regions": {"type": "bool", "default": True},
    }


def check_option_type(name: str, option_type: str, value: Any) -> None:
    """Raise ConfigurationError for a value of another type, which Ansible would convert, or report in its own words."""
    expected, is_valid = _TYPES[option_type]
    if not is_valid(value):
        raise ConfigurationError(f"{name} must be {expected}, it is {format_value(value)}")


# What users call a type, and whether a value is of it.
_TYPES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "bool": ("true or false", is_boolean),
    "boolean": ("true or false", is_boolean),
    "dict": ("a dictionary", lambda value: isinstance(value, Mapping)),
    "int": ("a whole number", lambda value: re.fullmatch(r"[0-9]+", str(value)) is not None),
    "list": ("a list", lambda value: isinstance(value, list)),
    "str": ("a text", lambda value: isinstance(value, str)),
}


def find_secrets(options: Options) -> list[str]:
    """Return the secrets among these options and in the entries of ``regions``, those in URLs included."""
    entries = options.get("regions")
    sources = [options, *(each for each in (entries if isinstance(entries, list) else []) if isinstance(each, Mapping))]
    values = (source.get(name) for source in sources for name in sorted(SECRET_OPTIONS))
    in_urls = (password for source in sources for password in find_url_passwords(source.values()))
    return [*(value for value in values if isinstance(value, str)), *in_urls]


def evaluate_options(options: Options, templar: Templar) -> dict[str, Any]:
    """Return the options with their templates evaluated. Raise ConfigurationError, which names the option."""
    return {name: value if name == _HOSTNAMES else _evaluate(name, value, templar) for name, value in options.items()}


def _evaluate(label: str, value: Any, templar: Templar) -> Any:
    if isinstance(value, Mapping):
        return {name: _evaluate(f"{label}: {name}", each, templar) for name, each in value.items()}
    if isinstance(value, list):
        return [_evaluate(f"{label}: entry {number}", each, templar) for number, each in enumerate(value, start=1)]
    try:
        evaluated = evaluate_template(templar, value)
    except AnsibleError as error:
        raise ConfigurationError(f"{label} cannot be evaluated: {' '.join(str(error).split())}") from None
    return _to_plain(evaluated)


def _to_plain(value: Any) -> Any:
    """Return a value without Ansible's own kinds of texts, since http.client does not send all of them."""
    if isinstance(value, Mapping):
        return {_to_plain(name): _to_plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_to_plain(each) for each in value]
    return str.__str__(value) if isinstance(value, str) else value


def parse_inventory_settings(options: Options) -> InventorySettings:
    """Return the settings that evaluated options describe. Raise ConfigurationError."""
    own = {name: value for name, value in options.items() if name != "regions"}
    if isinstance(own.get(_HOSTNAMES), str):
        own[_HOSTNAMES] = [own[_HOSTNAMES]]  # an expression may have commas
    spec = {name: option for name, option in inventory_spec().items() if name != "regions"}
    own = normalize_options(spec, own)
    validated = _validate(spec, own)
    for name in _NOT_EMPTY:
        if validated[name] == []:
            raise ConfigurationError(f"{name} is empty: name at least one, or leave the option out")
    shared = {name: value for name, value in own.items() if name in common_argument_spec()}
    if "regions" in options:
        regions = [_build_entry(*each, shared) for each in enumerate(_parse_entries(options["regions"]), start=1)]
    else:
        regions = [_build_source("", shared)]
    job_types, phases = validated["job_types"], validated["phases"]
    return InventorySettings(
        tuple(regions),
        None if job_types is None else tuple(dict.fromkeys(job_types)),
        None if phases is None else frozenset(phases),
        frozenset(validated["details"]),
        # As they came: Ansible evaluates only texts that it knows to be from the file.
        tuple(own.get(_HOSTNAMES, validated[_HOSTNAMES])),
        validated["strict_regions"],
    )


def _parse_entries(value: Any) -> Sequence[Options]:
    """Return the entries of ``regions``. Raise ConfigurationError."""
    if value is None or value == []:
        raise ConfigurationError("regions is empty: name at least one region, or leave the option out")
    if not isinstance(value, list):
        raise ConfigurationError(f"regions must be a list, it is {format_value(value)}")
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, Mapping):
            raise ConfigurationError(
                f"regions: entry {number} must be a dictionary such as {{region: ap-southeast-1}}, it is "
                f"{format_value(entry)}"
            )
    return value


def _build_entry(number: int, entry: Options, shared: Options) -> RegionSource:
    """Return one entry of ``regions``, with the options that the file has for all of them."""
    label = f"regions: entry {number}"
    try:
        spec = common_argument_spec()
        own = normalize_options(spec, entry)
        source = _build_source(label, merge_options(own, shared))
    except ConfigurationError as error:
        raise ConfigurationError(f"{label}: {error}") from None
    place = [source.config.region, source.params["project_name"] or source.params["project_id"]]
    return source._replace(label=f"{label} ({', '.join(each for each in place if each)})" if any(place) else label)


def _build_source(label: str, options: Options) -> RegionSource:
    params = _validate(common_argument_spec(), options)
    config = parse_client_config(params.get, os.environ)
    return RegionSource(label, params, config, parse_http_settings(params.get, language=params["language"]))


def _validate(spec: dict[str, Any], options: Options) -> dict[str, Any]:
    for name, value in options.items():
        if spec[name].get("type") == "bool":
            check_option_type(name, "bool", value)
    result = ArgumentSpecValidator(spec).validate(dict(options))
    if result.error_messages:
        raise ConfigurationError(" ".join("; ".join(result.error_messages).split()))
    validated: dict[str, Any] = result.validated_parameters
    return validated
