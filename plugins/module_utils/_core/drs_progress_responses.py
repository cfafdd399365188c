# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Decide what the responses about the progress of jobs say. Pure functions; what cannot be read is a ValueError.

Apart from `drs_responses`, because a stop without a limit of the lag does not load it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .drs_responses import UNMASKED_WORDS
from .job_lag import Reading
from .masking import Mask, MaskedMapping


def parse_items_response(body: object, requested_ids: Iterable[str], mask: Mask = str) -> dict[str, Reading]:
    """Return the items of a v3 response about progress by job ID, of requested jobs only."""
    items = body.get("results") if isinstance(body, Mapping) else None
    if not isinstance(items, list):
        raise ValueError("the answer has no list 'results'")
    masked = [MaskedMapping(item, mask, UNMASKED_WORDS) for item in items if isinstance(item, Mapping)]
    return _select_readings(masked, requested_ids)


def parse_progress_response(body: object, job_id: str, mask: Mask = str) -> Reading:
    """Return the progress in a v5 ``jobs/{job_id}?type=progress`` response."""
    job = body.get("job") if isinstance(body, Mapping) else None
    progress = job.get("progress_info") if isinstance(job, Mapping) else None
    if not isinstance(job, Mapping) or not isinstance(progress, Mapping):
        raise ValueError("the answer has no 'progress_info'")
    if isinstance(job.get("id"), str) and job["id"] != job_id:
        raise ValueError("the answer is about another job")
    return Reading(MaskedMapping(progress, mask, UNMASKED_WORDS))


def _select_readings(items: Iterable[object], job_ids: Iterable[str]) -> dict[str, Reading]:
    """Return the items of a response by job ID, of requested jobs only. Two different ones for a job say nothing."""
    readings: dict[str, Reading] = {}
    requested = frozenset(job_ids)
    for item in items:
        job_id = item.get("job_id") if isinstance(item, Mapping) else None
        if not isinstance(item, Mapping) or not isinstance(job_id, str) or job_id not in requested:
            continue
        first = readings.setdefault(job_id, Reading(item))
        if first.item is not None and dict(first.item) != dict(item):
            readings[job_id] = Reading(None, "the answer has two items for this job, which differ")
    return readings
