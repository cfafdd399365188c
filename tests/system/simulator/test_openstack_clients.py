# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenStack's own clients against the simulated IAM, which speaks the protocol of their Keystone."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.principals import User, domain_id
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import REFUSED

pytestmark = pytest.mark.skipif(not find_spec("keystoneauth1"), reason="OpenStack's clients are not installed")

DEMO = {"username": "demo", "user_domain_name": "demo", "password": "demo"}
IN_PROJECT = {"project_name": "demo", "project_domain_name": "demo"}


class Keystoneauth:
    """The parts of keystoneauth1 that the tests use; without type information, so everything in it is Any."""

    def __init__(self, url: str) -> None:
        """Import them, and take where IAM is."""
        self.url = f"{url}/v3"
        self.v3: Any = importlib.import_module("keystoneauth1.identity.v3")
        self.generic: Any = importlib.import_module("keystoneauth1.identity.generic")
        self.session: Any = importlib.import_module("keystoneauth1.session")
        self.exceptions: Any = importlib.import_module("keystoneauth1.exceptions")

    def log_in(self, *methods: Any, **scope: str) -> Any:
        """Log in with methods of version 3, and give what there is to know of the token."""
        return self.access(self.v3.Auth(self.url, list(methods), **scope))

    def access(self, auth: Any) -> Any:
        """Log in with a plugin."""
        return auth.get_access(self.session.Session())


@pytest.fixture
def keystoneauth(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Keystoneauth:
    """The library, which would ask proxies of the environment."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return Keystoneauth(sim.url)


@pytest.fixture
def guarded(sim: Simulator) -> User:
    """Somebody with login protection."""
    return sim.cloud.add_user("guarded", "secret", "demo", mfa_seed="GEZDGNBVGY3TQOJQ")


class TestKeystoneauth:
    """keystoneauth1."""

    def test_a_password(self, keystoneauth: Keystoneauth, clock: ManualClock) -> None:
        access = keystoneauth.log_in(keystoneauth.v3.PasswordMethod(**DEMO), **IN_PROJECT)
        assert (access.project_id, access.project_name, access.project_domain_name) == (PROJECT_ID, "demo", "demo")
        assert (access.username, access.user_domain_id) == ("demo", domain_id("demo"))
        assert access.expires.timestamp() == pytest.approx(clock.time() + 24 * 3600, abs=1)
        assert access.service_catalog.url_for(service_type="identity", interface="public") == keystoneauth.url

    def test_a_token_for_another_scope(self, keystoneauth: Keystoneauth, sim: Simulator) -> None:
        first = keystoneauth.log_in(keystoneauth.v3.PasswordMethod(**DEMO))
        assert first.domain_name == "demo"
        method = keystoneauth.v3.TokenMethod(token=first.auth_token)
        access = keystoneauth.log_in(method, project_id=PROJECT_ID)
        assert (access.project_id, access.user_id) == (PROJECT_ID, first.user_id)
        assert access.expires == first.expires

    @pytest.mark.parametrize("first", ["password", "totp"])
    def test_both_methods(
        self, keystoneauth: Keystoneauth, sim: Simulator, clock: ManualClock, guarded: User, first: str
    ) -> None:
        who = {"username": "guarded", "user_domain_name": "demo"}
        password = keystoneauth.v3.PasswordMethod(password="secret", **who)
        totp = keystoneauth.v3.TOTPMethod(passcode=guarded.passcode(clock.time()), **who)
        methods = [password, totp] if first == "password" else [totp, password]
        assert keystoneauth.log_in(*methods, **IN_PROJECT).user_id == guarded.id
        assert sim.requests[0].json["auth"]["identity"]["methods"][0] == first

    def test_a_receipt(self, keystoneauth: Keystoneauth, clock: ManualClock, guarded: User) -> None:
        password = keystoneauth.v3.PasswordMethod(user_id=guarded.id, password="secret")
        with pytest.raises(keystoneauth.exceptions.MissingAuthMethods) as caught:
            keystoneauth.log_in(password, **IN_PROJECT)
        assert caught.value.methods == ["password"]
        assert caught.value.required_auth_methods == [["password", "totp"]]
        assert caught.value.expires_at.timestamp() == pytest.approx(clock.time() + 300, abs=1)
        receipt = keystoneauth.v3.ReceiptMethod(receipt=caught.value.receipt)
        totp = keystoneauth.v3.TOTPMethod(user_id=guarded.id, passcode=guarded.passcode(clock.time()))
        assert keystoneauth.log_in(receipt, totp, **IN_PROJECT).user_id == guarded.id

    @pytest.mark.parametrize("change", [{"password": "wrong"}, {"user_domain_name": "other"}, {"username": "nobody"}])
    def test_a_refusal(self, keystoneauth: Keystoneauth, change: dict[str, str]) -> None:
        with pytest.raises(keystoneauth.exceptions.Unauthorized, match=REFUSED):
            keystoneauth.log_in(keystoneauth.v3.PasswordMethod(**{**DEMO, **change}), **IN_PROJECT)

    @pytest.mark.parametrize("end", ["", "/", "/v3", "/v3/"])
    def test_discovery_and_lists(self, keystoneauth: Keystoneauth, sim: Simulator, end: str) -> None:
        sim.cloud.accounts.users("demo")[0].may_list_projects = True
        auth = keystoneauth.generic.Password(sim.url + end, **DEMO, **IN_PROJECT)
        session = keystoneauth.session.Session(auth=auth)
        listed = {}
        for path in ("projects", "auth/projects", "auth/domains"):
            found = session.get(f"/{path}", endpoint_filter={"service_type": "identity", "interface": "public"}).json()
            listed[path] = [item["id"] for item in found[path.rpartition("/")[2]]]
        assert listed == {"projects": [PROJECT_ID], "auth/projects": [PROJECT_ID], "auth/domains": [domain_id("demo")]}
        assert "versions" in [request.endpoint for request in sim.requests]
        headers = {"X-Subject-Token": session.get_token()}
        endpoint = {"service_type": "identity", "interface": "public"}
        verified = session.get("/auth/tokens", endpoint_filter=endpoint, headers=headers).json()["token"]
        assert verified["project"]["id"] == PROJECT_ID


@pytest.mark.skipif(not shutil.which("openstack"), reason="the program openstack is not installed")
class TestProgram:
    """python-openstackclient; each run takes seconds."""

    def run(self, sim: Simulator, home: Path, *words: str) -> Any:
        """Run it, and give what it said."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "NO_PROXY": "127.0.0.1",
            "OS_AUTH_URL": f"{sim.url}/v3",
            **{f"OS_{name.upper()}": value for name, value in {**DEMO, **IN_PROJECT}.items()},
        }
        command = ["openstack", *words, "-f", "json"]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=60)
        return json.loads(done.stdout)

    def test_a_token(self, sim: Simulator, tmp_path: Path) -> None:
        issued = self.run(sim, tmp_path, "token", "issue")
        assert issued["project_id"] == PROJECT_ID
        token = sim.cloud.accounts.token(issued["id"])
        assert token is not None
        assert token.grant.user.id == issued["user_id"]

    def test_projects(self, sim: Simulator, tmp_path: Path) -> None:
        demo = {"ID": PROJECT_ID, "Name": "demo"}
        assert self.run(sim, tmp_path, "project", "list", "--my-projects") == [demo]
        assert [request.endpoint for request in sim.requests][-1] == "user-projects"
        # Refused, it asks for those within reach.
        sim.cloud.accounts.users("demo")[0].may_list_projects = False
        assert self.run(sim, tmp_path, "project", "list") == [demo]
        assert [(each.endpoint, each.status) for each in sim.requests[-2:]] == [
            ("projects", 403),
            ("user-projects", 200),
        ]
