# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the base URLs of DRS and IAM."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .errors import ConfigurationError

_HOST_LABELS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LOOPBACK = ("localhost", "127.", "::1")


def cloud_of(region: str) -> str:
    """Give the domain of the cloud that a region belongs to.

    The EU cloud has regions that start with ``eu-west-1`` (Terraform provider, getCloudDomain); ``eu-west-0`` is not
    one of them.
    """
    return "myhuaweicloud.eu" if region.startswith("eu-west-1") else "myhuaweicloud.com"


def service_url(service: str, region: str | None, cloud: str | None, endpoint: str | None, *, option: str) -> str:
    """Give the base URL of a service (``drs`` or ``iam``) without a trailing slash.

    ``endpoint`` wins; else the host is built from region and cloud. Raises ConfigurationError, naming ``option``,
    where neither gives one or the endpoint is no base URL.
    """
    if endpoint is not None:
        return check_base_url(endpoint, option)
    if region is None:
        raise ConfigurationError(f"region is missing: give region (HW_REGION_NAME), or {option}")
    domain = cloud or cloud_of(region)
    for name, value in (("region", region), ("cloud", domain)):
        if not _HOST_LABELS.fullmatch(value):
            raise ConfigurationError(f"{name} {value!r} cannot be part of a host name")
    return f"https://{service}.{region}.{domain}"


def check_base_url(url: str, option: str) -> str:
    """Give the URL without trailing slashes. Raises ConfigurationError for what is not an http(s) base URL."""
    problem = None
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  raises ValueError for a port that is none
    except ValueError:
        raise ConfigurationError(f"{option} is no URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", parts.netloc):
        problem = f"is no URL: {_shown(url)!r}; it has to look like https://drs.REGION.myhuaweicloud.com"
    elif parts.username is not None or parts.password is not None:
        problem = "must not hold a user name or password"
    elif parts.query or parts.fragment:
        problem = "must not hold a query or a fragment"
    if problem:
        raise ConfigurationError(f"{option} {problem}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def iam_base_url(url: str) -> str:
    """Give the IAM base URL without the ``/v3`` that many settings for Terraform and OpenStack carry."""
    return url[: -len("/v3")].rstrip("/") if url.endswith("/v3") else url


def is_insecure(url: str) -> bool:
    """Say whether requests to this base URL cross a network in clear."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not (parts.hostname or "").startswith(_LOOPBACK)


def _shown(url: str) -> str:
    # A mistyped URL may hold anything, a password included.
    return url if "@" not in url and "?" not in url else "..."
