# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of the simulated cloud. All of them may be changed while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

JOB_TYPES = ("migration", "sync", "cloudDataGuard", "replay")

ResultSpelling = Literal["lower", "title"]
MissingShape = Literal["item", "refuse", "omit"]
ParentProgress = Literal["own", "none", "omit", "error"]

GENERATIONS = ("v3", "v5")
# Not derived from the routes, because these import the settings. A test compares the two.
DRS_ENDPOINTS = (
    "batch-stop stop jobs job-detail batch-jobs batch-pause-task job-list batch-status batch-detail "
    "batch-progress batch-rpo-and-rto"
).split()
DELAY_UNITS = ("seconds", "milliseconds")

_CHOICES: dict[str, Sequence[object]] = {
    "result_spelling": ("lower", "title"),
    "missing_shape": ("item", "refuse", "omit"),
    "parent_progress": ("own", "none", "omit", "error"),
    "stop_http_status": (200, 202),
    "progress_http_status": (200, 202),
    "wrong_logins_to_lock": range(3, 11),
}
_CHOICES_OF_EACH: dict[str, Sequence[str]] = {
    "generations": GENERATIONS,
    "unpublished": DRS_ENDPOINTS,
    "job_types": JOB_TYPES,
    "delay_units": DELAY_UNITS,
}


@dataclass(eq=False)
class Settings:
    """The behavior of the cloud where its documentation is incomplete or contradictory."""

    release_seconds: float = 3.0
    """The seconds from an accepted stop to the end of the job. A job may have its own value."""

    status_lag: float = 0.0
    """The lag of the returned status in seconds. (Terraform provider: the status of prepaid jobs lags.)"""

    result_spelling: ResultSpelling = "lower"
    """``success``/``failed`` (value range of the newer pages) or ``Success``/``Failed`` (example of the API page)."""

    missing_shape: MissingShape = "item"
    """The response of batch-status for an unknown job: an item with an error, HTTP 400 for the first, or no item."""

    max_batch: int | None = None
    """The maximum number of jobs in a stop of a batch, with v5 and v3. No limit is documented, but one may exist."""

    stop_http_status: int = 200
    """200 (API page), or 202 as in v3."""

    progress_http_status: int = 200
    """The status of batch-progress: 200 (drs_03_0114), or 202 (OTC)."""

    delay_units: tuple[str, ...] = DELAY_UNITS
    """The units in which batch-progress returns the delay. (OTC and older SDKs: seconds only.)"""

    parent_progress: ParentProgress = "own"
    """The progress of a job with subtasks: its own, ``-1`` as the delay, no item, or an item with an error.

    No page describes it. (batch-struct-process refuses a "virtual id".)
    """

    generations: tuple[str, ...] = GENERATIONS
    """The versions of the DRS API that this region publishes. (Endpoints page of 2025: v5 in two regions only.)"""

    unpublished: tuple[str, ...] = ()
    """The DRS endpoints that this region does not publish. (Several pages: "only certain regions".)"""

    listed_engines: tuple[str, ...] | None = None
    """The engine types in the v5 list, None for all. (Its page names four. The v3 list has all.)"""

    job_types: tuple[str, ...] = JOB_TYPES
    """The values of ``job_type`` in the v5 list. (Its page has the first three, the official SDK all four.)"""

    max_limit: int | None = None
    """The maximum number of jobs on one page of the v5 list, whatever ``limit`` is. No maximum is documented."""

    token_lifetime: float = 24 * 3600.0
    """Seconds. (IAM documentation: 24 hours.)"""

    wrong_logins_to_lock: int = 5
    """The number of wrong passwords or passcodes in 15 minutes that locks a user. (Authentication policy: 3 to 10.)"""

    latency: float = 0.0
    """The delay of each request in real seconds."""

    per_user_rate_limit: tuple[int, float] | None = None
    """The number of DRS requests and the seconds, per user. (API Gateway policies. The limits of DRS are unknown.)"""

    def configure(self, **settings: Any) -> None:
        """Set settings by name, with validation. Raise ValueError."""
        known = {field.name: field.default for field in fields(Settings)}
        for name, value in settings.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}, known are {', '.join(sorted(known))}")
            if isinstance(known[name], float) and type(value) not in (int, float):
                raise ValueError(f"{name} must be a number of seconds")
            _check_choices(name, value)
            # Settings from JSON are lists, because JSON has no tuples.
            setattr(self, name, tuple(value) if isinstance(value, list) else value)


def _check_choices(name: str, value: Any) -> None:
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ValueError(f"{name} must be one of {', '.join(map(str, _CHOICES[name]))}")
    if name in _CHOICES_OF_EACH:
        choices = _CHOICES_OF_EACH[name]
        # A string is iterable too, and would be treated as a list of its letters.
        if not isinstance(value, list | tuple) or not all(each in choices for each in value):
            raise ValueError(f"{name} must be a list of {', '.join(choices)}")
    if name == "listed_engines" and not isinstance(value, list | tuple | None):
        raise ValueError(f"{name} must be a list of engine types")
    if name == "max_limit" and not (value is None or (isinstance(value, int) and value > 0 and value is not True)):
        raise ValueError(f"{name} must be a whole number from 1")
