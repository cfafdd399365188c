# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to the cloud that a server of bytes can stand in, and what a client has to be told to take each of them."""

from __future__ import annotations

import importlib.util
import ssl
from pathlib import Path
from typing import NamedTuple

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator.certificates import make_certificate
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawServer

# Names and ports that nobody serves: whoever gets an answer from there was given it by the proxy.
UNREACHABLE = "http://drs.invalid"
UNREACHABLE_WITH_TLS = "https://localhost:1"


class Authority(NamedTuple):
    """A certificate for this machine, the file with the authority that signed it, and that with the certificate."""

    context: ssl.SSLContext
    ca_path: str
    server_path: str

    @classmethod
    def make(cls, folder: Path) -> Authority:
        """Make one, with its files in this folder."""
        ca_path, server_path = make_certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server_path)
        return cls(context, str(ca_path), str(server_path))

    def demanding(self, version: ssl.TLSVersion) -> ssl.SSLContext:
        """Give a context of this version of TLS that wants a certificate of the client."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_path)
        context.minimum_version = context.maximum_version = version
        context.load_verify_locations(self.ca_path)
        context.verify_mode = ssl.CERT_REQUIRED
        return context


class Way(NamedTuple):
    """A way to the cloud: straight to the server, or with the server as a proxy."""

    name: str
    endpoint: str | None
    """Where the cloud seems to be; None for the server itself."""
    variable: str | None = None
    """The environment variable that names the proxy."""
    scheme: str = "http"
    """That of the server's own URL."""
    host: str = "127.0.0.1"
    """How the server is called there."""

    def take(self, server: RawServer, monkeypatch: pytest.MonkeyPatch) -> str:
        """Set the environment, and give the base URL of the cloud."""
        url = f"{self.scheme}://{self.host}:{server.port}"
        if self.variable is not None:
            monkeypatch.setenv(self.variable, url)
        return self.endpoint or url


DIRECT = Way("direct", None)
DIRECT_WITH_TLS = Way("direct-tls", None, None, "https")
PROXY = Way("proxy", UNREACHABLE, "HTTP_PROXY")
PROXY_WITH_TLS = Way("proxy-tls", UNREACHABLE, "HTTP_PROXY", "https")
TUNNEL = Way("tunnel", UNREACHABLE_WITH_TLS, "HTTPS_PROXY")
SOCKS = Way("socks", UNREACHABLE, "ALL_PROXY", "socks5h")
SOCKS_WITH_TLS = Way("socks-tls", UNREACHABLE_WITH_TLS, "ALL_PROXY", "socks5h")

TUNNELS = (TUNNEL, SOCKS, SOCKS_WITH_TLS)
WAYS = (DIRECT, DIRECT_WITH_TLS, PROXY, PROXY_WITH_TLS, *TUNNELS)

_NEEDS_SOCKS = pytest.mark.skipif(importlib.util.find_spec("socks") is None, reason="PySocks is not installed")


def over(*ways: Way) -> pytest.MarkDecorator:
    """Run a test for each of these ways; those with SOCKS only where a client can take them."""
    each = [
        pytest.param(way, id=way.name, marks=[_NEEDS_SOCKS] if way.scheme.startswith("socks") else []) for way in ways
    ]
    return pytest.mark.parametrize("way", each)
