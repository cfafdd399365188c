# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Decide which lists of jobs to request, when a list has ended, and what several lists say together. Pure functions.

The v5 list serves some engines only (drs_03_0159). The v3 list serves all engines, but no replays. So where both are
published, both are requested: a user who stops "all running jobs" must not miss some of them without a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .error_codes import is_not_published
from .errors import CloudError
from .job_info import JOB_TYPES, V3_JOB_TYPES, JobFilter
from .jobs import Observation

Observations = Mapping[str, Observation]
_PAGE_BEYOND_THE_LAST = "DRS.M00211"
_BAD_REQUEST = 400


class ListQuery(NamedTuple):
    """One list: the version of the API and the type of the jobs."""

    api_version: str
    job_type: str


class JobList(NamedTuple):
    """The jobs of all lists by job ID, the versions of the API that listed them, and why jobs may be missing."""

    observations: Observations
    api_versions: str
    warning: str | None


def build_list_queries(api_version: str, job_type: str | None) -> list[ListQuery]:
    """Return the lists to request for a version of the API, or ``auto``. Without a job type, for all of them."""
    v5 = [ListQuery("v5", each) for each in ([job_type] if job_type else JOB_TYPES)]
    v3 = [ListQuery("v3", each) for each in ([job_type] if job_type else V3_JOB_TYPES)]
    if api_version == "auto":
        return v5 + [query for query in v3 if query.job_type in V3_JOB_TYPES]
    return v5 if api_version == "v5" else v3


def is_page_beyond_last(error: CloudError, page_number: int) -> bool:
    """Return whether an error says that the page before was the last one of a v3 list."""
    return page_number > 1 and error.error_code == _PAGE_BEYOND_THE_LAST


def is_last_page(count: int, page_size: int, listed: int, total: int | None) -> bool:
    """Return whether a page of a v3 list, with ``count`` jobs, is the last one; ``listed`` are on all pages so far."""
    # The short page and the total of the cloud have to agree, since neither is reliable.
    return count < page_size and total in (None, listed)


def merge_lists(job_filter: JobFilter, results: Mapping[ListQuery, Observations | CloudError]) -> JobList:
    """Return the jobs of all lists that pass the filter. Raise the CloudError of a list without which some are missing.

    ``results`` are in the order of the queries: v5 comes first, since its items have more fields.
    """
    jobs: dict[str, Observation] = {}
    errors: dict[str, CloudError] = {}
    for query, result in results.items():
        if not isinstance(result, CloudError):
            for job_id, observation in result.items():
                jobs.setdefault(job_id, observation)
        elif not _is_optional(query, job_filter, result):
            errors.setdefault(query.api_version, result)
    served = [version for version in dict.fromkeys(query.api_version for query in results) if version not in errors]
    if not served:
        raise list(errors.values())[-1]
    matching = {job_id: observation for job_id, observation in jobs.items() if job_filter.matches(observation)}
    return JobList(matching, " and ".join(served), _find_warning(errors))


def _is_optional(query: ListQuery, job_filter: JobFilter, error: CloudError) -> bool:
    """Return whether a list was refused for a job type that the user did not name, and that a region may not know."""
    return query.job_type not in V3_JOB_TYPES and job_filter.job_type is None and error.status == _BAD_REQUEST


def _find_warning(errors: Mapping[str, CloudError]) -> str | None:
    """Return a warning for a v3 list that failed. Raise the error of a v5 list that failed."""
    for version, error in errors.items():
        if is_not_published(error.status, error.error_code):
            continue
        if version == "v5":
            raise error
        return f"jobs of engines that the v5 list does not serve may be missing, since the v3 list failed: {error}"
    return None
