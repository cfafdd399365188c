# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the options is said in one line, before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING, UNCHANGED_SUMMARY, StopModule

# What takes the credential and the place out of the arguments.
NOWHERE = dict.fromkeys("endpoint token project_id".split())

# Options that replace those of a run that would work, and what the message has to name.
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no jobs": ({"jobs": None}, ["jobs"]),
    # The line is Ansible's own; which words it has, depends on the version of ansible-core.
    "jobs that are no list of dicts": ({"jobs": [RUNNING]}, ["dictionary"]),
    "a job without an ID": ({"jobs": [{"is_force_stop": True}]}, ["job_id"]),
    "an unknown option of a job": ({"jobs": [{"job_id": RUNNING, "forced": True}]}, ["forced"]),
    "an empty job_id": ({"jobs": [{"job_id": RUNNING}, {"job_id": ""}]}, ["job_id", "entry 2", "empty"]),
    "a blank job_id": ({"jobs": [{"job_id": " "}]}, ["job_id", "entry 1", "empty"]),
    "a malformed job_id": ({"jobs": [{"job_id": "../../etc"}]}, ["job_id", "entry 1", "'../../etc'"]),
    "a job_id with a line break": ({"jobs": [{"job_id": f"{RUNNING}\n"}]}, ["job_id", "entry 1"]),
    "a job_id in other digits": ({"jobs": [{"job_id": "٣"}]}, ["job_id", "entry 1"]),
    "a job_id that is too long": ({"jobs": [{"job_id": "a" * 65}]}, ["job_id", "entry 1"]),
    "the same job with two forces": (
        {"jobs": [{"job_id": RUNNING}, {"job_id": RUNNING, "is_force_stop": True}]},
        [RUNNING, "force"],
    ),
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
    "an unknown language": ({"language": "de"}, ["language"]),
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


def test_the_same_job_in_another_case_is_the_same_job(stop: StopModule) -> None:
    run = stop(RUNNING, RUNNING.upper())
    assert len(run.rows) == 1
    assert RUNNING.upper() in run.warnings
    twice = stop(RUNNING, {"job_id": RUNNING.upper(), "is_force_stop": True})
    assert twice.failed
    assert twice.requests == []


def test_a_run_without_a_mistake_has_no_warning(stop: StopModule) -> None:
    assert "warnings" not in stop(RUNNING).result


def test_numbers_and_words_of_yaml_are_understood(stop: StopModule, sim: Simulator) -> None:
    sim.cloud.add_job("12345")
    run = stop({"job_id": 12345, "is_force_stop": "yes"}, wait_timeout="60", wait_interval="0.5", batch_size="1")
    assert run.outcomes == ["stopped"]
    assert sim.cloud.accepted_stops[0].is_force_stop is True
