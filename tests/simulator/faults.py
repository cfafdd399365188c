# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults between the cloud and its client, for selected requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .answers import Answer

FaultKind = Literal["answer", "reset", "stall", "truncate", "html", "oversize", "nested", "trickle", "two-lengths"]

_KEEP_REAL = ("answer", "truncate", "trickle", "two-lengths")
_HTML = b"<html><head><title>Maintenance</title></head><body><h1>Please log in</h1></body></html>"


@dataclass(frozen=True)
class Fault:
    """A fault for calls of one endpoint.

    Kinds: ``answer`` sends this status, headers and body (a redirect is one with a ``Location``); ``reset`` resets the
    TCP connection; ``stall`` never responds; ``truncate`` announces the whole body, sends half of it and closes;
    ``html`` sends a page with status 200, like a captive portal; ``oversize`` sends ``size`` bytes of valid JSON;
    ``nested`` sends JSON with ``depth`` levels; ``trickle`` sends one byte of the body every ``interval`` seconds;
    ``two-lengths`` announces the length of the body twice, the second time one byte more, and closes.

    With ``accepts`` and ``hides`` the cloud processes only a part of the request. They require ``after``.
    """

    endpoint: str
    nth: int | None = 1
    """The number of the call, counted from 1 since the fault was added. None means every call."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes | dict[str, Any] | list[Any] | None = None
    """The default is the real body if the request is processed first and no status is set, else a placeholder."""
    kind: FaultKind = "answer"
    after: bool = False
    """Whether the cloud processes the request before the fault. Otherwise the request has no effect."""
    accepts: int | None = None
    """The number of stops that a batch accepts before it fails as a whole, with HTTP 400 unless a status is set."""
    hides: Collection[str] = ()
    """IDs of jobs that do not exist for this call, if the call names jobs."""
    interval: float = 0.05
    size: int = 64 * 1024 * 1024
    depth: int = 100_000

    def __post_init__(self) -> None:
        """Raise ValueError if the fields contradict each other."""
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"kind must be one of {', '.join(get_args(FaultKind))}")
        if self.nth is not None and self.nth < 1:
            raise ValueError("nth counts from 1")
        if self.kind == "answer" and self.status is None and not self.after:
            raise ValueError("an answer before the work is done needs a status")
        if isinstance(self.hides, str):
            raise ValueError("hides must be a list of job IDs")
        if self.accepts is not None and self.accepts < 0:
            raise ValueError("accepts counts from 0")
        if (self.accepts is not None or self.hides) and not self.after:
            raise ValueError("accepts and hides are about the work, so they need after")

    def answer(self, done: Answer | None) -> Answer:
        """Return the response to send, for oversize up to the padding. ``done`` is the real response, if any."""
        keeps_real = self.kind in _KEEP_REAL and self.body is None and self.status is None
        if done is not None and keeps_real:
            return Answer(done.status, done.body, {**done.headers, **self.headers})
        status = self.status or (200 if done is None else done.status)
        body, content_type = self._content()
        return Answer(status, body, {"Content-Type": content_type, **self.headers})

    def _content(self) -> tuple[bytes, str]:
        if self.kind == "html":
            return _HTML, "text/html; charset=utf-8"
        if self.kind == "oversize":
            return b'{"padding": "', "application/json"
        if self.kind == "nested":
            return b"[" * self.depth + b"]" * self.depth, "application/json"
        if self.body is None:
            # The other kinds need a body that can be truncated or sent in parts.
            return b"" if self.kind == "answer" else b'{"jobs": []}', "application/json"
        if isinstance(self.body, dict | list):
            return json.dumps(self.body).encode(), "application/json"
        return self.body.encode() if isinstance(self.body, str) else self.body, "text/plain; charset=utf-8"


class Faults:
    """The pending faults. Thread-safe."""

    def __init__(self, endpoints: Collection[str]) -> None:
        """Initialize with the names of all endpoints."""
        self._endpoints = endpoints
        self._lock = threading.Lock()
        self._pending: list[tuple[Fault, list[None]]] = []

    def add(self, fault: Fault) -> None:
        """Add a fault. Raise ValueError if its endpoint does not exist."""
        if fault.endpoint not in self._endpoints:
            raise ValueError(f"endpoint must be one of {', '.join(self._endpoints)}")
        with self._lock:
            self._pending.append((fault, []))

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._pending.clear()

    def take(self, endpoint: str) -> Fault | None:
        """Count a call and return its fault, the first added one if there are several, else None."""
        met = None
        with self._lock:
            for fault, calls in self._pending:
                if fault.endpoint == endpoint:
                    calls.append(None)
                    if met is None and fault.nth in (None, len(calls)):
                        met = fault
        return met
