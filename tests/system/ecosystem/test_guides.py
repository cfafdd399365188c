# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guides show: the example for failed tasks, run as a play, and messages that the code really has."""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
from pathlib import Path

import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator, demo
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    CHECKOUT,
    play,
    results_in,
    with_collection,
    write_playbook,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, RUNNING

GUIDE = CHECKOUT / "docs/docsite/rst/guide_stopping_jobs.rst"


def run_example(cloud: Simulator, folder: Path, secret_key: str) -> subprocess.CompletedProcess[str]:
    """Run the example of the guide that reads ``error``, for a job that runs and one that does not exist."""
    blocks = re.findall(r"code-block:: yaml\n\n((?: {3}.*\n|\n)+)", GUIDE.read_text(encoding="utf-8"))
    (example,) = [block for block in blocks if "stops.error" in block]
    playbook = folder / "stop.yml"
    write_playbook(playbook, yaml.safe_load(textwrap.dedent(example)))
    environment = {
        "HW_DRS_ENDPOINT": cloud.url,
        "HW_AUTH_URL": cloud.url,
        "HW_PROJECT_NAME": demo.PROJECT_NAME,
        "HW_ACCESS_KEY": demo.ACCESS_KEY,
        "HW_SECRET_KEY": secret_key,
    }
    variables = json.dumps({"drs_jobs": [{"job_id": RUNNING}, {"job_id": MISSING}]})
    return play(playbook, {**with_collection(folder), **environment}, "-e", variables)


def test_the_rescue_shows_the_jobs_that_were_not_stopped(cloud: Simulator, tmp_path: Path) -> None:
    run = run_example(cloud, tmp_path, demo.SECRET_KEY)
    assert run.returncode == 0, run.stdout + run.stderr
    (result,) = results_in(run.stdout)
    assert result["error"]["code"] == "DRS.M00289"
    assert result["error"]["http_status"] is None
    shown = run.stdout.partition("TASK [Show the jobs that were not stopped]")[2]
    assert re.findall(r'"job_id": "(.+)"', shown) == [MISSING]


def test_the_rescue_fails_with_the_request_id_if_the_credential_is_refused(cloud: Simulator, tmp_path: Path) -> None:
    run = run_example(cloud, tmp_path, "wrong")
    assert run.returncode == 2
    first, second = results_in(run.stdout)
    error = first["error"]
    assert (error["code"], error["http_status"]) == ("APIGW.0301", 401)
    assert second["msg"] == f"{error['message']} (request ID {error['request_id']})"


MESSAGES = (
    "Name the jobs in one way",
    "expected_count is",
    "no job ID",
    ", and must be '",
    "when it was approved, and is",
    "its lag is not known: ",
    "Nothing was stopped: the approval is for other jobs.",
    "drs_approved has jobs of hosts that are not in this run",
    "did not stop within ",
    "the Python library requests cannot be imported by ",
)


def test_the_messages_that_the_guide_for_awx_explains_are_those_of_the_code() -> None:
    table = (CHECKOUT / "docs/docsite/rst/guide_awx.rst").read_text(encoding="utf-8").rpartition("Troubleshooting\n")[2]
    sources = [*(CHECKOUT / "plugins").rglob("*.py"), *(CHECKOUT / "playbooks").rglob("*.yml")]
    code = " ".join("\n".join(path.read_text(encoding="utf-8") for path in sources).split())
    assert [message for message in MESSAGES if message not in table or message not in code] == []
