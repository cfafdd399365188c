# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: all jobs that a filter lets through, from every page of every list that has them.

The v5 list serves some engines only (drs_03_0159), the v3 list all of them, but no replays. So where both are there,
both are asked: somebody who stops "all running jobs" must not miss some of them without a word.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from .._core.error_codes import is_not_published
from .._core.errors import CloudError, InvalidResponseError
from .._core.job_info import JOB_TYPES, V3_JOB_TYPES, JobFilter
from .._core.jobs import Observation
from .drs import DrsClient
from .drs_api import MAX_PAGE_SIZE, DrsApi, Page

MAX_JOBS = 20_000
"""Jobs of one type. A project has some hundred of them; a list that is longer is taken for one that never ends."""
MAX_MEMORY = 512 * 1024 * 1024
"""Bytes for all jobs that are listed, as `estimate_memory` says, which is several times what they really take."""

Observations = dict[str, Observation]
ListQuery = tuple[str, str]  # a version of the API, and a type of jobs

_PAGE_BEYOND_THE_LAST = "DRS.M00211"
_BAD_REQUEST = 400


def list_jobs(drs: DrsClient, job_filter: JobFilter, warn: Callable[[str], None]) -> Observations:
    """Give the jobs by their IDs. Raises CloudError where a list could not be read to its end.

    ``warn`` is told where v3's list could not be read although v5's was.
    """
    reads = _queries(drs.api_version, job_filter.job_type)
    found: Observations = {}
    problems: dict[str, CloudError] = {}
    memory_limit = _MemoryLimit(f"DRS at {drs.api.base_url}")
    results = drs.executor.map(
        lambda read: _read(drs.api, job_filter, read, memory_limit),
        reads,
        lambda _read, error: error,
        memory_limit.service,
    )
    for read, result in zip(reads, results, strict=True):
        if not isinstance(result, CloudError):
            for job_id, observation in result.items():
                found.setdefault(job_id, observation)  # v5 comes first, and says more
        elif not _is_optional_type(read, job_filter, result):
            problems.setdefault(read[0], result)
    served = [version for version in dict.fromkeys(version for version, _type in reads) if version not in problems]
    _raise_or_warn(problems, served, warn)
    drs.versions["list"] = " and ".join(served)
    return {job_id: observation for job_id, observation in found.items() if job_filter.matches(observation)}


def _raise_or_warn(problems: dict[str, CloudError], served: list[str], warn: Callable[[str], None]) -> None:
    """Raise the error that makes the list incomplete, or warn of one that may."""
    if not served:
        raise list(problems.values())[-1]
    for version, error in problems.items():
        if is_not_published(error.status, error.error_code):
            continue
        if version == "v5":
            raise error
        warn(f"jobs of engines that the v5 list does not serve may be missing, since the v3 list failed: {error}")


def _queries(api_version: str, job_type: str | None) -> list[ListQuery]:
    v5 = [("v5", each) for each in ([job_type] if job_type else JOB_TYPES)]
    v3 = [("v3", each) for each in ([job_type] if job_type else V3_JOB_TYPES)]
    if api_version == "auto":
        return v5 + [read for read in v3 if read[1] in V3_JOB_TYPES]
    return v5 if api_version == "v5" else v3


def _is_optional_type(read: ListQuery, job_filter: JobFilter, error: CloudError) -> bool:
    """Say whether a list was refused that nobody asked for by name, and that not every region may know."""
    return read[1] not in V3_JOB_TYPES and job_filter.job_type is None and error.status == _BAD_REQUEST


def _read(api: DrsApi, job_filter: JobFilter, read: ListQuery, memory_limit: _MemoryLimit) -> Observations | CloudError:
    version, job_type = read
    if version == "v5":
        return _all_v5(api, {"job_type": job_type, **job_filter.parameters}, memory_limit)
    return _all_v3(api, {"db_use_type": job_type, **job_filter.parameters}, memory_limit)


class _MemoryLimit:
    """Keeps a list that never ends from taking all memory. Safe to use from several threads."""

    def __init__(self, service: str) -> None:
        """``service`` is who sends the lists, for the error."""
        self.service = service
        self._lock = threading.Lock()
        self._memory = 0

    def add(self, found: Observations, page: Page) -> bool:
        """Add what is on the page, and return whether that was new. Raise InvalidResponseError for too much."""
        with self._lock:
            self._memory += page.memory
        before = len(found)
        found.update(page.observations)
        if len(found) > MAX_JOBS or self._memory > MAX_MEMORY:
            raise InvalidResponseError(
                f"{self.service} sent a list of more than {MAX_JOBS} jobs, or one that does not end. "
                "Say which ones to list, with name, engine_type, net_type or enterprise_project_id"
            )
        return len(found) > before


def _all_v5(api: DrsApi, filters: dict[str, str], memory_limit: _MemoryLimit) -> Observations:
    # Until a page brings nothing new, as the Terraform provider does: the largest page is not documented, and older
    # pages of the documentation are not clear about the total.
    found: Observations = {}
    while memory_limit.add(found, api.list_v5(filters, offset=len(found))):
        pass
    return found


def _all_v3(api: DrsApi, filters: dict[str, str], memory_limit: _MemoryLimit) -> Observations:
    found: Observations = {}
    number = 1
    while True:
        try:
            page = api.list_v3(filters, number)
        except CloudError as error:
            if number > 1 and error.error_code == _PAGE_BEYOND_THE_LAST:
                return found
            raise
        # Where the total and the length of the page do not agree that this was the last one, neither is believed.
        if not memory_limit.add(found, page) or (
            len(page.observations) < MAX_PAGE_SIZE and page.total in (None, len(found))
        ):
            return found
        number += 1
