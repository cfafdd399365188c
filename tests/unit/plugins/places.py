# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated cloud that is everywhere: each host of every name is it, so that a test sees where requests would go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, RecordedRequest, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.system.faults.test_proxy_and_tls import Proxy, started

# What a task and what its environment say, each option in a value of its own.
TASK = {
    "region": "task-1",
    "project_id": "task-id",
    "project_name": "task-name",
    "cloud": "task.example",
    "endpoint": "https://drs.task.test",
    "iam_endpoint": "https://iam.task.test",
}
ENVIRONMENT = {
    "HW_REGION_NAME": "env-1",
    "HW_PROJECT_ID": "env-id",
    "HUAWEICLOUD_SDK_PROJECT_ID": "sdk-id",
    "HW_PROJECT_NAME": "env-name",
    "HW_CLOUD": "env.example",
    "HW_DRS_ENDPOINT": "https://drs.env.test",
    "HW_AUTH_URL": "https://iam.env.test",
}
USER = {"username": "demo", "password": "demo", "domain_name": "demo"}


def cloud_everywhere() -> Iterator[Simulator]:
    """Give a cloud with a project of each name: its ID says it, too."""
    with Simulator(clock=ManualClock(), tls=True) as sim:
        seed_demo(sim.cloud)
        for name in ("task-1", "task-name", "env-1", "env-name"):
            sim.cloud.add_project(f"of-{name}", name)
        for project_id in ("task-id", "env-id", "sdk-id"):
            sim.cloud.add_project(project_id, f"named-{project_id}")
        yield sim


def all_hosts_lead_to(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a proxy connect all hosts to this cloud, whose certificate is that of another; nothing else is reachable."""
    for proxy in started(Proxy(sim)):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        yield


def hosts_of(requests: Sequence[RecordedRequest]) -> list[str]:
    """Give the hosts that were asked, each once."""
    return list(dict.fromkeys(urlsplit(request.base_url).netloc for request in requests))
