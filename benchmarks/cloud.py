# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated cloud in a process of its own, and its control API."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from ..tests.simulator import demo
from ..tools.demo import basic_environment, running


class Cloud:
    """A client of the simulated cloud and its control API."""

    def __init__(self, url: str) -> None:
        """Initialize with the base URL."""
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def log_in(self) -> str:
        """Log in and return a token."""
        user = {"name": demo.USER, "password": demo.PASSWORD, "domain": {"name": demo.DOMAIN}}
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": {"project": {"id": demo.PROJECT_ID}}}}
        return self._session.post(f"{self.url}/v3/auth/tokens", json=body, timeout=10).headers["X-Subject-Token"]

    def forget(self) -> None:
        """Clear the recorded requests."""
        self._session.delete(f"{self.url}/simulator/requests", timeout=10)

    def seen(self) -> list[dict[str, Any]]:
        """Return the requests since the last clear."""
        found: list[dict[str, Any]] = self._session.get(f"{self.url}/simulator/requests", timeout=30).json()
        return found

    def connections(self) -> int:
        """Return the number of connections so far, without those of this class."""
        return int(self._session.get(f"{self.url}/simulator/connections", timeout=10).json()["connections"])


@contextmanager
def simulated(folder: Path, seed: Mapping[str, object], latency: float) -> Iterator[Cloud]:
    """Start the cloud with these jobs, projects and settings. On exit, stop it. Raise SystemExit if it fails."""
    jobs, ready = folder / "jobs.json", folder / "ready.json"
    jobs.write_text(json.dumps(seed), encoding="utf-8")
    environment = {
        **basic_environment(folder),
        "PORT": "0",
        "JOBS": str(jobs),
        "LATENCY": str(latency),
        "READY": str(ready),
    }
    with running([sys.executable, "-m", "tests.simulator"], environment) as process:
        if process.stdout is None or not process.stdout.readline().startswith("http://"):
            raise SystemExit("the simulated cloud did not start")
        yield Cloud(json.loads(ready.read_bytes())["url"])
