# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Normalize the options of a task before Ansible validates them.

Ansible lets an alias win over its option, converts any value to a text where a text is expected, and treats ``null``
like an option that is left out. What a task stops must not depend on that, so such options are errors here. So are
unknown options and booleans that are none, for which Ansible's messages are less clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict
from ansible.module_utils.errors import AnsibleFallbackNotFound
from ansible.module_utils.parsing.convert_bool import boolean

from .._core.bounds import parse_number
from .._core.errors import ConfigurationError
from .._core.option_values import (
    TASK_OPTIONS,
    OptionContext,
    check_names,
    entry_context,
    format_value,
    resolve_aliases,
)
from .._core.text_options import option_label
from .arguments import common_argument_spec

Spec = Mapping[str, Mapping[str, Any]]

_NUMBER_TYPES = ("int", "float")
_EXPECTED = {"bool": "true or false", "path": "a path", "str": "a text"}
_QUOTES_HINT = ": put it in quotes"


def normalize_options(spec: Spec, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options for Ansible to validate, without aliases and nulls.

    Raise ConfigurationError for a value that Ansible would convert to one that the user cannot have meant.
    """
    not_null = _options_without_default(spec) - common_argument_spec().keys()
    values = _resolve_names(spec, options, not_null)
    values = {name: _normalize_value(spec[name], name, each) if name in spec else each for name, each in values.items()}
    _check_environment(spec, values)
    return values


def validate_value(option: Mapping[str, Any], name: str, value: Any, variable: str | None = None) -> Any:
    """Return the value of a lookup option, validated as options of modules are. Raise ConfigurationError.

    Ansible itself does not validate options of lookups. ``variable`` is the variable that holds the value, if any.
    """
    normalized = _normalize_value(option, name, value, variable)
    spec = {"type": option.get("type", "str"), "choices": option.get("choices")}
    result = ArgumentSpecValidator({name: spec}).validate({name: normalized})
    if result.error_messages:
        expected = f"one of {', '.join(option['choices'])}" if option.get("choices") else _EXPECTED[spec["type"]]
        raise ConfigurationError(f"{option_label(name, variable)} must be {expected}, it is {format_value(value)}")
    return result.validated_parameters[name]


def is_boolean(value: Any) -> bool:
    """Return whether Ansible takes a value for true or false."""
    try:
        boolean(value)
    except TypeError:
        return False
    return True


def _options_without_default(spec: Spec) -> set[str]:
    """Return the options for which null is ambiguous: to leave them out does not mean a default, but something else.

    A bool without a default is none of them: another option is its default.
    """
    return {name for name, option in spec.items() if "default" not in option and option.get("type") != "bool"}


def _resolve_names(
    spec: Spec, options: Mapping[str, Any], not_null: set[str], context: OptionContext = TASK_OPTIONS
) -> dict[str, Any]:
    """Return options without aliases and nulls.

    Raise ConfigurationError if an option is unknown, or null and in ``not_null``.
    """
    aliases = {alias: name for name, option in spec.items() for alias in option.get("aliases", ())}
    known = spec.keys() | aliases.keys()
    check_names(options, known, context)
    for name, value in options.items():
        if value is None and aliases.get(name, name) in not_null:
            raise ConfigurationError(
                f"{context.label(name)} is null: give a value, or leave the option out (in a template: default(omit))"
            )
    not_empty = {name: value for name, value in options.items() if value is not None or name not in known}
    return resolve_aliases(not_empty, aliases, lambda name, value: _convert(spec[name], value), context)


def _convert(option: Mapping[str, Any], value: Any) -> object:
    """Return a value as Ansible converts it; unchanged if Ansible rejects it."""
    result = ArgumentSpecValidator({"value": {"type": option.get("type", "str")}}).validate({"value": value})
    return value if result.error_messages else result.validated_parameters["value"]


def _normalize_value(option: Mapping[str, Any], name: str, value: Any, variable: str | None = None) -> Any:
    option_type = option.get("type", "str")
    if option_type == "list":
        return _normalize_list(option, name, value)
    if option_type in _NUMBER_TYPES:
        return parse_number(name, value, variable)
    # An integer is accepted as a text: names and passwords are not always in quotes.
    problem = None if option_type == "bool" and isinstance(value, bool | float) else _describe_non_text(value)
    if option_type in _EXPECTED and problem is not None:
        raise ConfigurationError(f"{option_label(name, variable)} must be {_EXPECTED[option_type]}, it is {problem}")
    if option_type == "bool" and not is_boolean(value):
        # Ansible would list all its words for true and false, each time in another order.
        raise ConfigurationError(
            f"{option_label(name, variable)} must be {_EXPECTED[option_type]}, it is {format_value(value)}"
        )
    return value


def _describe_non_text(value: object) -> str | None:
    """Return what a value is that cannot be a text, None for one that can. It may be secret and is not shown."""
    if value is None or isinstance(value, list | tuple | dict):
        return format_value(value)
    if not isinstance(value, str | int | float):
        return f"{format_value(value)}{_QUOTES_HINT}"
    if isinstance(value, bool):
        return f"true or false{_QUOTES_HINT}"
    return f"a number with a fraction{_QUOTES_HINT}" if isinstance(value, float) else None


def _normalize_list(option: Mapping[str, Any], name: str, value: Any) -> list[Any]:
    """Return the entries of a list. As everywhere in Ansible, a text with commas is a list."""
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, list):
        raise ConfigurationError(f"{name} must be a list, it is {format_value(value)}")
    if option.get("elements") == "dict":
        return [_normalize_entry(option["options"], name, number, each) for number, each in enumerate(entries, start=1)]
    return [_check_text(f"{name}: entry {number}", each) for number, each in enumerate(entries, start=1)]


def _normalize_entry(spec: Spec, name: str, number: int, value: Any) -> dict[str, Any]:
    """Return an entry that must be a dictionary, or a text that Ansible converts to one."""
    try:
        entry: Any = check_type_dict(value)
    except (TypeError, ValueError):
        entry = None
    if not isinstance(entry, dict):
        raise ConfigurationError(
            f"an entry of a list is no dictionary; {name} wants entries such as {{'job_id': ID}}, "
            f"and entry {number} is {format_value(value)}"
        )
    context = entry_context(name, number)
    resolved = _resolve_names(spec, entry, _options_without_default(spec), context)
    return {
        option: _normalize_suboption(spec[option], context.label(option), each) if option in spec else each
        for option, each in resolved.items()
    }


def _normalize_suboption(option: Mapping[str, Any], label: str, value: Any) -> Any:
    return _check_text(label, value) if option.get("type", "str") == "str" else _normalize_value(option, label, value)


def _check_text(label: str, value: Any) -> str:
    """Return a value that must be a text: YAML reads 0x10 as a number, which Ansible would convert to "16"."""
    if not isinstance(value, str):
        hint = "" if value is None or isinstance(value, list | dict) else _QUOTES_HINT
        raise ConfigurationError(f"{label} is {format_value(value)}, not a text{hint}")
    return value


def _check_environment(spec: Spec, options: Mapping[str, Any]) -> None:
    """Raise ConfigurationError if an environment variable for a numeric option holds no number within its range."""
    for name, option in spec.items():
        if option.get("type") in _NUMBER_TYPES and "fallback" in option and name not in options:
            read_fallback, variables = option["fallback"]
            try:
                value = read_fallback(*variables)
            except AnsibleFallbackNotFound:
                continue
            parse_number(name, value, variable=" or ".join(variables))
