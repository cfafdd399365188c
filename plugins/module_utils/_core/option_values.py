# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: values as somebody has written them, before Ansible makes others of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .errors import ConfigurationError

_LONGEST_SHOWN = 80
_MANY_BITS = 128


class OptionContext(NamedTuple):
    """Where options stand, in words for a message: what comes before and after their names."""

    before: str = ""
    after: str = ""

    def of(self, name: str) -> str:
        """Return how a message calls an option that stands here."""
        return f"{self.before}{name}{self.after}"


TASK_OPTIONS = OptionContext()
"""Options of a task. Their values are not shown, for they may be secret."""


def entry(option: str, number: int) -> OptionContext:
    """Return the place of the options in one entry of a list."""
    return OptionContext(f"{option}: ", f" of entry {number}")


def format_value(value: object) -> str:
    """Return a value as a message shows it: in one line that is not too long, with the words of YAML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a dictionary"
    if isinstance(value, list | tuple):
        return "a list"
    # Python refuses to write numbers of some thousand digits.
    if isinstance(value, int) and value.bit_length() > _MANY_BITS:
        return "a number with too many digits"
    # A generator or a date has no form that means something to everybody.
    text = repr(value) if isinstance(value, str | bytes | int | float) else "something else"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def resolve_aliases(
    given: Mapping[str, Any],
    aliases: Mapping[str, str],
    meaning: Callable[[str, Any], object],
    place: OptionContext = TASK_OPTIONS,
) -> dict[str, Any]:
    """Return the options under their own names. An alias is no second option, so it must not say something else.

    ``aliases`` maps each alias to its option, and ``meaning`` gives what a value of an option comes to.
    Raise ConfigurationError that names both where an option and its alias have different values.
    """
    found: dict[str, Any] = {}
    names: dict[str, str] = {}
    for name, value in given.items():
        option = aliases.get(name, name)
        if option in found and meaning(option, found[option]) != meaning(option, value):
            said = [
                each if place == TASK_OPTIONS else f"{each} ({format_value(given[each])})"
                for each in (names[option], name)
            ]
            raise ConfigurationError(f"{place.of(' and '.join(said))} are one option with two values: give one of them")
        if option not in found or option == name:
            found[option], names[option] = value, name
    return found
