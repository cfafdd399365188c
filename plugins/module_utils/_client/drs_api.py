# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the calls of DRS, one function for each; what to call when is for ``drs.py``.

Three calls are named "stop", and only these two end jobs: v5 ``batch-stop``, and v3 ``batch-jobs`` with ``terminate``.
``BatchStopJobs`` of the v3 SDK (``batch-pause-task``) and the action ``stop`` of v5 pause them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from .._core.drs_responses import (
    StopReply,
    parse_detail_response,
    parse_list_response,
    parse_status_response,
    parse_stop_response,
)
from .._core.endpoints import format_request_line
from .._core.errors import CloudError, InvalidResponseError
from .._core.jobs import Observation, StopRequest
from .._core.retry import RequestKind
from .auth import Auth
from .http_client import HttpClient
from .http_responses import HttpResponse

ResultT = TypeVar("ResultT")

MAX_PAGE_SIZE = 100
"""The largest page of v3's calls (drs_api_0150, ShowJobList); for the v5 list no largest page is documented."""


class Page(NamedTuple):
    """A page of a list: the jobs on it by their IDs, how many there are on all, and what memory it may take."""

    observations: Mapping[str, Observation]
    total: int | None
    memory: int = 0


class DrsApi:
    """The calls of DRS in one project of one region. Each raises CloudError."""

    def __init__(self, http: HttpClient, auth: Auth, base_url: str, project_id: str) -> None:
        """``base_url`` is without a trailing slash."""
        self._http = http
        self.auth = auth
        self.base_url = base_url
        self.project_id = project_id
        self._v3 = f"{base_url}/v3/{project_id}/jobs"
        self._v5 = f"{base_url}/v5/{project_id}/jobs"

    def pause(self, error: CloudError, attempt: int) -> None:
        """Wait before a request that ended in this error is made once more, or raise it; see `HttpClient.pause`."""
        self._http.pause(error, attempt)

    def stop_v5(self, requests: Sequence[StopRequest]) -> dict[str, StopReply]:
        """Stop jobs: ``POST batch-stop`` (drs_03_0201). Jobs that the answer does not mention are left out."""
        jobs = [{"job_id": request.job_id, "is_force_stop": request.is_force_stop} for request in requests]
        asked = [request.job_id for request in requests]
        return self._send(
            "POST",
            f"{self._v5}/batch-stop",
            lambda answer: parse_stop_response(answer.body, asked, answer.request_id, answer.mask),
            RequestKind.STOP,
            {"jobs": jobs},
        )

    def stop_v3(self, requests: Sequence[StopRequest]) -> dict[str, StopReply]:
        """Stop jobs: ``DELETE batch-jobs`` (drs_03_0113), whose third type, ``delete``, is never sent."""
        types = {False: "terminate", True: "force_terminate"}
        jobs = [{"job_id": request.job_id, "delete_type": types[request.is_force_stop]} for request in requests]
        asked = [request.job_id for request in requests]
        return self._send(
            "DELETE",
            f"{self._v3}/batch-jobs",
            lambda answer: parse_stop_response(answer.body, asked, answer.request_id, answer.mask, key="results"),
            RequestKind.STOP,
            {"jobs": jobs},
        )

    def statuses(self, job_ids: Sequence[str], call: str = "batch-status") -> dict[str, Observation]:
        """Look at up to 100 jobs: ``POST batch-status`` (drs_api_0150); ``batch-detail`` (drs_api_0151) says more."""
        # Without page_req the answer is about five jobs only.
        body = {"jobs": list(job_ids), "page_req": {"cur_page": 1, "per_page": MAX_PAGE_SIZE}}
        return self._send(
            "POST",
            f"{self._v3}/{call}",
            lambda answer: parse_status_response(answer.body, job_ids, answer.request_id, answer.mask),
            body=body,
        )

    def detail_v5(self, job_id: str) -> Observation:
        """Look at one job: ``GET jobs/{job_id}?type=detail`` (ShowJobDetail)."""
        return self._send(
            "GET",
            f"{self._v5}/{job_id}?type=detail",
            lambda answer: parse_detail_response(answer.body, job_id, answer.request_id, answer.mask),
        )

    def list_v5(self, filters: Mapping[str, str], offset: int) -> Page:
        """Give a page of jobs: ``GET jobs`` (drs_03_0159). ``filters`` has a ``job_type``."""
        query = urlencode({**filters, "offset": offset, "limit": MAX_PAGE_SIZE})
        return self._send("GET", f"{self._v5}?{query}", _page_of)

    def list_v3(self, filters: Mapping[str, str], page: int) -> Page:
        """Give a page of jobs: ``POST jobs`` (drs_03_0138). ``filters`` has a ``db_use_type``."""
        body = {**filters, "cur_page": page, "per_page": MAX_PAGE_SIZE}
        return self._send("POST", self._v3, _page_of, body=body)

    def _send(
        self,
        method: str,
        url: str,
        parse: Callable[[HttpResponse], ResultT],
        kind: RequestKind = RequestKind.READ,
        body: object = None,
    ) -> ResultT:
        answer = self._http.request(method, url, kind=kind, auth=self.auth, body=body)
        try:
            return parse(answer)
        except ValueError as failure:
            raise InvalidResponseError(
                f"{format_request_line(method, url)} answered HTTP {answer.status}, but {failure}",
                status=answer.status,
                request_id=answer.request_id,
            ) from None


def _page_of(answer: HttpResponse) -> Page:
    return Page(*parse_list_response(answer.body, answer.mask), answer.memory)
