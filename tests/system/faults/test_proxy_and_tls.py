# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands between the module and the cloud: proxies, ``.netrc``, authorities, and networks without encryption."""

from __future__ import annotations

import http.client
import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import dont_wait
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule

DEAD = "http://127.0.0.1:1"
# A name that resolves nowhere: whoever gets an answer from there was given it by the proxy.
UNREACHABLE = "http://drs.invalid"


class Proxy(ThreadingHTTPServer):
    """An HTTP proxy that takes every host for the simulated cloud, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self, sim: Simulator) -> None:
        """Stand before this cloud."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(sim.url).netloc
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.drops = ""
        """Requests whose URL ends like this are passed on, and their answers are not."""
        self.refuses_tunnels = False


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_POST(self) -> None:
        self._note()
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kept = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        connection = http.client.HTTPConnection(self.server.target, timeout=10)
        connection.request("POST", "/" + self.path.split("/", 3)[3], body, kept)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if self.server.drops and self.path.endswith(self.server.drops):
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name in ("Content-Type", "X-Request-Id", "X-Subject-Token"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_CONNECT(self) -> None:
        self._note()
        if self.server.refuses_tunnels:
            self.send_error(407)
            return
        self.send_response(200)
        self.end_headers()
        host, _colon, port = self.server.target.partition(":")
        with socket.create_connection((host, int(port))) as cloud:
            ends = {self.connection: cloud, cloud: self.connection}
            while True:
                for end in ends:
                    dont_wait(end)
                for end in select.select(list(ends), [], [], 10)[0] or [None]:
                    data = end.recv(65536) if end else b""
                    if not data:
                        self.close_connection = True
                        return
                    ends[end].sendall(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _note(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.headers.append(dict(self.headers))


def started(proxy: Proxy) -> Iterator[Proxy]:
    """Let a proxy work until the test is over."""
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield proxy
    proxy.shutdown()
    proxy.server_close()
    thread.join()


@pytest.fixture
def proxy(sim: Simulator) -> Iterator[Proxy]:
    """A proxy before the cloud."""
    yield from started(Proxy(sim))


@pytest.fixture(scope="module")
def secure() -> Iterator[Simulator]:
    """A cloud with a certificate of an authority of its own. Making one takes a while."""
    with Simulator(clock=ManualClock(), tls=True) as simulator:
        seed_demo(simulator.cloud)
        yield simulator


@pytest.fixture(scope="module")
def other_authority() -> Iterator[str]:
    """An authority that has nothing to do with it."""
    with Simulator(tls=True) as simulator:
        assert simulator.ca_path is not None
        yield simulator.ca_path


@pytest.fixture
def secure_proxy(secure: Simulator) -> Iterator[Proxy]:
    """A proxy before the cloud that speaks TLS."""
    yield from started(Proxy(secure))


@pytest.fixture
def secure_stop(secure: Simulator) -> StopModule:
    """The module for that cloud, whose job runs."""
    assert isinstance(secure.cloud.clock, ManualClock)
    secure.cloud.job(RUNNING).status = "INCRE_TRANSFER_STARTED"
    return StopModule(secure, secure.cloud.clock)


# Proxies


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_the_proxy_of_the_environment_is_used(
    stop: StopModule, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, proxy.url)

    run = stop(RUNNING, endpoint=UNREACHABLE)

    assert run.outcomes == ["stopped"]
    assert f"POST {UNREACHABLE}/v5/{PROJECT_ID}/jobs/batch-stop" in proxy.asked
    assert len(proxy.asked) == len(run.requests)


def test_a_login_uses_the_proxy_too(stop: StopModule, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    stop.log_in_as(iam_endpoint="http://iam.invalid")

    assert stop(RUNNING, endpoint=UNREACHABLE).outcomes == ["stopped"]
    assert proxy.asked[0] == "POST http://iam.invalid/v3/auth/tokens?nocatalog=true"


@pytest.mark.parametrize("hosts", ["127.0.0.1", "example.com,127.0.0.1", "127.0.0.0/8", "*"])
def test_no_proxy_is_honoured(stop: StopModule, monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", DEAD)
    monkeypatch.setenv("NO_PROXY", hosts)

    assert stop(RUNNING, retries=0).outcomes == ["stopped"]


def test_no_proxy_for_another_host_does_not_help(stop: StopModule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", DEAD)
    monkeypatch.setenv("NO_PROXY", "example.com")

    run = stop(RUNNING, retries=0)

    assert (run.outcomes, run.changed) == (["failed"], False)
    assert "the proxy of the environment could not be used" in run.msg
    assert run.requests == []


def test_the_password_of_the_proxy_is_for_the_proxy_alone(
    stop: StopModule, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//somebody:Canary-Proxy@"))

    run = stop(RUNNING, endpoint=UNREACHABLE)

    assert run.outcomes == ["stopped"]
    assert all(headers["Proxy-Authorization"].startswith("Basic ") for headers in proxy.headers)
    assert all("Authorization" not in request.headers for request in run.requests)
    assert "Canary-Proxy" not in run.stdout


def test_a_tunnel_hides_token_and_path_from_the_proxy(
    secure_stop: StopModule, secure_proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", secure_proxy.url)

    run = secure_stop(RUNNING, ca_path=secure_stop.sim.ca_path)

    assert run.outcomes == ["stopped"]
    assert set(secure_proxy.asked) == {f"CONNECT {urlsplit(secure_stop.sim.url).netloc}"}
    assert not any("X-Auth-Token" in headers for headers in secure_proxy.headers)


def test_a_proxy_that_refuses_the_tunnel_is_no_answer_of_the_cloud(
    secure_stop: StopModule, secure_proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure_proxy.refuses_tunnels = True
    monkeypatch.setenv("HTTPS_PROXY", secure_proxy.url)

    run = secure_stop(RUNNING, ca_path=secure_stop.sim.ca_path, retries=0)

    assert (run.outcomes, run.changed) == (["failed"], False)
    assert "the proxy of the environment could not be used" in run.msg


def test_a_proxy_that_loses_the_answers_to_looks_is_asked_again_and_stops_nothing(
    stop: StopModule, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    proxy.drops = "/batch-status"

    run = stop(RUNNING, endpoint=UNREACHABLE, retries=2)

    assert (run.outcomes, run.changed) == (["failed"], False)
    assert run.endpoints == ["batch-status"] * 3


# .netrc


def test_netrc_is_never_used(stop: StopModule, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password Canary-Netrc\ndefault login x password Canary-Netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    stop.log_in_as()

    run = stop(RUNNING)

    assert run.outcomes == ["stopped"]
    assert {"auth-tokens", "batch-status", "batch-stop"} <= set(run.endpoints)
    assert not any("Authorization" in request.headers for request in run.requests)
    # The trap is set: requests alone walks into it.
    stop.sim.clear_requests()
    requests.post(stop.sim.url, timeout=10)
    assert stop.sim.requests[0].headers["Authorization"].startswith("Basic ")


# Whom to trust


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_bundle_of_the_environment_counts_where_nothing_else_is_said(
    secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(secure_stop.sim.ca_path))

    assert secure_stop(RUNNING).outcomes == ["stopped"]


def test_a_bundle_of_the_environment_without_the_authority_trusts_nobody(
    secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch, other_authority: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", other_authority)

    run = secure_stop(RUNNING)

    assert (run.outcomes, run.requests) == (["failed"], [])
    assert "the certificate is not trusted" in run.msg


def test_ca_path_beats_the_bundle_of_the_environment(
    secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch, other_authority: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", other_authority)

    assert secure_stop(RUNNING, ca_path=secure_stop.sim.ca_path).outcomes == ["stopped"]


def test_a_bundle_of_the_environment_does_not_widen_ca_path(
    secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch, other_authority: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure_stop.sim.ca_path))

    run = secure_stop(RUNNING, ca_path=other_authority)

    assert (run.outcomes, run.requests) == (["failed"], [])
    assert "the certificate is not trusted" in run.msg


@pytest.mark.parametrize("through_proxy", [False, True])
def test_validate_certs_false_beats_the_bundle_of_the_environment(
    secure_stop: StopModule,
    secure_proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    other_authority: str,
    through_proxy: bool,
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", other_authority)
    if through_proxy:
        monkeypatch.setenv("HTTPS_PROXY", secure_proxy.url)

    assert secure_stop(RUNNING, validate_certs=False).outcomes == ["stopped"]
    assert bool(secure_proxy.asked) == through_proxy


# Warnings


@pytest.mark.parametrize("as_user", [False, True])
def test_validate_certs_false_warns_once(secure_stop: StopModule, as_user: bool) -> None:
    if as_user:
        secure_stop.log_in_as()

    run = secure_stop(RUNNING, validate_certs=False)

    assert run.outcomes == ["stopped"]
    assert len(run.requests) > 2
    assert len(run.result["warnings"]) == 1
    assert "validate_certs is false" in run.warnings


def test_a_network_without_encryption_is_warned_of(stop: StopModule) -> None:
    run = stop(RUNNING, endpoint=UNREACHABLE, retries=0)

    assert run.failed
    assert len(run.result["warnings"]) == 1
    assert f"{UNREACHABLE} is not encrypted" in run.warnings


def test_an_iam_without_encryption_is_warned_of_as_well(stop: StopModule) -> None:
    stop.log_in_as(iam_endpoint="http://iam.invalid/v3")

    run = stop(RUNNING, endpoint=UNREACHABLE, retries=0)

    assert len(run.result["warnings"]) == 2
    assert all(f"{url} is not encrypted" in run.warnings for url in (UNREACHABLE, "http://iam.invalid"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "[::1]"])
def test_the_own_machine_needs_no_encryption(stop: StopModule, host: str) -> None:
    run = stop(RUNNING, endpoint=f"http://{host}:1", retries=0)

    assert run.failed
    assert "warnings" not in run.result


def test_encryption_with_checks_is_nothing_to_warn_of(secure_stop: StopModule) -> None:
    run = secure_stop(RUNNING, ca_path=secure_stop.sim.ca_path)

    assert run.outcomes == ["stopped"]
    assert "warnings" not in run.result
