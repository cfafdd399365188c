# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which calls are made for the progress of jobs, and what comes of errors."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_progress import ProgressReader
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError, ServiceError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_lag import Reading

UNPUBLISHED = ServiceError("POST https://drs", status=404, error_code="APIGW.0101")
MISSING = ServiceError("POST https://drs", status=400, error_code="DRS.M00289", error_text="gone", is_from_api=True)


class Api:
    """The calls of DRS: what each raises, and which jobs it was asked for."""

    service = "DRS"

    def __init__(self, error: CloudError | None = None, missing: str | None = None) -> None:
        """``error`` is that of the calls of v3; ``missing`` is a job that rejects the requests that name it."""
        self._error = error
        self._missing = missing
        self.calls: list[tuple[str, list[str]]] = []

    def get_progress(self, job_ids: Sequence[str]) -> dict[str, Reading]:
        """Answer for all jobs."""
        return self._answer("v3", job_ids)

    get_rpo_and_rto = get_progress

    def get_progress_v5(self, job_id: str) -> Reading:
        """Answer for one."""
        self.calls.append(("v5", [job_id]))
        return Reading({"job_id": job_id})

    def _answer(self, call: str, job_ids: Sequence[str]) -> dict[str, Reading]:
        self.calls.append((call, list(job_ids)))
        if self._error is not None:
            raise self._error
        if self._missing in job_ids:
            raise MISSING
        return {job_id: Reading({"job_id": job_id}) for job_id in job_ids if job_id != "left-out"}


def reader_of(api: Api) -> ProgressReader:
    """Return a reader that uses these calls, one after the other."""
    return ProgressReader(api, ThreadExecutor(1, timeout=lambda: 60.0))  # type: ignore[arg-type]


def test_ten_jobs_are_one_request() -> None:
    api = Api()
    readings = reader_of(api).read_progress([str(number) for number in range(12)])
    assert [(call, len(job_ids)) for call, job_ids in api.calls] == [("v3", 10), ("v3", 2)]
    assert all(reading.item == {"job_id": job_id} for job_id, reading in readings.items())


def test_without_v3_each_job_is_read_with_v5() -> None:
    api = Api(UNPUBLISHED)
    readings = reader_of(api).read_progress(["a", "b"])
    assert api.calls == [("v3", ["a", "b"]), ("v5", ["a"]), ("v5", ["b"])]
    assert readings["b"].item == {"job_id": "b"}


def test_a_job_that_rejects_its_request_keeps_no_other_from_being_read() -> None:
    readings = reader_of(Api(missing="c")).read_progress(["a", "b", "c", "d"])
    assert [job_id for job_id, reading in readings.items() if reading.item is None] == ["c"]
    assert "DRS.M00289" in readings["c"].reason


def test_a_job_that_the_answer_leaves_out_says_so() -> None:
    readings = reader_of(Api()).read_progress(["a", "left-out"])
    assert readings["left-out"] == Reading(None, "the answer leaves the job out")


@pytest.mark.parametrize("error", [UNPUBLISHED, ServiceError("POST https://drs", status=403)])
def test_rpo_and_rto_have_no_other_call(error: CloudError) -> None:
    api = Api(error)
    readings = reader_of(api).read_rpo_and_rto(["a"])
    assert readings == {"a": Reading(None, str(error))}
    assert len(api.calls) == 1
