# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated cloud as a server in its own thread, with the Python API for tests."""

from __future__ import annotations

import asyncio
import concurrent.futures
import ssl
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, final

from aiohttp import web

from .app import CloudApp
from .certificates import make_certificate
from .clock import Clock, SystemClock
from .cloud import Cloud
from .faults import Faults
from .records import RecordedRequest

# Larger than the limits of the gateway (32 KB for a header and a URI, 128 KB for all headers), so that these apply.
_MAX_LINE = 512 * 1024
# The time for open requests when the simulator stops.
_SHUTDOWN_SECONDS = 1.0


@final
class Simulator:
    """IAM and DRS on 127.0.0.1, from ``start`` to ``stop`` or in a ``with`` block. An instance starts only once.

    ``cloud`` is the state, ``faults`` holds the faults to apply, and ``requests`` holds the received requests.
    """

    def __init__(self, clock: Clock | None = None, *, tls: bool = False, port: int = 0, **settings: Any) -> None:
        """Initialize with the clock (default: real time), HTTPS or HTTP, the port (0 for any), and settings by name."""
        self.cloud = Cloud(clock or SystemClock())
        self.cloud.configure(**settings)
        self.url = ""
        """The base URL of IAM and DRS. Empty before the start."""
        self.ca_path: str | None = None
        """With TLS, the CA certificate that clients must trust. The file exists until the simulator stops."""
        self._app = CloudApp(self.cloud)
        self._tls = tls
        self._port = port
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def faults(self) -> Faults:
        """The faults to apply."""
        return self._app.faults

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests so far, without those to the control API."""
        return self._app.recorder.all()

    @property
    def connections(self) -> int:
        """The number of TCP connections so far, without those for the control API."""
        return self._app.connections.count

    def requests_to(self, endpoint: str) -> list[RecordedRequest]:
        """Return the requests to one endpoint so far."""
        return self._app.recorder.all(endpoint)

    def clear_requests(self) -> None:
        """Remove the recorded requests."""
        self._app.recorder.clear()

    def start(self) -> None:
        """Start, and return when the port is open. Raise OSError if the port is in use."""
        context = self._tls_context() if self._tls else None
        started: concurrent.futures.Future[int] = concurrent.futures.Future()
        # A daemon thread does not prevent the exit of a program that forgets to stop it.
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(context, started)), name="simulator", daemon=True
        )
        self._thread.start()
        try:
            port = started.result()
        except Exception:
            self.stop()
            raise
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"

    def stop(self) -> None:
        """Abort all connections, also the stalled ones, and end the thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.released.set)
        if self._thread is not None:
            self._thread.join()
        if self._folder is not None:
            self._folder.cleanup()
        self._loop = self._thread = self._folder = None

    def __enter__(self) -> Simulator:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _tls_context(self) -> ssl.SSLContext:
        self._folder = tempfile.TemporaryDirectory(prefix="simulator-")
        ca_path, server_path = make_certificate(Path(self._folder.name))
        self.ca_path = str(ca_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server_path)
        return context

    async def _serve(self, context: ssl.SSLContext | None, started: concurrent.futures.Future[int]) -> None:
        runner = web.AppRunner(
            self._app.application(),
            access_log=None,
            shutdown_timeout=_SHUTDOWN_SECONDS,
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
        )
        await runner.setup()
        assert runner.server is not None
        accept = self._app.connections.counted(runner.server)
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(accept, "127.0.0.1", self._port, ssl=context)
        except Exception as error:
            # Any error is passed to the caller of start, which would wait for the port forever otherwise.
            await runner.cleanup()
            started.set_exception(error)
            return
        self._loop = loop
        started.set_result(server.sockets[0].getsockname()[1])
        await self._app.released.wait()
        # If the server closes while asyncio accepts a connection, asyncio does not track that connection. So stop to
        # accept connections first, and let the event loop finish the accepted ones, which takes two passes.
        for sock in server.sockets:
            loop.remove_reader(sock.fileno())
        for _attempt in range(3):
            await asyncio.sleep(0)
        server.close()
        await runner.cleanup()
        await self._app.connections.cut()
