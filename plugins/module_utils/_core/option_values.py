# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Values of options as the user wrote them, before Ansible converts them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from .errors import ConfigurationError

_MAX_LENGTH = 80
_MAX_BITS = 128
# With the options, Ansible passes settings of its own.
_OF_ANSIBLE = "_ansible_"


class OptionContext(NamedTuple):
    """Where options stand, for error messages: the text before and after the name of an option."""

    prefix: str = ""
    suffix: str = ""

    def label(self, name: str) -> str:
        """Return the name of an option with its context."""
        return f"{self.prefix}{name}{self.suffix}"


TASK_OPTIONS = OptionContext()
"""The options of a task. Messages do not show their values, which may be secret."""


def entry_context(option: str, number: int) -> OptionContext:
    """Return the context of the options in one entry of a list."""
    return OptionContext(f"{option}: ", f" of entry {number}")


def format_value(value: object) -> str:
    """Return a value for a message: on one line, cut to a fixed length, in YAML's words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a dictionary"
    if isinstance(value, list | tuple):
        return "a list"
    # Python raises ValueError for the text of an integer with several thousand digits.
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return "a number with too many digits"
    # The repr of other types, a generator or a date for example, does not help a user.
    text = repr(value) if isinstance(value, str | bytes | int | float) else "something else"
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}..."


def check_names(names: Iterable[object], known: Collection[str], context: OptionContext = TASK_OPTIONS) -> None:
    """Raise ConfigurationError for the first name that no option has. It suggests a similar one, or lists all.

    In YAML, a name may be anything.

    Ansible reports a missing option before an unknown one, so not that the option is there and misspelled.
    """
    for name in names:
        text = name if isinstance(name, str) else format_value(name)
        if name not in known and not text.startswith(_OF_ANSIBLE):
            # Imported only for this: each task would load it otherwise.
            from difflib import get_close_matches  # noqa: PLC0415

            similar = get_close_matches(text, sorted(known), n=1)
            hint = f": did you mean {similar[0]}?" if similar else f"; there are {', '.join(sorted(known))}"
            raise ConfigurationError(f"{context.label(text)} is no option{hint}")


def resolve_aliases(
    options: Mapping[str, Any],
    aliases: Mapping[str, str],
    convert: Callable[[str, Any], object],
    context: OptionContext = TASK_OPTIONS,
) -> dict[str, Any]:
    """Return the options with each alias replaced by the name of its option.

    ``aliases`` maps each alias to its option. ``convert`` returns the converted value of an option; values are compared
    by it. Raise ConfigurationError, which names both, where an option and its alias have different values.
    """
    resolved: dict[str, Any] = {}
    names: dict[str, str] = {}
    for name, value in options.items():
        option = aliases.get(name, name)
        if option in resolved and convert(option, resolved[option]) != convert(option, value):
            both = [names[option], name]
            if context != TASK_OPTIONS:
                both = [f"{each} ({format_value(options[each])})" for each in both]
            raise ConfigurationError(
                f"{context.label(' and '.join(both))} are one option with two values: give one of them"
            )
        if option not in resolved or option == name:
            resolved[option], names[option] = value, name
    return resolved
