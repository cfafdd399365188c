# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what a template hands to a lookup: values that Ansible has not read yet, and ``omit``.

Ansible removes what ``default(omit)`` leaves from the options of a task, but not from those of a lookup.
"""

from __future__ import annotations

import re
from typing import Any, Protocol

from ansible.errors import AnsibleError

# Of ansible-core 2.16 to 2.18; a newer one has an object of this class, and raises this error where it evaluates that.
_PLACEHOLDER = re.compile(r"__omit_place_holder__[0-9a-f]+")
_CLASS_OF_OMIT = "_OmitType"
_ERROR_OF_OMIT = "AnsibleValueOmittedError"


class Templar(Protocol):
    """What evaluates templates."""

    def template(self, variable: Any) -> Any:
        """Return what a template comes to."""


def evaluated(templar: Templar | None, value: Any) -> Any:
    """Return what a play variable comes to, which Ansible hands over as it is written; None for what is left out."""
    try:
        return plain(value if templar is None else templar.template(value))
    except AnsibleError as error:
        if type(error).__name__ == _ERROR_OF_OMIT:
            return None
        raise


def plain(value: Any) -> Any:
    """Return a value that is no template any more, None for ``omit``. One that is undefined raises its own error."""
    if isinstance(value, str):
        return None if _PLACEHOLDER.fullmatch(value) else value
    if value is None or isinstance(value, bool | int | float | list | tuple | dict):
        return value
    if type(value).__name__ == _CLASS_OF_OMIT:
        return None
    text = str(value)  # what is undefined raises its own error here, and what is vaulted is opened
    return text if getattr(value, "__ENCRYPTED__", False) else value
