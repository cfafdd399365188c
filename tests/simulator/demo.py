# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cloud of the demo: the project and the jobs of the API page, a user and an access key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .cloud import Cloud

USER = "demo"
PASSWORD = "demo"
DOMAIN = "demo"
ACCESS_KEY = "demo-ak"
SECRET_KEY = "demo-sk"
PROJECT_ID = "054ba152d480d55b2f5dc0069e7ddef0"
PROJECT_NAME = "demo"
# An agency of another account, which trusts the one of the demonstration.
AGENCY = "migration"
AGENCY_DOMAIN = "customer"

# The third ID of the page, dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s, is that of a job that does not exist.
_JOBS: list[dict[str, Any]] = [
    {"job_id": "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "name": "DRS-1234"},
    {"job_id": "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t", "name": "DRS-3456"},
]


def seed_demo(cloud: Cloud) -> None:
    """Add the user, the access key, the agency, the project and the jobs of the demonstration."""
    _seed_accounts(cloud)
    for job in _JOBS:
        cloud.add_job(**job)


def seed_from_file(cloud: Cloud, path: Path) -> None:
    """Add the same user, access key, agency and project, but the jobs and settings of a JSON file.

    The file holds a list of jobs, each an object with the arguments of ``add_job``; or an object with such a list as
    ``jobs``, a list of objects with the arguments of ``add_project`` as ``projects``, and an object with settings of
    the cloud as ``settings``. Raise OSError, ValueError.
    """
    _seed_accounts(cloud)
    content = json.loads(path.read_bytes())
    if isinstance(content, list):
        content = {"jobs": content}
    if not isinstance(content, dict) or not content.keys() <= {"jobs", "projects", "settings"}:
        raise ValueError("expected a list of jobs, or an object with jobs, projects and settings")
    try:
        cloud.configure(**content.get("settings", {}))
        for project in content.get("projects", []):
            cloud.add_project(**project)
        for job in content.get("jobs", []):
            cloud.add_job(**job)
    except TypeError as error:
        raise ValueError(str(error)) from error


def _seed_accounts(cloud: Cloud) -> None:
    cloud.add_project(PROJECT_ID, PROJECT_NAME)
    cloud.add_user(USER, PASSWORD, DOMAIN)
    cloud.add_access_key(ACCESS_KEY, SECRET_KEY)
    cloud.add_agency(AGENCY, AGENCY_DOMAIN, trusted_domain=DOMAIN)
