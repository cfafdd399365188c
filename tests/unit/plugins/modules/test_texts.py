# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials and names with odd characters are told by the names of their options, before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.cloud_region import REGION_ENVIRONMENT
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import CREDENTIAL_ENVIRONMENT
from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, StopModule, module_and_action

VARIABLES = {**CREDENTIAL_ENVIRONMENT, **REGION_ENVIRONMENT}
TOKEN = {"token": "canary", "project_id": "canary"}
KEY = {"access_key": "canary", "secret_key": "canary", "security_token": "canary", "project_name": "canary"}
USER = {
    "username": "canary",
    "password": "canary",
    "domain_name": "canary",
    "project_name": "canary",
    "region": "canary",
    "cloud": "canary",
}
# Of the null character Ansible says that it cannot log it, before a module begins.
ODD = {"line break": "can\nary", "bell": "can\aary", "escape": "can\x1bary", "separator": "can\u2028ary"}
# Of these a blank or a line break at an end is cut off, as everywhere in a place.
CUT = set(REGION_ENVIRONMENT)


def refused(stop: StopModule, **options: Any) -> str:
    """Give the line with which the module refuses before any request, and without the value."""
    run = stop(RUNNING, **options)
    assert run.failed
    assert run.requests == []
    assert "canary" not in run.msg
    assert "cannot be sent" not in run.msg
    return run.msg


@pytest.fixture(params=[TOKEN, KEY, USER], ids=["token", "access key", "user"])
def texts(request: pytest.FixtureRequest, stop: StopModule) -> dict[str, str]:
    """The texts of a task, which has nothing else but its endpoints."""
    stop.arguments = {"endpoint": stop.sim.url, "iam_endpoint": stop.sim.url, "retries": 0}
    found: dict[str, str] = request.param
    return found


@module_and_action
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_character_is_told_with_the_option(stop: StopModule, texts: dict[str, str], odd: str) -> None:
    for option in texts:
        assert refused(stop, **{**texts, option: odd}).startswith(f"{option} holds a control character")


@module_and_action
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_and_with_the_variable_that_it_is_from(
    stop: StopModule, texts: dict[str, str], odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for option, text in texts.items():
        monkeypatch.setenv(VARIABLES[option][0], text)
    for option, text in texts.items():
        monkeypatch.setenv(VARIABLES[option][0], odd)
        said = refused(stop)
        assert said.startswith(f"{option} ({VARIABLES[option][0]}) holds a control character")
        monkeypatch.setenv(VARIABLES[option][0], text)


def test_so_are_bytes_of_another_encoding(
    stop: StopModule, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for option, text in texts.items():
        monkeypatch.setenv(VARIABLES[option][0], text)
    for option, text in texts.items():
        monkeypatch.setenv(VARIABLES[option][0], b"p\xe4ss".decode(errors="surrogateescape"))
        assert refused(stop).startswith(f"{option} ({VARIABLES[option][0]}) holds an invalid character")
        monkeypatch.setenv(VARIABLES[option][0], text)


@pytest.mark.parametrize("form", ["{}\n", "\n{}", "{}\r\n", "\ufeff{}"], ids=repr)
def test_a_line_break_at_an_end_is_told_of_credentials(stop: StopModule, texts: dict[str, str], form: str) -> None:
    for option in texts.keys() - CUT:
        said = refused(stop, **{**texts, option: form.format(texts[option])})
        assert said == f"{option} holds a control character (a line break at its end?)"


@pytest.mark.parametrize("form", ["{} ", " {}", "{0} {0}", "{}\u00e4", "{}\u00a0"], ids=repr)
def test_keys_have_neither_blanks_nor_other_letters(stop: StopModule, texts: dict[str, str], form: str) -> None:
    for option in texts.keys() & {"token", "access_key", "secret_key", "security_token"}:
        said = refused(stop, **{**texts, option: form.format(texts[option])})
        assert said.startswith(f"{option} holds characters that no {option} has")


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_blank_credential_of_the_task_is_an_error(stop: StopModule, texts: dict[str, str], blank: str) -> None:
    for option in texts.keys() - CUT:
        assert refused(stop, **{**texts, option: blank}).startswith(f"{option} is empty")


@module_and_action
def test_names_and_passwords_may_be_in_any_letters(stop: StopModule, sim: Simulator) -> None:
    user: dict[str, Any] = {"username": "Jürgen Groß", "password": " pä ß日 ", "domain_name": "Kölner Firma"}
    sim.cloud.add_user(*user.values())
    sim.cloud.add_project("of-koeln", "Projekt Köln", user["domain_name"])
    sim.cloud.add_job("job-of-koeln", project_id="of-koeln")
    stop.log_in_as(**user, project_name="Projekt Köln")
    assert stop("job-of-koeln").outcomes == ["stopped"]


def test_what_is_not_used_may_be_anything(stop: StopModule, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HW_SECRET_KEY", "HW_USER_PASSWORD", "HW_AUTH_TOKEN"):
        monkeypatch.setenv(variable, "canary\n")
    assert stop(RUNNING, check=True).outcomes == ["would_stop"]


@module_and_action
def test_a_blank_token_of_the_environment_is_not_set(
    stop: StopModule, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = stop.arguments.pop("token")
    monkeypatch.setenv("HW_AUTH_TOKEN", " ")
    assert refused(stop).startswith("no credential: give token")
    for name, value in {"HW_ACCESS_KEY": "demo-ak", "HW_SECRET_KEY": "demo-sk", "HW_SECURITY_TOKEN": "\t"}.items():
        monkeypatch.setenv(name, value)
    run = stop(RUNNING, check=True)
    assert run.outcomes == ["would_stop"]
    assert "Authorization" in run.requests[0].headers
    # The half of a pair that is blank is missing; the other pair does not complete it.
    monkeypatch.setenv("HW_SECRET_KEY", " ")
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "demo-sk")
    assert "secret_key missing" in refused(stop)
    monkeypatch.setenv("HW_AUTH_TOKEN", token)
    assert stop(RUNNING, check=True).outcomes == ["would_stop"]
