# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""How far a job lags behind its source, as far as responses prove it. Pure.

A lag is known only in the incremental phase, and only from a sample that names the job, this phase, a task mode with an
incremental part, and a number that is not negative. ``"-1"`` is what services send where there is none. Everything else
is unknown, whatever it looks like: nobody may stop a job because of a guess.

Sources: batch-progress (drs_03_0114, BatchListProgresses of the official SDK), batch-rpo-and-rto (drs_03_0117), and
``type=progress`` of v5 (ShowJobDetail), which spells the same fields with ``incr_`` in place of ``incre_``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from .error_codes import parse_error

_INCREMENTAL_STATUS = "INCRE_TRANSFER_STARTED"
_INCREMENTAL_MODES = ("INCR_TRANS", "FULL_INCR_TRANS")
_DR_JOB_TYPE = "cloudDataGuard"
# The fields of a delay in both spellings, and how many of their units are a second.
_DELAYS = {
    "incre_trans_delay": 1.0,
    "incr_trans_delay": 1.0,
    "incre_trans_delay_millis": 1000.0,
    "incr_trans_delay_millis": 1000.0,
}
_MILLISECONDS = 1000.0
_NUMBER = re.compile(r"\s*[0-9]{1,15}(?:\.[0-9]{1,15})?\s*")
# Codes of items that succeeded (ErrorResp of the API definitions).
_NO_ERROR = (None, "", "0", "DRS.00000000")
_PERCENT = re.compile(r"\s*([0-9]{1,3})\s*%?\s*")
_STEPS = {"structure": "struct", "data": "data", "index": "index"}


class Reading(NamedTuple):
    """What one call says of one job: an item of its response, or why there is none."""

    item: Mapping[str, object] | None
    reason: str = ""


class Lag(NamedTuple):
    """A lag in seconds, or why it is unknown."""

    seconds: float | None
    reason: str | None = None


def is_parent(details: Mapping[str, object]) -> bool:
    """Return whether the details of a job say that it has subtasks, whose lags are its own."""
    return (
        bool(details.get("children")) or details.get("multi_write") is True or details.get("job_mode_role") == "parent"
    )


def is_dr_job(job_type: object) -> bool:
    """Return whether a job of this type replicates for disaster recovery, so that its lag is that of RPO and RTO."""
    return job_type == _DR_JOB_TYPE


def find_job_lag(job_type: object, status: str | None, progress: Reading, rpo_and_rto: Reading) -> Lag:
    """Return the lag of a job of this type with this status.

    Without its type nobody knows which numbers are its lag, nor whether it has subtasks.
    """
    if not isinstance(job_type, str) or not job_type:
        return Lag(None, "its type is not known")
    return find_dr_lag(status, progress, rpo_and_rto) if is_dr_job(job_type) else find_lag(status, progress)


def find_lag(status: str | None, progress: Reading) -> Lag:
    """Return the lag of a migration or synchronization with this status."""
    phase = _find_phase_problem(status, progress)
    if phase is not None or progress.item is None:
        return Lag(None, phase)
    delays = {name: progress.item[name] for name in _DELAYS if name in progress.item}
    if not delays:
        return Lag(None, "the progress has no delay")
    return _worst_number({name: (value, _DELAYS[name]) for name, value in delays.items()})


def find_dr_lag(status: str | None, progress: Reading, rpo_and_rto: Reading) -> Lag:
    """Return the lag of a disaster recovery job with this status: the larger of RPO and RTO."""
    phase = _find_phase_problem(status, progress)
    if phase is not None:
        return Lag(None, phase)
    problem = _find_item_problem(rpo_and_rto)
    if problem is not None or rpo_and_rto.item is None:
        return Lag(None, f"RPO and RTO are not known: {problem}")
    item = rpo_and_rto.item
    return _worst_number(
        {name: (_delay_of(item.get(key)), _MILLISECONDS) for name, key in (("RPO", "rpo_info"), ("RTO", "rto_info"))}
    )


def find_worst_lag(lags: Mapping[str, Lag]) -> Lag:
    """Return the lag of a job with these subtasks, by ID: the largest, unknown if one of them is."""
    for job_id, lag in lags.items():
        if lag.seconds is None:
            return Lag(None, f"subtask {job_id}: {lag.reason}")
    known = [lag.seconds for lag in lags.values() if lag.seconds is not None]
    return Lag(max(known)) if known else Lag(None, "its subtasks are not known")


def parse_percentages(progress: Reading) -> dict[str, int | None]:
    """Return how much of structure, data and index is done, in per cent; None where it is not known."""
    steps = progress.item.get("progress_map") if progress.item is not None else None
    return {name: _parse_percentage(steps, key) for name, key in _STEPS.items()}


def parse_task_mode(progress: Reading) -> str | None:
    """Return the task mode, None if it is not known."""
    mode = progress.item.get("task_mode") if progress.item is not None else None
    return mode if isinstance(mode, str) and mode.strip() else None


def _find_item_problem(reading: Reading) -> str | None:
    if reading.item is None:
        return reading.reason or "the answer leaves the job out"
    code, text = parse_error(reading.item)
    if code in _NO_ERROR:
        return None
    return f"{code}: {text}" if text else code


def _find_phase_problem(status: str | None, progress: Reading) -> str | None:
    """Return why no lag can be known, None in the incremental phase."""
    if status != _INCREMENTAL_STATUS:
        return f"the status is {status}, and a lag is known in {_INCREMENTAL_STATUS} only"
    problem = _find_item_problem(progress)
    if problem is not None or progress.item is None:
        return f"the progress is not known: {problem}"
    shown = progress.item.get("transfer_status")
    if shown != _INCREMENTAL_STATUS:
        return f"the progress is that of the status {shown}, and a lag is known in {_INCREMENTAL_STATUS} only"
    mode = progress.item.get("task_mode")
    return None if mode in _INCREMENTAL_MODES else f"the task mode is {mode}, which has no incremental part"


def _worst_number(values: Mapping[str, tuple[object, float]]) -> Lag:
    """Return the largest of these numbers in seconds; each comes with how many of its units are a second."""
    seconds = []
    for name, (value, units) in values.items():
        number = _parse_number(value)
        if number is None:
            return Lag(None, f"{name} is {value!r}, which is no delay")
        seconds.append(number / units)
    return Lag(max(seconds))


def _parse_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return float(value) if _NUMBER.fullmatch(str(value)) else None


def _delay_of(info: object) -> object:
    return info.get("delay") if isinstance(info, Mapping) else None


def _parse_percentage(steps: object, key: str) -> int | None:
    step = steps.get(key) if isinstance(steps, Mapping) else None
    completed = step.get("completed") if isinstance(step, Mapping) else None
    match = _PERCENT.fullmatch(str(completed))
    return int(match[1]) if match and int(match[1]) <= 100 else None  # noqa: PLR2004  per cent
