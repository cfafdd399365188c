# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the proxies and the CA bundle that the environment names, as ``requests`` reads them."""

from __future__ import annotations

import contextlib
import os
from typing import Any, NamedTuple

from .._core.proxies import address_problem, find_proxy_variable

with contextlib.suppress(ImportError):  # as in http_client.py
    from requests.utils import select_proxy


class EnvironmentSettings(NamedTuple):
    """What the environment says of requests to one host."""

    settings: dict[str, Any]
    proxy: str | None = None
    """The variable that names the proxy, if there is one."""
    answering_proxy: str | None = None
    """The same, where the proxy reads the request and can answer it itself."""
    problem: str | None = None
    """Why that proxy cannot be used."""


def read_environment_settings(scheme: str, service: str, settings: dict[str, Any]) -> EnvironmentSettings:
    """Return the environment of requests to a service; ``settings`` are what `requests` reads from it."""
    address = select_proxy(service, settings["proxies"])
    if not address:
        return EnvironmentSettings(settings)
    variable = find_proxy_variable(address, scheme, os.environ) or "the proxy setting of this machine"
    problem = address_problem(address)
    answering_proxy = variable if scheme == "http" and not address.lower().startswith("socks") else None
    return EnvironmentSettings(settings, variable, answering_proxy, f"{variable} {problem}" if problem else None)
