# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may go wrong between the cloud and its client, and for which request."""

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
    """One thing that goes wrong.

    Kinds: ``answer`` sends this status, headers and body (a redirect is one with a ``Location``); ``reset`` resets the
    TCP connection; ``stall`` never answers; ``truncate`` announces the whole body, sends half of it and closes;
    ``html`` sends a page with status 200, as a captive portal does; ``oversize`` sends ``size`` bytes of valid JSON;
    ``nested`` sends JSON of ``depth`` levels; ``trickle`` sends one byte of the body each ``interval`` seconds;
    ``two-lengths`` announces the length of the body twice, the second time one byte more, and closes.

    ``accepts`` and ``hides`` let the cloud do its work only in part, which takes ``after``.
    """

    endpoint: str
    nth: int | None = 1
    """Which call of the endpoint, counted from 1 since the fault was added; None for every one."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes | dict[str, Any] | list[Any] | None = None
    """Default: the real body where the work is done first and no status is given, else nothing of interest."""
    kind: FaultKind = "answer"
    after: bool = False
    """Whether the cloud does its work first. Without it the request has no effect."""
    accepts: int | None = None
    """How many stops a batch takes on before it fails as a whole, with HTTP 400 unless a status is given."""
    hides: Collection[str] = ()
    """IDs of jobs that do not exist for this one call, if it is one that names jobs."""
    interval: float = 0.05
    size: int = 64 * 1024 * 1024
    depth: int = 100_000

    def __post_init__(self) -> None:
        """Refuse what makes no sense. Raises ValueError."""
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
        """Give what is to be sent, for oversize up to the padding; ``done`` is the real answer, if any."""
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
            # There has to be something to be cut in half or sent in pieces; a plain answer may be empty.
            return b"" if self.kind == "answer" else b'{"jobs": []}', "application/json"
        if isinstance(self.body, dict | list):
            return json.dumps(self.body).encode(), "application/json"
        return self.body.encode() if isinstance(self.body, str) else self.body, "text/plain; charset=utf-8"


class Faults:
    """The faults that are to come. Safe to share between threads."""

    def __init__(self, endpoints: Collection[str]) -> None:
        """Take the names of the endpoints that there are."""
        self._endpoints = endpoints
        self._lock = threading.Lock()
        self._pending: list[tuple[Fault, list[None]]] = []

    def add(self, fault: Fault) -> None:
        """Let this go wrong from now on. Raises ValueError for an endpoint that does not exist."""
        if fault.endpoint not in self._endpoints:
            raise ValueError(f"endpoint must be one of {', '.join(self._endpoints)}")
        with self._lock:
            self._pending.append((fault, []))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._pending.clear()

    def take(self, endpoint: str) -> Fault | None:
        """Count a call, and give the fault it meets: of several the one that was added first."""
        met = None
        with self._lock:
            for fault, calls in self._pending:
                if fault.endpoint == endpoint:
                    calls.append(None)
                    if met is None and fault.nth in (None, len(calls)):
                        met = fault
        return met
