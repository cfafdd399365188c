# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What drs_job_info reads of jobs on demand: lag, progress and endpoints."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from .._client.drs import DrsClient
from .._client.drs_progress import ProgressReader
from .._core.job_info import build_endpoints
from .._core.job_lag import (
    Lag,
    Reading,
    find_job_lag,
    find_worst_lag,
    is_dr_job,
    is_parent,
    parse_percentages,
    parse_task_mode,
)
from .._core.jobs import Observation

DETAILS = ("lag", "progress", "endpoints")
"""The values of the option ``details``."""

Row = dict[str, Any]
Readings = Mapping[str, Reading]

_MISSING = Reading(None, "there is no such job")


def add_details(
    rows: Sequence[Row],
    observations: Mapping[str, Observation],
    details: Collection[str],
    drs: DrsClient,
    *,
    is_listed: bool,
    reader: ProgressReader | None = None,
) -> None:
    """Add these details to the rows. ``is_listed``: the observations are from a list, which has no endpoints."""
    found = [row for row in rows if row["status"] is not None]
    if "endpoints" in details:
        _add_endpoints(rows, drs.get_details([row["id"] for row in found]) if is_listed and found else observations)
    if "lag" in details or "progress" in details:
        parents = {job_id for job_id, each in observations.items() if is_parent(each.details or {})}
        _add_progress(rows, found, parents, details, reader or drs.progress_reader())


def _add_endpoints(rows: Sequence[Row], observations: Mapping[str, Observation]) -> None:
    for row in rows:
        observation = observations.get(row["id"])
        row.update(build_endpoints((observation and observation.details) or {}))


def _add_progress(
    rows: Sequence[Row],
    found: Sequence[Row],
    parents: Collection[str],
    details: Collection[str],
    reader: ProgressReader,
) -> None:
    """Add lag and progress to the rows, and the lag of each subtask to its own."""
    progress = reader.read_progress(_list_ids(found))
    if "progress" in details:
        for row in rows:
            reading = progress.get(row["id"], _MISSING)
            row.update(progress=parse_percentages(reading), task_mode=parse_task_mode(reading))
    if "lag" in details:
        dr_jobs = _list_ids(row for row in found if is_dr_job(row["job_type"]))
        rpo_and_rto = reader.read_rpo_and_rto(dr_jobs) if dr_jobs else {}
        for row in rows:
            _add_lag(row, row["job_type"], parents, progress, rpo_and_rto)


def _list_ids(rows: Iterable[Row]) -> list[str]:
    """Return the IDs of these jobs and of their subtasks, each once."""
    found = (job["id"] for row in rows for job in (row, *row.get("children", ())))
    return list(dict.fromkeys(job_id for job_id in found if job_id is not None))


def _add_lag(row: Row, job_type: object, parents: Collection[str], progress: Readings, rpo_and_rto: Readings) -> Lag:
    """Add the lag of a job to its row, that of its subtasks to theirs, and return it."""
    reading = progress.get(row["id"], _MISSING)
    children = row.get("children", ())
    if children or row["id"] in parents:
        lags = {child["id"]: _add_lag(child, job_type, (), progress, rpo_and_rto) for child in children}
        lag = find_worst_lag(lags)
    else:
        lag = find_job_lag(job_type, row["status"], reading, rpo_and_rto.get(row["id"], _MISSING))
    row.update(lag=lag.seconds, lag_reason=lag.reason)
    return lag
