# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of the requests to the simulated cloud, for tests."""

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
    """A received request and the status of its response."""

    method: str
    path: str
    """Decoded, without the query."""
    query: dict[str, str]
    headers: Mapping[str, str]
    """The keys are case-insensitive."""
    body: bytes
    endpoint: str
    """The name of the endpoint, or ``unknown``."""
    target: str
    """Path and query exactly as they were sent. The signature covers them."""
    base_url: str
    """Scheme and host as the client uses them."""
    params: dict[str, str] = field(default_factory=dict)
    """The variable parts of the path."""
    status: int | None = None
    """The status of the response. None before the response, and if the connection was aborted instead."""
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    arrived_at: float = field(default_factory=time.monotonic)
    """The time of arrival in real seconds from an arbitrary start, independent of the clock of the cloud."""

    @property
    def json(self) -> Any:
        """The body as JSON, None if it is empty or not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Recorder:
    """The recorded requests. Thread-safe."""

    def __init__(self) -> None:
        """Initialize empty."""
        self._lock = threading.Lock()
        self._requests: list[RecordedRequest] = []

    def add(self, request: RecordedRequest) -> None:
        """Record a request."""
        with self._lock:
            self._requests.append(request)

    def all(self, endpoint: str | None = None) -> list[RecordedRequest]:
        """Return the requests to an endpoint (default: all) in the order of their arrival."""
        with self._lock:
            return [each for each in self._requests if endpoint in (None, each.endpoint)]

    def clear(self) -> None:
        """Remove all records."""
        with self._lock:
            self._requests.clear()
