# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where and as whom, from a module's options and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import (
    CREDENTIAL_ENVIRONMENT,
    ClientConfig,
    HttpSettings,
    merge_options,
    parse_client_config,
    parse_credential,
    parse_http_settings,
    parse_text,
    security_warnings,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    AccessKeyCredential,
    PasswordCredential,
    Scope,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.tests.unit.plugins.module_utils._core.identities import (
    ENVIRONMENT,
    ENVIRONMENT_KEY,
    ENVIRONMENT_TOKEN,
    ENVIRONMENT_USER,
    SDK_KEY,
    TASK_KEY,
    TASK_TOKEN,
    TASK_USER,
)

HTTP: dict[str, Any] = {"validate_certs": True, "timeout": 30, "retries": 5}


@pytest.mark.parametrize(
    ("task", "environment", "expected"),
    [
        (TASK_TOKEN, {}, TokenCredential("task")),
        (TASK_TOKEN, ENVIRONMENT, TokenCredential("task")),
        ({**TASK_TOKEN, **TASK_USER}, ENVIRONMENT, TokenCredential("task")),
        ({**TASK_TOKEN, "username": "half"}, {}, TokenCredential("task")),
        (TASK_USER, {}, PasswordCredential("task", "task", "task")),
        (TASK_USER, ENVIRONMENT, PasswordCredential("task", "task", "task")),
        ({}, ENVIRONMENT, TokenCredential("env")),
        ({}, ENVIRONMENT_TOKEN, TokenCredential("env")),
        ({}, ENVIRONMENT_USER, PasswordCredential("env", "env", "env")),
        ({}, {**ENVIRONMENT_USER, "HW_AUTH_TOKEN": ""}, PasswordCredential("env", "env", "env")),
        ({"domain_name": "task"}, ENVIRONMENT_USER, PasswordCredential("env", "env", "task")),
        ({"domain_name": "task"}, ENVIRONMENT, TokenCredential("env")),
        (TASK_KEY, ENVIRONMENT, AccessKeyCredential("task", "task")),
        ({**TASK_KEY, **TASK_USER}, ENVIRONMENT, AccessKeyCredential("task", "task")),
        # A security token of the environment does not slip into the task's permanent key.
        (TASK_KEY, {"HW_SECURITY_TOKEN": "env"}, AccessKeyCredential("task", "task")),
        ({**TASK_KEY, "security_token": "task"}, {}, AccessKeyCredential("task", "task", "task")),
        ({**TASK_TOKEN, **TASK_KEY}, {}, TokenCredential("task")),
        ({}, {**ENVIRONMENT_KEY, **ENVIRONMENT_USER}, AccessKeyCredential("env", "env")),
        ({}, {**ENVIRONMENT_KEY, **SDK_KEY}, AccessKeyCredential("env", "env")),
        ({}, {**SDK_KEY, "HUAWEICLOUD_SDK_SECURITY_TOKEN": "sdk"}, AccessKeyCredential("sdk", "sdk", "sdk")),
        ({"domain_name": "task"}, {**SDK_KEY, **ENVIRONMENT_USER}, AccessKeyCredential("sdk", "sdk")),
    ],
)
def test_the_task_beats_the_environment_as_a_whole(
    task: Mapping[str, str], environment: Mapping[str, str], expected: object
) -> None:
    assert parse_credential(task.get, environment) == expected


@pytest.mark.parametrize(
    ("task", "environment", "named"),
    [
        ({}, {}, r"no credential.*HW_AUTH_TOKEN.*HW_USER_NAME.*HW_USER_PASSWORD.*HW_DOMAIN_NAME"),
        ({"domain_name": "task"}, {}, "no credential"),
        ({}, {"HW_DOMAIN_NAME": "env"}, "no credential"),
        ({"username": "task"}, {}, "password and domain_name missing.*HW_USER_PASSWORD, HW_DOMAIN_NAME"),
        ({"username": "task"}, ENVIRONMENT_USER, "password and domain_name"),
        ({"password": "task"}, ENVIRONMENT, "username and domain_name"),
        ({"username": "task", "password": "task"}, ENVIRONMENT, "domain_name missing"),
        ({"username": "task", "domain_name": "task"}, ENVIRONMENT, "password missing"),
        ({}, {"HW_USER_NAME": "env", "HW_DOMAIN_NAME": "env"}, "password missing"),
        ({}, {**ENVIRONMENT_USER, "HW_USER_PASSWORD": ""}, "password missing"),
        ({"token": ""}, ENVIRONMENT, "token is empty"),
        ({**TASK_USER, "password": ""}, {}, "password is empty"),
        ({**TASK_USER, "username": ""}, {}, "username is empty"),
        ({**TASK_TOKEN, "domain_name": ""}, {}, "domain_name is empty"),
    ],
)
def test_half_a_credential_is_named(task: Mapping[str, str], environment: Mapping[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        parse_credential(task.get, environment)


def test_the_names_in_the_environment_are_those_that_awx_accepts_and_masks() -> None:
    names = [name for variables in CREDENTIAL_ENVIRONMENT.values() for name in variables]
    assert not [name for name in names if name.startswith("ANSIBLE_")]
    for option in ("token", "secret_key", "security_token", "password"):
        assert any(word in CREDENTIAL_ENVIRONMENT[option][0] for word in ("TOKEN", "KEY", "SECRET", "PASS"))


def test_a_token_needs_no_iam() -> None:
    options = {**TASK_TOKEN, "region": "cn-north-4", "project_id": "p"}
    assert parse_client_config(options.get, {}) == ClientConfig(
        TokenCredential("task"), "https://drs.cn-north-4.myhuaweicloud.com", "p", region="cn-north-4"
    )


@pytest.mark.parametrize(
    ("options", "scope"),
    [
        ({}, Scope(None, "cn-north-4")),
        ({"project_name": "cn-north-4_dev"}, Scope(None, "cn-north-4_dev")),
        ({"project_name": ""}, Scope(None, "cn-north-4")),
        ({"project_id": "p"}, Scope("p", "cn-north-4")),
        ({"project_id": "p", "project_name": "n"}, Scope("p", "n")),
    ],
)
def test_a_user_logs_in_to_a_project(options: Mapping[str, str], scope: Scope) -> None:
    connection = parse_client_config({**TASK_USER, "region": "cn-north-4", **options}.get, {})
    assert connection.iam_url == "https://iam.cn-north-4.myhuaweicloud.com"
    assert connection.scope == scope
    assert connection.project_id == scope.project_id


def test_endpoints_take_the_place_of_a_region() -> None:
    options = {**TASK_USER, "endpoint": "http://a/", "iam_endpoint": "http://b/v3/", "project_name": "n"}
    connection = parse_client_config(options.get, {})
    assert (connection.drs_url, connection.iam_url) == ("http://a", "http://b")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({**TASK_TOKEN, "endpoint": "http://a"}, "project_id"),
        ({**TASK_TOKEN, "project_id": "p"}, "region"),
        ({**TASK_TOKEN, "region": " ", "project_id": "p"}, "region"),
        ({**TASK_TOKEN, "region": "r", "project_id": "a/b"}, "project_id 'a/b'"),
        ({**TASK_TOKEN, "region": "r", "project_id": "a" * 65}, "project_id"),
        ({**TASK_USER, "endpoint": "http://a", "project_name": "n"}, "region.*iam_endpoint"),
        ({**TASK_USER, "endpoint": "http://a", "iam_endpoint": "http://b"}, "project"),
    ],
)
def test_what_is_missing_or_malformed_is_named(options: Mapping[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        parse_client_config(options.get, {})


@pytest.mark.parametrize(("value", "text"), [(None, None), ("", None), ("  ", None), (" a ", "a"), (7, "7")])
def test_an_empty_text_is_none(value: Any, text: str | None) -> None:
    assert parse_text({"a": value}.get, "a") == text


def test_certificates_are_checked_with_the_bundle_that_is_given(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    assert parse_http_settings(HTTP.get).verify is True
    assert parse_http_settings({**HTTP, "ca_path": str(bundle)}.get).verify == str(bundle)
    assert parse_http_settings({**HTTP, "ca_path": ""}.get).verify is True
    assert parse_http_settings({**HTTP, "ca_path": str(bundle), "validate_certs": False}.get).verify is False


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path '/nowhere/ca.pem'"),
        ({"ca_path": "a\0b"}, "ca_path .* does not exist"),
        ({"ca_path": "a" * 5000}, "ca_path .* does not exist"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": -1}, "timeout"),
        ({"retries": -1}, "retries"),
    ],
)
def test_settings_that_cannot_work_are_named(options: Mapping[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        parse_http_settings({**HTTP, **options}.get)


def test_settings_are_passed_on() -> None:
    settings = parse_http_settings({**HTTP, "timeout": 7, "retries": 0}.get, pool_size=3, language="zh-cn")
    assert (settings.timeout, settings.retries, settings.pool_size, settings.language) == (7.0, 0, 3, "zh-cn")


@pytest.mark.parametrize(
    ("verify", "urls", "named"),
    [
        (True, ["https://drs.example.com", None], []),
        ("/ca.pem", ["http://127.0.0.1:8080", "http://localhost"], []),
        (False, ["https://drs.example.com"], ["validate_certs"]),
        (True, ["http://[::1]:8080", "http://localhost:1/a"], []),
        (True, ["http://drs.example.com", "https://iam.example.com"], ["http://drs.example.com"]),
        (True, ["http://10.0.0.1"], ["http://10.0.0.1"]),
        (False, ["http://a.example", "http://b.example"], ["validate_certs", "http://a.example", "http://b.example"]),
    ],
)
def test_what_lets_others_read_the_credential_is_a_risk(
    verify: bool | str, urls: list[str | None], named: list[str]
) -> None:
    risks = security_warnings(HttpSettings(verify=verify), *urls)
    assert len(risks) == len(named)
    assert all(name in risk for name, risk in zip(named, risks, strict=True))


FILE_USER = {"username": "file", "password": "of file", "domain_name": "account"}


@pytest.mark.parametrize(
    ("preferred", "fallback", "expected"),
    [
        ({}, {"region": "a", "timeout": 5, **FILE_USER}, {"region": "a", "timeout": 5, **FILE_USER}),
        ({"timeout": 7}, {"timeout": 5, "retries": 1}, {"timeout": 7, "retries": 1}),
        # A credential counts as a whole, but for the account of a user.
        ({"token": "t"}, FILE_USER, {"token": "t"}),
        ({"username": "u", "password": "p"}, FILE_USER, {"username": "u", "password": "p"}),
        ({"domain_name": "other"}, FILE_USER, {**FILE_USER, "domain_name": "other"}),
        # A project belongs to its region.
        ({"region": "b"}, {"region": "a", "project_id": "p", "project_name": "n"}, {"region": "b"}),
        ({"region": "A"}, {"region": "a", "project_id": "p"}, {"region": "A", "project_id": "p"}),
        ({"project_name": "n"}, {"region": "a", "project_id": "p"}, {"region": "a", "project_name": "n"}),
        (
            {"endpoint": "https://drs.b.myhuaweicloud.com"},
            {"region": "a", "project_id": "p", "cloud": "c.example"},
            {"region": "b", "endpoint": "https://drs.b.myhuaweicloud.com", "cloud": "c.example"},
        ),
        ({"region": " "}, {"region": "a"}, {"region": "a"}),
    ],
)
def test_options_of_two_sources(preferred: dict[str, Any], fallback: dict[str, Any], expected: dict[str, Any]) -> None:
    assert merge_options(preferred, fallback) == expected
