# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""One line about many jobs: how many have a problem, which ones, and what it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .jobs import JobError

_MAX_NAMED_JOBS = 5


class JobProblem(NamedTuple):
    """The problem of one job. Jobs with the same ``group`` are named together, with the text of the first."""

    job_id: str
    group: str
    text: str

    @classmethod
    def from_error(cls, job_id: str, error: JobError) -> JobProblem:
        """Return the problem that an error is."""
        text = error.detail
        if text is None:
            text = ": ".join(part for part in (error.error_code, error.error_msg) if part).rstrip(".")
            text = f"{text}, request ID {error.request_id}" if error.request_id else text
        return cls(job_id, error.error_code or error.error_msg, text.rstrip("."))


def describe_problems(problems: Sequence[JobProblem], total: int, what: str, *, more: str = "") -> str:
    """Return a sentence such as ``2 of 3 DRS jobs failed: ID, ID (reason)``.

    ``what`` is the predicate, ``total`` the number of all jobs. The first few are named; ``more`` says where the others
    are.
    """
    groups: dict[str, list[JobProblem]] = {}
    for problem in problems[:_MAX_NAMED_JOBS]:
        groups.setdefault(problem.group, []).append(problem)
    named = "; ".join(f"{', '.join(each.job_id for each in group)} ({group[0].text})" for group in groups.values())
    unnamed = len(problems) - _MAX_NAMED_JOBS
    rest = f"; and {unnamed} more{more}" if unnamed > 0 else ""
    return f"{len(problems)} of {total} DRS job{'s' if total != 1 else ''} {what}: {named}{rest}"
