# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Decide what the responses and errors of DRS say of jobs. Pure functions; what cannot be read is a ValueError.

Items are matched by job ID, never by position: the example of the API page has an item for a job that was not named in
the request. ``mask`` keeps secrets out of all texts about a job. It gets them as they came, before they are shortened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .error_codes import NOT_FOUND, is_credential_refused, one_line, parse_error
from .errors import CloudError
from .jobs import DELETED, KNOWN_STATUSES, JobError, Observation
from .masking import Mask, MaskedMapping
from .response_body import as_mapping

# Decisions depend on these words, so they are not masked, even if somebody has one of them as a password.
UNMASKED_WORDS = frozenset({*KNOWN_STATUSES, "SUCCESS", "FAILED"})
_NOT_MENTIONED = Observation(reason=JobError(None, "The cloud gave no status for this job"))
# A text of this form is an ID, and no other text of the responses has it.
_JOB_ID = re.compile(r"[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}")


class StopReply(NamedTuple):
    """The result of a stop for one job: accepted, or refused and why."""

    refusal: JobError | None
    name: str | None = None


def parse_stop_response(
    body: object, requested_ids: Iterable[str], request_id: str | None, mask: Mask = str, key: str = "jobs"
) -> dict[str, StopReply]:
    """Return the results of a stop request by job ID. Requested jobs that the response does not mention are left out.

    v5 lists the results as ``jobs``, v3 as ``results``: that is ``key``. The API page writes ``Success``, its newer
    edition ``success``. A job with another result, or with two different ones, is left out too: it has to be observed.
    """
    replies: dict[str, StopReply] = {}
    contradictory = set()
    for job_id, item in _find_items(body, key, requested_ids, mask):
        reply = _parse_stop_item(item, request_id)
        if reply is None or (job_id in replies and (replies[job_id].refusal is None) != (reply.refusal is None)):
            contradictory.add(job_id)
        else:
            replies[job_id] = reply
    return {job_id: reply for job_id, reply in replies.items() if job_id not in contradictory}


def parse_status_response(
    body: object, requested_ids: Iterable[str], request_id: str | None, mask: Mask = str
) -> dict[str, Observation]:
    """Return the observations of a v3 batch-status or batch-detail response by job ID, of requested jobs only.

    An unknown job comes as an item with an error code, a deleted one also with the status ``DELETED``.
    """
    items = _find_items(body, "results", requested_ids, mask)
    return {job_id: _parse_status_item(item, request_id) for job_id, item in items}


def parse_detail_response(body: object, job_id: str, request_id: str | None, mask: Mask = str) -> Observation:
    """Return the observation of a v5 ``jobs/{job_id}?type=detail`` response."""
    job = body.get("job") if isinstance(body, Mapping) else None
    if not isinstance(job, Mapping):
        raise ValueError("the answer has no 'job'")
    if isinstance(job.get("id"), str) and job["id"] != job_id:
        raise ValueError("the answer is about another job")
    return _parse_status_item(
        MaskedMapping({**as_mapping(job.get("base_info")), **job}, mask, UNMASKED_WORDS), request_id
    )


def parse_list_response(body: object, mask: Mask = str) -> tuple[dict[str, Observation], int | None]:
    """Return the jobs on one page of a list by job ID, and the number of jobs on all pages, None without one.

    v5 calls that number ``total_count``, v3 ``total_record``.
    """
    items = body.get("jobs") if isinstance(body, Mapping) else None
    if not isinstance(body, Mapping) or not isinstance(items, list):
        raise ValueError("the answer has no list 'jobs'")
    observations = {
        _mask_job_id(item["id"], mask): _parse_status_item(MaskedMapping(item, mask, UNMASKED_WORDS), None)
        for item in items
        if isinstance(item, Mapping) and isinstance(item.get("id"), str) and item["id"] == _text(item["id"])
    }
    total = body.get("total_count", body.get("total_record"))
    return observations, total if isinstance(total, int) and not isinstance(total, bool) else None


def is_about_one_job(error: CloudError) -> bool:
    """Return whether an error is about one job. It may reject a whole page of statuses (Terraform provider)."""
    return error.error_code in NOT_FOUND


def build_failed_observations(
    job_ids: Sequence[str], error: CloudError, *, unrecoverable: bool
) -> dict[str, Observation]:
    """Return the observations of jobs whose request ended in this error; ``unrecoverable``: no other can succeed."""
    observation = Observation(
        missing=len(job_ids) == 1 and is_about_one_job(error),
        reason=JobError.from_error(error),
        unrecoverable=unrecoverable,
        is_refused=is_credential_refused(error.status, error.error_code),
    )
    return dict.fromkeys(job_ids, observation)


def complete_observations(job_ids: Sequence[str], observations: Mapping[str, Observation]) -> dict[str, Observation]:
    """Return one observation of each job, also of those that no response mentions."""
    return {job_id: observations.get(job_id, _NOT_MENTIONED) for job_id in job_ids}


def select_unread(job_ids: Sequence[str], observations: Mapping[str, Observation]) -> list[str]:
    """Return the jobs whose status is still unknown."""
    return [job_id for job_id in job_ids if job_id not in observations or observations[job_id].phase is None]


def select_for_another_call(job_ids: Sequence[str], observations: Mapping[str, Observation]) -> list[str]:
    """Return the jobs whose status another call may give: those still unknown, unless the credential was refused."""
    return [job_id for job_id in job_ids if job_id not in observations or observations[job_id].is_worth_another_call]


def _find_items(
    body: object, key: str, requested_ids: Iterable[str], mask: Mask
) -> list[tuple[str, Mapping[str, object]]]:
    items = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(items, list):
        raise ValueError(f"the answer has no list {key!r}")
    requested = frozenset(requested_ids)
    found: list[tuple[str, Mapping[str, object]]] = []
    for item in items:
        job_id = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(job_id, str) and job_id in requested:
            found.append((job_id, MaskedMapping(item, mask, UNMASKED_WORDS)))
    return found


def _parse_stop_item(item: Mapping[str, object], request_id: str | None) -> StopReply | None:
    status = item.get("status")
    name = _text(item.get("name"))
    result = status.casefold() if isinstance(status, str) else None
    if result == "success":
        return StopReply(refusal=None, name=name)
    if result != "failed":
        return None
    code, text = parse_error(item)
    return StopReply(JobError(code, text or "The cloud refused the stop and gave no reason", request_id), name)


def _parse_status_item(item: Mapping[str, object], request_id: str | None) -> Observation:
    code, text = parse_error(item)
    status = (_text(item.get("status")) or "").upper() or None
    name = _text(item.get("name"))
    # Beside a status, the error is why the job failed. Without a status, it is why the status could not be read.
    if status == DELETED or (status is not None and code not in NOT_FOUND):
        return Observation(status=status, name=name, details=item)
    reason = JobError(code, text or "The cloud gave no status", request_id)
    return Observation(missing=code in NOT_FOUND, reason=reason, name=name)


def _mask_job_id(job_id: str, mask: Mask) -> str:
    """Return the ID of a job that was not requested, masked if it does not look like an ID."""
    return job_id if _JOB_ID.fullmatch(job_id) else mask(job_id)


def _text(value: object) -> str | None:
    return one_line(value) if isinstance(value, str) and value.strip() else None
