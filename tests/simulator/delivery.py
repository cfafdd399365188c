# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send responses over HTTP, completely or with a fault."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress

from aiohttp import web

from .answers import Answer
from .faults import Fault
from .records import RecordedRequest

_PADDING = b"x" * 64 * 1024


async def pause(seconds: float, released: asyncio.Event) -> None:
    """Wait in real time, or until the simulator stops."""
    try:
        await asyncio.wait_for(released.wait(), seconds)
    except asyncio.TimeoutError:
        return


def send(answer: Answer, record: RecordedRequest) -> web.Response:
    """Return the complete response."""
    record.status = answer.status
    return web.Response(status=answer.status, body=answer.body, headers=_headers(answer, record))


async def send_faulty(
    fault: Fault, done: Answer | None, request: web.Request, record: RecordedRequest, released: asyncio.Event
) -> web.StreamResponse:
    """Send a response with a fault. ``done`` is the real response if the request was processed."""
    if fault.kind == "stall":
        await released.wait()
    if fault.kind in ("stall", "reset"):
        reset(request)
        return web.Response()
    answer = fault.answer(done)
    if fault.kind == "two-lengths":
        _contradict(answer, request, record)
        return web.Response()
    if fault.kind not in ("truncate", "trickle", "oversize"):
        return send(answer, record)
    response = await _begin(answer, request, record, is_measured=fault.kind != "oversize")
    # The client may close the connection early.
    with suppress(ConnectionError):
        if fault.kind == "truncate":
            await _truncate(answer, request, response)
        elif fault.kind == "trickle":
            await _trickle(answer, fault.interval, request, response, released)
        else:
            await _pad(answer, fault.size, response)
    return response


def reset(request: web.Request) -> None:
    """Abort the connection with a TCP reset. Closing a socket with SO_LINGER 0 sends one."""
    transport = request.transport
    if transport is not None:
        sock: socket.socket = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


def _contradict(answer: Answer, request: web.Request, record: RecordedRequest) -> None:
    # aiohttp cannot send a header twice, so this writes to the transport.
    record.status = answer.status
    lengths = [("Content-Length", str(len(answer.body) + more)) for more in (0, 1)]
    headers = [f"{name}: {value}" for name, value in (*_headers(answer, record).items(), *lengths)]
    head = "\r\n".join([f"HTTP/1.1 {answer.status} OK", *headers, "", ""])
    if request.transport is not None:
        request.transport.write(head.encode() + answer.body)
        request.transport.close()


async def _begin(
    answer: Answer, request: web.Request, record: RecordedRequest, is_measured: bool
) -> web.StreamResponse:
    record.status = answer.status
    response = web.StreamResponse(status=answer.status, headers=_headers(answer, record))
    if is_measured:
        response.content_length = len(answer.body)
    else:
        response.enable_chunked_encoding()
    await response.prepare(request)
    return response


async def _truncate(answer: Answer, request: web.Request, response: web.StreamResponse) -> None:
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()


async def _trickle(
    answer: Answer, interval: float, request: web.Request, response: web.StreamResponse, released: asyncio.Event
) -> None:
    for position in range(len(answer.body)):
        if released.is_set():
            reset(request)
            return
        await response.write(answer.body[position : position + 1])
        await pause(interval, released)


async def _pad(answer: Answer, size: int, response: web.StreamResponse) -> None:
    # Sent in chunks without a Content-Length, so that the client learns the size only by reading.
    end = b'"}'
    left = size - len(answer.body) - len(end)
    await response.write(answer.body)
    while left > 0:
        await response.write(_PADDING[:left])
        left -= len(_PADDING)
    await response.write(end)


def _headers(answer: Answer, record: RecordedRequest) -> dict[str, str]:
    return {"X-Request-Id": record.request_id, **answer.headers}
