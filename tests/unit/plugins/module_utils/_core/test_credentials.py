# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials are checked without a network, and never shown."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    AccessKeyCredential,
    PasswordCredential,
    Scope,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError

USER = PasswordCredential("me", "p4ssword", "account")


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


def test_a_code_without_the_users_id_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="user_id is missing"):
        PasswordCredential("me", "p4ssword", "account", None, "123456")


def test_a_key_shows_neither_its_secret_nor_its_security_token() -> None:
    key = AccessKeyCredential("ak", "s3cret", "t0ken")
    assert "s3cret" not in repr(key)
    assert "t0ken" not in repr(key)
    assert key.secrets == ("s3cret", "t0ken")


@pytest.mark.parametrize(
    ("scope", "named"),
    [
        (Scope("id", "name"), "project ID id"),
        (Scope(None, "name", "account"), "project name"),
        (Scope(domain_name="account"), "account account"),
        (Scope(), "account of the user"),
    ],
)
def test_a_scope_is_named_by_what_iam_goes_by(scope: Scope, named: str) -> None:
    assert str(scope) == named
