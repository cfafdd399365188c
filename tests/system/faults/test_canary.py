# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are planted, ansible-playbook walks every way to fail at -vvvv, and all that it wrote is searched."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID, PROJECT_NAME
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import SECONDS
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, RUNNING, WRONG_PASSWORD

# Long, and with no piece in common that could hide one behind the other. Some hold what JSON, YAML and URLs quote.
PASSWORD = 'Pelican/77"qu+oted\\Marigold wörd'
WRONG = "Wombat-41-Xylophone-not-the-password"
TOKEN = "MIIGiraffe0815Hyacinth" + "Zq7" * 40
ENVIRONMENT_TOKEN = "MIILlama4711Begonia" + "Kw3" * 40
PROXY_PASSWORD = "Ocelot%2FSnapdragon99"
TICKET = "Quokka5150Chrysanthemum"
URL_PASSWORD = "Narwhal8086Delphinium"
SECRET_KEY = "Axolotl68000Petunia"
SECURITY_TOKEN = "MIIManatee6502Camellia" + "Xv9" * 40
CANARIES = {
    "password": PASSWORD,
    "wrong password": WRONG,
    "token": TOKEN,
    "token of the environment": ENVIRONMENT_TOKEN,
    "proxy password": PROXY_PASSWORD,
    "decoded proxy password": "Ocelot/Snapdragon99",
    "ticket": TICKET,
    "password in a URL": URL_PASSWORD,
    "secret key": SECRET_KEY,
    "security token": SECURITY_TOKEN,
}
DEAD = "http://127.0.0.1:1"
STOP = "huaweicloud.drs.drs_job_batch_stop"
INFO = "huaweicloud.drs.drs_job_info"
LOOKUP = "huaweicloud.drs.iam_token"

# What the clouds do to each request of DRS and IAM.
FAULTS: dict[str, dict[str, Any]] = {
    "redirect": {"status": 302, "headers": {"Location": f"http://other.invalid/login?ticket={TICKET}"}},
    "html": {"kind": "html"},
    "401": {"status": 401, "body": {"error_code": "APIGW.0307", "error_msg": "The token must be updated."}},
    "403": {"status": 403, "body": {"error_code": "DRS.M00102", "error_msg": "No."}},
    "stall": {"kind": "stall"},
    "truncate": {"kind": "truncate"},
    "reset": {"kind": "reset"},
    "nested": {"kind": "nested"},
}
ENDPOINTS = ("auth-tokens", "auth-projects", "projects", "batch-status", "batch-detail", "jobs", "batch-stop")
SAID = {
    "redirect": "a redirect to 'other.invalid', which is not followed",
    "html": "but the body is not JSON",
    "401": "answered HTTP 401: APIGW.0307",
    "403": "answered HTTP 403: DRS.M00102",
    "stall": "no answer within 0.4 seconds",
    "truncate": "the connection broke",
    "reset": "the connection broke",
    "nested": "nested too deeply",
    "wrong password": WRONG_PASSWORD,
    "refused": "the connection was refused, or there is no route to the host. Check the endpoint",
    "user info": "must not hold a user name or password",
    "no CA": "does not exist",
    "proxy": "the proxy of the environment could not be used. Check HTTPS_PROXY",
    "no endpoint": "region is missing",
}


def spellings(secret: str) -> Iterator[str]:
    """Give the secret as it stands, and as JSON, YAML, URLs, Python and base64 spell it."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    for safe in ("", "/"):
        yield quote(secret, safe=safe)
    for before in range(3):  # base64 of a text that holds the secret somewhere inside
        encoded = base64.b64encode(b" " * before + secret.encode())
        inner = encoded[4 if before else 0 : -4].decode()
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


def found_in(text: str, secrets: Mapping[str, str]) -> list[str]:
    """Give the names of the secrets that a text holds."""
    return [name for name, secret in secrets.items() if any(spelling in text for spelling in spellings(secret))]


class Playbook:
    """Runs tasks with ansible-playbook at -vvvv, in folders of its own, and knows all that was written."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that everything is written to."""
        self.folder = folder
        self.output = ""

    def run(
        self, name: str, tasks: list[dict[str, Any]], environment: Mapping[str, str], /, **keywords: Any
    ) -> dict[str, Any]:
        """Run these tasks, failing ones included; give how many were ok, failed and ignored."""
        written = self.folder / name
        written.mkdir()
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "ignore_errors": True}
        play |= keywords
        play["vars"] = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        path = self.folder / f"{name}.yml"
        path.write_text(yaml.safe_dump([{**play, "tasks": tasks}], sort_keys=False), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-vvvv", "--diff", "-i", "localhost,"]
        done = subprocess.run(
            [*command, str(path)],
            cwd=written,
            env={**self._surroundings(written), **environment},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        (written / "stdout").write_text(done.stdout, encoding="utf-8")
        (written / "stderr").write_text(done.stderr, encoding="utf-8")
        self.output += done.stdout
        recap = re.search(r"ok=(\d+) +changed=(\d+) +unreachable=0 +failed=0 .*ignored=(\d+)", done.stdout)
        assert recap, done.stdout[-2000:] + done.stderr
        return dict(zip(("ok", "changed", "ignored"), map(int, recap.groups()), strict=True))

    def everything(self, *names: str) -> str:
        """Give all that these runs wrote, wherever, names of files included."""
        texts = []
        for name in names:
            for path in sorted((self.folder / name).rglob("*")):
                texts.append(str(path))
                if path.is_file():
                    texts.append(path.read_bytes().decode("utf-8", "replace"))
        return "\n".join(texts)

    @staticmethod
    def _surroundings(written: Path) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(written),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_HOME": str(written / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(written / "local"),
            "ANSIBLE_REMOTE_TEMP": str(written / "remote"),
            "ANSIBLE_LOG_PATH": str(written / "log"),
            "ANSIBLE_DISPLAY_TRACEBACK": "always",
            "ANSIBLE_NOCOLOR": "1",
            "TMPDIR": str(written),
            "CANARY_PASSWORD": PASSWORD,
            "CANARY_WRONG": WRONG,
            "CANARY_TOKEN": TOKEN,
            "CANARY_SECRET_KEY": SECRET_KEY,
            "CANARY_SECURITY_TOKEN": SECURITY_TOKEN,
            "CANARY_URL": f"http://somebody:{URL_PASSWORD}@127.0.0.1:1",
        }


@pytest.fixture
def clouds() -> Iterator[dict[str, Simulator]]:
    """One cloud that works, and one for each way to fail."""
    with ExitStack() as stack:
        running = {}
        for name in ("good", *FAULTS):
            sim = running[name] = stack.enter_context(Simulator(release_seconds=0.1))
            seed_demo(sim.cloud)
            sim.cloud.add_user("canary", PASSWORD, "demo")
            sim.cloud.add_access_key("canary-key", SECRET_KEY, security_token=SECURITY_TOKEN)
            sim.cloud.add_project("customers", "customers", "customer")
            sim.cloud.add_agency("agency", "customer", "demo")
            for endpoint in ENDPOINTS if name in FAULTS else ():
                sim.faults.add(Fault(endpoint, nth=None, **FAULTS[name]))
        yield running


def env(name: str) -> str:
    """Give the template of a variable of the environment."""
    return f"{{{{ lookup('env', '{name}') }}}}"


QUICK = {"timeout": 0.4, "retries": 0, "wait_interval": 0.2, "wait_timeout": 20}
JOBS = [{"job_id": RUNNING}, {"job_id": MISSING}]
WITH_TOKEN = {"token": env("CANARY_TOKEN"), "project_id": PROJECT_ID}
AS_USER = {"username": "canary", "domain_name": "demo", "project_name": PROJECT_NAME}
WITH_PASSWORD = {**AS_USER, "password": env("CANARY_PASSWORD")}
WITH_KEY = {
    "access_key": "canary-key",
    "secret_key": env("CANARY_SECRET_KEY"),
    "security_token": env("CANARY_SECURITY_TOKEN"),
    "project_name": PROJECT_NAME,
}


def stop(name: str, **options: Any) -> dict[str, Any]:
    """Give a task that stops jobs."""
    return {"name": name, STOP: {"jobs": JOBS, **QUICK, **options}}


def inform(name: str, **options: Any) -> dict[str, Any]:
    """Give a task that looks at jobs."""
    return {"name": name, INFO: {"timeout": 0.4, "retries": 0, **options}}


def use_lookup(name: str, lookup: str, **options: str) -> dict[str, Any]:
    """Give a task that uses any lookup, and says how long its value is. Options are expressions."""
    given = "".join(f", {option}={value}" for option, value in options.items())
    expression = f"lookup('huaweicloud.drs.{lookup}', timeout=0.4, retries=0{given}) | length"
    return {"name": name, "ansible.builtin.debug": {"msg": f"{{{{ {expression} }}}}"}}


def look_up(name: str, password: str = "CANARY_PASSWORD", **options: str) -> dict[str, Any]:
    """Give a task that looks a token up, and says how long it is. Options may be templates without their braces."""
    quoted = "".join(
        f", {option}={value}" if value.startswith("lookup(") else f", {option}='{value}'"
        for option, value in {**AS_USER, **options}.items()
    )
    lookup = f"lookup('{LOOKUP}', password=lookup('env', '{password}'), timeout=0.4, retries=0{quoted})"
    return {"name": name, "ansible.builtin.debug": {"msg": f"{{{{ {lookup} | length }}}}"}}


def tasks_for(clouds: Mapping[str, Simulator]) -> list[dict[str, Any]]:
    """Give tasks that walk every way to fail, and some that work."""
    good = clouds["good"].url
    urls = [clouds[name].url for name in FAULTS]
    token_of_lookup = f"{{{{ lookup('{LOOKUP}', password=lookup('env', 'CANARY_PASSWORD'), "
    token_of_lookup += f"username='canary', domain_name='demo', project_name='demo', iam_endpoint='{good}') }}}}"
    with_lookup = {"token": token_of_lookup, "project_id": PROJECT_ID}
    key = {
        "access_key": "'canary-key'",
        "secret_key": "lookup('env', 'CANARY_SECRET_KEY')",
        "security_token": "lookup('env', 'CANARY_SECURITY_TOKEN')",
        "region": "'demo'",
    }
    agency = {
        "username": "'canary'",
        "password": "lookup('env', 'CANARY_PASSWORD')",
        "domain_name": "'demo'",
        "agency_name": "'agency'",
        "agency_domain_name": "'customer'",
        "project_name": "'customers'",
    }
    return [
        {**stop("keys", endpoint="{{ item }}", iam_endpoint="{{ item }}", **WITH_KEY), "loop": urls},
        {**inform("list", endpoint="{{ item }}", iam_endpoint=good, **WITH_KEY), "loop": urls},
        {**inform("info", endpoint="{{ item }}", job_ids=[RUNNING], **WITH_TOKEN), "loop": urls},
        stop("wrong key", endpoint=good, iam_endpoint=good, **{**WITH_KEY, "secret_key": env("CANARY_WRONG")}),
        inform("list: success", endpoint=good, iam_endpoint=good, **WITH_KEY),
        use_lookup("project: success", "iam_project_id", iam_endpoint=f"'{good}'", **key),
        use_lookup("agency: success", "iam_agency_token", iam_endpoint=f"'{good}'", **agency),
        *[
            use_lookup(f"project: {name}", "iam_project_id", iam_endpoint=f"'{clouds[name].url}'", **key)
            for name in FAULTS
        ],
        *[
            use_lookup(f"agency: {name}", "iam_agency_token", iam_endpoint=f"'{clouds[name].url}'", **agency)
            for name in FAULTS
        ],
        {**stop("tokens", endpoint="{{ item }}", **WITH_TOKEN), "loop": urls},
        # A login that works, and a cloud that does not.
        {**stop("users", endpoint="{{ item }}", iam_endpoint=good, **WITH_PASSWORD), "loop": urls},
        stop("login", endpoint=good, iam_endpoint=clouds["redirect"].url, **WITH_PASSWORD),
        stop("wrong password", endpoint=good, iam_endpoint=good, **AS_USER, password=env("CANARY_WRONG")),
        stop("wrong token", endpoint=good, **WITH_TOKEN),
        stop("refused", endpoint=DEAD, iam_endpoint=DEAD, **WITH_PASSWORD),
        stop("no CA", endpoint=good, ca_path="/nowhere/ca.pem", **WITH_TOKEN),
        stop("token of a lookup", endpoint=clouds["403"].url, **with_lookup),
        {**stop("check", endpoint=good, iam_endpoint=good, **WITH_PASSWORD), "check_mode": True},
        {**stop("success", endpoint=good, iam_endpoint=good, **WITH_PASSWORD, jobs=[{"job_id": RUNNING}])},
        look_up("lookup: wrong password", "CANARY_WRONG", iam_endpoint=good),
        look_up("lookup: no endpoint"),
        look_up("lookup: user info", iam_endpoint="lookup('env', 'CANARY_URL')"),
        look_up("lookup: refused", iam_endpoint=DEAD),
        look_up("lookup: success", iam_endpoint=good),
        *[look_up(f"lookup: {name}", iam_endpoint=clouds[name].url) for name in FAULTS],
    ]


@pytest.fixture
def playbook(tmp_path: Path) -> Playbook:
    """A folder for all runs."""
    return Playbook(tmp_path)


# With an environment of its own, a task runs as a module, and otherwise in Ansible's own process.
@pytest.mark.parametrize("keywords", [{}, {"environment": {"SOMETHING": "else"}}], ids=["here", "module"])
def test_no_secret_is_in_anything_that_ansible_wrote(
    playbook: Playbook, clouds: dict[str, Simulator], keywords: dict[str, Any]
) -> None:
    tasks = tasks_for(clouds)
    through_proxy = [
        stop("proxy", endpoint="http://drs.invalid", project_id=PROJECT_ID),
        stop("proxy, TLS", endpoint="https://drs.invalid", iam_endpoint="https://iam.invalid", **WITH_PASSWORD),
        look_up("lookup: proxy", iam_endpoint="http://iam.invalid"),
        look_up("lookup: proxy, TLS", iam_endpoint="https://iam.invalid"),
    ]
    proxy = f"http://somebody:{PROXY_PASSWORD}@127.0.0.1:1"
    proxies = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy, "HW_AUTH_TOKEN": ENVIRONMENT_TOKEN}

    walked = playbook.run("walk", tasks, {}, **keywords)
    blocked = playbook.run("proxy", through_proxy, proxies, **keywords)

    works = [task for task in tasks if "success" in task["name"]]
    assert walked == {"ok": len(tasks), "changed": 2, "ignored": len(tasks) - len(works)}
    assert blocked == {"ok": 4, "changed": 0, "ignored": 4}
    assert [said for said in SAID.values() if said not in playbook.output] == []
    assert ("Using module file" in playbook.output) == bool(keywords)
    obtained = {
        f"obtained token {number}": request.headers["X-Auth-Token"]
        for number, request in enumerate(request for sim in clouds.values() for request in sim.requests)
        if request.headers.get("X-Auth-Token", TOKEN) != TOKEN
    }
    assert obtained
    everything = playbook.everything("walk", "proxy")
    assert RUNNING in everything
    assert found_in(everything, {**CANARIES, **obtained}) == []
    # Nothing but what Ansible says is left behind, least of all a token.
    for name in ("walk", "proxy"):
        left = {path.name for path in (playbook.folder / name).rglob("*") if path.is_file()}
        assert left <= {"stdout", "stderr", "log"}


@pytest.mark.parametrize("keywords", [{}, {"environment": {"SOMETHING": "else"}}], ids=["here", "module"])
def test_no_secret_is_written_that_a_cloud_repeats(
    playbook: Playbook, clouds: dict[str, Simulator], keywords: dict[str, Any]
) -> None:
    bad, good = clouds["403"], clouds["good"]
    bad.faults.clear()
    said = " / ".join(dict.fromkeys(spellings(PASSWORD)))
    body = {"error_code": PASSWORD, "error_msg": f"Sorry: {said} is refused", "request_id": PASSWORD.upper()}
    for endpoint in ENDPOINTS:
        bad.faults.add(Fault(endpoint, nth=None, status=403, body=body))
    tasks = [
        stop("stop", endpoint=bad.url, iam_endpoint=good.url, **WITH_PASSWORD),
        inform("list", endpoint=bad.url, iam_endpoint=good.url, **WITH_PASSWORD),
        stop("login", endpoint=good.url, iam_endpoint=bad.url, **WITH_PASSWORD),
        stop("endpoint", endpoint=env("CANARY_URL"), iam_endpoint=good.url, **WITH_PASSWORD),
        look_up("lookup", iam_endpoint=bad.url),
    ]

    walked = playbook.run("repeated", tasks, {}, **keywords)

    assert walked == {"ok": len(tasks), "changed": 0, "ignored": len(tasks)}
    assert playbook.output.count("Sorry: ") >= len(tasks) - 1
    assert playbook.output.count("is refused") >= len(tasks) - 1
    assert found_in(playbook.everything("repeated"), CANARIES) == []
    assert PASSWORD.upper() not in playbook.output


def test_a_secret_that_is_printed_would_be_found(playbook: Playbook) -> None:
    printed = "{{ lookup('env', 'CANARY_PASSWORD') }} {{ lookup('env', 'CANARY_TOKEN') | b64encode }}"
    tasks = [{"name": "print", "ansible.builtin.debug": {"msg": printed}}]

    playbook.run("control", tasks, {})

    assert found_in(playbook.everything("control"), CANARIES) == ["password", "token"]
    assert found_in((playbook.folder / "control" / "log").read_text(encoding="utf-8"), CANARIES) == [
        "password",
        "token",
    ]


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
def test_a_secret_inside_base64_would_be_found(before: str) -> None:
    header = base64.b64encode(f"{before}{WRONG} and more".encode()).decode()
    assert found_in(f"Proxy-Authorization: Basic {header}", CANARIES) == ["wrong password"]
