# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The knobs of the simulated cloud, all of which may be turned while it runs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

ResultSpelling = Literal["lower", "title"]
MissingShape = Literal["item", "refuse", "omit"]

_CHOICES: dict[str, tuple[object, ...]] = {
    "result_spelling": ("lower", "title"),
    "missing_shape": ("item", "refuse", "omit"),
    "stop_http_status": (200, 202),
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
    """The most jobs a batch-stop may hold. No limit is documented, which is not to say that there is none."""

    stop_http_status: int = 200
    """200 (API page) or 202 (the same operation in v3)."""

    token_lifetime: float = 24 * 3600.0
    """Seconds. (IAM documentation: 24 hours.)"""

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
            if name in _CHOICES and value not in _CHOICES[name]:
                raise ValueError(f"{name} must be one of {', '.join(map(str, _CHOICES[name]))}")
            # JSON, which the command line reads settings from, has no tuples.
            setattr(self, name, tuple(value) if isinstance(value, list) else value)
