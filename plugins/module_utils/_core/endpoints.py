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
# Private hosts may have names that no region or cloud has. requests encodes names that are not ASCII.
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
CLOUDS = ("myhuaweicloud.com", "myhuaweicloud.eu")
"""The domains of Huawei Cloud itself. Partner clouds have other domains."""


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

    ``endpoint`` takes precedence; without it the host is built from region and cloud. Raise ConfigurationError, which
    names ``option``, if there is neither an endpoint nor a region, or if the endpoint is not a base URL. ``names`` has
    the names of region and cloud for messages, if variables hold them.
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
    """Return the URL without trailing slashes. Raise ConfigurationError if it is not an http(s) base URL."""
    problem = None
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  raises ValueError for an invalid port
        if "[" in parts.netloc:
            ipaddress.IPv6Address(parts.hostname or "")  # urlsplit() checks it only since Python 3.11.4
    except ValueError:
        raise ConfigurationError(f"{option} is no URL") from None
    if parts.scheme not in ("http", "https") or re.search(r"\s", parts.netloc) or not _is_host(parts.hostname or ""):
        problem = f"is no URL: {redact_url(url)!r}; it must look like https://drs.REGION.myhuaweicloud.com"
    elif parts.username is not None or parts.password is not None:
        problem = "must not hold a user name or password"
    elif parts.query or parts.fragment:
        problem = "must not hold a query or a fragment"
    if problem:
        raise ConfigurationError(f"{option} {problem}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def strip_version(url: str, versions: tuple[str, ...]) -> str:
    """Return a base URL without one of these versions (``/v3``) at its end.

    Settings for Terraform and OpenStack often have it in the URL of IAM. The paths on the API pages of DRS have it.
    """
    return url[: -len("/v3")].rstrip("/") if url.endswith(versions) else url


def parse_host(url: str) -> str:
    """Return the host of a base URL in lower case, an empty text if it is not a URL."""
    try:
        return (urlsplit(url.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""


def parse_region(url: str, clouds: Collection[str]) -> str | None:
    """Return the region in a base URL of the form ``https://drs.REGION.CLOUD``, None for any other URL.

    ``clouds`` are the domains of known clouds. In any other domain only a name with a hyphen, which the IDs of regions
    have, is a region: ``drs.eu-de.otc.t-systems.com``, but not ``drs.internal.example.com``.
    """
    service, _dot, rest = parse_host(url).partition(".")
    region, _dot, cloud = rest.partition(".")
    if service not in ("drs", "iam") or not region or not cloud:
        return None
    is_known = cloud in {each.lower() for each in clouds}
    return region if is_known or ("-" in region and "." in cloud) else None


def credential_authority(url: str) -> str:
    """Return the name of what checks the credentials at a base URL: base URLs with the same name share users and keys.

    For ``https://iam.REGION.CLOUD`` it is the cloud, since all regions of a cloud share them; otherwise host and port.
    """
    region = parse_region(url, CLOUDS)
    host = parse_host(url)
    return urlsplit(url).netloc.lower() if region is None else host.partition(f".{region}.")[2]


def is_in_cloud(url: str, cloud: str) -> bool:
    """Return whether the host of a base URL is in the domain of a cloud."""
    host, domain = parse_host(url), cloud.lower().rstrip(".")
    return host == domain or host.endswith(f".{domain}")


def is_insecure(url: str) -> bool:
    """Return whether requests to this base URL cross a network in clear text."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not _is_loopback(parts.hostname or "")


def format_request_line(method: str, url: str) -> str:
    """Return method, host and path of a request, without user and query: what may be shown of it."""
    parts = urlsplit(url)
    return f"{method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def redact_url(url: str) -> str:
    """Return a URL for a message; not one that may hold a password or a token."""
    return url if "@" not in url and "?" not in url else "..."


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            return bool(ipaddress.IPv6Address(host))
        except ValueError:
            return False
    return bool(_HOST.fullmatch(host)) if host.isascii() else not host.startswith((".", "*"))


def _is_loopback(host: str) -> bool:
    # Names that only begin like one of these are other hosts: localhost.example.com, 127.example.com.
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # Whether is_loopback counts an IPv4-mapped IPv6 address depends on the version of Python.
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None
