# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the simulated cloud, without HTTP. Tests set it up before a request, and check it afterwards."""

from __future__ import annotations

import threading

from .accounts import Accounts
from .clock import Clock
from .jobs import AcceptedStop, Jobs
from .settings import Settings


class Cloud(Settings):
    """The accounts, jobs and settings of a cloud. The settings are attributes. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        """Initialize empty. ``clock`` is the time of the cloud."""
        super().__init__()
        self.clock = clock
        self.accounts = Accounts(clock, self)
        self.jobs = Jobs(clock, self, self._first_project)
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}

        self.add_project = self.accounts.add_project
        self.add_user = self.accounts.add_user
        self.add_access_key = self.accounts.add_access_key
        self.add_agency = self.accounts.add_agency
        self.disabled_domains = self.accounts.disabled_domains
        self.issue_token = self.accounts.issue_token
        self.revoke_token = self.accounts.revoke_token
        self.add_job = self.jobs.add
        self.job = self.jobs.get

    @property
    def accepted_stops(self) -> list[AcceptedStop]:
        """Every accepted stop, in order."""
        return list(self.jobs.accepted_stops)

    def throttles(self, caller: str) -> str | None:
        """Count a request of a caller. Return the text of the gateway if the limit is exceeded, else None."""
        if self.per_user_rate_limit is None:
            return None
        limit, seconds = self.per_user_rate_limit
        now = self.clock.monotonic()
        with self._lock:
            began, count = self._windows.get(caller, (now, 0))
            if now >= began + seconds:
                began, count = now, 0
            self._windows[caller] = (began, count + 1)
        return f"limit:{limit},time:{seconds:g} second" if count >= limit else None

    def _first_project(self) -> str:
        projects = self.accounts.projects()
        if not projects:
            raise ValueError("a job needs a project: add one first")
        return projects[0].id
