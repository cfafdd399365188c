# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API below ``/simulator/``, for programs in other processes. Tests in this process use Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import Fault

if TYPE_CHECKING:
    from .app import CloudApp


# What changes on its own in a real cloud.
_CHANGEABLE = ("status", "lag", "rpo", "rto", "progress_error", "stop_error", "ends_in")


async def answer_control(app: CloudApp, request: web.Request) -> web.Response:
    """Handle a control request: ``{GET,DELETE} requests``, ``{GET,PATCH} jobs``, ``GET connections``, ``POST faults``.

    ``PATCH jobs`` takes an object with job IDs, and an object with new values of fields for each.
    """
    call = (request.method, request.path.removeprefix("/simulator/"))
    if call == ("DELETE", "requests"):
        app.recorder.clear()
        return web.Response(status=204)
    if call == ("PATCH", "jobs"):
        return await _change_jobs(app, request)
    if call == ("POST", "faults"):
        return await _add_fault(app, request)
    if call in _READS:
        return web.json_response(_READS[call](app))
    return web.json_response({"error": f"there is no {request.method} {request.path}"}, status=404)


async def _add_fault(app: CloudApp, request: web.Request) -> web.Response:
    try:
        app.faults.add(Fault(**await request.json()))
    except (TypeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)
    return web.json_response({}, status=201)


async def _change_jobs(app: CloudApp, request: web.Request) -> web.Response:
    try:
        for job_id, changes in (await request.json()).items():
            job = app.cloud.job(job_id)
            for name, value in changes.items():
                if name not in _CHANGEABLE:
                    raise ValueError(f"{name} cannot be changed")
                setattr(job, name, value)
    except KeyError as error:
        return web.json_response({"error": f"there is no job {error.args[0]}"}, status=404)
    except (AttributeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)
    return web.json_response({})


def _requests(app: CloudApp) -> list[dict[str, Any]]:
    return [
        {
            "method": each.method,
            "path": each.path,
            "query": each.query,
            "endpoint": each.endpoint,
            "status": each.status,
            "json": each.json,
            "arrived_at": each.arrived_at,
        }
        for each in app.recorder.all()
    ]


def _jobs(app: CloudApp) -> list[dict[str, Any]]:
    forced = {stop.job_id: stop.is_force_stop for stop in app.cloud.accepted_stops}
    return [
        {
            "job_id": job.job_id,
            "name": job.name,
            "project_id": job.project_id,
            "job_type": job.job_type,
            "status": job.status,
            "is_force_stop": forced.get(job.job_id),
        }
        for job in app.cloud.jobs.all()
    ]


def _connections(app: CloudApp) -> dict[str, int]:
    return {"connections": app.connections.count}


_READS: dict[tuple[str, str], Callable[[CloudApp], object]] = {
    ("GET", "requests"): _requests,
    ("GET", "jobs"): _jobs,
    ("GET", "connections"): _connections,
}
