# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server around the cloud: what it records, connections, TLS, the control API."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import OTHER, RUNNING, Client


class TestRecord:
    """``sim.requests``."""

    def test_a_request(self, client: Client) -> None:
        client.batch_stop(RUNNING, **{"X-Language": "zh-cn"})

        (request,) = client.sim.requests
        assert (request.method, request.path) == ("POST", f"/v5/{PROJECT_ID}/jobs/batch-stop")
        assert (request.endpoint, request.status) == ("batch-stop", 200)
        assert request.query == {}
        assert request.headers["x-language"] == request.headers["X-LANGUAGE"] == "zh-cn"
        assert request.json == {"jobs": [{"job_id": RUNNING}]}
        assert request.body == b'{"jobs": [{"job_id": "' + RUNNING.encode() + b'"}]}'

    def test_a_query(self, client: Client) -> None:
        client.get("/jobs", job_type="sync", name="a,b c")
        (request,) = client.sim.requests
        assert request.query == {"job_type": "sync", "name": "a,b c"}
        assert request.json is None

    def test_refused_requests_are_recorded_too(self, client: Client) -> None:
        client.send("POST", f"/v5/{PROJECT_ID}/jobs/batch-stop", data=b"{")
        client.send("GET", "/nowhere")
        assert [(request.endpoint, request.status, request.json) for request in client.sim.requests] == [
            ("batch-stop", 401, None),
            ("unknown", 404, None),
        ]

    def test_endpoints(self, client: Client) -> None:
        client.log_in({})
        client.send("GET", "/v3/projects")
        client.batch_stop(RUNNING)
        client.post(f"/jobs/{OTHER}/stop", {})
        client.batch_status(RUNNING)
        client.get("/jobs")
        client.get(f"/jobs/{RUNNING}")
        client.batch_jobs(RUNNING)
        client.pause(RUNNING)
        client.job_list()
        client.batch_detail(RUNNING)
        names = ["auth-tokens", "projects", "batch-stop", "stop", "batch-status", "jobs", "job-detail"]
        names += ["batch-jobs", "batch-pause-task", "job-list", "batch-detail"]
        assert [request.endpoint for request in client.sim.requests] == names
        assert [request.path for request in client.sim.requests_to("stop")] == [f"/v5/{PROJECT_ID}/jobs/{OTHER}/stop"]
        client.sim.clear_requests()
        assert client.sim.requests == []


class TestConnections:
    """Keep-alive, and many at once."""

    def test_one_connection_serves_many_requests(self, client: Client) -> None:
        for _attempt in range(3):
            client.batch_status(RUNNING)
        assert client.sim.connections == 1
        with requests.Session() as session:
            session.get(client.sim.url, timeout=10)
        assert client.sim.connections == 2

    def test_an_error_does_not_close_it(self, client: Client) -> None:
        for _attempt in range(3):
            client.send("GET", "/nowhere")
        assert client.sim.connections == 1

    def test_requests_run_side_by_side(self, client: Client) -> None:
        client.sim.cloud.latency = 0.2
        began = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: client.batch_status(RUNNING).status_code, range(4)))
        assert answers == [200] * 4
        assert 0.2 <= time.monotonic() - began < 0.75


class TestLife:
    """Start and stop."""

    def test_it_ends_with_its_thread_and_its_port(self) -> None:
        with Simulator() as sim:
            address = ("127.0.0.1", int(sim.url.rpartition(":")[2]))
            socket.create_connection(address).close()
            assert any(thread.name == "simulator" for thread in threading.enumerate())
        assert not any(thread.name == "simulator" for thread in threading.enumerate())
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)

    def test_it_ends_at_once_although_requests_are_under_way(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            with Simulator(latency=60) as sim:
                future = pool.submit(requests.get, sim.url, timeout=10)
                while sim.connections == 0:
                    time.sleep(0.001)
                began = time.monotonic()
            assert time.monotonic() - began < 2
            assert future.exception() is not None or future.result().status_code == 300

    def test_a_port_that_is_taken(self, sim: Simulator) -> None:
        another = Simulator(port=int(sim.url.rpartition(":")[2]))
        with pytest.raises(OSError, match="in use"):
            another.start()
        another.stop()

    def test_a_port_that_is_none(self) -> None:
        with pytest.raises(OverflowError):
            Simulator(port=65536).start()

    def test_settings_by_name(self) -> None:
        sim = Simulator(release_seconds=10, missing_shape="omit", per_user_rate_limit=[1, 2])
        assert (sim.cloud.release_seconds, sim.cloud.missing_shape) == (10, "omit")
        assert sim.cloud.per_user_rate_limit == (1, 2)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"relase_seconds": 1},
            {"missing_shape": "none"},
            {"stop_http_status": 201},
            {"wrong_logins_to_lock": 2},
            {"wrong_logins_to_lock": 11},
            {"latency": "1"},
            {"generations": ["v4"]},
            {"generations": "v3"},
            {"generations": None},
            {"unpublished": ["batch-stop", "projects"]},
            {"unpublished": [["batch-stop"]]},
            {"listed_engines": "mysql"},
            {"max_limit": 0},
            {"max_limit": "5"},
            {"max_limit": True},
        ],
    )
    def test_wrong_settings(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"setting|must be"):
            Simulator(**wrong)


class TestTls:
    """HTTPS."""

    def test_with_its_own_authority(self) -> None:
        with Simulator(clock=ManualClock(), tls=True) as sim, requests.Session() as session:
            session.trust_env = False
            assert sim.url.startswith("https://127.0.0.1:")
            assert sim.ca_path is not None
            session.verify = sim.ca_path
            for host in ("127.0.0.1", "localhost"):
                assert session.get(sim.url.replace("127.0.0.1", host), timeout=10).status_code == 300

    def test_nobody_else_trusts_it(self) -> None:
        with Simulator(tls=True) as sim, requests.Session() as session:
            session.trust_env = False
            with pytest.raises(requests.exceptions.SSLError):
                session.get(sim.url, timeout=10)

    def test_a_reset(self) -> None:
        with Simulator(tls=True) as sim, requests.Session() as session:
            session.trust_env = False
            sim.faults.add(Fault("projects", kind="reset"))
            # Not the kind of error: Python before 3.12 takes a reset under TLS for an end without a goodbye.
            with pytest.raises(requests.ConnectionError):
                session.get(sim.url + "/v3/projects", verify=sim.ca_path, timeout=10)

    def test_login_and_catalog(self) -> None:
        with Simulator(tls=True) as sim, requests.Session() as session:
            seed_demo(sim.cloud)
            session.trust_env = False
            user = {"name": "demo", "password": "demo", "domain": {"name": "demo"}}
            body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
            response = session.post(sim.url + "/v3/auth/tokens", json=body, verify=sim.ca_path, timeout=10)
            assert response.json()["token"]["catalog"][0]["endpoints"][0]["url"] == f"{sim.url}/v3"


class TestControl:
    """``/simulator/``."""

    def test_requests(self, client: Client) -> None:
        client.batch_stop(RUNNING)
        (request,) = client.send("GET", "/simulator/requests").json()
        assert 0 <= time.monotonic() - request.pop("arrived_at") < 60
        assert request == {
            "method": "POST",
            "path": f"/v5/{PROJECT_ID}/jobs/batch-stop",
            "query": {},
            "endpoint": "batch-stop",
            "status": 200,
            "json": {"jobs": [{"job_id": RUNNING}]},
        }
        assert client.send("DELETE", "/simulator/requests").status_code == 204
        assert client.send("GET", "/simulator/requests").json() == []

    def test_jobs(self, client: Client) -> None:
        client.batch_stop({"job_id": RUNNING, "is_force_stop": True})
        first, second = client.send("GET", "/simulator/jobs").json()
        assert first == {
            "job_id": RUNNING,
            "name": "DRS-1234",
            "project_id": PROJECT_ID,
            "job_type": "sync",
            "status": "RELEASE_RESOURCE_STARTED",
            "is_force_stop": True,
        }
        assert (second["status"], second["is_force_stop"]) == ("INCRE_TRANSFER_STARTED", None)

    def test_connections_for_control_do_not_count(self, client: Client) -> None:
        client.batch_status(RUNNING)
        with requests.Session() as session:
            for _attempt in range(2):
                answer = session.get(client.sim.url + "/simulator/connections", timeout=10).json()
                assert answer == {"connections": 1}
        assert client.send("GET", "/simulator/connections").json() == {"connections": 1}

    def test_jobs_can_be_changed(self, client: Client) -> None:
        changes = {RUNNING: {"lag": 42, "status": "PAUSING"}}
        assert client.send("PATCH", "/simulator/jobs", json=changes).status_code == 200
        job = client.sim.cloud.job(RUNNING)
        assert (job.lag, job.status) == (42, "PAUSING")

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [({"nobody": {}}, 404), ({RUNNING: {"job_id": "x"}}, 400), ({RUNNING: 1}, 400), ([], 400)],
    )
    def test_other_changes_are_refused(self, client: Client, changes: object, expected: int) -> None:
        assert client.send("PATCH", "/simulator/jobs", json=changes).status_code == expected

    def test_anything_else(self, client: Client) -> None:
        assert client.send("POST", "/simulator/jobs").status_code == 404
        assert client.sim.requests == []
