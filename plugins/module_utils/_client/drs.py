# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Observe, list and stop jobs, with whichever calls a region has.

A region has the calls of v5, of v3, or of both. A call that the gateway calls not published is not used again. Stops
use v5, or v3 in a region without v5. Statuses are read with v3 ``batch-status``, which serves every engine and many
jobs at once. Where that is not published, each job is read with v5 (API pages drs_03_0201, drs_03_0113, drs_api_0150).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from .._core.drs_responses import (
    StopReply,
    build_failed_observations,
    is_about_one_job,
    select_for_another_call,
    select_unread,
)
from .._core.error_codes import is_not_published, is_token_refused
from .._core.errors import CloudError
from .._core.jobs import Observation, StopRequest
from .._core.retry import RequestKind, is_rejected_for_now
from .batch_bisect import BatchBisector, chunks
from .drs_api import MAX_PAGE_SIZE, DrsApi
from .drs_rounds import OnRead, Read, ReadRounds
from .executor import ThreadExecutor, Work

if TYPE_CHECKING:
    from .._core.job_info import JobFilter
    from .drs_progress import ProgressReader

ApiVersion = Literal["auto", "v5", "v3"]

DETAIL_PAGE_SIZE = 10  # more are allowed, but the API page advises against them


class StopListener(Protocol):
    """Is called with the state of each stop request as it changes, from the thread that makes the request."""

    def on_observed(self, observations: Mapping[str, Observation]) -> Sequence[StopRequest]:
        """Record the first observations of jobs, and return which of them are to be stopped. One call at a time."""

    def select_ready(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Return which of these jobs may still be stopped, just before a request for them leaves."""

    def before_send(self, requests: Sequence[StopRequest]) -> None:
        """Record that a request for these jobs is about to leave."""

    def on_response(self, requests: Sequence[StopRequest], response: Mapping[str, StopReply] | CloudError) -> None:
        """Record the replies, or the error of the request. Jobs that the response does not mention are left out."""

    def on_cancelled(self, requests: Sequence[StopRequest], error: CloudError) -> None:
        """Record that the wait for requests for these jobs is over. Some of them may have a response."""

    def select_unstopped(self, requests: Sequence[StopRequest]) -> Sequence[StopRequest]:
        """Observe jobs whose request was refused as a whole, and return those that it has not stopped."""


class DrsClient:
    """DRS in one project of one region."""

    def __init__(self, api: DrsApi, executor: ThreadExecutor, api_version: ApiVersion = "auto") -> None:
        """``api_version`` is for stops and lists; ``auto``: v5, or v3 in a region without v5."""
        self.api = api
        self.page_size = MAX_PAGE_SIZE
        """How many statuses are read with one request."""
        self._executor = executor
        self._api_version = api_version
        self.api_versions: dict[str, str] = {}
        """The version of the API that has served stops, statuses and lists so far."""
        self._unpublished: dict[str, CloudError] = {}
        self._refused_tokens: set[int] = set()
        """The tokens, by number, that stops were refused with since the last other response to a stop."""
        self._stop_error: CloudError | None = None
        """Why no more stops are sent, whichever token they have."""
        self._stops = BatchBisector()
        self._reads = BatchBisector(is_about_one_job)

    def observe(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        """Return one observation of each job; one without a status says why. Raise nothing."""
        return self._observe(job_ids, lambda _found: (), tuple)

    def get_details(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        """Return one observation of each job with all details of the cloud, as `observe` does. Raise nothing."""
        observations: dict[str, Observation] = {}
        pages, on_error = chunks(job_ids, DETAIL_PAGE_SIZE), self._build_failed_observations
        for found in self._executor.map(self._read_detail_page, pages, on_error, self.api.service):
            observations.update(found)
        # Fall back to the status where the details could not be read.
        unread = select_for_another_call(job_ids, observations)
        return {**observations, **self.observe(unread)} if unread else observations

    def get_names(self, job_ids: Sequence[str]) -> dict[str, str]:
        """Return the names of these jobs, as far as one request for ten of them gives them. Raise nothing."""
        if "batch-detail" in self._unpublished:
            return {}

        def read(some: Sequence[str]) -> dict[str, Observation]:
            return self.api.get_statuses(some, "batch-detail", RequestKind.OPTIONAL_READ)

        found = self._executor.map(read, chunks(job_ids, DETAIL_PAGE_SIZE), lambda _some, _error: {}, self.api.service)
        return {job_id: each.name for observations in found for job_id, each in observations.items() if each.name}

    def list_jobs(self, job_filter: JobFilter, warn: Callable[[str], None]) -> Mapping[str, Observation]:
        """Return the jobs that pass the filter. Raise CloudError if a list cannot be read to its end.

        ``warn`` is called if the v3 list could not be read although the v5 list could.
        """
        # Late, because Ansible compiles the code of a module anew for each task, and a stop lists nothing.
        from .drs_list import list_jobs  # noqa: PLC0415

        jobs = list_jobs(self.api, self._executor, self._api_version, job_filter)
        if jobs.warning is not None:
            warn(jobs.warning)
        self.api_versions["list"] = jobs.api_versions
        return jobs.observations

    def list_jobs_by_ids(self, job_type: str, job_ids: Sequence[str]) -> dict[str, Observation]:
        """Return those of these jobs that the list of their type has, with their subtasks. Raise CloudError."""
        from .drs_list import list_jobs_by_ids  # noqa: PLC0415  late, as above

        return list_jobs_by_ids(self.api, self._executor, self._api_version, job_type, job_ids)

    def progress_reader(self) -> ProgressReader:
        """Return what reads the progress of jobs."""
        from .drs_progress import ProgressReader  # noqa: PLC0415  late, as above

        return ProgressReader(self.api, self._executor)

    def stop(self, requests: Sequence[StopRequest], batch_size: int, listener: StopListener) -> None:
        """Stop these jobs, and call the listener with each response. Every batch is tried. Raise nothing.

        Between two requests for the same job the listener observes it, unless nothing of the first one was sent.
        """
        batches = [_Stop(self, batch, listener) for batch in chunks(requests, batch_size)]
        self._executor.run(batches, self.api.service, len(batches))

    def observe_and_stop(self, job_ids: Sequence[str], batch_size: int, listener: StopListener) -> None:
        """Observe these jobs, and stop those that the listener selects, as `stop` does. Raise nothing.

        A batch is sent as soon as its jobs are observed, before the statuses of others are read.
        """
        places = {job_id: place for place, job_id in enumerate(job_ids)}
        ready: list[StopRequest] = []

        def on_read(observations: Mapping[str, Observation]) -> Sequence[Work]:
            ready.extend(listener.on_observed(observations))
            return take(len(ready) - len(ready) % batch_size)

        def take(count: int) -> list[Work]:
            ready.sort(key=lambda request: places[request.job_id])  # whichever was observed first
            batches = chunks(ready[:count], batch_size)
            del ready[:count]
            return [_Stop(self, batch, listener) for batch in batches]

        self._observe(job_ids, on_read, lambda: take(len(ready)))

    def send_batch(self, batch: Sequence[StopRequest], listener: StopListener) -> None:
        """Stop the jobs of one batch: with one request, or in halves if it is rejected as a whole. Raise CloudError."""
        self._stops.send(batch, lambda some: self._stop_with_retries(some, listener), listener.select_unstopped)

    def _mark_if_unpublished(self, call: str, error: CloudError) -> bool:
        """Record a call that is not published, and return whether the error says so."""
        is_unpublished = is_not_published(error.status, error.error_code)
        if is_unpublished:
            self._unpublished[call] = error
        return is_unpublished

    def _stop_with_retries(self, requests: Sequence[StopRequest], listener: StopListener) -> None:
        """Send one request, again if the cloud rejects it for now. Raise CloudError."""
        attempt = 1
        while requests := listener.select_ready(requests):
            refresh_count = self.api.auth.refresh_count
            try:
                self._stop_once(requests, listener)
            except CloudError as error:
                if self.api.auth.refresh_count != refresh_count and is_token_refused(error.status, error.error_code):
                    self._refused_tokens.add(refresh_count)
                    self._pause_with_new_token(error)
                elif is_rejected_for_now(error):
                    self.api.pause(error, attempt)
                    attempt += 1
                else:
                    raise
                requests = listener.select_unstopped(requests)
            else:
                return

    def _pause_with_new_token(self, error: CloudError) -> None:
        """Wait before a stop is sent with a new token, except for the first one. Raise CloudError for too many.

        The cloud may accept tokens for observations and refuse them for stops. That must not lead to endless logins,
        so after as many refused tokens as the option ``retries`` says, no more stops are sent.
        """
        refused = len(self._refused_tokens)
        try:
            if refused > 1:
                self.api.pause(error, refused)
        except CloudError:
            self._stop_error = error
            raise

    def _stop_once(self, requests: Sequence[StopRequest], listener: StopListener) -> None:
        listener.before_send(requests)
        try:
            replies = self._batch_stop(requests)
        except CloudError as error:
            if not is_token_refused(error.status, error.error_code):
                self._refused_tokens.clear()
            listener.on_response(requests, error)
            raise
        self._refused_tokens.clear()
        listener.on_response(requests, replies)

    def _batch_stop(self, requests: Sequence[StopRequest]) -> dict[str, StopReply]:
        if self._stop_error is not None:
            raise self._stop_error
        if self._api_version != "v3" and "batch-stop" not in self._unpublished:
            try:
                replies = self.api.stop_v5(requests)
            except CloudError as error:
                # The gateway has not forwarded the request, so the v3 call is the first that stops anything.
                if not self._mark_if_unpublished("batch-stop", error) or self._api_version == "v5":
                    raise
            else:
                self.api_versions["stop"] = "v5"
                return replies
        replies = self.api.stop_v3(requests)
        self.api_versions["stop"] = "v3"
        return replies

    def _observe(
        self, job_ids: Sequence[str], on_read: OnRead, on_end: Callable[[], Sequence[Work]]
    ) -> dict[str, Observation]:
        """Return one observation of each job, and do the work that these lead to as soon as they are known."""
        reads = ReadRounds(job_ids, self._plan_reads, self._build_failed_observations, on_read, on_end)
        self._executor.run(reads.begin(), self.api.service, len(job_ids))
        return reads.observations

    def _plan_reads(self, job_ids: Sequence[str], observations: Mapping[str, Observation]) -> Iterator[list[Read]]:
        """Yield the reads of each round, given what those before have read."""
        for _attempt in range(2):  # a job that the response leaves out is requested once more
            left_out = [job_id for job_id in job_ids if job_id not in observations]
            if "batch-status" not in self._unpublished:
                yield [(page, self._read_status_page) for page in chunks(left_out, self.page_size)]
            if "batch-status" in self._unpublished and self._api_version != "v3":
                yield [([job_id], self._read_detail) for job_id in select_unread(left_out, observations)]

    def _read_status_page(self, page: Sequence[str]) -> dict[str, Observation]:
        return self._read_page(page, "batch-status")

    def _read_detail_page(self, page: Sequence[str]) -> dict[str, Observation]:
        return self._read_page(page, "batch-detail")

    def _read_page(self, page: Sequence[str], call: str) -> dict[str, Observation]:
        """Return observations from a v3 call for several jobs; none if it is not published."""

        def request(some: Sequence[str]) -> dict[str, Observation]:
            return self._read("v3", call, lambda: self.api.get_statuses(some, call))

        observations: dict[str, Observation] = {}
        for some, result in self._reads.send(page, request) if call not in self._unpublished else ():
            if isinstance(result, CloudError):
                result = self._build_failed_observations(some, result)  # noqa: PLW2901
            observations.update(result)
        return observations

    def _read_detail(self, job_ids: Sequence[str]) -> dict[str, Observation]:
        if "detail" in self._unpublished:
            raise self._unpublished["detail"]  # it would be the same for each job
        return self._read("v5", "detail", lambda: {job_id: self.api.get_detail_v5(job_id) for job_id in job_ids})

    def _read(
        self, api_version: str, call: str, request: Callable[[], dict[str, Observation]]
    ) -> dict[str, Observation]:
        """Return the result of a call, and record whether it is published. Raise CloudError."""
        try:
            result = request()
        except CloudError as error:
            self._mark_if_unpublished(call, error)
            raise
        self.api_versions["status"] = api_version
        return result

    def _build_failed_observations(self, job_ids: Sequence[str], error: CloudError) -> dict[str, Observation]:
        unrecoverable = self.api.auth.terminal_error is not None
        return build_failed_observations(job_ids, error, unrecoverable=unrecoverable)


class _Stop(NamedTuple):
    """The stop of one batch, as a unit of work."""

    drs: DrsClient
    batch: Sequence[StopRequest]
    listener: StopListener

    def run(self) -> Sequence[Work]:
        self.drs.send_batch(self.batch, self.listener)
        return ()

    def fail(self, error: CloudError) -> Sequence[Work]:
        self.listener.on_cancelled(self.batch, error)
        return ()
