# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What every module accepts, and the checks that several of them need."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible.module_utils.common.parameters import env_fallback

from .._core.errors import ConfigurationError

# Real IDs look like UUIDs but hold other letters than those of hexadecimal digits (examples of the API page).
# Hyphens alone are what becomes of a list that somebody has pasted as a text.
_JOB_ID = re.compile(r"(?=-*[A-Za-z0-9])[A-Za-z0-9-]{1,64}")


class ModuleSpec(NamedTuple):
    """What a module accepts: the arguments of AnsibleModule and of ArgumentSpecValidator."""

    argument_spec: dict[str, Any]
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_together: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()


def common_spec(
    options: Mapping[str, Any],
    *,
    mutually_exclusive: Sequence[Sequence[str]] = (),
    required_one_of: Sequence[Sequence[str]] = (),
) -> ModuleSpec:
    """Return what a module accepts that has these options besides those that all modules share."""
    return ModuleSpec(
        {**common_argument_spec(), **options},
        mutually_exclusive,
        required_together=[("access_key", "secret_key"), ("username", "password")],
        required_one_of=required_one_of,
    )


def nonempty_env_fallback(*names: str) -> str:
    """Return the first of these environment variables that is not empty: AWX sets empty ones for empty fields.

    Raise AnsibleFallbackNotFound where there is none.
    """
    value: str = env_fallback(*[name for name in names if os.environ.get(name, "").strip()])
    return value


def common_argument_spec() -> dict[str, Any]:
    """Return the options that all modules share; a doc fragment describes them.

    Credentials and the region have no fallback to the environment here: those of the task take precedence over the
    environment as a whole, see ``parse_credential`` and ``resolve_cloud_region``.
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
    """Raise ConfigurationError, with the place, for a text that cannot be a job ID."""
    if not _JOB_ID.fullmatch(job_id):
        problem = "is empty" if not job_id.strip() else f"{job_id[:80]!r} is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)"
        raise ConfigurationError(f"{where} {problem}")
