# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""What is wrong with a proxy. Messages name the variable that holds its address. Pure.

The address of a proxy may hold a password, so no message shows any part of it, not even what looks like a host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

_VARIABLES = "HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_MAX_PORT = 65535
_URL_WITH_USER = "http://USER:PASSWORD@HOST:PORT"

# Statuses with which a proxy refuses to open a tunnel. Only proxies send 407.
PROXY_AUTHENTICATION = 407
_STATUS_REASONS: Mapping[int, str] = {
    PROXY_AUTHENTICATION: f"it requires a user name and a password, or other ones than in {_URL_WITH_USER} (HTTP 407)",
    403: "it refuses to connect to this host (HTTP 403)",
    502: "it cannot reach this host (HTTP 502)",
    503: "it cannot reach this host (HTTP 503)",
    504: "it cannot reach this host (HTTP 504)",
}


def find_proxy_variable(address: str, scheme: str, environ: Mapping[str, str]) -> str | None:
    """Return the name of the variable that holds this proxy address for URLs with this scheme, as it is spelled there.

    Return None if there is none: some systems have settings for proxies.
    """
    candidates = (f"{scheme}_proxy", "all_proxy")
    names = [name for name, value in environ.items() if name.lower() in candidates and value == address]
    # The order of requests and urllib; urllib prefers lower case.
    names.sort(key=lambda name: (candidates.index(name.lower()), not name.islower()))
    return names[0] if names else None


def address_problem(address: str) -> str | None:
    """Return what is wrong with the address of a proxy, to follow the name of its variable; None if it is valid."""
    if any(char.isspace() or not char.isprintable() for char in address):
        return "holds a blank or another character that is not valid in an address"
    scheme, colon, rest = address.partition("://")
    if not colon:
        rest = address.removeprefix("//")
        if rest == address and re.search("[:/@]", address):
            return "has no scheme: it must begin with http://, or another of " + ", ".join(_SCHEMES)
    elif scheme.lower() not in _SCHEMES:
        return "has an unsupported scheme; supported are " + ", ".join(_SCHEMES)
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    if "@" in rest[len(authority) :]:
        return "holds #, /, ? or \\ in its user name or password, which must be written %23, %2F, %3F or %5C there"
    user, _at, host = authority.rpartition("@")
    return _user_problem(user, scheme) or _host_problem(host)


def _user_problem(user: str, scheme: str) -> str | None:
    if scheme.lower().startswith("socks"):
        return None
    try:
        unquote(user).encode("latin-1")
    except UnicodeEncodeError:
        return "holds a character in its user name or password that cannot be sent to a proxy"
    return None


def _host_problem(host_and_port: str) -> str | None:
    host, colon, port = host_and_port.rpartition(":")
    if not colon or port.endswith("]"):  # the last colon of an IPv6 address
        host, port = host_and_port, ""
    if not host:
        return "names no host"
    is_bracketed = host.startswith("[") and host.endswith("]")
    if (":" in host or "[" in host or "]" in host) and not is_bracketed:
        return "names no valid host: an IPv6 address must be in brackets, and a port comes after one colon"
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _MAX_PORT):
        return f"has a port that is not a number from 1 to {_MAX_PORT}"
    try:
        host.encode("idna")
    except UnicodeError:
        return "names an invalid host"
    return None


def describe_proxy_status(status: int) -> str:
    """Return why a proxy that sends this status has not opened a tunnel."""
    return _STATUS_REASONS.get(status, f"it opens no tunnel to this host (HTTP {status}). Is it a proxy?")


def describe_unusable_proxy(variable: str | None, reason: str | None = None) -> str:
    """Return the message that a proxy could not be used: the variable to check, and the reason if it is known."""
    return f"the proxy of the environment could not be used. Check {variable or _VARIABLES}" + (
        f": {reason}" if reason else ""
    )
