# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Read the progress of jobs, with whichever calls a region has.

v3 ``batch-progress`` and ``batch-rpo-and-rto`` take several jobs. How many is documented nowhere, so ten, as for the
details. Where the first is not published, v5 ``type=progress`` is read job by job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .._core.drs_responses import is_about_one_job
from .._core.error_codes import is_not_published
from .._core.errors import CloudError
from .._core.job_lag import Reading
from .batch_bisect import BatchBisector, chunks
from .drs_api import DrsApi
from .executor import ThreadExecutor

_PAGE_SIZE = 10

Readings = Mapping[str, Reading]
Request = Callable[[Sequence[str]], Readings]


class ProgressReader:
    """Reads the progress of jobs. It raises nothing: what cannot be read says why."""

    def __init__(self, api: DrsApi, executor: ThreadExecutor) -> None:
        """Read nothing yet."""
        self._api = api
        self._executor = executor
        self._bisector = BatchBisector(is_about_one_job)
        self._unpublished: set[str] = set()

    def read_progress(self, job_ids: Sequence[str]) -> dict[str, Reading]:
        """Return one reading of each job."""
        readings = self._read("batch-progress", self._api.get_progress, job_ids, _PAGE_SIZE)
        if "batch-progress" not in self._unpublished:
            return readings
        return self._read(
            "progress", lambda some: {job_id: self._api.get_progress_v5(job_id) for job_id in some}, job_ids, 1
        )

    def read_rpo_and_rto(self, job_ids: Sequence[str]) -> dict[str, Reading]:
        """Return one reading of each disaster recovery job."""
        return self._read("batch-rpo-and-rto", self._api.get_rpo_and_rto, job_ids, _PAGE_SIZE)

    def _read(self, call: str, request: Request, job_ids: Sequence[str], page_size: int) -> dict[str, Reading]:
        def read(page: Sequence[str]) -> dict[str, Reading]:
            readings: dict[str, Reading] = {}
            for some, result in self._bisector.send(page, request):
                readings.update(self._fail(call, some, result) if isinstance(result, CloudError) else result)
            return readings

        pages = self._executor.map(
            read, chunks(job_ids, page_size), lambda page, error: self._fail(call, page, error), self._api.service
        )
        found = {job_id: reading for page in pages for job_id, reading in page.items()}
        return {job_id: found.get(job_id, Reading(None, "the answer leaves the job out")) for job_id in job_ids}

    def _fail(self, call: str, job_ids: Sequence[str], error: CloudError) -> dict[str, Reading]:
        if is_not_published(error.status, error.error_code):
            self._unpublished.add(call)
        return dict.fromkeys(job_ids, Reading(None, str(error)))
