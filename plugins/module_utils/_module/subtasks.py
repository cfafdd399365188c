# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
# This file is private to the collection: do not import it from elsewhere.
"""Find the subtasks of jobs, whose lags are those of their parents.

Only lists name subtasks. ``batch-detail`` says of some kinds of jobs that they have any (``multi_write``), and nothing
of others, such as many-to-one jobs (drs_api_0151, drs_03_0138, drs_03_0159).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from .._client.drs import DrsClient
from .._core.error_codes import is_not_published
from .._core.errors import CloudError
from .._core.job_info import build_job_row
from .._core.jobs import Observation
from .job_details import Row

_LIST_FIELDS = ("children", "job_mode_role")


class Subtasks(NamedTuple):
    """The observations of jobs with their subtasks, and of which jobs nobody knows whether they have any, and why."""

    observations: dict[str, Observation]
    problems: dict[str, str]

    def correct_lags(self, rows: Iterable[Row]) -> None:
        """Make the lags of these jobs unknown: their subtasks may lag more."""
        for row in rows:
            if row["id"] in self.problems:
                row.update(lag=None, lag_reason=self.problems[row["id"]])


def find_subtasks(drs: DrsClient, observations: Mapping[str, Observation]) -> Subtasks:
    """Return these observations with what lists say of subtasks. Raise nothing.

    A job that no list has is what its details say, also in a region that publishes no list.
    """
    found, problems = dict(observations), {}
    for job_type, job_ids in _group_by_type(observations).items():
        try:
            listed = drs.list_jobs_by_ids(job_type, job_ids)
        except CloudError as error:
            if not is_not_published(error.status, error.error_code):
                problems.update(dict.fromkeys(job_ids, f"its subtasks could not be listed: {error}"))
        else:
            found.update({job_id: _add_subtasks(found[job_id], each) for job_id, each in listed.items()})
    return Subtasks(found, problems)


def _group_by_type(observations: Mapping[str, Observation]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for job_id, observation in observations.items():
        row = build_job_row(job_id, observation)
        # A subtask has no subtasks, and is listed only below its parent.
        if isinstance(row["job_type"], str) and "parent_id" not in row:
            groups.setdefault(row["job_type"], []).append(job_id)
    return groups


def _add_subtasks(observation: Observation, listed: Observation) -> Observation:
    fields = {name: (listed.details or {}).get(name) for name in _LIST_FIELDS}
    return replace(observation, details={**(observation.details or {}), **fields})
