# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the playbook huaweicloud.drs.stop_jobs, in a folder of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import SECONDS
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING

NAME = "huaweicloud.drs.stop_jobs"


class Play:
    """One run of the playbook, and what it said."""

    def __init__(
        self,
        sim: Simulator,
        folder: Path,
        *arguments: str,
        playbook: str = NAME,
        strategy: str = "linear",
        may_warn: bool = False,
        **variables: Any,
    ) -> None:
        """Run it, with these extra variables."""
        given = {"drs_wait_interval": 1, **variables}
        done = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", playbook, *arguments, "-e", json.dumps(given)],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "LC_ALL": "C.UTF-8",
                "NO_PROXY": "*",
                "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_STRATEGY": strategy,
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                "HW_DRS_ENDPOINT": sim.url,
                "HW_AUTH_URL": sim.url,
                "HW_PROJECT_NAME": "demo",
                "HW_ACCESS_KEY": "demo-ak",
                "HW_SECRET_KEY": "demo-sk",
                "ANSIBLE_SHOW_CUSTOM_STATS": "true",
            },
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        self.code = done.returncode
        self.said = done.stdout + done.stderr
        self.lines = [line.strip().strip('",') for line in done.stdout.splitlines()]
        self.table = [line for line in self.lines if len(line.split(" ")[0]) == len(RUNNING)]
        assert "Traceback" not in self.said, self.said
        assert may_warn or "WARNING" not in self.said, self.said
        assert "DEPRECATION" not in self.said, self.said

    @property
    def artifacts(self) -> dict[str, Any]:
        """Return what the run hands on, as AWX does: the custom stats, without types that JSON does not have."""
        found = re.search(r"^\s*RUN: (\{.*\})$", self.said, re.MULTILINE)
        artifacts: dict[str, Any] = json.loads(found[1]) if found else {}
        return artifacts


def stopped(sim: Simulator) -> list[str]:
    """Give the jobs whose stop was accepted."""
    return [stop.job_id for stop in sim.cloud.accepted_stops]


def inventory(folder: Path, hosts: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """Write an inventory of these hosts and their variables, and give the arguments that name it."""
    path = folder / "hosts.yml"
    path.write_text(yaml.safe_dump({"regions": {"hosts": hosts}}))
    return "-i", str(path)
