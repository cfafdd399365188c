# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API below ``/simulator/``, for programs in other processes. Tests in this process use Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import Fault

if TYPE_CHECKING:
    from .app import CloudApp


async def answer_control(app: CloudApp, request: web.Request) -> web.Response:
    """Handle a control request: ``{GET,DELETE} requests``, ``GET jobs``, ``GET connections``, ``POST faults``."""
    call = (request.method, request.path.removeprefix("/simulator/"))
    if call == ("GET", "requests"):
        return web.json_response(_requests(app))
    if call == ("DELETE", "requests"):
        app.recorder.clear()
        return web.Response(status=204)
    if call == ("GET", "jobs"):
        return web.json_response(_jobs(app))
    if call == ("GET", "connections"):
        return web.json_response({"connections": app.connections.count})
    if call == ("POST", "faults"):
        return await _add_fault(app, request)
    return web.json_response({"error": f"there is no {request.method} {request.path}"}, status=404)


async def _add_fault(app: CloudApp, request: web.Request) -> web.Response:
    try:
        app.faults.add(Fault(**await request.json()))
    except (TypeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)
    return web.json_response({}, status=201)


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
