# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The calls of DRS, one function for each. `drs.py` decides which one to use.

Three calls are named "stop", and only these two end jobs: v5 ``batch-stop``, and v3 ``batch-jobs`` with ``terminate``.
``BatchStopJobs`` of the v3 SDK (``batch-pause-task``) and the action ``stop`` of v5 pause them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlencode

from .._core.drs_responses import (
    StopReply,
    parse_detail_response,
    parse_list_response,
    parse_status_response,
    parse_stop_response,
)
from .._core.endpoints import format_request_line
from .._core.errors import InvalidResponseError
from .._core.jobs import Observation, StopRequest
from .._core.retry import RequestKind
from .auth import Auth
from .http_client import HttpClient
from .http_responses import HttpResponse

if TYPE_CHECKING:
    from .._core.job_lag import Reading

ResultT = TypeVar("ResultT")

MAX_PAGE_SIZE = 100
"""The largest page of v3's calls (drs_api_0150, ShowJobList); for the v5 list none is documented."""


class Page(NamedTuple):
    """A page of a list: jobs by job ID, their number on all pages if there is one, and the bytes in memory."""

    observations: Mapping[str, Observation]
    total: int | None
    memory: int = 0


class DrsApi:
    """The calls of DRS in one project of one region. Each raises CloudError."""

    def __init__(self, http: HttpClient, auth: Auth, base_url: str, project_id: str) -> None:
        """``base_url`` is without a trailing slash."""
        self._http = http
        self.auth = auth
        self.project_id = project_id
        self.service = f"DRS at {base_url}"
        """How messages name this server."""
        self.location = f"Project {project_id} at {base_url}"
        """How messages name the project."""
        self.pause = http.pause
        self._v3 = f"{base_url}/v3/{project_id}/jobs"
        self._v5 = f"{base_url}/v5/{project_id}/jobs"

    def stop_v5(self, requests: Sequence[StopRequest]) -> dict[str, StopReply]:
        """Stop jobs: ``POST batch-stop`` (drs_03_0201). Jobs that the response does not mention are left out."""
        jobs = [{"job_id": request.job_id, "is_force_stop": request.is_force_stop} for request in requests]
        return self._stop("POST", f"{self._v5}/batch-stop", jobs, key="jobs")

    def stop_v3(self, requests: Sequence[StopRequest]) -> dict[str, StopReply]:
        """Stop jobs: ``DELETE batch-jobs`` (drs_03_0113). Its third type, ``delete``, is never sent."""
        types = {False: "terminate", True: "force_terminate"}
        jobs = [{"job_id": request.job_id, "delete_type": types[request.is_force_stop]} for request in requests]
        return self._stop("DELETE", f"{self._v3}/batch-jobs", jobs, key="results")

    def get_statuses(
        self, job_ids: Sequence[str], call: str = "batch-status", kind: RequestKind = RequestKind.READ
    ) -> dict[str, Observation]:
        """Observe up to 100 jobs: ``POST batch-status`` (drs_api_0150), or ``batch-detail`` (drs_api_0151)."""
        # Without page_req the response has five jobs only.
        body = {"jobs": list(job_ids), "page_req": {"cur_page": 1, "per_page": MAX_PAGE_SIZE}}
        return self._send(
            "POST",
            f"{self._v3}/{call}",
            lambda response: parse_status_response(response.body, job_ids, response.request_id, response.mask),
            kind,
            body,
        )

    def get_detail_v5(self, job_id: str) -> Observation:
        """Observe one job: ``GET jobs/{job_id}?type=detail`` (ShowJobDetail)."""
        return self._send(
            "GET",
            f"{self._v5}/{job_id}?type=detail",
            lambda response: parse_detail_response(response.body, job_id, response.request_id, response.mask),
        )

    def get_progress(self, job_ids: Sequence[str]) -> dict[str, Reading]:
        """Return the progress of jobs: ``POST batch-progress`` (drs_03_0114)."""
        return self._get_items("batch-progress", job_ids)

    def get_rpo_and_rto(self, job_ids: Sequence[str]) -> dict[str, Reading]:
        """Return RPO and RTO of disaster recovery jobs: ``POST batch-rpo-and-rto`` (drs_03_0117)."""
        return self._get_items("batch-rpo-and-rto", job_ids)

    def get_progress_v5(self, job_id: str) -> Reading:
        """Return the progress of one job: ``GET jobs/{job_id}?type=progress`` (ShowJobDetail)."""
        from .._core.drs_progress_responses import parse_progress_response  # noqa: PLC0415  loaded by who reads progress

        return self._send(
            "GET",
            f"{self._v5}/{job_id}?type=progress",
            lambda response: parse_progress_response(response.body, job_id, response.mask),
        )

    def list_v5(self, filters: Mapping[str, str], offset: int) -> Page:
        """Return a page of jobs: ``GET jobs`` (drs_03_0159). ``filters`` has a ``job_type``."""
        query = urlencode({**filters, "offset": offset, "limit": MAX_PAGE_SIZE})
        return self._send("GET", f"{self._v5}?{query}", _parse_page)

    def list_v3(self, filters: Mapping[str, str], page: int) -> Page:
        """Return a page of jobs: ``POST jobs`` (drs_03_0138). ``filters`` has a ``db_use_type``."""
        body = {**filters, "cur_page": page, "per_page": MAX_PAGE_SIZE}
        return self._send("POST", self._v3, _parse_page, body=body)

    def _get_items(self, call: str, job_ids: Sequence[str]) -> dict[str, Reading]:
        from .._core.drs_progress_responses import parse_items_response  # noqa: PLC0415  as above

        return self._send(
            "POST",
            f"{self._v3}/{call}",
            lambda response: parse_items_response(response.body, job_ids, response.mask),
            body={"jobs": list(job_ids)},
        )

    def _stop(self, method: str, url: str, jobs: Sequence[Mapping[str, object]], key: str) -> dict[str, StopReply]:
        job_ids = [str(job["job_id"]) for job in jobs]
        return self._send(
            method,
            url,
            lambda response: parse_stop_response(response.body, job_ids, response.request_id, response.mask, key),
            RequestKind.STOP,
            {"jobs": jobs},
        )

    def _send(
        self,
        method: str,
        url: str,
        parse: Callable[[HttpResponse], ResultT],
        kind: RequestKind = RequestKind.READ,
        body: object = None,
    ) -> ResultT:
        response = self._http.request(method, url, kind=kind, auth=self.auth, body=body)
        try:
            return parse(response)
        except ValueError as error:
            raise InvalidResponseError(
                f"{format_request_line(method, url)} answered HTTP {response.status}, but {error}",
                status=response.status,
                request_id=response.request_id,
            ) from None


def _parse_page(response: HttpResponse) -> Page:
    return Page(*parse_list_response(response.body, response.mask), response.memory)
