# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that is killed cannot remove its temporary directory. Nothing usable is in what it leaves."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import BIN, with_collection, write_playbook

PASSWORD = "canary-pass-word"
TASKS: list[dict[str, Any]] = [
    {"name": "Log in", "ansible.builtin.debug": {"msg": "{{ lookup('huaweicloud.drs.iam_token') | length }}"}},
    {"name": "Fail to", "ignore_errors": True, "ansible.builtin.debug": {"msg": "{{ lookup(wrong, password=word) }}"}},
    {"name": "Wait", "ansible.builtin.command": "sleep 5"},
]
VARIABLES = {"wrong": "huaweicloud.drs.iam_token", "word": "wrong-canary"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_nothing_usable_is_left_after_a_signal(cloud: Simulator, tmp_path: Path, number: signal.Signals) -> None:
    cloud.cloud.add_user("canary", PASSWORD, "demo")
    play = tmp_path / "waits.yml"
    write_playbook(play, TASKS, vars=VARIABLES)
    output = tmp_path / "output"
    environment = {
        **with_collection(tmp_path),
        **{"HW_AUTH_URL": cloud.url, "HW_PROJECT_NAME": "demo", "HW_DOMAIN_NAME": "demo"},
        **{"HW_USER_NAME": "canary", "HW_USER_PASSWORD": PASSWORD, "ANSIBLE_LOG_PATH": str(tmp_path / "log")},
    }
    command = [sys.executable, str(BIN / "ansible-playbook"), "-vvv", "-i", "localhost,", str(play)]
    with output.open("wb") as file:
        process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=file, stderr=file)
    limit = time.monotonic() + 60
    while b"TASK [Wait]" not in output.read_bytes():
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < limit
        time.sleep(0.05)
    process.send_signal(number)
    process.wait(60)
    assert [request.status for request in cloud.requests_to("auth-tokens")] == [201, 401]
    left = [path for path in (tmp_path / ".ansible").rglob("huaweicloud.drs-*") if path.is_file()]
    if number == signal.SIGKILL:
        assert left  # otherwise this test shows nothing
    secrets = [PASSWORD.encode(), b"wrong-canary", *(value.encode() for value in cloud.cloud.accounts._tokens)]
    for path in [*left, *tmp_path.glob("log"), output]:
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path
