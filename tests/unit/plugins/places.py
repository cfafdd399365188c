# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task and its environment say of the place, for tests with the fixture ``everywhere`` of conftest.py."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from ansible_collections.huaweicloud.drs.tests.simulator import RecordedRequest

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


def hosts_of(requests: Sequence[RecordedRequest]) -> list[str]:
    """Return the hosts that were asked, each once."""
    return list(dict.fromkeys(urlsplit(request.base_url).netloc for request in requests))
