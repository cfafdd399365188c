# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the one Python library that is needed at run time."""

from __future__ import annotations

from ansible.module_utils.basic import missing_required_lib

from .._client.http_client import MISSING_REQUESTS


def missing_requests() -> str | None:
    """Give the line that says which interpreter lacks ``requests``; None where it is there."""
    return None if MISSING_REQUESTS is None else missing_required_lib("requests")
