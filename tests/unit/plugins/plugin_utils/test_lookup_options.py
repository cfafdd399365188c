# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""As whom, from the options of a lookup and the environment."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import CREDENTIAL_ENVIRONMENT
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    AccessKeyCredential,
    Agency,
    PasswordCredential,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._lookup_options import (
    parse_agency,
    parse_lookup_credential,
    parse_project_names,
)
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

# What a lookup's options are called in the environment; Ansible itself reads them.
IN_ENVIRONMENT = {variable: option for option, names in CREDENTIAL_ENVIRONMENT.items() for variable in names} | {
    "HW_USER_ID": "user_id"
}


def of_a_lookup(task: Mapping[str, str], environment: Mapping[str, str], **options: bool) -> object:
    """Give the credential of a lookup, whose options Ansible has read from the task or else the environment."""
    merged = {**{IN_ENVIRONMENT[name]: value for name, value in reversed(list(environment.items()))}, **task}
    return parse_lookup_credential(merged.get, task.keys(), environment, **options)


@pytest.mark.parametrize(
    ("task", "environment", "expected"),
    [
        (TASK_TOKEN, ENVIRONMENT, TokenCredential("task")),
        (TASK_KEY, ENVIRONMENT, AccessKeyCredential("task", "task")),
        (TASK_USER, ENVIRONMENT, PasswordCredential("task", "task", "task")),
        ({}, ENVIRONMENT, TokenCredential("env")),
        ({}, {**ENVIRONMENT_KEY, **SDK_KEY, **ENVIRONMENT_USER}, AccessKeyCredential("env", "env")),
        ({}, ENVIRONMENT_USER, PasswordCredential("env", "env", "env")),
        # For a user each option may come from another place, as for every lookup.
        ({"username": "task"}, ENVIRONMENT, PasswordCredential("task", "env", "env")),
        ({"password": "task"}, ENVIRONMENT, PasswordCredential("env", "task", "env")),
        ({"domain_name": "task"}, ENVIRONMENT_USER, PasswordCredential("env", "env", "task")),
        ({"domain_name": "task"}, ENVIRONMENT, TokenCredential("env")),
        ({"user_id": "id", "password": "task"}, ENVIRONMENT_TOKEN, PasswordCredential(None, "task", None, "id")),
        ({"region": "task", **TASK_TOKEN}, ENVIRONMENT, TokenCredential("task")),
        # The ID of a user is a user's like the name: in the environment it comes after token and key.
        ({}, {**ENVIRONMENT_TOKEN, "HW_USER_ID": "id"}, TokenCredential("env")),
        ({}, {**ENVIRONMENT_KEY, "HW_USER_ID": "id"}, AccessKeyCredential("env", "env")),
        ({}, {"HW_USER_ID": "id", "HW_USER_PASSWORD": "env"}, PasswordCredential(None, "env", None, "id")),
        ({"password": "task"}, {**ENVIRONMENT_TOKEN, "HW_USER_ID": "id"}, PasswordCredential(None, "task", None, "id")),
    ],
)
def test_what_the_task_names_decides_which_credential_a_lookup_uses(
    task: Mapping[str, str], environment: Mapping[str, str], expected: object
) -> None:
    assert of_a_lookup(task, environment) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (ENVIRONMENT, TokenCredential("env")),
        ({**ENVIRONMENT_KEY, **ENVIRONMENT_USER}, PasswordCredential("env", "env", "env")),
    ],
)
def test_a_lookup_for_which_keys_do_not_count_goes_on_without(environment: Mapping[str, str], expected: object) -> None:
    assert of_a_lookup({}, environment, allow_access_key=False) == expected


@pytest.mark.parametrize(
    ("task", "environment", "said"),
    [
        ({}, {}, "no credential: give token"),
        ({"access_key": "task"}, ENVIRONMENT, "secret_key missing"),
        ({"secret_key": "task"}, ENVIRONMENT_KEY, "access_key missing"),
        ({"username": "task"}, ENVIRONMENT_TOKEN, "password and domain_name missing"),
        ({}, {"HW_USER_NAME": "env"}, "password and domain_name missing"),
        ({"user_id": "id"}, {}, "password missing"),
    ],
)
def test_half_a_credential_of_a_lookup_is_an_error(
    task: Mapping[str, str], environment: Mapping[str, str], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        of_a_lookup(task, environment)


def test_an_agency_has_a_name_and_an_account() -> None:
    options = {"agency_name": "migration", "agency_domain_name": "customer"}
    assert parse_agency(options.get) == Agency("migration", "customer")
    for name in options:
        with pytest.raises(ConfigurationError, match=f"^{name} is missing"):
            parse_agency({**options, name: " "}.get)


def test_projects_are_named_or_that_of_the_region() -> None:
    assert parse_project_names("r", []) == ["r"]
    assert parse_project_names("r", ["a", "b"]) == ["a", "b"]
    with pytest.raises(ConfigurationError, match="no project"):
        parse_project_names(None, [])
