# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: texts that are sent, in a header, a path or a body, checked before any request. Pure.

The cloud answers a password with a line break at its end with the same words as a wrong one, and a refused login counts
towards a lock. So it is told here, by the name of the option and never with its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from .errors import ConfigurationError

# Also the separators of lines and paragraphs, and the byte order mark that some editors put before a text.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
# Keystone takes it in a password. At an end it is what was pasted with it.
_INNER_TAB = re.compile(r"(?<=.)\t(?=.)")
# What Python makes of bytes that are no UTF-8.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What is left of Ansible's `omit`, before ansible-core 2.19 and since, where it is made a part of a text.
_OMIT = re.compile(r"__omit_place_holder__|<<Omit>>")
_NOT_OF_KEYS = re.compile(r"[^\x21-\x7e]")
_PASSCODE = re.compile(r"[0-9]{6}")

_KEYS = frozenset(("token", "access_key", "secret_key", "security_token"))


class TextOptions(NamedTuple):
    """Options that are texts, by name; and of those that a variable holds, its name."""

    values: Mapping[str, str]
    variables: Mapping[str, str]

    def get(self, option: str) -> str | None:
        """Return an option that is going to be used. Raise ConfigurationError where it cannot be sent."""
        value = self.values.get(option)
        if value is not None:
            check_text(option, value, self.variables.get(option))
        return value


def option_label(option: str, variable: str | None) -> str:
    """Return how a message calls an option, and the variable that its value is from."""
    return option if variable in (None, option) else f"{option} ({variable})"


def check_text(option: str, value: str, variable: str | None = None) -> None:
    """Raise ConfigurationError, without the value, for a text that cannot be what the option wants."""
    problem = _passcode_problem(value) if option == "totp_passcode" else _problem(option, value)
    if problem is not None:
        raise ConfigurationError(f"{option_label(option, variable)} {problem}")


def check_not_blank(option: str, value: str, variable: str | None = None) -> None:
    """Raise ConfigurationError for a credential that is there and says nothing, for another would be used unnoticed."""
    if not value.strip():
        raise ConfigurationError(
            f"{option_label(option, variable)} is empty: give a value, or leave it out (in a template: default(omit))"
        )


def _problem(option: str, value: str) -> str | None:
    if _SURROGATE.search(value):
        return "holds what is no character (bytes that are not UTF-8?)"
    if _CONTROL.search(_INNER_TAB.sub("", value) if option == "password" else value):
        return "holds a control character (a line break at its end?)"
    if _OMIT.search(value):
        return "holds omit, which stands for a whole value only"
    if option in _KEYS and _NOT_OF_KEYS.search(value):
        return f"holds characters that no {option} has (a line break at its end?)"
    return None


def _passcode_problem(value: str) -> str | None:
    # As a number it would have lost the zeros that it begins with.
    return None if _PASSCODE.fullmatch(value.strip()) else "must be the six digits that the device shows, in quotes"
