# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts with characters that cannot be sent, or that the cloud would take for another text."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.text_options import (
    TextOptions,
    check_not_blank,
    check_text,
)

KEYS = ("token", "access_key", "secret_key", "security_token")
NAMES = ("username", "password", "domain_name", "user_id", "project_name", "region", "agency_name")


CONTROLS = ["\n", "\r\n", "\r", "\t", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff"]


def assert_control_character(option: str, text: str) -> None:
    """Check that a text is refused, with the name of the option and its variable, and nothing of the text."""
    with pytest.raises(ConfigurationError) as caught:
        check_text(option, text)
    assert str(caught.value) == f"{option} holds a control character (a line break at its end?)"
    with pytest.raises(ConfigurationError) as caught:
        check_text(option, text, "HW_VARIABLE")
    assert str(caught.value).startswith(f"{option} (HW_VARIABLE) holds ")


@pytest.mark.parametrize("option", ["token", "username"])
@pytest.mark.parametrize("odd", CONTROLS)
@pytest.mark.parametrize("form", ["canary{}", "{}canary", "can{}ary"])
def test_a_control_character_is_named_with_its_option_only(option: str, odd: str, form: str) -> None:
    assert_control_character(option, form.format(odd))


@pytest.mark.parametrize("option", [*KEYS, *NAMES])
def test_no_option_has_a_control_character(option: str) -> None:
    assert_control_character(option, "can\nary")
    assert_control_character(option, "canary\t")


def test_a_password_may_have_a_tab_inside() -> None:
    check_text("password", "can\tary")


@pytest.mark.parametrize("option", [*KEYS, *NAMES])
@pytest.mark.parametrize("odd", ["\ud800", "\udcff"])
def test_half_a_character_is_none(option: str, odd: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{option} holds an invalid character"):
        check_text(option, f"canary{odd}")


@pytest.mark.parametrize("option", [*KEYS, *NAMES])
@pytest.mark.parametrize("odd", ["__omit_place_holder__0a", "<<Omit>>"])
def test_omit_is_no_part_of_a_text(option: str, odd: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{option} holds omit"):
        check_text(option, f"a{odd}")


@pytest.mark.parametrize("option", KEYS)
@pytest.mark.parametrize("text", ["a b", " a", "a ", "tökén", "a\u00a0", "a\u200b"])
def test_what_goes_into_a_header_has_neither_blanks_nor_other_letters(option: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{option} holds characters that no {option} has"):
        check_text(option, text)


@pytest.mark.parametrize("option", NAMES)
@pytest.mark.parametrize("text", ["a", " a  b ", "päß", "日本", "😀", "e\u0301", "a\u200db", "'\"\\{}<>&%", "x" * 5000])
def test_names_and_passwords_may_be_in_any_letters(option: str, text: str) -> None:
    check_text(option, text)


@pytest.mark.parametrize("code", ["000000", "123456", " 123456\n"])
def test_six_digits_are_a_passcode(code: str) -> None:
    check_text("totp_passcode", code)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345678", "12345a", "123 456", "-12345", "\u0663" * 6])
def test_nothing_else_is_one(code: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^totp_passcode must be the six digits"):
        check_text("totp_passcode", code)


def test_a_text_is_checked_where_it_is_used() -> None:
    texts = TextOptions({"token": "canary\n", "username": "me"}, {"token": "HW_AUTH_TOKEN"})
    assert (texts.get("username"), texts.get("password")) == ("me", None)
    with pytest.raises(ConfigurationError, match=r"^token \(HW_AUTH_TOKEN\) holds a control character"):
        texts.get("token")


@pytest.mark.parametrize("blank", ["", " ", "\n", "\u00a0"])
def test_a_credential_that_says_nothing_is_none(blank: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^token is empty: "):
        check_not_blank("token", blank)
    check_not_blank("token", f"{blank}a")
