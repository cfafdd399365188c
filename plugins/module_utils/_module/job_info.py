# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: look at jobs, by their IDs or by a filter. Takes all that it needs as arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .._client.drs import DrsClient
from .._core.job_info import JobFilter, build_job_row
from .._core.jobs import Observation

_SHOWN_IN_MESSAGE = 5


@dataclass(frozen=True)
class InfoSettings:
    """What the user asked for: jobs by their IDs, or those that a filter lets through."""

    job_ids: tuple[str, ...] | None
    job_filter: JobFilter


@dataclass(frozen=True)
class JobInfo:
    """The jobs as the user reads them. ``message`` is None where all could be read."""

    rows: list[dict[str, object]]
    message: str | None = None


def get_jobs(settings: InfoSettings, drs: DrsClient, warn: Callable[[str], None]) -> JobInfo:
    """Give the jobs. Raises CloudError where a list could not be read."""
    if settings.job_ids is None:
        return JobInfo(
            [
                build_job_row(job_id, observation)
                for job_id, observation in drs.list_jobs(settings.job_filter, warn).items()
            ]
        )
    observations = drs.get_details(list(dict.fromkeys(settings.job_ids)))  # a request must not name a job twice
    found = [(job_id, observations[job_id]) for job_id in settings.job_ids]
    unread = [(job_id, observation) for job_id, observation in found if observation.phase is None]
    rows = [build_job_row(job_id, observation) for job_id, observation in found if observation.phase is not None]
    return JobInfo(rows, _message(unread, len(found)) if unread else None)


def _message(unread: list[tuple[str, Observation]], total: int) -> str:
    shown = ", ".join(job_id for job_id, _look in unread[:_SHOWN_IN_MESSAGE])
    more = f" and {len(unread) - _SHOWN_IN_MESSAGE} more" if len(unread) > _SHOWN_IN_MESSAGE else ""
    reason = unread[0][1].reason
    why = "no reason is known" if reason is None else reason.line or reason.error_msg
    return f"{len(unread)} of {total} DRS job{'s' if total != 1 else ''} could not be read: {shown}{more} ({why})"
