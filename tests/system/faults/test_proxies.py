# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy of the environment that cannot be used: each kind in a sentence of its own, with the variable's name only."""

from __future__ import annotations

import importlib.util
import socket

import pytest
import requests

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import NoResponseError, ServiceError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import Effect, RequestKind, classify_effect
from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawServer, Reply, just
from ansible_collections.huaweicloud.drs.tests.system.faults.test_handshakes import (
    Port,
    Serve,
    client,
    is_silent,
    resets,
    says,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule

SECRET = "Canary99"
SCHEMES = ("http", "https")
NEEDS_SOCKS = pytest.mark.skipif(importlib.util.find_spec("socks") is None, reason="PySocks is not installed")

ENCODED = "holds #, /, ? or \\ in its user name or password, which must be written %23, %2F, %3F or %5C there"
NO_SCHEME = "has no scheme: it must begin with http://"
NO_NUMBER = "has a port that is not a number from 1 to 65535"
BLANK = "holds a blank or another character that is not valid in an address"
ADDRESSES = {
    "http://": "names no host",
    f"http://me:{SECRET}@": "names no host",
    f"http://me:{SECRET}@:3128": "names no host",
    "socks5://": "names no host",
    f"http://{SECRET}:abc": NO_NUMBER,
    f"http://me:{SECRET}@proxy:99999": NO_NUMBER,
    f"http://me:{SECRET}@proxy:0": NO_NUMBER,
    f"http://me:{SECRET}@proxy:-1": NO_NUMBER,
    f"http://me:{SECRET}@proxy:\u0663": NO_NUMBER,
    f"http://me:{SECRET}#1@proxy:3128": ENCODED,
    f"http://me:12#{SECRET}@proxy:3128": ENCODED,
    f"http://me:{SECRET}/x@proxy:3128": ENCODED,
    f"http://me:{SECRET}?x@proxy:3128": ENCODED,
    f"http://me:{SECRET}\\x@proxy:3128": ENCODED,
    f"socks5://me:{SECRET}#1@proxy:3128": ENCODED,
    f"ftp://me:{SECRET}@proxy:21": "has an unsupported scheme",
    f"sock5://me:{SECRET}@proxy:21": "has an unsupported scheme",
    f"{SECRET}://proxy:21": "has an unsupported scheme",
    f"me:{SECRET}@proxy:3128": NO_SCHEME,
    f"{SECRET}:3128": NO_SCHEME,
    f"http:/{SECRET}:3128": NO_SCHEME,
    f"http:{SECRET}:3128": NO_SCHEME,
    f" http://{SECRET}:3128": BLANK,
    f"http://{SECRET}:3128\n": BLANK,
    f"http://pro {SECRET}:3128": BLANK,
    f"http://me:{SECRET}\u20ac@127.0.0.1:9": "holds a character in its user name or password that cannot be sent",
    f"http://[::1{SECRET}": "names no valid host",
    f"http://a:b:{SECRET}:1": "names no valid host",
    f"http://{SECRET * 10}:1": "names an invalid host",
    f"http://{SECRET}..b:1": "names an invalid host",
}
SOUND = [
    "http://{}",
    "HTTP://{}",
    "http://{}/",
    "http://me:pass%23word@{}",
    "http://me:p@ss@{}",
    "http://me@{}",
    "//{}",
    "http://me:p%ZZ@{}",
]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_an_address_that_cannot_work_fails_before_any_request(
    stop: StopModule, monkeypatch: pytest.MonkeyPatch, address: str, scheme: str
) -> None:
    variable = f"{scheme.upper()}_PROXY"
    monkeypatch.setenv(variable, address)

    run = stop(RUNNING, endpoint=f"{scheme}://drs.invalid", retries=3)

    assert (
        f"drs.invalid/v3/{stop.arguments['project_id']}/jobs/batch-status: {variable} {ADDRESSES[address]}" in run.msg
    )
    assert (run.outcomes, run.changed) == (["failed"], False)
    assert SECRET not in run.stdout


@pytest.mark.parametrize("address", SOUND)
def test_an_address_that_works_is_not_refused(sim: Simulator, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answer = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a": 1}'
    with RawServer(sim.url, script=lambda _request, _nth: Reply(just(answer), acts=False)) as server:
        monkeypatch.setenv("HTTP_PROXY", address.format(f"127.0.0.1:{server.port}"))
        with client() as http:
            assert http.request("GET", "http://drs.invalid/x", kind=RequestKind.READ).body == {"a": 1}


# Which variable it is


@pytest.mark.parametrize(
    ("environment", "scheme", "named"),
    [
        ({"HTTP_PROXY": "http://"}, "http", "HTTP_PROXY"),
        ({"http_proxy": "http://", "HTTP_PROXY": "http://a:1"}, "http", "http_proxy"),
        ({"http_proxy": "http://", "HTTP_PROXY": "http://"}, "http", "http_proxy"),
        ({"Https_Proxy": "http://"}, "https", "Https_Proxy"),
        ({"ALL_PROXY": "http://"}, "https", "ALL_PROXY"),
        ({"all_proxy": "http://", "HTTP_PROXY": "http://a:1"}, "https", "all_proxy"),
        ({"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "http://"}, "https", "HTTPS_PROXY"),
        ({"ALL_PROXY": "http://", "HTTPS_PROXY": "http://"}, "https", "HTTPS_PROXY"),
        ({"HTTP_PROXY": "http://", "NO_PROXY": "example.com"}, "http", "HTTP_PROXY"),
    ],
)
def test_the_variable_that_counts_is_named(
    stop: StopModule, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], scheme: str, named: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert f": {named} names no host" in stop(RUNNING, endpoint=f"{scheme}://drs.invalid").msg


@pytest.mark.parametrize("environment", [{"NO_PROXY": "127.0.0.1"}, {"no_proxy": "*"}])
def test_a_proxy_that_is_not_used_may_be_wrong(
    stop: StopModule, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in {"HTTP_PROXY": "http://", "HTTPS_PROXY": "ftp://x", **environment}.items():
        monkeypatch.setenv(name, value)

    assert stop(RUNNING).outcomes == ["stopped"]


# What it does

CREDENTIALS = "it requires a user name and a password"
NO_TUNNEL = "it opens no tunnel to this host"
NO_PROXY = "sent what no proxy of this kind sends. Is it a proxy?"
TUNNEL: dict[str, tuple[Serve, str]] = {
    "407": (says(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"), CREDENTIALS),
    "403": (
        says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
        "it refuses to connect to this host (HTTP 403)",
    ),
    "502": (says(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"), "it cannot reach this host (HTTP 502)"),
    "405": (says(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n<html>"), f"{NO_TUNNEL} (HTTP 405). Is it a proxy?"),
    "204": (says(b"HTTP/1.1 204 No Content\r\n\r\n"), f"{NO_TUNNEL} (HTTP 204)"),
    "ssh": (says(b"SSH-2.0-OpenSSH_9.6\r\n"), NO_PROXY),
    "tls": (says(b"\x15\x03\x03\x00\x02\x02\x46"), NO_PROXY),
    "half": (says(b"HTTP/1.1 "), NO_PROXY),
    "closed": (says(b""), NO_PROXY),
    "reset": (resets, NO_PROXY),
    "silent": (is_silent, "it did not answer in time"),
    "endless": (says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000), NO_PROXY),
}
SOCKS: dict[str, tuple[Serve, str]] = {
    "http": (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "it does not speak SOCKS"),
    "no way to log in": (says(b"\x05\xff"), CREDENTIALS),
    "closed": (says(b""), "it does not speak SOCKS"),
}


def refused(monkeypatch: pytest.MonkeyPatch, variable: str, address: str, url: str) -> str:
    """Send a stop, of which nothing gets beyond the proxy; give what is said of it."""
    monkeypatch.setenv(variable, address)
    with client() as http, pytest.raises(NoResponseError) as caught:
        http.request("POST", url, kind=RequestKind.STOP, body={})
    said = str(caught.value)
    assert classify_effect(caught.value) is Effect.NOT_SENT
    assert said.startswith(f"POST {url}: the proxy of the environment could not be used. Check {variable}: ")
    assert SECRET not in said
    return said


@pytest.mark.parametrize("kind", TUNNEL)
def test_a_proxy_that_opens_no_tunnel(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    serve, expected = TUNNEL[kind]
    with Port(serve) as port:
        address = f"http://me:{SECRET}@127.0.0.1:{port.number}"
        assert expected in refused(monkeypatch, "HTTPS_PROXY", address, "https://drs.invalid/x")


@NEEDS_SOCKS
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("kind", SOCKS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_does_not_speak_socks(monkeypatch: pytest.MonkeyPatch, kind: str, scheme: str) -> None:
    serve, expected = SOCKS[kind]
    with Port(serve) as port:
        address = f"socks5h://127.0.0.1:{port.number}"
        assert expected in refused(monkeypatch, "ALL_PROXY", address, f"{scheme}://drs.invalid/x")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("proxy", ["http", "https", pytest.param("socks5h", marks=NEEDS_SOCKS)])
def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch, scheme: str, proxy: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
    address = f"{proxy}://me:{SECRET}@127.0.0.1:{number}"
    assert "it cannot be reached" in refused(monkeypatch, "all_proxy", address, f"{scheme}://drs.invalid/x")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("proxy", ["http", "https", pytest.param("socks5h", marks=NEEDS_SOCKS)])
def test_a_proxy_whose_name_nobody_knows(monkeypatch: pytest.MonkeyPatch, scheme: str, proxy: str) -> None:
    address = f"{proxy}://me:{SECRET}@proxy.invalid:3128"
    said = refused(monkeypatch, "all_proxy", address, f"{scheme}://drs.invalid/x")
    assert "its host name could not be resolved" in said


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_does_not_speak_tls(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    with Port(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        address = f"https://me:{SECRET}@127.0.0.1:{port.number}"
        said = refused(monkeypatch, "ALL_PROXY", address, f"{scheme}://drs.invalid/x")
    assert "it does not speak TLS" in said


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", f"Check HTTP_PROXY: {CREDENTIALS}"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 6\r\n\r\n<html>", "it may be from the proxy that HTTP_PROXY names"),
        (b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n", "it may be from the proxy that HTTP_PROXY names"),
    ],
)
def test_a_proxy_that_answers_itself(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, answer: bytes, expected: str
) -> None:
    with RawServer(sim.url, script=lambda _request, _nth: Reply(just(answer), acts=False)) as server, client() as http:
        monkeypatch.setenv("HTTP_PROXY", f"http://me:{SECRET}@127.0.0.1:{server.port}")
        with pytest.raises(ServiceError) as caught:
            http.request("POST", "http://drs.invalid/x", kind=RequestKind.STOP, body={})
    assert expected in str(caught.value)
    assert SECRET not in str(caught.value)


def test_what_is_no_proxy_may_have_passed_a_request_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with Port(says(b"\x05\xff")) as port, client() as http:
        monkeypatch.setenv("HTTP_PROXY", f"http://me:{SECRET}@127.0.0.1:{port.number}")
        with pytest.raises(NoResponseError, match="Check that HTTP_PROXY names an HTTP proxy") as caught:
            http.request("POST", "http://drs.invalid/x", kind=RequestKind.STOP, body={})
    assert caught.value.sent


@NEEDS_SOCKS
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_host_behind_a_proxy_that_nobody_knows_is_not_the_proxy(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(sim.url) as server, client() as http:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{server.port}")
        with pytest.raises(NoResponseError, match="the host name could not be resolved") as caught:
            http.request("POST", "http://drs.invalid/x", kind=RequestKind.STOP, body={})
    assert not caught.value.sent


def test_without_pysocks_there_is_no_socks(stop: StopModule, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: object, **_options: object) -> None:
        raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")

    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", missing)
    monkeypatch.setenv("ALL_PROXY", f"socks5://me:{SECRET}@127.0.0.1:1")

    run = stop(RUNNING, endpoint="http://drs.invalid", retries=3)

    assert "the environment names a SOCKS proxy (ALL_PROXY), which needs the Python library PySocks" in run.msg
    assert (run.outcomes, run.changed, run.requests) == (["failed"], False, [])
    assert SECRET not in run.stdout
