# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the job IDs in a text that somebody has pasted. Pure."""

from __future__ import annotations

import re

from .errors import ConfigurationError

EXAMPLE = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"
_JOB_ID = re.compile(r"[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}")
_OTHER_ID = re.compile(r"(?=.*[A-Za-z0-9])[A-Za-z0-9-]{1,64}")
_BETWEEN = re.compile("[\\r\\n\\v\\f\\x1c-\\x1e\\x85\u2028\u2029,;\uff0c\u3001\uff1b]+")
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"))
_NAMED = 3


def parse_ids(text: str, where: str) -> list[str]:
    """Return the IDs of a pasted text, each once, in their order.

    They stand between line ends, commas or semicolons, those of the usual form also between blanks, in quotes, or all
    of them in the brackets of a list. IDs of another form are taken only where there is none of the usual. Raise
    ConfigurationError, which names the place and the pieces, where anything else is there: a bullet, a name or half of
    an ID may mean something that nobody should guess before a stop.
    """
    seen = text.translate(_UNSEEN).strip()
    if seen.startswith("[") and seen.endswith("]"):
        seen = seen[1:-1]
    usual: list[str] = []
    others: list[str] = []
    strange: list[str] = []
    for part in _BETWEEN.split(seen):
        pieces = part.split()
        for piece in pieces:
            job_id = piece.strip(_QUOTES)
            if _JOB_ID.fullmatch(job_id):
                usual.append(job_id)
            elif len(pieces) == 1 and _OTHER_ID.fullmatch(job_id):
                others.append(job_id)
            else:
                strange.append(piece)
    if usual:
        strange += others
    if strange:
        raise ConfigurationError(_problem(where, strange))
    return list(dict.fromkeys(usual or others))


def _problem(where: str, strange: list[str]) -> str:
    # In ASCII, so that a hyphen that is none can be told.
    named = ", ".join(ascii(piece[:80]) for piece in strange[:_NAMED])
    more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
    return (
        f"{where}: {named}{more} in the text: no job ID, which has 36 characters like {EXAMPLE}; "
        "give IDs alone, one a line, without bullets or names"
    )
