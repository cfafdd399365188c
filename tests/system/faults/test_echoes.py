# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever secret a server repeats, wherever and however spelled, nobody reads it, and the rest stays readable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible.errors import AnsibleLookupError
from ansible.plugins.loader import lookup_loader
from ansible.utils.display import Display

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.faults.echoes import (
    PASSWORD,
    PASSWORDS,
    TOKEN,
    left_in,
    spellings,
    token_of,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawRequest, RawServer, Reply, just
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    OTHER,
    RUNNING,
    InfoModule,
    StopModule,
    job_ids,
    module_and_action,
)

SECRET_KEY = token_of(40)
SECURITY_TOKEN = token_of(600)
PASSCODE = "417203"


def flat(echo: str) -> dict[str, Any]:
    """An error answer of DRS or the gateway."""
    return {
        "status": 403,
        "body": {"error_code": f"DRS.{echo}", "error_msg": f"Sorry: {echo} is refused", "request_id": f"r-{echo}"},
    }


def nested(echo: str) -> dict[str, Any]:
    """An error answer of IAM, with what a proxy may add."""
    error = {"code": f"no {echo}", "message": f"Sorry: {echo} is refused", "title": f"Forbidden {echo}"}
    return {"status": 403, "body": {"error": error, echo: echo}, "headers": {"X-Request-Id": _header(f"r-{echo}")}}


def in_results(echo: str) -> dict[str, Any]:
    """An error answer of a batch query of DRS v3."""
    result = {"id": RUNNING, "status": echo, "error_code": echo, "error_msg": f"Sorry: {echo} is refused"}
    return {"status": 400, "body": {"count": 1, "results": [result]}}


def page(echo: str) -> dict[str, Any]:
    """A page of somebody else."""
    head = {"X-IAM-Trace-Id": _header(echo), "Content-Type": "text/html"}
    return {"status": 403, "body": f"<html><title>{echo}</title>{echo}</html>", "headers": head}


def redirect(echo: str) -> dict[str, Any]:
    """A redirect that holds the secret in its address."""
    return {"status": 302, "headers": {"Location": _header(f"https://{echo}/login?token={echo}"), "X-Request-Id": "r"}}


def no_object(echo: str) -> dict[str, Any]:
    """A success that is none."""
    return {"status": 200, "body": [echo], "headers": {"X-Request-Id": _header(echo)}}


def _header(text: str) -> str:
    """Give a text as a header can hold it: without line breaks, UTF-8 as if it were Latin 1."""
    return " ".join(text.split("\n")).encode().decode("latin-1")


ERRORS: tuple[Callable[[str], dict[str, Any]], ...] = (flat, nested, in_results, page, redirect, no_object)
READABLE = (flat, nested, in_results)
# One secret in each spelling, and the others in those that differ most.
MANY = [
    (name, kind, echo)
    for name, secret in {**PASSWORDS, "token": TOKEN}.items()
    for kind, echo in spellings(secret)
    if name == "all of it" or kind in ("plain", "JSON, ASCII", "query, lower case", "base64 after 'user:'")
]


def many_for(error: Callable[[str], dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Give what an answer repeats: of those that show the text of the server, all of it."""
    return MANY if error in READABLE else MANY[::5]


def log_in(stop: StopModule | InfoModule, name: str) -> None:
    """Use this secret from now on, which works."""
    if name == "token":
        stop.arguments = {"endpoint": stop.sim.url, "token": TOKEN, "project_id": PROJECT_ID}
        return
    stop.sim.cloud.add_user("canary", PASSWORDS[name], "demo")
    stop.log_in_as("canary", PASSWORDS[name])


@module_and_action
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_no_error_answer_shows_a_secret(
    sim: Simulator, stop: StopModule, error: Callable[[str], dict[str, Any]]
) -> None:
    for name, kind, echo in many_for(error):
        sim.faults.clear()
        sim.faults.add(Fault("batch-status", nth=None, **error(echo)))
        log_in(stop, name)
        run = stop(RUNNING, retries=0, wait_timeout=30)
        assert run.outcomes == ["failed"]
        assert left_in([run.result, run.shown], echo) == [], (name, kind)
        if error in READABLE:
            assert "Sorry: " in run.row["error_msg"], (name, kind)
            assert run.row["error_msg"].endswith(" is refused"), (name, kind)
            assert "********" in run.row["error_code"], (name, kind)


@module_and_action
@pytest.mark.parametrize("filling", [*range(470, 513, 6), 5_000, 98_000, 99_990])
def test_a_text_is_masked_before_it_is_cut(sim: Simulator, stop: StopModule, filling: int) -> None:
    for secret, name in ((TOKEN, "token"), (PASSWORD, "all of it")):
        sim.faults.clear()
        for text in (f"{'x' * filling} {secret}", f"x{' ' * filling}{secret} and more"):
            sim.faults.add(Fault("batch-status", nth=None, status=403, body={"error_code": "A.1", "error_msg": text}))
            log_in(stop, name)
            run = stop(RUNNING)
            assert left_in([run.result, run.shown], secret) == []
            assert len(run.row["error_msg"]) <= 512
            sim.faults.clear()


@module_and_action
@pytest.mark.parametrize("shown", [(0, 16), (0, 40), (500, 900), (2000, 2048)], ids=str)
def test_a_token_that_the_server_has_cut_is_masked(sim: Simulator, stop: StopModule, shown: tuple[int, int]) -> None:
    piece = TOKEN[slice(*shown)]
    body = {"error_code": "A.1", "error_msg": f"Sorry: {piece}... is no token"}
    sim.faults.add(Fault("batch-status", nth=None, status=403, body=body))
    log_in(stop, "token")
    assert stop(RUNNING).row["error_msg"] == "Sorry: ********... is no token"


@module_and_action
@pytest.mark.parametrize("name", ["all of it", "two blanks", "umlauts", "token"])
def test_no_answer_about_jobs_shows_a_secret(sim: Simulator, info: InfoModule, name: str) -> None:
    echoes = list(spellings({**PASSWORDS, "token": TOKEN}[name]))
    ids = job_ids(len(echoes))
    results = [
        {
            "id": job_id,
            "name": f"name {echo} of it",
            "status": echo if number % 2 else "INCRE_TRANSFER_STARTED",
            "description": f"text {echo} of it",
            "engine_type": echo,
            "error_code": echo,
            "error_msg": f"error {echo} of it",
            "job_action": {"available_actions": [echo, "STOP"], "current_action": echo},
            "children": [{"id": echo, "name": echo, "status": echo, "description": {"deep": echo}}],
            echo: echo,
        }
        for number, (job_id, (_kind, echo)) in enumerate(zip(ids, echoes, strict=True))
    ]
    log_in(info, name)
    for _page in range(0, len(ids), 10):
        sim.faults.add(Fault("batch-detail", nth=None, status=200, body={"results": results}))
    run = info.run(job_ids=ids)
    assert not run.failed
    for row, (kind, echo) in zip(run.result["jobs"], echoes, strict=True):
        assert left_in(row, echo) == [], kind
        for text in (row["name"], row["description"]):
            assert (text[:5], text[-6:], "********" in text) in (("name ", " of it", True), ("text ", " of it", True))
        assert row["job_action"]["available_actions"][1] == "STOP"


@module_and_action
def test_no_list_of_jobs_shows_a_secret(sim: Simulator, info: InfoModule) -> None:
    items = [{"id": TOKEN[:400], "name": TOKEN, "status": "CREATING"}, {"id": RUNNING, "status": "CREATING"}]
    sim.faults.add(Fault("jobs", nth=None, status=200, body={"jobs": items, "total_count": 2}))
    log_in(info, "token")
    run = info.run(job_type="migration", api_version="v5")
    assert left_in([run.result, run.shown], TOKEN) == []
    assert [row["id"] for row in run.result["jobs"]] == ["********", RUNNING]


@module_and_action
def test_no_answer_to_a_stop_shows_a_secret(sim: Simulator, stop: StopModule) -> None:
    for kind, echo in spellings(PASSWORD):
        sim.faults.clear()
        refused = {"status": "failed", "error_code": echo, "error_msg": f"Sorry: {echo} is refused", "name": echo}
        jobs = [{"id": RUNNING, **refused}, {"id": OTHER, "status": "success", "name": f"the {echo}"}]
        sim.faults.add(Fault("batch-stop", nth=None, status=200, body={"jobs": jobs}, headers={"X-Request-Id": "r-1"}))
        log_in(stop, "all of it")
        run = stop(RUNNING, OTHER, wait=False)
        assert run.outcomes == ["failed", "stopping"]
        assert left_in([run.result, run.shown], echo) == [], kind
        assert "********" in run.rows[0]["name"]
        assert run.rows[1]["name"].startswith("the ")
        assert run.rows[0]["error_msg"].startswith("Sorry: ")
        assert run.rows[0]["error_msg"].endswith(" is refused")


def test_what_an_access_key_has_made_is_not_shown(sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.add_access_key("key", SECRET_KEY, security_token=SECURITY_TOKEN)

    def repeat(request: RawRequest, _nth: int) -> Reply:
        said = f"{request.headers['Authorization']} {SECRET_KEY} {request.headers['X-Security-Token']} is refused"
        content = json.dumps({"error_code": "A.1", "error_msg": said}).encode()
        head = f"HTTP/1.1 403 Forbidden\r\nX-Request-Id: {request.headers['Authorization'][-64:]}\r\n"
        return Reply(just(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content), acts=False)

    for as_action in (False, True):
        stop = StopModule(sim, clock, as_action)
        key: dict[str, Any] = {"token": None, "access_key": "key", "secret_key": SECRET_KEY}
        key["security_token"] = SECURITY_TOKEN
        with RawServer(sim.url, script=repeat) as server:
            run = stop(RUNNING, **key, endpoint=f"http://127.0.0.1:{server.port}", retries=0)
            seen = server.seen[0].headers["Authorization"]
        assert run.row["error_msg"] == f"{seen[:-64]}******** ******** ******** is refused"
        assert run.row["request_id"] == "********"
        for secret in (seen[-64:], SECRET_KEY, SECURITY_TOKEN):
            assert left_in([run.result, run.shown], secret) == []


@module_and_action
def test_a_token_that_the_task_has_obtained_is_not_shown(sim: Simulator, stop: StopModule) -> None:
    said: dict[str, Any] = {"status": 201, "headers": {"X-Subject-Token": TOKEN, "X-Request-Id": TOKEN}}
    for body in ([TOKEN], {"token": {"project": {"id": PROJECT_ID}}}):
        sim.faults.clear()
        sim.faults.add(Fault("auth-tokens", nth=None, body=body, **said))
        sim.faults.add(Fault("batch-status", nth=None, **flat(TOKEN)))
        stop.log_in_as()
        run = stop(RUNNING, project_id=None)
        assert run.outcomes == ["failed"]
        assert left_in([run.result, run.shown], TOKEN) == []


@module_and_action
def test_the_passwords_of_proxies_and_of_urls_are_not_shown(
    sim: Simulator, stop: StopModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "somebody:Proxy%2FSecret@127.0.0.1:1")
    for kind, echo in spellings("Proxy/Secret"):
        sim.faults.clear()
        sim.faults.add(Fault("batch-status", nth=None, **flat(echo)))
        assert left_in(stop(RUNNING).result, echo) == [], kind
    for secret in ("Url-Secret", "sh"):
        run = stop(RUNNING, endpoint=f"http://somebody:{secret}@127.0.0.1:1", _ansible_verbosity=4)
        assert f"somebody:{secret}" not in run.stdout
        assert "must not hold a user name or password" in run.msg


WORDS = ["success", "failed", "stopped", "RELEASE_RESOURCE_COMPLETE", "INCRE_TRANSFER_STARTED", "DRS.M00304", RUNNING]


@module_and_action
@pytest.mark.parametrize("password", WORDS)
def test_what_is_decided_on_is_told_whatever_the_password_is(
    sim: Simulator, stop: StopModule, info: InfoModule, password: str
) -> None:
    sim.cloud.add_user("awkward", password, "demo")
    stop.log_in_as("awkward", password)
    info.log_in_as("awkward", password)
    found = info.run(job_ids=[RUNNING]).result["jobs"][0]
    assert (found["id"], found["status"], found["phase"]) == (RUNNING, "INCRE_TRANSFER_STARTED", "running")
    assert [row["id"] for row in info.run().result["jobs"]] == [RUNNING, OTHER]
    sim.cloud.job(OTHER).stop_error = ("DRS.M00304", "No.")
    check, run, _check, again = stop.four_steps(RUNNING, OTHER, _ansible_diff=True)
    assert check.outcomes == ["would_stop", "would_stop"]
    assert check.result["diff"]["after"] == dict.fromkeys((RUNNING, OTHER), "RELEASE_RESOURCE_COMPLETE")
    assert run.outcomes == ["stopped", "failed"]
    assert (run.rows[0]["status"], run.rows[1]["error_code"]) == ("RELEASE_RESOURCE_COMPLETE", "DRS.M00304")
    assert RUNNING in run.result["diff"]["after"]
    assert again.outcomes == ["unchanged", "failed"]


@module_and_action
@pytest.mark.parametrize("where", ["error_code", "request_id", "name"])
def test_a_secret_in_one_place_is_masked_in_all(sim: Simulator, stop: StopModule, where: str) -> None:
    password = "Wombat-41-Xylophone"
    sim.cloud.add_user("canary", password, "demo")
    stop.log_in_as("canary", password)
    item = {
        "id": RUNNING,
        "status": "failed",
        "error_code": "DRS.M00304",
        "error_msg": f"no {password}: no",
        "name": "n",
    }
    head = {"X-Request-Id": "r-1"} if where != "request_id" else {"X-Request-Id": password}
    jobs = [{**item, **({} if where == "request_id" else {where: password})}]
    sim.faults.add(Fault("batch-stop", nth=None, status=200, body={"jobs": jobs}, headers=head))
    run = stop(RUNNING)
    assert run.outcomes == ["failed"]
    assert password not in run.stdout
    assert (run.row[where], run.row["error_msg"]) == ("********", "no ********: no")


class Lookup:
    """A lookup at a cloud, and what Ansible shows of it."""

    def __init__(self, sim: Simulator, warnings: list[str]) -> None:
        """Take the cloud, and where warnings go."""
        self.sim = sim
        self.warnings = warnings

    def __call__(self, name: str, *terms: str, **options: Any) -> list[str]:
        """Look something up that fails, and give all that is shown."""
        given = {"iam_endpoint": self.sim.url, "retries": 0, "cache": False, **options}
        if name != "iam_project_id":
            given["project_name"] = "demo"
        with pytest.raises(AnsibleLookupError) as failed:
            lookup_loader.get(f"huaweicloud.drs.{name}").run(list(terms), {}, **given)
        return [str(failed.value), *self.warnings]


@pytest.fixture
def look_up(sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lookup]:
    """Any lookup."""
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    warnings: list[str] = []
    monkeypatch.setattr(Display(), "warning", lambda text, **_kwargs: warnings.append(text))
    yield Lookup(sim, warnings)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_no_lookup_shows_a_secret(sim: Simulator, look_up: Lookup, error: Callable[[str], dict[str, Any]]) -> None:
    for name, kind, echo in many_for(error):
        sim.faults.clear()
        sim.faults.add(Fault("auth-tokens", nth=None, **error(echo)))
        if name == "token":
            for endpoint in ("auth-projects", "projects", "verify-token"):
                sim.faults.add(Fault(endpoint, nth=None, **error(echo)))
            shown = look_up("iam_project_id", "demo", token=TOKEN)
        else:
            shown = look_up("iam_token", username="canary", password=PASSWORDS[name], domain_name="demo")
        assert left_in(shown, echo) == [], (name, kind)
        if error in READABLE:
            assert "Sorry: " in shown[0]
            assert " is refused" in shown[0]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_no_lookup_shows_what_it_has_obtained_or_been_given(
    sim: Simulator, look_up: Lookup, error: Callable[[str], dict[str, Any]]
) -> None:
    user = {"username": "u", "password": "Long-enough-1", "domain_name": "demo"}
    sim.faults.add(Fault("auth-tokens", nth=1, status=201, body={"token": {}}, headers={"X-Subject-Token": TOKEN}))
    sim.faults.add(Fault("auth-tokens", nth=2, **error(TOKEN)))
    shown = look_up("iam_agency_token", **user, agency_name="a", agency_domain_name="c")
    assert left_in(shown, TOKEN) == []

    key = {"access_key": "key", "secret_key": SECRET_KEY, "security_token": SECURITY_TOKEN}
    for secret in (SECRET_KEY, SECURITY_TOKEN):
        sim.faults.clear()
        for endpoint in ("auth-projects", "projects", "verify-token"):
            sim.faults.add(Fault(endpoint, nth=None, **error(secret)))
        assert left_in(look_up("iam_project_id", "demo", **key), secret) == []

    sim.faults.clear()
    sim.faults.add(Fault("auth-tokens", nth=None, **error(f"{PASSCODE} not 9{PASSCODE}")))
    shown = look_up("iam_token", user_id="i", password="Long-enough-1", totp_passcode=PASSCODE)
    if error in READABLE:
        assert "******** not 9417203 is refused" in shown[0]
    assert PASSCODE not in str(shown).replace(f"9{PASSCODE}", "")


def test_every_run_of_these_tests_repeats_something() -> None:
    # Otherwise the helper would find nothing, whatever is shown.
    for name, kind, echo in MANY:
        assert left_in({"jobs": [{"error_msg": f"it is {echo}."}]}, echo), (name, kind)
    assert left_in([TOKEN[100:116]], TOKEN)
    assert left_in([TOKEN[100:115]], TOKEN) == []
