# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.

"""Decide what a read of several jobs says of each of them. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .error_codes import NOT_FOUND, is_credential_refused
from .errors import CloudError
from .jobs import JobError, Observation

_NOT_MENTIONED = Observation(reason=JobError(None, "The cloud gave no status for this job"))


def is_about_one_job(error: CloudError) -> bool:
    """Return whether an error is about one job of the request, so that it says nothing of the others.

    One missing job may refuse a whole page of statuses (Terraform provider).
    """
    return error.error_code in NOT_FOUND


def build_failed_observations(
    job_ids: Sequence[str], error: CloudError, *, unrecoverable: bool
) -> dict[str, Observation]:
    """Return the observations of jobs whose request ended in this error.

    ``unrecoverable`` says whether no other request can succeed any more.
    """
    observation = Observation(
        missing=len(job_ids) == 1 and is_about_one_job(error),
        reason=JobError.from_error(error),
        unrecoverable=unrecoverable,
        is_refused=is_credential_refused(error.status, error.error_code),
    )
    return dict.fromkeys(job_ids, observation)


def complete_observations(job_ids: Sequence[str], observations: Mapping[str, Observation]) -> dict[str, Observation]:
    """Return one observation of each job, also of those that no response mentions."""
    return {job_id: observations.get(job_id, _NOT_MENTIONED) for job_id in job_ids}


def select_unread(job_ids: Sequence[str], observations: Mapping[str, Observation]) -> list[str]:
    """Return the jobs whose status is still unknown."""
    return [job_id for job_id in job_ids if job_id not in observations or observations[job_id].phase is None]


def select_for_another_call(job_ids: Sequence[str], observations: Mapping[str, Observation]) -> list[str]:
    """Return the jobs whose status another call may give: those still unknown, unless the credential was refused."""
    return [job_id for job_id in job_ids if job_id not in observations or observations[job_id].is_worth_another_call]
