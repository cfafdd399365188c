# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the options of drs_job_batch_stop, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .._core.bounds import parse_integer, parse_number
from .._core.errors import ConfigurationError
from .._core.jobs import StopRequest
from .arguments import check_job_id, common_argument_spec


class StopSettings(NamedTuple):
    """What the user asked for. Times are in seconds."""

    requests: tuple[StopRequest, ...]
    wait: bool = True
    wait_timeout: float = 1800.0
    wait_interval: float = 10.0
    batch_size: int = 10
    check_mode: bool = False

    @property
    def confirmation_seconds(self) -> float:
        """How long to look at a job before deciding that a stop in doubt never arrived.

        The Terraform provider looks for the first time after 20 seconds, since the status lags behind.
        """
        return min(30.0, max(20.0, 2 * self.wait_interval))


def stop_argument_spec() -> dict[str, Any]:
    """Give the options of drs_job_batch_stop."""
    job = {
        "job_id": {"type": "str", "required": True, "aliases": ["id"]},
        "is_force_stop": {"type": "bool", "aliases": ["force"]},
    }
    return {
        **common_argument_spec(),
        "jobs": {"type": "list", "elements": "dict", "required": True, "options": job},
        "force": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 1800},
        "wait_interval": {"type": "float", "default": 10},
        "batch_size": {"type": "int", "default": 10},
        "concurrency": {"type": "int", "default": 4},
    }


def parse_stop_settings(params: Mapping[str, Any], *, check_mode: bool, warn: Callable[[str], None]) -> StopSettings:
    """Give what is to be stopped and how. Raises ConfigurationError."""
    return StopSettings(
        requests=_requests_from(params["jobs"], params["force"], warn),
        wait=params["wait"],
        wait_timeout=parse_number("wait_timeout", params["wait_timeout"]),
        wait_interval=parse_number("wait_interval", params["wait_interval"]),
        batch_size=parse_integer("batch_size", params["batch_size"]),
        check_mode=check_mode,
    )


def _requests_from(entries: list[dict[str, Any]], force: bool, warn: Callable[[str], None]) -> tuple[StopRequest, ...]:
    requests: dict[str, StopRequest] = {}
    for number, entry in enumerate(entries, start=1):
        request = _request_from(number, entry, force)
        first = requests.setdefault(request.job_id, request)
        if first is request:
            continue
        if first.is_force_stop != request.is_force_stop:
            raise ConfigurationError(f"jobs: {request.job_id} is named twice, with and without force")
        warn(f"jobs: {request.job_id} is named more than once; its stop is sent once")
    return tuple(requests.values())


def _request_from(number: int, entry: dict[str, Any], force: bool) -> StopRequest:
    check_job_id(entry["job_id"], f"jobs: job_id of entry {number}")
    is_force_stop = entry["is_force_stop"]
    return StopRequest(entry["job_id"], force if is_force_stop is None else is_force_stop)
