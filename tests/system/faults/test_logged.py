# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the libraries below write into Python's log, and so into that of Ansible (ANSIBLE_LOG_PATH): no header."""

from __future__ import annotations

import logging

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawRequest, RawServer, Reply
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule


def with_a_line_without_a_colon(answer: bytes) -> list[bytes]:
    """Damage the head of an answer before its token."""
    start, end = answer.split(b"\r\n", 1)
    return [start + b"\r\nno header\r\n" + end]


def test_the_headers_of_an_answer_are_not_logged(
    sim: Simulator, stop: StopModule, caplog: pytest.LogCaptureFixture
) -> None:
    def damage(request: RawRequest, _nth: int) -> Reply:
        return Reply(with_a_line_without_a_colon, end="fin") if request.call == "tokens" else Reply()

    with RawServer(sim.url, script=damage) as server, caplog.at_level(logging.DEBUG):
        url = f"http://127.0.0.1:{server.port}"
        stop.log_in_as(endpoint=url, iam_endpoint=url)
        stop(RUNNING)

    assert server.to("tokens")
    assert "X-Subject-Token" not in caplog.text
    assert "no header" not in caplog.text
    # It is not silent as a whole.
    assert "Starting new HTTP connection" in caplog.text
