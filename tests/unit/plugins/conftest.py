# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of plugins share. The collection is imported inside, see tests/conftest.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
    from ansible_collections.huaweicloud.drs.tests.system.faults.test_proxy_and_tls import Proxy


@pytest.fixture(autouse=True)
def no_public_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authorities of tests only: OpenSSL reads those of the machine for every session, 30 ms each."""
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)


@pytest.fixture(scope="module")
def cloud_everywhere() -> Iterator[Simulator]:
    """A cloud with a project of each name, whose ID says it too. Making its certificate takes a while."""
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo  # noqa: PLC0415

    with Simulator(clock=ManualClock(), tls=True) as sim:
        seed_demo(sim.cloud)
        for name in ("task-1", "task-name", "env-1", "env-name"):
            sim.cloud.add_project(f"of-{name}", name)
        for project_id in ("task-id", "env-id", "sdk-id"):
            sim.cloud.add_project(project_id, f"named-{project_id}")
        yield sim


@pytest.fixture(scope="module")
def proxy_to_everywhere(cloud_everywhere: Simulator) -> Iterator[Proxy]:
    """A proxy that connects all hosts to that cloud."""
    from ansible_collections.huaweicloud.drs.tests.system.faults.test_proxy_and_tls import (  # noqa: PLC0415
        Proxy,
        started,
    )

    yield from started(Proxy(cloud_everywhere))


@pytest.fixture
def everywhere(cloud_everywhere: Simulator, proxy_to_everywhere: Proxy, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """That cloud, which every host leads to, so that a test sees where requests would go. Nothing else is reachable."""
    cloud_everywhere.clear_requests()
    for variable in ("HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(variable, proxy_to_everywhere.url)
    return cloud_everywhere


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary directory of a run of Ansible, as it makes it: what one test has logged in to ends with it."""
    from ansible import constants  # noqa: PLC0415  which tests of modules need not have

    folder = tmp_path / "ansible-local"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(folder))
    return folder


@pytest.fixture(params=["", " "], ids=["empty", "blank"])
def all_empty(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which every variable is there, and none says anything."""
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.environment import VARIABLES  # noqa: PLC0415

    for name in VARIABLES:
        monkeypatch.setenv(name, request.param)
