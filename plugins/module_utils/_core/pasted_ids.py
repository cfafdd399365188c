# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The job IDs in a text that a user has pasted. Pure."""

from __future__ import annotations

import re

from .errors import ConfigurationError

_EXAMPLE = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"
_JOB_ID = re.compile(r"[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}")
_OTHER_ID = re.compile(r"(?=.*[A-Za-z0-9])[A-Za-z0-9-]{1,64}")
_SEPARATORS = re.compile("[\\r\\n\\v\\f\\x1c-\\x1e\\x85\u2028\u2029,;\uff0c\u3001\uff1b]+")
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"))
_MAX_SHOWN = 3


def parse_ids(text: str, where: str) -> list[str]:
    """Return the IDs in a pasted text, each once, in their order.

    IDs are separated by line ends, commas or semicolons. IDs of the usual form, with 36 characters, may also be
    separated by blanks. IDs may be in quotes, and all of them in the brackets of a list. IDs of another form are
    accepted only if the text has none of the usual form. Raise ConfigurationError, which names ``where`` and the
    unexpected words, for anything else: what a bullet, a name or half an ID means must not be guessed before a stop.
    """
    visible = text.translate(_INVISIBLE).strip()
    if visible.startswith("[") and visible.endswith("]"):
        visible = visible[1:-1]
    job_ids: list[str] = []
    other_ids: list[str] = []
    unexpected: list[str] = []
    for part in _SEPARATORS.split(visible):
        words = part.split()
        for word in words:
            job_id = word.strip(_QUOTES)
            if _JOB_ID.fullmatch(job_id):
                job_ids.append(job_id)
            elif len(words) == 1 and _OTHER_ID.fullmatch(job_id):
                other_ids.append(job_id)
            else:
                unexpected.append(word)
    if job_ids:
        unexpected += other_ids
    if unexpected:
        raise ConfigurationError(_build_message(where, unexpected))
    return list(dict.fromkeys(job_ids or other_ids))


def _build_message(where: str, unexpected: list[str]) -> str:
    # In ASCII, so that a dash can be told from a hyphen.
    shown = ", ".join(ascii(word[:80]) for word in unexpected[:_MAX_SHOWN])
    more = f" and {len(unexpected) - _MAX_SHOWN} more" if len(unexpected) > _MAX_SHOWN else ""
    return (
        f"{where}: {shown}{more} in the text: no job ID, which has 36 characters like {_EXAMPLE}; "
        "give IDs alone, one a line, without bullets or names"
    )
