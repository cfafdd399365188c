# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Read lists of jobs, page by page."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from .._core.error_codes import is_not_published
from .._core.errors import CloudError, InvalidResponseError
from .._core.job_info import V3_JOB_TYPES, JobFilter
from .._core.job_lists import (
    JobList,
    ListQuery,
    Observations,
    build_list_queries,
    is_last_page,
    is_page_beyond_last,
    merge_lists,
)
from .._core.jobs import Observation
from .batch_bisect import chunks
from .drs_api import MAX_PAGE_SIZE, DrsApi, Page
from .executor import ThreadExecutor

MAX_JOBS = 20_000
"""Jobs of one list. A project has some hundred jobs; a longer list is taken for one that never ends."""
_MAX_IDS = {"v3": 100, "v5": 10}  # in the filter ``name`` (ShowJobList and ListJobs of the official SDK)
MAX_MEMORY = 512 * 1024 * 1024
"""Bytes for all lists, as `estimate_memory` counts them, which is several times what they really take."""


def list_jobs(api: DrsApi, executor: ThreadExecutor, api_version: str, job_filter: JobFilter) -> JobList:
    """Return the jobs that pass the filter. Raise CloudError if a list cannot be read to its end."""
    queries = build_list_queries(api_version, job_filter.job_type)
    reader = _ListReader(api, job_filter.parameters)
    results = executor.map(reader.read, queries, lambda _query, error: error, api.service)
    return merge_lists(job_filter, dict(zip(queries, results, strict=True)))


def list_jobs_by_ids(
    api: DrsApi, executor: ThreadExecutor, api_version: str, job_type: str, job_ids: Sequence[str]
) -> dict[str, Observation]:
    """Return those of these jobs that the list of their type has. Raise CloudError if it cannot be read.

    One list is enough, unlike for a filter: what it leaves out is known from elsewhere. That of v3 serves all engines
    and takes more IDs.
    """
    unpublished: CloudError | None = None
    for version, size in _MAX_IDS.items():
        if api_version not in ("auto", version) or (version == "v3" and job_type not in V3_JOB_TYPES):
            continue
        try:
            return _list_chunks(api, executor, ListQuery(version, job_type), chunks(job_ids, size))
        except CloudError as error:
            if not is_not_published(error.status, error.error_code):
                raise
            unpublished = error
    if unpublished is not None:
        raise unpublished
    return {}


def _list_chunks(
    api: DrsApi, executor: ThreadExecutor, query: ListQuery, parts: Sequence[Sequence[str]]
) -> dict[str, Observation]:
    """Return the jobs of one list whose IDs are in these parts. Raise CloudError if one of them cannot be read."""

    def read(part: Sequence[str]) -> Observations | CloudError:
        return _ListReader(api, {"name": ",".join(part)}).read(query)

    found: dict[str, Observation] = {}
    results = executor.map(read, parts, lambda _part, error: error, api.service)
    for part, result in zip(parts, results, strict=True):
        if isinstance(result, CloudError):
            raise result
        # The cloud may compare the text with names, too.
        found.update({job_id: result[job_id] for job_id in part if job_id in result})
    return found


class _ListReader:
    """Reads lists, and limits how long they may be together. Safe to use from several threads."""

    def __init__(self, api: DrsApi, filters: dict[str, str]) -> None:
        """``filters`` are the parameters of the calls besides the job type."""
        self._api = api
        self._filters = filters
        self._lock = threading.Lock()
        self._memory = 0

    def read(self, query: ListQuery) -> Observations | CloudError:
        """Return the jobs of one list. Raise CloudError."""
        return self._read_v5(query.job_type) if query.api_version == "v5" else self._read_v3(query.job_type)

    def _read_v5(self, job_type: str) -> Observations:
        # Until a page has no new job, as the Terraform provider does: the largest page is not documented, and older
        # pages of the documentation are not clear about the total.
        jobs: dict[str, Observation] = {}
        filters = {"job_type": job_type, **self._filters}
        while self._add_page(jobs, self._api.list_v5(filters, offset=len(jobs))):
            pass
        return jobs

    def _read_v3(self, job_type: str) -> Observations:
        jobs: dict[str, Observation] = {}
        filters = {"db_use_type": job_type, **self._filters}
        number = 1
        while True:
            try:
                page = self._api.list_v3(filters, number)
            except CloudError as error:
                if is_page_beyond_last(error, number):
                    return jobs
                raise
            has_new_jobs = self._add_page(jobs, page)
            if not has_new_jobs or is_last_page(len(page.observations), MAX_PAGE_SIZE, len(jobs), page.total):
                return jobs
            number += 1

    def _add_page(self, jobs: dict[str, Observation], page: Page) -> bool:
        """Add the jobs of a page, and return whether any are new. Raise InvalidResponseError for too many."""
        with self._lock:
            self._memory += page.memory
        before = len(jobs)
        jobs.update(page.observations)
        if len(jobs) > MAX_JOBS or self._memory > MAX_MEMORY:
            raise InvalidResponseError(
                f"{self._api.service} sent a list of more than {MAX_JOBS} jobs, or one that does not end. "
                "Say which ones to list, with name, engine_type, net_type or enterprise_project_id"
            )
        return len(jobs) > before
