# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials are checked without a network, and never shown."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    AccessKeyCredential,
    Agency,
    PasswordCredential,
    Scope,
    TokenCredential,
    agency_request,
    password_request,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError

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
    assert scope.as_json() == expected
    assert str(scope) == named


def test_no_credential_shows_its_secret() -> None:
    assert "p4ssword" not in repr(USER)
    assert "t0ken" not in repr(TokenCredential("t0ken"))
    assert USER.secrets == ("p4ssword",)
    assert TokenCredential("t0ken").secrets == ("t0ken",)


@pytest.mark.parametrize("token", ["abc\n", "a b", "a\tb", "tökén", "a\x00", "a\r\nX-Evil: 1"])
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^token ") as caught:
        TokenCredential(token)
    assert token not in str(caught.value)


@pytest.mark.parametrize("token", ["MIIE+/=-_.~", "x" * 100_000])
def test_a_token_of_any_length_is_fine(token: str) -> None:
    assert TokenCredential(token).token == token


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


def test_a_code_without_the_users_id_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="user_id is missing"):
        PasswordCredential("me", "p4ssword", "account", None, "123456")


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


def test_a_key_shows_neither_its_secret_nor_its_security_token() -> None:
    key = AccessKeyCredential("ak", "s3cret", "t0ken")
    assert "s3cret" not in repr(key)
    assert "t0ken" not in repr(key)
    assert key.secrets == ("s3cret", "t0ken")
