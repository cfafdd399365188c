# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IAM is asked for a token with."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import PasswordCredential, Scope
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.token_requests import (
    Agency,
    agency_request,
    password_request,
    scope_of,
)

USER = PasswordCredential("me", "p4ssword", "account")


def test_the_body_of_a_login_is_that_of_the_iam_api() -> None:
    assert password_request(USER, Scope(project_name="cn-north-4")) == {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {"user": {"name": "me", "password": "p4ssword", "domain": {"name": "account"}}},
            },
            "scope": {"project": {"name": "cn-north-4"}},
        }
    }


@pytest.mark.parametrize(
    ("scope", "expected", "named"),
    [
        (Scope("id"), {"project": {"id": "id"}}, "project ID id"),
        (Scope("id", "name"), {"project": {"id": "id"}}, "project ID id"),
        (Scope(None, "name"), {"project": {"name": "name"}}, "project name"),
        (Scope(None, "name", "account"), {"project": {"name": "name"}}, "project name"),
        (Scope(domain_name="account"), {"domain": {"name": "account"}}, "account account"),
        (Scope(), None, "account of the user"),
    ],
)
def test_a_scope_is_a_project_by_its_id_or_its_name_or_an_account(scope: Scope, expected: object, named: str) -> None:
    assert scope_of(scope) == expected
    assert str(scope) == named


def test_a_user_can_be_named_by_id() -> None:
    (auth,) = password_request(PasswordCredential(None, "p4ssword", None, "user-id"), Scope("id")).values()
    assert auth == {
        "identity": {"methods": ["password"], "password": {"user": {"id": "user-id", "password": "p4ssword"}}},
        "scope": {"project": {"id": "id"}},
    }


@pytest.mark.parametrize(
    ("user", "named"),
    [
        (PasswordCredential(None, "p4ssword", None, "user-id", "123456"), {"id": "user-id"}),
        (
            PasswordCredential("me", "p4ssword", "account", "user-id", "123456"),
            {"name": "me", "domain": {"name": "account"}},
        ),
    ],
)
def test_a_virtual_mfa_device_adds_its_code_and_the_users_id(
    user: PasswordCredential, named: dict[str, object]
) -> None:
    (auth,) = password_request(user, Scope()).values()
    assert auth == {
        "identity": {
            "methods": ["password", "totp"],
            "password": {"user": {**named, "password": "p4ssword"}},
            "totp": {"user": {"id": "user-id", "passcode": "123456"}},
        }
    }
    assert "123456" not in repr(user)


def test_the_body_for_an_agency_is_that_of_the_iam_api() -> None:
    assert agency_request(Agency("migration", "customer"), Scope(project_name="cn-north-4")) == {
        "auth": {
            "identity": {
                "methods": ["assume_role"],
                "assume_role": {"domain_name": "customer", "agency_name": "migration"},
            },
            "scope": {"project": {"name": "cn-north-4"}},
        }
    }
