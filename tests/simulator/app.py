# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP application of the simulated cloud, from a request to its response and its record."""

from __future__ import annotations

import asyncio

from aiohttp import web

from . import drs, drs_lists, drs_progress, drs_queries, drs_v3_actions, iam, iam_credentials, iam_projects
from .answers import Answer, ApiError, gateway_error
from .cloud import Cloud
from .connections import Connections
from .control import answer_control
from .delivery import pause, send, send_faulty
from .faults import Faults
from .gateway import MAX_BODY, check_limits
from .records import RecordedRequest, Recorder
from .routing import Handler, find_route

_IAM_ROUTES = (*iam.ROUTES, *iam_projects.ROUTES, *iam_credentials.ROUTES)
ROUTES = (
    *_IAM_ROUTES,
    *drs.ROUTES,
    *drs_v3_actions.ROUTES,
    *drs_lists.ROUTES,
    *drs_queries.ROUTES,
    *drs_progress.ROUTES,
)
UNKNOWN = "unknown"
ENDPOINTS = (*(route.endpoint for route in ROUTES), UNKNOWN)
CONTROL_PATH = "/simulator/"


def _not_published(cloud: Cloud, request: RecordedRequest) -> Answer:
    raise gateway_error("0101")


class CloudApp:
    """The application: it responds from the state of a cloud, records the requests, and applies faults."""

    def __init__(self, cloud: Cloud) -> None:
        """Initialize with the cloud, without faults and records."""
        self.cloud = cloud
        self.faults = Faults(ENDPOINTS)
        self.recorder = Recorder()
        self.released = asyncio.Event()
        """Set when the simulator stops, which ends all waits."""
        self.connections = Connections()

    def application(self) -> web.Application:
        """Return the aiohttp application."""
        # One byte more than allowed, so that the check of the gateway refuses the body, not aiohttp.
        application = web.Application(client_max_size=MAX_BODY + 1)
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        is_control = request.path.startswith(CONTROL_PATH)
        self.connections.note_request(request.transport, is_control)
        if is_control:
            return await answer_control(self, request)
        record, handler = await self._record(request)
        if self.cloud.latency:
            await pause(self.cloud.latency, self.released)
        fault = self.faults.take(record.endpoint)
        if fault is None:
            return send(self._work(handler, record), record)
        done = None
        if fault.after:
            with self.cloud.jobs.impaired(fault.accepts, fault.hides):
                done = self._work(handler, record)
        return await send_faulty(fault, done, request, record, self.released)

    async def _record(self, request: web.Request) -> tuple[RecordedRequest, Handler]:
        target = request.raw_path
        found = find_route(ROUTES, request.method, target.partition("?")[0])
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            body = b"\0" * (MAX_BODY + 1)
        record = RecordedRequest(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=request.headers,
            body=body,
            endpoint=found[0].endpoint if found else UNKNOWN,
            target=target,
            base_url=f"{request.scheme}://{request.host}",
            params=found[1] if found else {},
        )
        self.recorder.add(record)
        return record, found[0].handler if found else _not_published

    def _work(self, handler: Handler, record: RecordedRequest) -> Answer:
        try:
            check_limits(record)
            return handler(self.cloud, record)
        except ApiError as error:
            return error.answer(record.request_id)
