# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the one Python library that is needed at run time, and what to say without it."""

from __future__ import annotations

import platform
import sys

try:
    from requests.adapters import HTTPAdapter as _HTTPAdapter  # noqa: F401  what http_client.py uses of it
except ImportError as failure:
    MISSING_REQUESTS: ImportError | None = failure
else:
    MISSING_REQUESTS = None


def missing_requests(remedy: str) -> str | None:
    """Give the line that says which Python lacks ``requests``, where, and what to do; None where it is there.

    ``remedy`` is what helps besides installing it.
    """
    if MISSING_REQUESTS is None:
        return None
    # Here, because where nothing is missing nothing of it is used, and each file costs a module time to load.
    from .._core.error_codes import one_line  # noqa: PLC0415

    python = sys.executable
    # The reason, because requests may be there and lack something itself.
    return (
        f"the Python library requests cannot be imported by {python} on {platform.node()} "
        f"({one_line(str(MISSING_REQUESTS))}); install it there ({python} -m pip install requests), or {remedy}"
    )
