# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Values that a template passes to a lookup: variables that Ansible has not evaluated, and ``omit``.

Ansible removes options that are ``omit`` from a task, but not from a lookup.
"""

from __future__ import annotations

import re
from typing import Any, Protocol

from ansible.errors import AnsibleError

# ansible-core 2.16 to 2.18 has a text for omit. 2.19 and newer have an object of this class, and raise this error when
# a template evaluates to it.
_OMIT_PLACEHOLDER = re.compile(r"__omit_place_holder__[0-9a-f]+")
_OMIT_CLASS = "_OmitType"
_OMIT_ERROR = "AnsibleValueOmittedError"


class Templar(Protocol):
    """The part of Ansible's Templar that lookups use."""

    def template(self, variable: Any) -> Any:
        """Return the value of a template."""


def evaluate_template(templar: Templar | None, value: Any) -> Any:
    """Return the value of a play variable, which may be a template; None for ``omit``."""
    try:
        return resolve_value(value if templar is None else templar.template(value))
    except AnsibleError as error:
        if type(error).__name__ == _OMIT_ERROR:
            return None
        raise


def resolve_value(value: Any) -> Any:
    """Return an evaluated value, decrypted if it is vaulted; None for ``omit``. Raise Ansible's error if undefined."""
    if isinstance(value, str):
        return None if _OMIT_PLACEHOLDER.fullmatch(value) else value
    if value is None or isinstance(value, bool | int | float | list | tuple | dict):
        return value
    if type(value).__name__ == _OMIT_CLASS:
        return None
    text = str(value)  # raises the error of an undefined value, and decrypts a vaulted one
    return text if getattr(value, "__ENCRYPTED__", False) else value
