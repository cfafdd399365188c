# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the job IDs in a text that somebody has pasted. Pure."""

from __future__ import annotations

import re

from .errors import ConfigurationError

EXAMPLE = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"
# What the cloud gives: the form of a UUID, with other letters than those of hexadecimal digits too.
_JOB_ID = re.compile(r"[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}")
# Blanks of all kinds; commas and semicolons, also those of Chinese texts.
_BETWEEN = re.compile("[\\s,;\uff0c\u3001\uff1b]+")
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
# Nobody sees them: marks of the byte order, of joining, of where a word may break, of the direction of writing.
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"))
_NAMED = 3


def ids_in(text: str, where: str) -> list[str]:
    """Return the IDs of a pasted text, each once, in their order.

    They stand between blanks, line ends, commas or semicolons, also in quotes, and all of them in the brackets of a
    list. Raise ConfigurationError, which names the place and the pieces, where anything else is there: a bullet, a
    name or half of an ID may mean something that nobody should guess before a stop.
    """
    seen = text.translate(_UNSEEN).strip()
    if seen.startswith("[") and seen.endswith("]"):
        seen = seen[1:-1]
    pieces = list(filter(None, _BETWEEN.split(seen)))
    job_ids = [piece.strip(_QUOTES) for piece in pieces]
    strange = [piece for piece, job_id in zip(pieces, job_ids, strict=True) if not _JOB_ID.fullmatch(job_id)]
    if strange:
        # In ASCII, so that a hyphen that is none can be told.
        named = ", ".join(ascii(piece[:80]) for piece in strange[:_NAMED])
        more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
        raise ConfigurationError(
            f"{where}: {named}{more} in the text: no job ID, which has 36 characters like {EXAMPLE}; "
            "give IDs alone, one a line, without bullets or names"
        )
    return list(dict.fromkeys(job_ids))
