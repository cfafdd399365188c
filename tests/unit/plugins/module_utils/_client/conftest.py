# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the simulated cloud, without a module around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator


@pytest.fixture
def make_http(clock: ManualClock) -> Iterator[Callable[..., HttpClient]]:
    """Make clients: ``seconds`` until the deadline, ``on_retry``, and HttpSettings. Their jitter is always a half."""
    # Here for the same reason as in the conftest.py above.
    from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline  # noqa: PLC0415
    from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient  # noqa: PLC0415
    from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings  # noqa: PLC0415

    with ExitStack() as stack:

        def make(seconds: float = 10_000.0, on_retry: Any = None, **settings: Any) -> HttpClient:
            deadline = Deadline(clock, seconds)
            http = HttpClient(HttpSettings(**settings), clock, deadline, jitter=lambda: 0.5, on_retry=on_retry)
            stack.callback(http.close)
            return http

        yield make


@pytest.fixture
def http(make_http: Callable[..., HttpClient]) -> HttpClient:
    """A client with the settings that a module has when nobody says anything else."""
    return make_http()


@pytest.fixture
def answer_next(sim: Simulator) -> Callable[..., None]:
    """Let the next request that the cloud does not know be answered with a status, a body and headers."""
    from ansible_collections.huaweicloud.drs.tests.simulator import Fault  # noqa: PLC0415

    def answer(status: int = 200, body: Any = None, **headers: str) -> None:
        content = {"a": 1} if body is None else body
        sim.faults.add(Fault("unknown", status=status, body=content, headers=headers))

    return answer
