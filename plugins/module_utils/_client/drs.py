# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the calls of DRS that the modules need.

Stops are v5 ``batch-stop``. Statuses are read with v3 ``batch-status``, which serves every engine and region; the v5
list does not, and v5 has no status call for several jobs (API pages drs_03_0201, drs_api_0150, drs_03_0159).
"""

from __future__ import annotations

from collections.abc import Sequence

from .._core.answers import StopAnswer, parse_status_answer, parse_stop_answer
from .._core.errors import CloudError, DeadlineError, NoAnswerError, UnreadableAnswerError
from .._core.jobs import Observation, Refusal
from .._core.retry import Purpose
from .._core.service_errors import NOT_FOUND
from .._core.stop_plan import StopRequest, in_batches
from .auth import Auth
from .halving import Halving, Pieces
from .http_client import Answer, HttpClient, describe
from .workers import Workers

# The largest page of batch-status (drs_api_0150). Without page_req it answers for five jobs only.
_STATUS_PAGE = 100


class DrsClient:
    """DRS in one project of one region."""

    def __init__(self, http: HttpClient, auth: Auth, base_url: str, project_id: str, workers: Workers) -> None:
        """``base_url`` is without a trailing slash."""
        self._http = http
        self._auth = auth
        self._v3 = f"{base_url}/v3/{project_id}"
        self._v5 = f"{base_url}/v5/{project_id}"
        self._workers = workers
        self._stops = Halving()
        # One missing job may refuse a whole page of statuses (Terraform provider); it says nothing about the others.
        self._reads = Halving(about_items=NOT_FOUND)

    def observe(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        """Give one look at each job; where there is no status, the look says why. Raises nothing.

        A job that the answer leaves out is asked for once more before it counts as unread.
        """
        looks = self._observe(job_ids)
        left_out = [job_id for job_id in job_ids if job_id not in looks]
        if left_out:
            looks.update(self._observe(left_out))
        nothing = Observation(reason=Refusal(None, "The cloud gave no status for this job"))
        return {job_id: looks.get(job_id, nothing) for job_id in job_ids}

    def stop(self, requests: Sequence[StopRequest], batch_size: int) -> dict[str, StopAnswer | CloudError | None]:
        """Stop these jobs, and give what the cloud said of each, or the error of its request. Raises nothing.

        None stands for a job that the answer does not mention. Every batch is tried.
        """
        answers: dict[str, StopAnswer | CloudError | None] = {}
        batches = in_batches(requests, batch_size)
        for pieces in self._workers.map(self._send_stops, batches, late=_unanswered):
            for piece, result in pieces:
                for request in piece:
                    said = result if isinstance(result, CloudError) else result.get(request.job_id)
                    answers[request.job_id] = said
        return answers

    def _send_stops(self, batch: Sequence[StopRequest]) -> Pieces[StopRequest, dict[str, StopAnswer]]:
        return self._stops.send(batch, self._batch_stop)

    def _batch_stop(self, requests: Sequence[StopRequest]) -> dict[str, StopAnswer]:
        url = f"{self._v5}/jobs/batch-stop"
        jobs = [{"job_id": request.job_id, "is_force_stop": request.is_force_stop} for request in requests]
        answer = self._http.request("POST", url, purpose=Purpose.STOP, auth=self._auth, body={"jobs": jobs})
        try:
            return parse_stop_answer(answer.body, [request.job_id for request in requests], answer.request_id)
        except ValueError as failure:
            raise _unreadable("POST", url, answer, failure) from None

    def _observe(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        looks: dict[str, Observation] = {}
        pages = in_batches(job_ids, _STATUS_PAGE)
        for some in self._workers.map(self._read_page, pages, late=self._unread_page):
            looks.update(some)
        return looks

    def _read_page(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        looks: dict[str, Observation] = {}
        for piece, result in self._reads.send(job_ids, self._batch_status):
            looks.update(self._unread(piece, result) if isinstance(result, CloudError) else result)
        return looks

    def _unread_page(self, job_ids: Sequence[str], is_begun: bool) -> dict[str, Observation]:
        return self._unread(job_ids, _too_late(is_begun))

    def _unread(self, job_ids: Sequence[str], error: CloudError) -> dict[str, Observation]:
        reason = Refusal.of_error(error)
        is_missing = len(job_ids) == 1 and error.error_code in NOT_FOUND
        look = Observation(missing=is_missing, reason=reason, is_last=self._auth.failure is not None)
        return dict.fromkeys(job_ids, look)

    def _batch_status(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        url = f"{self._v3}/jobs/batch-status"
        body = {"jobs": list(job_ids), "page_req": {"cur_page": 1, "per_page": _STATUS_PAGE}}
        answer = self._http.request("POST", url, purpose=Purpose.READ, auth=self._auth, body=body)
        try:
            return parse_status_answer(answer.body, job_ids, answer.request_id)
        except ValueError as failure:
            raise _unreadable("POST", url, answer, failure) from None


def _unanswered(batch: Sequence[StopRequest], is_begun: bool) -> Pieces[StopRequest, dict[str, StopAnswer]]:
    return [(batch, _too_late(is_begun))]


def _too_late(is_begun: bool) -> CloudError:
    if is_begun:
        return NoAnswerError("No complete answer came before time was over", sent=True)
    return DeadlineError("not sent: time was over")


def _unreadable(method: str, url: str, answer: Answer, failure: ValueError) -> UnreadableAnswerError:
    return UnreadableAnswerError(
        f"{describe(method, url)} answered HTTP {answer.status}, but {failure}",
        status=answer.status,
        request_id=answer.request_id,
    )
