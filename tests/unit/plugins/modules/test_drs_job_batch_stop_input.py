# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the options is said in one line, before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.bounds import BOUNDS
from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    NULL,
    OTHER,
    RUNNING,
    UNCHANGED_SUMMARY,
    StopModule,
)

# What takes the credential and the place out of the arguments.
NOWHERE = dict.fromkeys("endpoint token project_id".split())

# Options that replace those of a run that would work, and what the message has to name.
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no jobs": ({"jobs": None}, ["jobs"]),
    "null for jobs": ({"jobs": NULL}, ["jobs is null"]),
    "null for a job": ({"jobs": [None]}, ["jobs", "entry 1", "null"]),
    "jobs that are no list of dicts": ({"jobs": [RUNNING]}, ["dictionary"]),
    "jobs that are a text": ({"jobs": "text"}, ["jobs", "dictionary", "entry 1", "'text'"]),
    "jobs that are an empty text": ({"jobs": ""}, ["jobs", "dictionary", "entry 1", "''"]),
    "jobs that are a number": ({"jobs": 5}, ["jobs must be a list, it is 5"]),
    "jobs that are a switch": ({"jobs": True}, ["jobs must be a list, it is true"]),
    "jobs that are one job": ({"jobs": {"job_id": RUNNING}}, ["jobs must be a list, it is a dictionary"]),
    "a job that is a number": ({"jobs": [{"job_id": RUNNING}, 5]}, ["jobs", "dictionary", "entry 2", "5"]),
    "a job that is a list": ({"jobs": [[RUNNING]]}, ["jobs", "dictionary", "entry 1", "a list"]),
    "a job without an ID": ({"jobs": [{"is_force_stop": True}]}, ["job_id"]),
    "an unknown option of a job": ({"jobs": [{"job_id": RUNNING, "forced": True}]}, ["forced"]),
    "an empty job_id": ({"jobs": [{"job_id": RUNNING}, {"job_id": ""}]}, ["job_id", "entry 2", "empty"]),
    "a blank job_id": ({"jobs": [{"job_id": " "}]}, ["job_id", "entry 1", "empty"]),
    "a malformed job_id": ({"jobs": [{"job_id": "../../etc"}]}, ["job_id", "entry 1", "'../../etc'"]),
    "a job_id with a blank": ({"jobs": [{"job_id": f" {RUNNING}"}]}, ["job_id", "entry 1", f"' {RUNNING}'"]),
    "a job_id of hyphens": ({"jobs": [{"job_id": RUNNING}, {"id": "-"}]}, ["job_id", "entry 2", "'-'"]),
    "a name and a job_id": ({"jobs": [{"job_id": "DRS-1 job-0001"}]}, ["job_id", "entry 1", "'DRS-1 job-0001'"]),
    "a job_id that is a number": ({"jobs": [{"job_id": 12345}]}, ["job_id of entry 1 is 12345", "quotes"]),
    "a job_id that is a fraction": ({"jobs": [{"id": 1.5}]}, ["job_id of entry 1 is 1.5", "quotes"]),
    "a job_id that is a switch": ({"jobs": [{"job_id": True}]}, ["job_id of entry 1 is true", "quotes"]),
    "a job_id that is a list": ({"jobs": [{"job_id": [RUNNING]}]}, ["job_id of entry 1 is a list"]),
    "a job_id that is a dictionary": ({"jobs": [{"job_id": {"a": 1}}]}, ["job_id of entry 1 is a dictionary"]),
    "null for a job_id": ({"jobs": [{"job_id": RUNNING}, {"job_id": None}]}, ["job_id of entry 2 is null"]),
    "null for the alias": ({"jobs": [{"job_id": RUNNING, "id": None}]}, ["jobs: id of entry 1 is null"]),
    "a job_id with a line break": ({"jobs": [{"job_id": f"{RUNNING}\n"}]}, ["job_id", "entry 1"]),
    "a job_id in other digits": ({"jobs": [{"job_id": "٣"}]}, ["job_id", "entry 1"]),
    "a job_id that is too long": ({"jobs": [{"job_id": "a" * 65}]}, ["job_id", "entry 1"]),
    "the same job with two forces": (
        {"jobs": [{"job_id": RUNNING}, {"job_id": RUNNING, "is_force_stop": True}]},
        [RUNNING, "force"],
    ),
    "another job in the alias": (
        {"jobs": [{"job_id": OTHER}, {"job_id": RUNNING, "id": OTHER}]},
        ["job_id", " id ", "entry 2", RUNNING, OTHER],
    ),
    "another case in the alias": (
        {"jobs": [{"id": "ab", "job_id": "AB"}]},
        ["job_id", "id", "entry 1", "'ab'", "'AB'"],
    ),
    "another job in an entry that is a text": ({"jobs": ["job_id=a id=b"]}, ["job_id", "id", "entry 1", "'a'", "'b'"]),
    "another force in the alias": (
        {"jobs": [{"job_id": RUNNING, "is_force_stop": False, "force": True}]},
        ["is_force_stop (false)", "force (true)", "entry 1"],
    ),
    "no force and a word for it": (
        {"jobs": [{"job_id": RUNNING, "force": "no", "is_force_stop": "yes"}]},
        ["is_force_stop", "force", "entry 1"],
    ),
    "another iam_endpoint in the alias": (
        {"iam_endpoint": "https://iam.example.com", "auth_url": "https://iam.example.org"},
        ["iam_endpoint and auth_url"],
    ),
    "a force that is a list": ({"jobs": [{"job_id": RUNNING, "force": [True]}]}, ["is_force_stop", "a list"]),
    "a switch that is a list": ({"wait": []}, ["wait must be true or false, it is a list"]),
    "a text that is a list": ({"project_name": ["demo"]}, ["project_name must be a text, it is a list"]),
    "a token that is a switch": ({"token": True}, ["token must be a text", "quotes"]),
    "a password that is a switch": ({"password": False}, ["password must be a text", "quotes"]),
    "a path that is a dictionary": ({"ca_path": {}}, ["ca_path must be a path, it is a dictionary"]),
    "batch_size 0": ({"batch_size": 0}, ["batch_size"]),
    "a negative batch_size": ({"batch_size": -1}, ["batch_size"]),
    "concurrency 0": ({"concurrency": 0}, ["concurrency"]),
    "a negative wait_timeout": ({"wait_timeout": -1}, ["wait_timeout", "negative"]),
    "a wait_timeout that is no number": ({"wait_timeout": "nan"}, ["wait_timeout"]),
    "an endless wait_timeout": ({"wait_timeout": "inf"}, ["wait_timeout"]),
    "a negative wait_interval": ({"wait_interval": -0.5}, ["wait_interval", "negative"]),
    "a negative timeout": ({"timeout": -1}, ["timeout", "negative"]),
    "timeout 0": ({"timeout": 0}, ["timeout"]),
    "negative retries": ({"retries": -1}, ["retries", "negative"]),
    "no credential": ({"token": None}, ["credential", "HW_AUTH_TOKEN", "HW_USER_NAME"]),
    "a user without a password": ({"token": None, "username": "demo"}, ["password", "domain_name"]),
    "a user without an account": ({"token": None, "username": "demo", "password": "demo"}, ["domain_name"]),
    "a password without a user": ({"token": None, "password": "demo", "domain_name": "demo"}, ["username"]),
    "an account alone": ({"token": None, "domain_name": "demo"}, ["credential"]),
    "an empty token": ({"token": ""}, ["token", "empty"]),
    "an empty password": (
        {"token": None, "username": "demo", "password": "", "domain_name": "demo"},
        ["password", "empty"],
    ),
    "a token with a line break": ({"token": "abc\n"}, ["token", "line break"]),
    "no region and no endpoint": ({"endpoint": None}, ["region", "endpoint"]),
    "a region that is no part of a host name": ({"endpoint": None, "region": "a/b"}, ["region"]),
    "a cloud that is no part of a host name": ({"endpoint": None, "region": "a", "cloud": "b c"}, ["cloud"]),
    "an endpoint that is no URL": ({"endpoint": "drs.example.com"}, ["endpoint", "drs.example.com"]),
    "an endpoint for another protocol": ({"endpoint": "ftp://drs.example.com"}, ["endpoint"]),
    "an endpoint with a port that is none": ({"endpoint": "https://drs.example.com:http"}, ["endpoint"]),
    "an endpoint with a user": ({"endpoint": "https://me:secret@drs.example.com"}, ["endpoint", "user name"]),
    "an endpoint with a query": ({"endpoint": "https://drs.example.com?a=b"}, ["endpoint", "query"]),
    "a token without project_id": ({"project_id": None}, ["project_id"]),
    "a malformed project_id": ({"project_id": "../x"}, ["project_id", "'../x'"]),
    "a user without a place for IAM": (
        {"token": None, "username": "demo", "password": "demo", "domain_name": "demo"},
        ["iam_endpoint"],
    ),
    "a user without a project": (
        {
            **NOWHERE,
            "username": "demo",
            "password": "demo",
            "domain_name": "demo",
            "endpoint": "https://drs.example.com",
            "iam_endpoint": "https://iam.example.com",
        },
        ["project_name", "region"],
    ),
    "an iam_endpoint that is no URL": (
        {"token": None, "username": "demo", "password": "demo", "domain_name": "demo", "iam_endpoint": "iam"},
        ["iam_endpoint"],
    ),
    "a ca_path that does not exist": ({"ca_path": "/nowhere/ca.pem"}, ["ca_path", "/nowhere/ca.pem"]),
    "an unknown option": ({"colour": "blue"}, ["colour"]),
    "a ca_path that is too long": ({"ca_path": "a" * 5000}, ["ca_path", "does not exist"]),
    "an unknown language": ({"language": "de"}, ["language"]),
    "a language with a line break": ({"language": "en-us\nzh-cn"}, ["language"]),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_one_line_and_no_request(stop: StopModule, case: str, check: bool) -> None:
    options, named = WRONG[case]
    run = stop.run(**{"jobs": [{"job_id": RUNNING}], **options}, _ansible_check_mode=check)
    assert run.failed
    assert not run.changed
    for name in named:
        assert name in run.msg
    assert run.requests == []
    assert "exception" not in run.result


def test_a_mistyped_password_in_an_endpoint_is_not_shown(stop: StopModule) -> None:
    for endpoint in ("https://me:canary@drs.example.com", "me:canary@drs.example.com", "drs?password=canary"):
        assert "canary" not in stop(RUNNING, endpoint=endpoint).msg


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("options", [{}, NOWHERE], ids=["with a credential", "with nothing"])
def test_an_empty_list_is_a_success_without_any_request(stop: StopModule, options: dict[str, Any], check: bool) -> None:
    run = stop(check=check, **options)
    assert not run.failed
    assert run.result["changed"] is False
    assert run.rows == []
    assert run.result["summary"] == UNCHANGED_SUMMARY
    assert run.requests == []


def test_the_same_job_twice_is_one_stop_and_a_warning(stop: StopModule, sim: Simulator) -> None:
    run = stop(RUNNING, OTHER, {"job_id": RUNNING, "is_force_stop": False})
    assert run.outcomes == ["stopped", "stopped"]
    assert RUNNING in run.warnings
    assert [each.job_id for each in sim.cloud.accepted_stops] == [RUNNING, OTHER]


@pytest.mark.parametrize("generations", [("v3", "v5"), ("v3",), ("v5",)], ids=["both", "v3", "v5"])
def test_the_same_job_in_another_case_is_another_job(
    stop: StopModule, sim: Simulator, generations: tuple[str, ...]
) -> None:
    sim.cloud.configure(generations=generations)
    sim.cloud.add_job(RUNNING.upper())
    run = stop(RUNNING, {"job_id": RUNNING.upper(), "is_force_stop": True})
    assert run.outcomes == ["stopped", "stopped"]
    assert [row["job_id"] for row in run.rows] == [RUNNING, RUNNING.upper()]
    assert [(each.job_id, each.is_force_stop) for each in sim.cloud.accepted_stops] == [
        (RUNNING, False),
        (RUNNING.upper(), True),
    ]
    assert "warnings" not in run.result


def test_a_job_in_another_case_is_missing_where_the_cloud_has_none(stop: StopModule, sim: Simulator) -> None:
    run = stop(RUNNING.upper(), RUNNING)
    assert run.outcomes == ["failed", "stopped"]
    assert [each.job_id for each in sim.cloud.accepted_stops] == [RUNNING]


def test_a_run_without_a_mistake_has_no_warning(stop: StopModule) -> None:
    assert "warnings" not in stop(RUNNING).result


def test_numbers_and_words_of_yaml_are_understood(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.add_job("12345")
    run = stop({"job_id": "12345", "is_force_stop": "yes"}, wait_timeout="60", wait_interval="0.5", batch_size="1")
    assert run.outcomes == ["stopped"]
    assert sim.cloud.accepted_stops[0].is_force_stop is True


@pytest.mark.parametrize(
    "options",
    [
        {"jobs": [{"job_id": RUNNING, "id": RUNNING}]},
        {"jobs": [{"job_id": RUNNING, "is_force_stop": True, "force": "yes"}]},
        {"jobs": [{"id": RUNNING}], "iam_endpoint": "http://127.0.0.1:1", "auth_url": "http://127.0.0.1:1"},
        {"jobs": f"job_id={RUNNING}"},
        {"jobs": [f"id={RUNNING} job_id={RUNNING}"]},
    ],
)
def test_the_same_value_twice_is_said_once(stop: StopModule, options: dict[str, Any]) -> None:
    run = stop.run(**options)
    assert run.outcomes == ["stopped"]
    assert "warnings" not in run.result


def test_null_leaves_what_has_a_default_as_if_it_were_not_there(stop: StopModule, sim: Simulator) -> None:
    options = "force wait wait_timeout wait_interval batch_size concurrency language validate_certs timeout retries"
    nothing: dict[str, Any] = dict.fromkeys(
        [*options.split(), "api_version", "region", "iam_endpoint", "auth_url", "ca_path"], NULL
    )
    run = stop({"job_id": RUNNING, "is_force_stop": None, "force": True}, {"id": OTHER, "force": None}, **nothing)
    assert run.outcomes == ["stopped", "stopped"]
    assert {each.job_id: each.is_force_stop for each in sim.cloud.accepted_stops} == {RUNNING: True, OTHER: False}
    assert "warnings" not in run.result


def test_null_leaves_what_the_environment_says(
    stop: StopModule, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW_DRS_ENDPOINT", sim.url)
    assert stop(RUNNING, endpoint=NULL).outcomes == ["stopped"]


@pytest.mark.parametrize("value", [-1, True, "30m", "", "nan", "inf", "1e3", 1.5, 10**9, 1e10, 10**400, [1], {}])
@pytest.mark.parametrize("option", ["concurrency", "batch_size", "retries"])
def test_a_count_is_a_whole_number_within_its_bounds(stop: StopModule, option: str, value: Any) -> None:
    run = stop(RUNNING, **{option: value})
    assert f"{option} must be a whole number, {BOUNDS[option].text}; it is " in run.msg
    assert len(run.msg) < 200
    assert run.requests == []


@pytest.mark.parametrize("value", [-0.1, True, "30m", "10s", "", "nan", "-inf", 10**9, 1e10, "1e999", 10**400, [1], {}])
@pytest.mark.parametrize("option", ["timeout", "wait_timeout", "wait_interval"])
def test_a_time_is_a_number_of_seconds_within_its_bounds(stop: StopModule, option: str, value: Any) -> None:
    run = stop(RUNNING, **{option: value})
    assert f"{option} must be a number of seconds, {BOUNDS[option].text}; it is " in run.msg
    assert len(run.msg) < 200
    assert run.requests == []


@pytest.mark.parametrize("value", ["101", "-1", "five", "1.5", "1e10", "9" * 5000])
def test_the_environment_has_the_same_bounds(stop: StopModule, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HW_MAX_RETRIES", value)
    run = stop(RUNNING)
    assert "retries (HW_MAX_RETRIES) must be a whole number, from 0 to 100; it is " in run.msg
    assert len(run.msg) < 200
    assert run.requests == []
    assert stop(RUNNING, retries=0).outcomes == ["stopped"]


@pytest.mark.parametrize("option", BOUNDS)
def test_what_is_just_out_of_bounds_is_refused(stop: StopModule, option: str) -> None:
    outside: list[dict[str, Any]] = [{option: BOUNDS[option].minimum - 1}, {option: BOUNDS[option].maximum + 1}]
    for options in outside:
        run = stop(RUNNING, **options)
        assert run.failed
        assert f"{option} must be" in run.msg
        assert run.requests == []


@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_the_bounds_belong_to_what_is_allowed(stop: StopModule, end: str) -> None:
    numbers: dict[str, Any] = {name: getattr(bounds, end) for name, bounds in BOUNDS.items()}
    numbers["timeout"] = max(numbers["timeout"], 0.001)
    run = stop(RUNNING, check=True, **numbers)
    assert "must be" not in run.result.get("msg", "")


def test_a_secret_is_not_shown_with_a_mistake(stop: StopModule) -> None:
    secrets = {"password": "canary-password", "secret_key": "canary-secret", "security_token": "canary-security"}
    for mistake in ({"jobs": NULL}, {"jobs": [{"job_id": "canary-password"}, 5]}, {"timeout": "canary-secret"}):
        run = stop.run(**{"jobs": [{"job_id": RUNNING}], **secrets, **mistake}, _ansible_verbosity=3)
        assert run.failed
        assert "canary" not in run.stdout
