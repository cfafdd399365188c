# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the options is said in one line, before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    NULL,
    OTHER,
    RUNNING,
    ModuleRun,
    StopModule,
    module_and_action,
)

# Takes the credential and the place out of the arguments.
WITHOUT_CREDENTIAL = dict.fromkeys("endpoint token project_id".split())

# Options that replace those of a run that would work, and what the message has to name.
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no jobs": ({"jobs": None}, ["jobs"]),
    "null for jobs": ({"jobs": NULL}, ["jobs is null"]),
    "null for a job": ({"jobs": [None]}, ["jobs", "entry 1", "null"]),
    "jobs that are no list of dicts": ({"jobs": [RUNNING]}, ["an entry of a list is no dictionary"]),
    "jobs that are a text": ({"jobs": "text"}, ["jobs", "dictionary", "entry 1", "'text'"]),
    "jobs that are an empty text": ({"jobs": ""}, ["jobs", "dictionary", "entry 1", "''"]),
    "jobs that are a number": ({"jobs": 5}, ["jobs must be a list, it is 5"]),
    "jobs that are a switch": ({"jobs": True}, ["jobs must be a list, it is true"]),
    "jobs that are one job": ({"jobs": {"job_id": RUNNING}}, ["jobs must be a list, it is a dictionary"]),
    "a job that is a number": ({"jobs": [{"job_id": RUNNING}, 5]}, ["jobs", "dictionary", "entry 2", "5"]),
    "a job that is a list": ({"jobs": [[RUNNING]]}, ["jobs", "dictionary", "entry 1", "a list"]),
    "a job without an ID": ({"jobs": [{"is_force_stop": True}]}, ["job_id"]),
    "an unknown option of a job": (
        {"jobs": [{"job_id": RUNNING, "forced": True}]},
        ["jobs: forced of entry 1 is no option: did you mean force?"],
    ),
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
    "a switch that is a word": ({"wait": "maybe"}, ["wait must be true or false, it is 'maybe'"]),
    "a force that is a number": (
        {"jobs": [{"job_id": RUNNING, "force": 2}]},
        ["jobs: is_force_stop of entry 1 must be true or false, it is 2"],
    ),
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
    "a user without a password": ({"token": None, "username": "demo"}, ["required together: username, password"]),
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
            **WITHOUT_CREDENTIAL,
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
    "an unknown option": ({"hue": "blue"}, ["hue is no option; there are access_key, all_or_none, "]),
    "a misspelled option": ({"jobs": None, "jbos": [{"job_id": RUNNING}]}, ["jbos is no option: did you mean jobs?"]),
    "a ca_path that is too long": ({"ca_path": "a" * 5000}, ["ca_path", "does not exist"]),
    "an unknown language": ({"language": "de"}, ["language"]),
    "a language with a line break": ({"language": "en-us\nzh-cn"}, ["language"]),
}


def assert_refused(run: ModuleRun, named: list[str]) -> None:
    """Check that a task ended before any request, with one line that names all of these."""
    assert run.failed
    assert not run.changed
    for name in named:
        assert name in run.msg
    assert run.requests == []
    assert "exception" not in run.result


@module_and_action
@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_one_line_and_no_request(stop: StopModule, case: str) -> None:
    options, named = WRONG[case]
    assert_refused(stop.run(**{"jobs": [{"job_id": RUNNING}], **options}), named)


@pytest.mark.parametrize("case", ["null for jobs", "a job_id that is a list", "batch_size 0", "no credential"])
def test_a_mistake_is_told_in_check_mode_too(stop: StopModule, case: str) -> None:
    options, named = WRONG[case]
    assert_refused(stop.run(**{"jobs": [{"job_id": RUNNING}], **options}, _ansible_check_mode=True), named)


@module_and_action
def test_a_mistyped_password_in_an_endpoint_is_not_shown(stop: StopModule) -> None:
    for endpoint in ("https://me:canary@drs.example.com", "me:canary@drs.example.com", "drs?password=canary"):
        assert "canary" not in stop(RUNNING, endpoint=endpoint).msg
