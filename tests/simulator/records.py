# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated cloud remembers of each request, for tests to look at."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class RecordedRequest:
    """One request as it arrived, and how it was answered."""

    method: str
    path: str
    """Decoded, without the query."""
    query: dict[str, str]
    headers: Mapping[str, str]
    """Its keys may be spelled in any case."""
    body: bytes
    endpoint: str
    """The name of the endpoint, ``unknown`` if there is none."""
    target: str
    """Path and query exactly as they were sent, which is what a signature covers."""
    base_url: str
    """Scheme and host as the client sees them."""
    params: dict[str, str] = field(default_factory=dict)
    """The variable parts of the path."""
    status: int | None = None
    """What it was answered with; None as long as it is not, and if the connection was cut instead."""
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    arrived_at: float = field(default_factory=time.monotonic)
    """When, in real seconds from an arbitrary start, whatever the clock of the cloud says."""

    @property
    def json(self) -> Any:
        """The body as JSON, None if it is empty or no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Recorder:
    """The requests so far. Safe to share between threads."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._requests: list[RecordedRequest] = []

    def add(self, request: RecordedRequest) -> None:
        """Remember a request."""
        with self._lock:
            self._requests.append(request)

    def all(self, endpoint: str | None = None) -> list[RecordedRequest]:
        """Give the requests to an endpoint, or all, in the order in which they arrived."""
        with self._lock:
            return [each for each in self._requests if endpoint in (None, each.endpoint)]

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._requests.clear()
