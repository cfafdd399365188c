# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Checks of the texts that go into a header, a path or a body, before any request. Pure.

The cloud answers a password with a line break at its end as it answers a wrong password, and each rejected login counts
toward a lockout. So such a text is an error here. The message names the option and never shows the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from .errors import ConfigurationError

# With line and paragraph separators, and the byte order mark that some editors put before a text.
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
# Keystone accepts a tab in a password. A tab at either end comes from copy and paste.
_INNER_TAB = re.compile(r"(?<=.)\t(?=.)")
# Python decodes bytes that are not UTF-8 to these.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Ansible's `omit` inside a text, before ansible-core 2.19 and since.
_OMIT = re.compile(r"__omit_place_holder__|<<Omit>>")
_NOT_VISIBLE_ASCII = re.compile(r"[^\x21-\x7e]")
_PASSCODE = re.compile(r"[0-9]{6}")

_HEADER_OPTIONS = frozenset(("token", "access_key", "secret_key", "security_token"))


class TextOptions(NamedTuple):
    """Options that are texts, by name, and the variables that hold some of their values, by option."""

    values: Mapping[str, str]
    variables: Mapping[str, str]

    def get(self, option: str) -> str | None:
        """Return an option that is going to be sent. Raise ConfigurationError for a text that cannot be sent."""
        value = self.values.get(option)
        if value is not None:
            check_text(option, value, self.variables.get(option))
        return value


def option_label(option: str, variable: str | None) -> str:
    """Return the name of an option for a message, with the variable that holds its value."""
    return option if variable in (None, option) else f"{option} ({variable})"


def check_text(option: str, value: str, variable: str | None = None) -> None:
    """Raise ConfigurationError, without the value, for a text that is not valid for the option."""
    problem = _passcode_problem(value) if option == "totp_passcode" else _text_problem(option, value)
    if problem is not None:
        raise ConfigurationError(f"{option_label(option, variable)} {problem}")


def check_not_blank(option: str, value: str, variable: str | None = None) -> None:
    """Raise ConfigurationError for an empty credential. To ignore it would silently select another credential."""
    if not value.strip():
        raise ConfigurationError(
            f"{option_label(option, variable)} is empty: give a value, or leave it out (in a template: default(omit))"
        )


def _text_problem(option: str, value: str) -> str | None:
    if _SURROGATE.search(value):
        return "holds an invalid character (bytes that are not UTF-8?)"
    if _CONTROL_CHARACTER.search(_INNER_TAB.sub("", value) if option == "password" else value):
        return "holds a control character (a line break at its end?)"
    if _OMIT.search(value):
        return "holds omit, which stands for a whole value only"
    if option in _HEADER_OPTIONS and _NOT_VISIBLE_ASCII.search(value):
        return f"holds characters that no {option} has (a line break at its end?)"
    return None


def _passcode_problem(value: str) -> str | None:
    # A passcode without quotes is a number to YAML, which drops leading zeros.
    return None if _PASSCODE.fullmatch(value.strip()) else "must be the six digits that the device shows, in quotes"
