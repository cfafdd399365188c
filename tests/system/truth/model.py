# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small model of DRS behind a network that fails, in the place of the wire: it takes what ``requests`` would send.

It shares no code with the simulator of tests/simulator and none with the plugins. Time is a number that requests,
pauses and timeouts move on.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import RemoteDisconnected
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ProxyError

STOPPED = {"RELEASE_RESOURCE_COMPLETE", "RELEASE_CHILD_TRANSFER_COMPLETE", "DELETED", "CREATE_FAILED"}
STOPPING = {"RELEASE_RESOURCE_STARTED", "RELEASE_CHILD_TRANSFER_STARTED"}
STOP_FAILED = "RELEASE_RESOURCE_FAILED"


class ModelClock:
    """Time as a number."""

    def __init__(self) -> None:
        self.now = 0.0

    def time(self) -> float:
        return 1_700_000_000.0 + self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


@dataclass
class ModelJob:
    """One job: what it is before, and what becomes of it once a stop is accepted."""

    status: str
    release_seconds: float = 20.0
    ends_in: str = "RELEASE_RESOURCE_COMPLETE"
    refusal: str | None = None
    """The code with which each stop of this job is refused."""
    others_stop_at: float | None = None
    """When somebody else stops it."""
    stopped_at: float | None = None
    accepted: list[bool] = field(default_factory=list)
    """The force of each stop of ours that was accepted."""

    lags: tuple[float | None, float | None] = (0.0, 0.0)
    """The lag before and after `lag_changes_at`, in seconds; None is sent as ``-1``."""
    lag_changes_at: float = 0.0

    def lag_at(self, now: float) -> float | None:
        """Return the lag."""
        return self.lags[now >= self.lag_changes_at]

    def true_status(self, now: float) -> str:
        if self.stopped_at is None:
            if self.others_stop_at is None or now < self.others_stop_at or self.status in STOPPED | STOPPING:
                return self.status
            self.stopped_at = self.others_stop_at
        if now < self.stopped_at:
            return self.status
        return self.ends_in if now >= self.stopped_at + self.release_seconds else "RELEASE_RESOURCE_STARTED"


@dataclass(frozen=True)
class NetworkFault:
    """What happens to the calls ``first`` to ``last`` (from 1, None for ever) of an endpoint."""

    kind: str
    first: int = 1
    last: int | None = 1

    def hits(self, call: int) -> bool:
        return call >= self.first and (self.last is None or call <= self.last)


# It is proved that nothing was sent, or the gateway says that it kept it.
REFUSING = ("refused", "tunnel", "throttled", "frequent", "gateway", "403", "401-expired")
# Anything else: the cloud has not acted, and has for those that end in "after", or on some of the jobs ("part").
STATUSES = ("400", "429", "503-later", "500", "502", "504", "408", "302")
DOUBTFUL = ("reset", "proxy", "timeout", "odd-type", "odd-length", "odd-chunk", "html", "cut", "garbled", *STATUSES)
FAULTS = (
    *REFUSING,
    *DOUBTFUL,
    *(f"{kind}-after" for kind in DOUBTFUL),
    *(f"{kind}-part" for kind in DOUBTFUL),
    "omit",
    "missing",
)


def name_of(job_id: str) -> str:
    """Return the name of a job."""
    return f"name of {job_id}"


class ModelCloud(BaseAdapter):
    """The cloud and the network to it, as an adapter of ``requests``."""

    def __init__(self, clock: ModelClock, jobs: dict[str, ModelJob], **behaviour: Any) -> None:
        super().__init__()
        self.clock = clock
        self.jobs = jobs
        self.latency: float = behaviour.get("latency", 0.1)
        self.lag: float = behaviour.get("lag", 0.0)
        self.max_batch: int | None = behaviour.get("max_batch")
        self.poisoned: frozenset[str] = behaviour.get("poisoned", frozenset())
        self.missing_refuses: bool = behaviour.get("missing_refuses", False)
        self.faults: dict[str, list[NetworkFault]] = behaviour.get("faults", {})
        self.refusals_act: bool = behaviour.get("refusals_act", False)
        """Whether HTTP 400 and 429 come after some of the work was done. A cloud is of one kind or the other."""
        self.generations: tuple[str, ...] = behaviour.get("generations", ("v3", "v5"))
        self.calls = {"status": 0, "stop": 0}
        self.faults_met = 0
        self.max_lag: float | None = behaviour.get("max_lag")
        self.served_lags: dict[str, float | None] = {}
        """The lag that each job had when it was last asked for, None also if it was no incremental one."""
        self.lagging_stops: list[str] = []
        self.named: list[tuple[str, bool]] = []
        self.begun_at: list[float] = []
        self.looked_at: set[str] = set()
        self.blind_stops: list[str] = []
        self.hidden: set[str] = set()

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        generation, call = _call_of(request)
        if generation not in self.generations:
            return _response("unpublished", (404, {}))
        endpoint = "stop" if call in ("batch-stop", "batch-jobs") else "status"
        self.calls[endpoint] += 1
        self.begun_at.append(self.clock.now)
        body = json.loads(request.body or b"{}")
        if endpoint == "stop":
            self.named += [_named(job) for job in body["jobs"]]
        name = next((fault.kind for fault in self.faults.get(endpoint, []) if fault.hits(self.calls[endpoint])), "none")
        self.faults_met += name != "none"
        kind = name.removesuffix("-after").removesuffix("-part")
        if kind in ("400", "429"):
            name = kind if not self.refusals_act else f"{kind}-part" if name == kind else name
        connect, read = options["timeout"]
        if kind in _NOT_SENT:
            raise _NOT_SENT[kind]()
        if endpoint == "stop":
            self._check_looks([_named(job)[0] for job in body["jobs"]])
        self.clock.now += min(self.latency, connect)
        call = "progress" if "type=progress" in str(request.url) else call
        response = self._deliver(kind, self._work(endpoint, name, body, call, str(request.url)), read)
        if endpoint == "status":
            self.looked_at |= _ids_with_status(response)
        return response

    def _work(self, endpoint: str, fault: str, body: dict[str, Any], call: str, url: str) -> tuple[int, object]:
        """Do what is asked for, as far as the fault lets the cloud do it, and return the answer."""
        acts = fault in ("none", "omit", "missing") or fault.endswith("-after")
        if endpoint == "stop":
            if fault.endswith("-part"):
                self._stop({"jobs": body["jobs"][::2]}, call)
            return self._stop(body, call) if acts else (200, {})
        if "progress" in call and (acts or fault.endswith("-part")):
            return self._progress(body.get("jobs") or [url.partition("?")[0].rpartition("/")[2]], call)
        return self._look(body, call, hidden=fault == "missing") if acts or fault.endswith("-part") else (200, {})

    def _check_looks(self, job_ids: list[str]) -> None:
        """Between two stops that name a job, a look at it has to have been answered. The first is before any stop."""
        self.blind_stops += [job_id for job_id in job_ids if job_id in self.jobs and job_id not in self.looked_at]
        self.looked_at -= set(job_ids)

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _deliver(self, kind: str, answer: tuple[int, object], read: float) -> requests.Response:
        if kind == "timeout":
            self.clock.now += read
        if kind in _NO_ANSWER:
            raise _NO_ANSWER[kind]()
        return _response(kind, answer)

    def _look(self, body: dict[str, Any], call: str, hidden: bool = False) -> tuple[int, object]:
        """Answer a look; with ``hidden`` each job does as if it did not exist, once."""
        asked = set(body.get("jobs", [call])) - self.hidden if hidden else set()
        self.hidden |= asked
        return self._status(body, asked, call) if "jobs" in body else self._detail(call, asked)

    def _detail(self, job_id: str, hidden: set[str]) -> tuple[int, object]:
        if job_id not in self.jobs or job_id in hidden:
            return 400, {"error_code": "DRS.10000010", "error_msg": "does not exist"}
        status = self.jobs[job_id].true_status(self.clock.now - self.lag)
        return 200, {
            "job": {"id": job_id, "status": status, "base_info": {"name": name_of(job_id), "job_type": "sync"}}
        }

    def _status(self, body: dict[str, Any], hidden: set[str], call: str) -> tuple[int, object]:
        shown = self.clock.now - self.lag
        known = [job_id for job_id in body["jobs"] if job_id in self.jobs and job_id not in hidden]
        missing = [
            {"id": job_id, "error_code": "DRS.M00289", "error_message": "does not exist"}
            for job_id in body["jobs"]
            if job_id not in known
        ]
        if missing and self.missing_refuses:
            return 400, {"count": 1, "results": missing[:1]}
        names = {"name": name_of, "db_use_type": lambda _job_id: "sync"} if call == "batch-detail" else {}
        results = [
            {
                "id": job_id,
                "status": self.jobs[job_id].true_status(shown),
                **{key: of(job_id) for key, of in names.items()},
            }
            for job_id in known
        ]
        return 200, {"count": len(results), "results": missing + results}

    def _progress(self, job_ids: list[str], call: str) -> tuple[int, object]:
        items = [self._progress_of(job_id) for job_id in job_ids if job_id in self.jobs]
        if call == "progress":
            (item,) = items
            info = {name.replace("incre_", "incr_"): value for name, value in item.items()}
            return 200, {"job": {"id": job_ids[0], "progress_info": info}}
        return 200, {"count": len(items), "results": items}

    def _progress_of(self, job_id: str) -> dict[str, object]:
        job, now = self.jobs[job_id], self.clock.now
        status = job.true_status(now)
        lag = job.lag_at(now) if status == "INCRE_TRANSFER_STARTED" else None
        self.served_lags[job_id] = lag
        return {
            "job_id": job_id,
            "transfer_status": status,
            "task_mode": "FULL_INCR_TRANS",
            "incre_trans_delay": "-1" if lag is None else str(int(lag)),
            "incre_trans_delay_millis": "-1" if lag is None else str(round(lag * 1000)),
        }

    def _stop(self, body: dict[str, Any], call: str) -> tuple[int, object]:
        named = [_named(job) for job in body["jobs"]]
        too_many = self.max_batch is not None and len(named) > self.max_batch
        if too_many or self.poisoned & {job_id for job_id, _force in named}:
            return 400, {"error_code": "DRS.10000001", "error_msg": "Failed."}
        results = [self._stop_one(job_id, force) for job_id, force in named]
        return (200, {"jobs": results}) if call == "batch-stop" else (202, {"count": len(results), "results": results})

    def _stop_one(self, job_id: str, force: bool) -> dict[str, object]:
        job = self.jobs.get(job_id)
        code = "DRS.10020102" if job is None else job.refusal
        if job is not None and code is None and job.true_status(self.clock.now) in STOPPED | STOPPING:
            code = "DRS.M00304"
        if job is None or code is not None:
            return {"id": job_id, "status": "failed", "error_code": code, "error_msg": "no"}
        served = self.served_lags.get(job_id)
        if self.max_lag is not None and (served is None or served > self.max_lag):
            self.lagging_stops.append(job_id)
        job.accepted.append(force)
        job.stopped_at = self.clock.now
        return {"id": job_id, "name": name_of(job_id), "status": "Success"}


# As both generations of urllib3 and requests raise them; each text of a proxy's end is from a real one.
_NOT_SENT: dict[str, Callable[[], Exception]] = {
    "refused": lambda: requests.ConnectionError(NewConnectionError(None, "refused")),  # type: ignore[arg-type]
    "tunnel": lambda: requests.exceptions.ProxyError(
        MaxRetryError(
            None,  # type: ignore[arg-type]
            "/",
            ProxyError(
                "Cannot connect to proxy.", OSError("Tunnel connection failed: 407 Proxy Authentication Required")
            ),
        )
    ),
}
_NO_ANSWER: dict[str, Callable[[], Exception]] = {
    "reset": lambda: requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError())),
    "proxy": lambda: requests.exceptions.ProxyError(
        MaxRetryError(
            None,  # type: ignore[arg-type]
            "/",
            ProxyError("Cannot connect to proxy.", RemoteDisconnected("Remote end closed connection without response")),
        )
    ),
    "timeout": requests.ReadTimeout,
    "odd-type": lambda: AttributeError("'bool' object has no attribute 'strip'"),
    "odd-length": lambda: requests.exceptions.InvalidHeader("Content-Length contained multiple unmatching values"),
    "odd-chunk": lambda: ValueError("invalid literal for int() with base 16: b'-5'"),
}
_ANSWERS: dict[str, tuple[int, dict[str, str], object]] = {
    "429": (429, {"Retry-After": "3"}, ""),
    "throttled": (429, {"Retry-After": "3"}, {"error_code": "APIGW.0308", "error_msg": "throttled"}),
    "503-later": (503, {"Retry-After": "2"}, {}),
    "frequent": (400, {}, {"error_code": "DRS.M01503", "error_msg": "too frequent"}),
    "gateway": (502, {}, {"error_code": "APIGW.0610", "error_msg": "no backend"}),
    "400": (400, {}, {"error_code": "DRS.M00202", "error_msg": "no"}),
    "403": (403, {}, {"error_code": "DRS.M00102", "error_msg": "no permission"}),
    "401-expired": (401, {}, {"error_code": "APIGW.0307", "error_msg": "token must be updated"}),
    "500": (500, {}, {"error_code": "APIGW.0601", "error_msg": "internal"}),
    "502": (502, {}, "<html>"),
    "504": (504, {}, {"error_code": "APIGW.0203", "error_msg": "backend timeout"}),
    "408": (408, {}, ""),
    "html": (200, {}, "<html>please log in</html>"),
    "garbled": (200, {}, {"jobs": "none", "results": 7}),
    "unpublished": (404, {}, {"error_code": "APIGW.0101", "error_msg": "The API does not exist"}),
    "302": (302, {"Location": "http://elsewhere.invalid/login?token=x"}, ""),
}


def _call_of(request: requests.PreparedRequest) -> tuple[str, str]:
    """Give the generation of the API, and the last part of the path: the name of the call, or a job's ID."""
    path = str(request.url).partition("?")[0].split("/")
    generation, call = path[3], path[-1]
    expected = {
        ("v5", "batch-stop"): "POST",
        ("v3", "batch-jobs"): "DELETE",
        ("v3", "batch-status"): "POST",
        ("v3", "batch-detail"): "POST",
        ("v3", "batch-progress"): "POST",
    }
    assert request.method == expected.get((generation, call), "GET")
    return generation, call


def _named(job: dict[str, Any]) -> tuple[str, bool]:
    if "delete_type" not in job:
        return job["job_id"], job["is_force_stop"]
    assert job["delete_type"] in ("terminate", "force_terminate")
    return job["job_id"], job["delete_type"] == "force_terminate"


def _ids_with_status(response: requests.Response) -> set[str]:
    """Return the jobs that an answer to a look gives a status of."""
    if response.status_code != 200 or not isinstance(response.raw, io.BytesIO):
        return set()
    try:
        body = json.loads(response.raw.getvalue())
    except ValueError:
        return set()
    items = body.get("results", [body.get("job")])
    return (
        {item["id"] for item in items if "status" in item} if isinstance(items, list) and None not in items else set()
    )


class _CutShort(io.RawIOBase):
    """A body whose connection breaks in the middle."""

    def stream(self, _size: int, **_options: object) -> Iterator[bytes]:
        yield b'{"jobs": ['
        raise ProtocolError("Connection broken: IncompleteRead")


def _response(kind: str, answer: tuple[int, object]) -> requests.Response:
    status, headers, body = _ANSWERS.get(kind, (answer[0], {}, answer[1]))
    if kind == "omit" and isinstance(body, dict):
        # Every second item is left out, and one comes for a job that nobody named.
        stranger = {"id": "stranger", "status": "success"}
        body = {key: [*items[::2], stranger] for key, items in body.items() if isinstance(items, list)}
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    content = body if isinstance(body, str) else json.dumps(body)
    response.raw = _CutShort() if kind == "cut" else io.BytesIO(content.encode())
    return response
