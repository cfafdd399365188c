# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The base URLs of DRS and IAM."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from .errors import ConfigurationError

_HOST_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_LABELS = re.compile(rf"{_HOST_LABEL}(?:\.{_HOST_LABEL})*")
# Hosts of users may have names that no host of the cloud has. `requests` encodes names in other scripts.
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
CLOUDS = ("myhuaweicloud.com", "myhuaweicloud.eu")
"""The domains of Huawei Cloud itself; partners have others."""


def cloud_domain(region: str) -> str:
    """Return the domain of the cloud that a region belongs to.

    The EU cloud has regions that start with ``eu-west-1`` (Terraform provider, getCloudDomain); ``eu-west-0`` is not
    one of them.
    """
    return "myhuaweicloud.eu" if region.startswith("eu-west-1") else "myhuaweicloud.com"


def build_service_url(
    service: str,
    region: str | None,
    cloud: str | None,
    endpoint: str | None,
    *,
    option: str,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return the base URL of a service (``drs`` or ``iam``) without a trailing slash.

    ``endpoint`` has priority over a host of region and cloud. Raise ConfigurationError, which names ``option``, without
    either, and for an endpoint that is no base URL. ``names`` are the names of region and cloud in messages, if they
    are from variables.
    """
    if endpoint is not None:
        return parse_base_url(endpoint, option)
    if region is None:
        raise ConfigurationError(f"region is missing: give region (HW_REGION_NAME), or {option}")
    domain = cloud or cloud_domain(region)
    for name, value in (("region", region), ("cloud", domain)):
        if not _HOST_LABELS.fullmatch(value):
            raise ConfigurationError(f"{(names or {}).get(name, name)} {value!r} cannot be part of a host name")
    return f"https://{service}.{region}.{domain}"


def parse_base_url(url: str, option: str) -> str:
    """Return the URL without trailing slashes. Raise ConfigurationError for what is no http(s) base URL."""
    problem = None
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  raises ValueError for a port that is none
    except ValueError:
        raise ConfigurationError(f"{option} is no URL") from None
    if parts.scheme not in ("http", "https") or re.search(r"\s", parts.netloc) or not _is_host(parts.hostname or ""):
        problem = f"is no URL: {redact_url(url)!r}; it has to look like https://drs.REGION.myhuaweicloud.com"
    elif parts.username is not None or parts.password is not None:
        problem = "must not hold a user name or password"
    elif parts.query or parts.fragment:
        problem = "must not hold a query or a fragment"
    if problem:
        raise ConfigurationError(f"{option} {problem}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def strip_iam_version(url: str) -> str:
    """Return the IAM base URL without the ``/v3`` that many settings for Terraform and OpenStack have."""
    return url[: -len("/v3")].rstrip("/") if url.endswith("/v3") else url


def strip_drs_version(url: str) -> str:
    """Return the DRS base URL without the ``/v3`` or ``/v5`` with which the paths of the API pages begin."""
    return url[: -len("/v3")].rstrip("/") if url.endswith(("/v3", "/v5")) else url


def parse_host(url: str) -> str:
    """Return the host of a base URL in lower case, empty for what is no URL."""
    try:
        return (urlsplit(url.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""


def parse_region(url: str, clouds: Collection[str]) -> str | None:
    """Return the region of a base URL ``https://drs.REGION.CLOUD``, None for every other URL.

    ``clouds`` are the domains that are known to be clouds. Below another domain only a name with a hyphen, which the
    IDs of regions have, is taken for a region: ``drs.eu-de.otc.t-systems.com``, but not ``drs.internal.example.com``.
    """
    service, _dot, rest = parse_host(url).partition(".")
    region, _dot, cloud = rest.partition(".")
    if service not in ("drs", "iam") or not region or not cloud:
        return None
    is_known = cloud in {each.lower() for each in clouds}
    return region if is_known or ("-" in region and "." in cloud) else None


def credential_authority(url: str) -> str:
    """Return the name of the cloud at a base URL, within which all regions have the same users and keys.

    It is the domain of a URL ``https://iam.REGION.CLOUD``, and host and port of any other URL.
    """
    region = parse_region(url, CLOUDS)
    host = parse_host(url)
    return urlsplit(url).netloc.lower() if region is None else host.partition(f".{region}.")[2]


def is_in_cloud(url: str, cloud: str) -> bool:
    """Return whether the host of a base URL is in the domain of a cloud."""
    host, domain = parse_host(url), cloud.lower().rstrip(".")
    return host == domain or host.endswith(f".{domain}")


def is_insecure(url: str) -> bool:
    """Return whether requests to this base URL are sent over a network without encryption."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not _is_this_machine(parts.hostname or "")


def format_request_line(method: str, url: str) -> str:
    """Return method, host and path of a request, without user and query: what may be shown of it."""
    parts = urlsplit(url)
    return f"{method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def redact_url(url: str) -> str:
    """Return a URL as a message may show it. A mistyped one may hold a password."""
    return url if "@" not in url and "?" not in url else "..."


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            return bool(ipaddress.IPv6Address(host))
        except ValueError:
            return False
    return bool(_HOST.fullmatch(host)) if host.isascii() else not host.startswith((".", "*"))


def _is_this_machine(host: str) -> bool:
    # A name that only begins like one of these may be any host: localhost.example.com, 127.example.com.
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # Versions of Python differ for an IPv4 address that is written as one of IPv6.
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None
