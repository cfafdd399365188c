# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: DRS as the modules need it: stop these jobs, look at those.

A region has the calls of v5, of v3, or of both; what the gateway calls not published is not asked for again. Stops
are v5's, or v3's in a region without. Statuses are read with v3 ``batch-status``, which serves every engine and many
jobs at once, and where it is not published with v5, job by job (API pages drs_03_0201, drs_03_0113, drs_api_0150).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from .._core.drs_responses import StopReply
from .._core.error_codes import NOT_FOUND, is_credential_refused, is_not_published, is_token_refused
from .._core.errors import CloudError
from .._core.jobs import JobError, Observation, StopRequest
from .._core.retry import Effect, classify_effect, is_retryable
from .batch_bisect import BatchBisector, chunks
from .drs_api import MAX_PAGE_SIZE, DrsApi
from .executor import Executor

ApiVersion = Literal["auto", "v5", "v3"]

# More are allowed, but the page advises against them.
DETAIL_PAGE_SIZE = 10

# An error that is worth repeating and has one of these effects asks for a pause, and says nothing against the jobs.
_FOR_NOW = (Effect.NOT_FORWARDED, Effect.REJECTED)


class StopListener(Protocol):
    """Is told what becomes of each stop request at the moment it is known, from whatever thread sends it."""

    def before_send(self, requests: Sequence[StopRequest]) -> None:
        """Take note that a request for these jobs is about to leave."""

    def on_response(self, requests: Sequence[StopRequest], answer: Mapping[str, StopReply] | CloudError) -> None:
        """Take note of the answer, or of the error in its place. Jobs that an answer does not mention are left out."""

    def on_cancelled(self, requests: Sequence[StopRequest], error: CloudError) -> None:
        """Take note that nobody waits any longer for requests for these jobs, some of which may have been answered."""

    def select_unstopped(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Look at jobs whose request was refused as a whole, and return those that it has not stopped."""


class DrsClient:
    """DRS in one project of one region."""

    def __init__(self, api: DrsApi, executor: Executor, api_version: ApiVersion = "auto") -> None:
        """``api_version`` is the generation to use for stops and lists; ``auto``: v5, or v3 in a region without v5."""
        self.api = api
        self.executor = executor
        self.api_version = api_version
        self.versions: dict[str, str] = {}
        """The generation that served stops, statuses and lists so far, for people who want to know."""
        self._unpublished: dict[str, CloudError] = {}
        self._refused_tokens: set[int] = set()
        """The tokens, by their numbers, that stops were refused with since one was answered with something else."""
        self._refusal: CloudError | None = None
        """What stops are refused with whichever token they carry."""
        self._stops = BatchBisector()
        # One missing job may refuse a whole page of statuses (Terraform provider); it says nothing about the others.
        self._reads = BatchBisector(item_error_codes=NOT_FOUND)

    def observe(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        """Give one look at each job; where there is no status, the look says why. Raises nothing.

        A job that the answer leaves out is asked for once more before it counts as unread.
        """
        observations = self._observe(job_ids)
        left_out = [job_id for job_id in job_ids if job_id not in observations]
        if left_out:
            observations.update(self._observe(left_out))
        nothing = Observation(reason=JobError(None, "The cloud gave no status for this job"))
        return {job_id: observations.get(job_id, nothing) for job_id in job_ids}

    def describe(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        """Give one look at each job with all that the cloud says of it, as `observe` does. Raises nothing."""
        observations = self._pages(job_ids, DETAIL_PAGE_SIZE, "batch-detail")
        # Whatever it was that kept the details back, the status alone is worth asking for; but for who may not ask.
        unread = [
            job_id for job_id in job_ids if job_id not in observations or observations[job_id].is_worth_another_call
        ]
        return {**observations, **self.observe(unread)} if unread else observations

    def stop(self, requests: Sequence[StopRequest], batch_size: int, listener: StopListener) -> None:
        """Stop these jobs, and tell the listener what the cloud said of each. Every batch is tried. Raises nothing.

        Between two requests that name the same job, the listener looks at it, unless it is proved that nothing of the
        first was sent.
        """

        def send(batch: Sequence[StopRequest]) -> None:
            self._stops.send(batch, lambda some: self._stop_patiently(some, listener), listener.select_unstopped)

        self.executor.map(send, chunks(requests, batch_size), listener.on_cancelled, self._service)

    @property
    def _service(self) -> str:
        return f"DRS at {self.api.base_url}"

    def _is_published(self, call: str) -> bool:
        """Say whether the gateway has not called this call unpublished so far."""
        return call not in self._unpublished

    def _mark_if_unpublished(self, call: str, error: CloudError) -> bool:
        """Remember a call that is not published; say whether that is what the error says."""
        gone = is_not_published(error.status, error.error_code)
        if gone:
            self._unpublished[call] = error
        return gone

    def _stop_patiently(self, requests: Sequence[StopRequest], listener: StopListener) -> None:
        """Send one request, again where the cloud turns it away for now. Raises CloudError."""
        attempt = 1
        while requests:
            refreshes = self.api.auth.refresh_count
            try:
                self._stop_once(requests, listener)
            except CloudError as error:
                if self.api.auth.refresh_count != refreshes and is_token_refused(error.status, error.error_code):
                    self._refused_tokens.add(refreshes)
                    self._pause_with_new_token(error)
                elif classify_effect(error) in _FOR_NOW and is_retryable(error):
                    self.api.pause(error, attempt)
                    attempt += 1
                else:
                    raise
                requests = listener.select_unstopped(requests)
            else:
                return

    def _pause_with_new_token(self, error: CloudError) -> None:
        """Wait before a stop leaves with the token that `HttpClient.request` has got, except for the first of these.

        Looks may be answered with tokens that stops are refused with; that is no reason to log in for ever. So after as
        many as the option ``retries`` says, no more stops are sent. Raise CloudError then.
        """
        refused = len(self._refused_tokens)
        try:
            if refused > 1:
                self.api.pause(error, refused)
        except CloudError:
            self._refusal = error
            raise

    def _stop_once(self, requests: Sequence[StopRequest], listener: StopListener) -> None:
        listener.before_send(requests)
        try:
            answer = self._batch_stop(requests)
        except CloudError as error:
            if not is_token_refused(error.status, error.error_code):
                self._refused_tokens.clear()
            listener.on_response(requests, error)
            raise
        self._refused_tokens.clear()
        listener.on_response(requests, answer)

    def _batch_stop(self, requests: Sequence[StopRequest]) -> dict[str, StopReply]:
        if self._refusal is not None:
            raise self._refusal
        if self.api_version != "v3" and self._is_published("batch-stop"):
            try:
                answers = self.api.stop_v5(requests)
            except CloudError as error:
                # The gateway has passed nothing on, so the other call is the first that stops anything.
                if not self._mark_if_unpublished("batch-stop", error) or self.api_version == "v5":
                    raise
            else:
                self.versions["stop"] = "v5"
                return answers
        answers = self.api.stop_v3(requests)
        self.versions["stop"] = "v3"
        return answers

    def _observe(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        observations = self._pages(job_ids, MAX_PAGE_SIZE, "batch-status")
        if self._is_published("batch-status") or self.api_version == "v3":
            return observations
        unread = [job_id for job_id in job_ids if job_id not in observations or observations[job_id].phase is None]
        details = self.executor.map(self._detail, unread, self._unread_job, self._service)
        return {**observations, **dict(zip(unread, details, strict=True))}

    def _detail(self, job_id: str) -> Observation:
        if not self._is_published("detail"):
            raise self._unpublished["detail"]  # it would be the same for each job
        try:
            observation = self.api.detail_v5(job_id)
        except CloudError as error:
            self._mark_if_unpublished("detail", error)
            raise
        self.versions["status"] = "v5"
        return observation

    def _pages(self, job_ids: Sequence[str], size: int, call: str) -> dict[str, Observation]:
        """Look at jobs with a v3 call for several; gives nothing for any of them once it is not published."""

        def read(some: Sequence[str]) -> dict[str, Observation]:
            observations: dict[str, Observation] = {}
            for piece, result in self._reads.send(some, lambda few: self._page(few, call)):
                observations.update(self._unread(piece, result) if isinstance(result, CloudError) else result)
            return observations

        observations: dict[str, Observation] = {}
        if self._is_published(call):
            for some in self.executor.map(read, chunks(job_ids, size), self._unread, self._service):
                observations.update(some)
        return observations

    def _page(self, job_ids: Sequence[str], call: str) -> dict[str, Observation]:
        try:
            observations = self.api.statuses(job_ids, call)
        except CloudError as error:
            self._mark_if_unpublished(call, error)
            raise
        self.versions["status"] = "v3"
        return observations

    def _unread_job(self, job_id: str, error: CloudError) -> Observation:
        return self._unread([job_id], error)[job_id]

    def _unread(self, job_ids: Sequence[str], error: CloudError) -> dict[str, Observation]:
        reason = JobError.from_error(error)
        is_missing = len(job_ids) == 1 and error.error_code in NOT_FOUND
        is_refused = is_credential_refused(error.status, error.error_code)
        unrecoverable = self.api.auth.terminal_error is not None
        observation = Observation(missing=is_missing, reason=reason, unrecoverable=unrecoverable, is_refused=is_refused)
        return dict.fromkeys(job_ids, observation)
