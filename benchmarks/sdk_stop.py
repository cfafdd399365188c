# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The alternative with the official SDK: one request that stops all jobs, without a read of their status.

Usage: sdk_stop.py URL PROJECT_ID FILE. The file holds a JSON list of job IDs.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any


def main(url: str, project_id: str, path: str) -> None:
    """Stop the jobs and print the number of accepted stops."""
    # Imported by name, because the SDK has no types.
    v5: Any = importlib.import_module("huaweicloudsdkdrs.v5")
    credentials: Any = importlib.import_module("huaweicloudsdkcore.auth.credentials")
    key = credentials.BasicCredentials("demo-ak", "demo-sk", project_id)
    client = v5.DrsClient.new_builder().with_credentials(key).with_endpoints([url]).build()
    jobs = [v5.StopJobActionInfo(job_id=job_id) for job_id in json.loads(Path(path).read_bytes())]
    request = v5.BatchStopJobsActionRequest(body=v5.BatchStopJobActionReq(jobs=jobs))
    response = client.batch_stop_jobs_action(request)
    print(sum(job.status == "success" for job in response.jobs))


if __name__ == "__main__":
    main(*sys.argv[1:])
