# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The knobs of the simulated cloud, all of which may be turned while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

JOB_TYPES = ("migration", "sync", "cloudDataGuard", "replay")

ResultSpelling = Literal["lower", "title"]
MissingShape = Literal["item", "refuse", "omit"]

GENERATIONS = ("v3", "v5")
# Here and not made from the routes, which need the settings; a test compares the two.
DRS_ENDPOINTS = "batch-stop stop jobs job-detail batch-jobs batch-pause-task job-list batch-status batch-detail".split()

_CHOICES: dict[str, Sequence[object]] = {
    "result_spelling": ("lower", "title"),
    "missing_shape": ("item", "refuse", "omit"),
    "stop_http_status": (200, 202),
    "wrong_logins_to_lock": range(3, 11),
}
_CHOICES_OF_EACH: dict[str, Sequence[str]] = {
    "generations": GENERATIONS,
    "unpublished": DRS_ENDPOINTS,
    "job_types": JOB_TYPES,
}


@dataclass(eq=False)
class Settings:
    """How the cloud behaves where its documentation leaves room, or says two things."""

    release_seconds: float = 3.0
    """How long a job takes to stop, from the moment that its stop is accepted. A job may have its own."""

    status_lag: float = 0.0
    """How many seconds the status shown lags behind the true one. (Terraform provider: it lags for prepaid jobs.)"""

    result_spelling: ResultSpelling = "lower"
    """``success``/``failed`` (value range of the newer pages) or ``Success``/``Failed`` (the API page's example)."""

    missing_shape: MissingShape = "item"
    """What batch-status says of an unknown job: an item with an error, HTTP 400 naming the first one, or nothing."""

    max_batch: int | None = None
    """The most jobs a batch-stop may hold, be it v5's or v3's. No limit is documented, but there may be one."""

    stop_http_status: int = 200
    """200 (API page) or 202, which the same operation in v3 always has."""

    generations: tuple[str, ...] = GENERATIONS
    """Which generations of the DRS API this region publishes. (Endpoints page of 2025: v5 in two regions only.)"""

    unpublished: tuple[str, ...] = ()
    """Names of DRS endpoints that this region does not publish. (Several pages say "only certain regions".)"""

    listed_engines: tuple[str, ...] | None = None
    """Engine types of the jobs that the v5 list shows, None for all. (Its page names four; the v3 list has all.)"""

    job_types: tuple[str, ...] = JOB_TYPES
    """What the v5 list takes as ``job_type``. (Its page has the first three, the official SDK all four.)"""

    max_limit: int | None = None
    """The most jobs that one page of the v5 list holds, whatever its limit is. No maximum is documented."""

    token_lifetime: float = 24 * 3600.0
    """Seconds. (IAM documentation: 24 hours.)"""

    wrong_logins_to_lock: int = 5
    """How many wrong passwords or passcodes within 15 minutes lock a user. (Login authentication policy: 3 to 10.)"""

    latency: float = 0.0
    """Real seconds before a request is looked at."""

    per_user_rate_limit: tuple[int, float] | None = None
    """So many DRS requests per so many seconds, for each user. (API Gateway policies; figures for DRS are unknown.)"""

    def configure(self, **settings: Any) -> None:
        """Set several at once, by name; for input that nobody has checked. Raises ValueError."""
        known = {field.name: field.default for field in fields(Settings)}
        for name, value in settings.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}, known are {', '.join(sorted(known))}")
            if isinstance(known[name], float) and type(value) not in (int, float):
                raise ValueError(f"{name} must be a number of seconds")
            _check_choices(name, value)
            # JSON, which the command line reads settings from, has no tuples.
            setattr(self, name, tuple(value) if isinstance(value, list) else value)


def _check_choices(name: str, value: Any) -> None:
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ValueError(f"{name} must be one of {', '.join(map(str, _CHOICES[name]))}")
    if name in _CHOICES_OF_EACH:
        choices = _CHOICES_OF_EACH[name]
        # A string is as good as a list to Python, and would be taken for one of its letters.
        if not isinstance(value, list | tuple) or not all(each in choices for each in value):
            raise ValueError(f"{name} must be a list of {', '.join(choices)}")
    if name == "listed_engines" and not isinstance(value, list | tuple | None):
        raise ValueError(f"{name} must be a list of engine types")
    if name == "max_limit" and not (value is None or (isinstance(value, int) and value > 0 and value is not True)):
        raise ValueError(f"{name} must be a whole number from 1")
