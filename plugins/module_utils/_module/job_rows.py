# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The rows of the jobs of one project, for drs_job_info and the inventory."""

from __future__ import annotations

from collections.abc import Callable, Collection

from .._client.drs import DrsClient
from .._core.job_info import JobFilter, build_job_row
from .job_details import Row, add_details


def list_job_rows(
    drs: DrsClient,
    job_filter: JobFilter,
    details: Collection[str],
    warn: Callable[[str], None],
    phases: Collection[str] | None = None,
) -> list[Row]:
    """Return the rows of the listed jobs, those in these phases only if any are given. Raise CloudError.

    ``warn`` is called if jobs may be missing. Details are requested only of the jobs that are returned.
    """
    listed = drs.list_jobs(job_filter, warn)
    rows = [build_job_row(job_id, observation) for job_id, observation in listed.items()]
    rows = [row for row in rows if phases is None or row["phase"] in phases]
    add_details(rows, listed, details, drs, is_listed=True)
    return rows
