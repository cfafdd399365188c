# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the options of a task as its author gave them, before Ansible checks them.

Ansible lets an alias win over its option, makes a text of whatever stands where a text is wanted, and cannot tell
``null`` from nothing. What a task stops should not hang on that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict
from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._core.bounds import parse_number
from .._core.errors import ConfigurationError
from .._core.option_values import TASK_OPTIONS, OptionContext, entry, format_value, resolve_aliases
from .._core.text_options import option_label
from .arguments import common_argument_spec

Spec = Mapping[str, Mapping[str, Any]]

_NUMBERS = ("int", "float")
_KINDS = {"bool": "true or false", "path": "a path", "str": "a text"}
_QUOTES = ": put it in quotes"


def normalize_options(spec: Spec, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options for Ansible to check: under their own names, and without those that are null.

    Raise ConfigurationError for a value that is not what its author can have meant.
    """
    choosing = _without_default(spec) - common_argument_spec().keys()
    named = _named(spec, given, choosing)
    meant = {name: _value(spec[name], name, value) if name in spec else value for name, value in named.items()}
    _check_environment(spec, meant)
    return meant


def validate_value(option: Mapping[str, Any], name: str, value: Any, variable: str | None = None) -> Any:
    """Return what a value comes to that nobody but this collection checks, by the rules for the options of modules.

    ``variable`` is what holds it, if not the option. Raise ConfigurationError where it is not what the option wants.
    """
    meant = _value(option, name, value, variable)
    spec = {"type": option.get("type", "str"), "choices": option.get("choices")}
    result = ArgumentSpecValidator({name: spec}).validate({name: meant})
    if result.error_messages:
        wanted = f"one of {', '.join(option['choices'])}" if option.get("choices") else _KINDS[spec["type"]]
        raise ConfigurationError(f"{option_label(name, variable)} must be {wanted}, it is {format_value(value)}")
    return result.validated_parameters[name]


def _without_default(spec: Spec) -> set[str]:
    """Return the options that choose something when they are given, and something else when they are not.

    A switch without a default is not one of them: it has its value from another option.
    """
    return {name for name, option in spec.items() if "default" not in option and option.get("type") != "bool"}


def _named(
    spec: Spec, given: Mapping[str, Any], choosing: set[str], place: OptionContext = TASK_OPTIONS
) -> dict[str, Any]:
    """Return options under their own names; of null, nothing is left where it can mean nothing else."""
    aliases = {alias: name for name, option in spec.items() for alias in option.get("aliases", ())}
    for name, value in given.items():
        if value is None and aliases.get(name, name) in choosing:
            raise ConfigurationError(
                f"{place.of(name)} is null: give a value, or leave the option out (in a template: default(omit))"
            )
    known = spec.keys() | aliases.keys()
    there = {name: value for name, value in given.items() if value is not None or name not in known}
    return resolve_aliases(there, aliases, lambda name, value: _converted(spec[name], value), place)


def _converted(option: Mapping[str, Any], value: Any) -> object:
    """Return what Ansible makes of a value; a value that it refuses, as it is."""
    result = ArgumentSpecValidator({"value": {"type": option.get("type", "str")}}).validate({"value": value})
    return value if result.error_messages else result.validated_parameters["value"]


def _value(option: Mapping[str, Any], name: str, value: Any, variable: str | None = None) -> Any:
    kind = option.get("type", "str")
    if kind == "list":
        return _entries(option, name, value)
    if kind in _NUMBERS:
        return parse_number(name, value, variable)
    # Whole numbers may stand for texts: names and passwords are not always in quotes.
    found = _kind_of(value)
    if kind in _KINDS and found is not None and not (kind == "bool" and isinstance(value, bool | float)):
        raise ConfigurationError(f"{option_label(name, variable)} must be {_KINDS[kind]}, it is {found}")
    return value


def _kind_of(value: object) -> str | None:
    """Return what kind of value cannot stand for a text, None for one that can. Not the value, it may be secret."""
    if value is None or isinstance(value, list | tuple | dict):
        return format_value(value)
    if not isinstance(value, str | int | float):
        return f"{format_value(value)}{_QUOTES}"
    if isinstance(value, bool):
        return f"true or false{_QUOTES}"
    return f"a number with a fraction{_QUOTES}" if isinstance(value, float) else None


def _entries(option: Mapping[str, Any], name: str, value: Any) -> list[Any]:
    """Return the entries of a list. As everywhere in Ansible, a text is a list with commas."""
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, list):
        raise ConfigurationError(f"{name} must be a list, it is {format_value(value)}")
    if option.get("elements") == "dict":
        return [_dictionary(option["options"], name, number, each) for number, each in enumerate(entries, start=1)]
    return [_text(f"{name}: entry {number}", each) for number, each in enumerate(entries, start=1)]


def _dictionary(spec: Spec, name: str, number: int, value: Any) -> dict[str, Any]:
    """Return an entry that has to be a dictionary, or a text that Ansible makes one of."""
    try:
        given: Any = check_type_dict(value)
    except (TypeError, ValueError):
        given = None
    if not isinstance(given, dict):
        raise ConfigurationError(
            f"an entry of a list is no dictionary; {name} wants entries such as {{'job_id': ID}}, "
            f"and entry {number} is {format_value(value)}"
        )
    place = entry(name, number)
    named = _named(spec, given, _without_default(spec), place)
    return {
        option: each if option not in spec else _inner_value(spec[option], place.of(option), each)
        for option, each in named.items()
    }


def _inner_value(option: Mapping[str, Any], name: str, value: Any) -> Any:
    return _text(name, value) if option.get("type", "str") == "str" else _value(option, name, value)


def _text(what: str, value: Any) -> str:
    """Return what has to be a text. Of 0x10 YAML makes a number, and Ansible would make "16" of that."""
    if not isinstance(value, str):
        quotes = "" if value is None or isinstance(value, list | dict) else _QUOTES
        raise ConfigurationError(f"{what} is {format_value(value)}, not a text{quotes}")
    return value


def _check_environment(spec: Spec, given: Mapping[str, Any]) -> None:
    """Refuse a variable of the environment that stands for a number and is none, or too large."""
    for name, option in spec.items():
        if option.get("type") in _NUMBERS and "fallback" in option and name not in given:
            read, variables = option["fallback"]
            try:
                value = read(*variables)
            except AnsibleFallbackNotFound:
                continue
            parse_number(name, value, source=" or ".join(variables))
