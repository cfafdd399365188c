# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the options that every module shares, and how those of a kind are read."""

from __future__ import annotations

import os
import re
from typing import Any

from ansible.module_utils.common.parameters import env_fallback

from .._core.errors import ConfigurationError

# Real IDs look like UUIDs but hold other letters than those of hexadecimal digits (examples of the API page).
# Hyphens alone are what becomes of a list that somebody has pasted as a text.
_JOB_ID = re.compile(r"(?=-*[A-Za-z0-9])[A-Za-z0-9-]{1,64}")


def nonempty_env_fallback(*names: str) -> str:
    """Give the first of these variables that is set. An empty one is not: AWX makes one of each field left empty.

    Raises AnsibleFallbackNotFound where none is.
    """
    value: str = env_fallback(*[name for name in names if os.environ.get(name, "").strip()])
    return value


def common_argument_spec() -> dict[str, Any]:
    """Give the options that every module shares; a doc fragment says what they mean.

    Credentials and the place have no fallback to the environment here: those of the task beat the environment's as a
    whole, see ``parse_credential`` and ``resolve_cloud_region``.
    """
    return {
        "region": {"type": "str"},
        "project_id": {"type": "str"},
        "project_name": {"type": "str"},
        "token": {"type": "str", "no_log": True},
        "access_key": {"type": "str", "no_log": False},
        "secret_key": {"type": "str", "no_log": True},
        "security_token": {"type": "str", "no_log": True},
        "username": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "domain_name": {"type": "str"},
        "cloud": {"type": "str"},
        "endpoint": {"type": "str"},
        "iam_endpoint": {"type": "str", "aliases": ["auth_url"]},
        "language": {"type": "str", "default": "en-us", "choices": ["en-us", "zh-cn"]},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path", "fallback": (nonempty_env_fallback, ["HW_CA_PATH"])},
        "timeout": {"type": "float", "default": 30},
        "retries": {"type": "int", "default": 5, "fallback": (nonempty_env_fallback, ["HW_MAX_RETRIES"])},
        "api_version": {"type": "str", "default": "auto", "choices": ["auto", "v5", "v3"]},
    }


def check_job_id(job_id: str, where: str) -> None:
    """Refuse what cannot be a job ID, naming the place. Raises ConfigurationError."""
    if not _JOB_ID.fullmatch(job_id):
        problem = "is empty" if not job_id.strip() else f"{job_id[:80]!r} is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)"
        raise ConfigurationError(f"{where} {problem}")
