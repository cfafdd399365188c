# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are found in texts however they are spelled, and nothing else is."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core import masking, secret_variants
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.error_codes import one_line
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.masking import (
    MaskedMapping,
    Masker,
    find_proxy_passwords,
    redact_user_info,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.secret_variants import NormalizedText
from ansible_collections.huaweicloud.drs.tests.system.faults.echoes import PASSWORDS, TOKEN, left_in, spellings


@pytest.mark.parametrize("name", [*PASSWORDS, "token"])
def test_every_spelling_is_masked_and_what_is_around_it_is_not(name: str) -> None:
    secret = {**PASSWORDS, "token": TOKEN}[name]
    mask = Masker([secret]).mask
    for kind, echo in spellings(secret):
        for before, after in (("it is ", " and so on"), ('{"x": "', '"}'), ("<b>", "</b>"), ("Sorry, ", ": no")):
            shown = mask(f"{before}{echo}{after}")
            assert left_in(shown, echo) == [], kind
            assert "********" in shown, kind
            assert shown.startswith(before), kind
            assert shown.endswith(after.lstrip('"')), kind  # quotes that touch each other count as one


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("settle", "the settlement, settle! 'settle' un-settle", "the settlement, ********! '********' un-********"),
        ("failed", "stop_failed failed", "stop_failed ********"),
        ("417203", "417203 1417203 4172034 code=417203&x code%3D417203", None),
        ("password", "PasswordPolicy", "********Policy"),
        ("short", "a short one", "a short one"),
        ("", "nothing", "nothing"),
        ("correct horse", "correct\r\n\thorse, correcthorse", "********, correcthorse"),
        ("ends with blank ", "it ends with blank", "it ********"),
        ("Pelican-77", "Pelican-77Pelican-77", "********"),
        ("Pelican-77", "不能停止Pelican-77\uff0c因为", "不能停止********\uff0c因为"),
        ("пароль-99", "ПАРОЛЬ-99 and пароль", "******** and пароль"),
        ("Pelican-77", "dXNlcjpQZWxpY2FuLTc3 Basic dXNlcjpQZWxpY2FuLTc3==", "******** Basic ********"),
        ("50%25off", "50%25off 50%2525off 50%off", "******** ******** ********"),
    ],
)
def test_what_is_masked(secret: str, text: str, shown: str | None) -> None:
    if shown is None:
        shown = "******** 1417203 4172034 code=********&x code%3D********"
    assert Masker([secret]).mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "The job is in a state in which it cannot be stopped.",
        "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r",
        "RELEASE_RESOURCE_STARTED",
        "100% of \\\\server\\new & \"more\" 'text' \u2013 with an äöü, &amp; %41 and \\u0041",
        "MII and a few letters",
        "任务无法停止",
    ],
)
def test_a_text_without_a_secret_comes_back_letter_by_letter(text: str) -> None:
    masker = Masker([*PASSWORDS.values(), TOKEN])
    assert masker.mask(text) == text
    assert masker.mask(text) == text


@pytest.mark.parametrize("length", [15, 16, 17, 100, 2048])
@pytest.mark.parametrize("start", [0, 1, 7, 8, 9, 1000])
def test_a_piece_of_a_token_is_masked_if_it_is_long_enough(start: int, length: int) -> None:
    piece = TOKEN[start : start + length]
    assert Masker([TOKEN]).mask(f"it is {piece}, so") == f"it is {'********' if length > 15 else piece}, so"


def test_what_follows_on_half_a_token_is_masked() -> None:
    assert Masker([TOKEN]).mask(f"token={TOKEN[:40]}XXXX is bad") == "token=******** is bad"


@pytest.mark.parametrize("filling", [99_000, 97_990, 99_980, 99_999, 100_000])
def test_no_part_of_a_secret_is_left_where_a_long_text_ends(filling: int) -> None:
    for secret in (*PASSWORDS.values(), TOKEN):
        for echo in (secret, json.dumps(secret)[1:-1]):
            shown = one_line(Masker([secret]).mask(" " * filling + echo + " and more"))
            assert left_in(shown, echo[:200]) == []
            assert secret[:5] not in shown


def test_a_secret_may_be_learned_while_others_mask() -> None:
    masker, wrong = Masker(), []
    secrets = [f"secret-number-{number:04}" for number in range(300)]

    def add_secret() -> None:
        for secret in secrets:
            masker.add_secret(secret)
            if secret in masker.mask(f"a {secret}"):
                wrong.append(secret)

    threads = [threading.Thread(target=add_secret) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert masker.mask(" ".join(secrets)) == " ".join(["********"] * 300)


def test_a_text_that_was_clean_is_looked_at_again_for_a_new_secret() -> None:
    masker = Masker(["Pelican-77"])
    assert masker.mask("Wombat-41") == "Wombat-41"
    masker.add_secret("Wombat-41")
    assert masker.mask("Wombat-41") == "********"
    assert Masker(["Giraffe-9"], parent=masker).mask("Pelican-77 Giraffe-9") == "******** ********"


def test_words_that_come_again_are_searched_once_however_many_names_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []

    def normalized_forms(text: str) -> Iterator[NormalizedText]:
        searched.append(text)
        return secret_variants.normalized_forms(text)

    monkeypatch.setattr(masking, "normalized_forms", normalized_forms)
    mask = Masker(["Pelican-77"]).mask
    for number in range(3000):
        assert mask(f"job-{number}") == f"job-{number}"
        assert mask("sync") == "sync"
    assert 3000 < len(searched) <= 3000 + 10


def test_an_object_of_an_answer_is_masked_where_it_is_looked_at() -> None:
    said: dict[str, Any] = {
        "status": "success",
        "state": "INCRE_TRANSFER_STARTED",
        "error_code": "DRS.M00304",
        "number": 20240101,
        "flag": True,
        "nothing": None,
        "list": ["success", "Pelican-77", {"deep": "Pelican-77"}, [[[[[[[[["Pelican-77"]]]]]]]]]],
        "Pelican-77": 1,
    }
    secrets = ["success", "INCRE_TRANSFER_STARTED", "DRS.M00304", "20240101", "Pelican-77"]
    masked = MaskedMapping(said, Masker(secrets).mask, {"SUCCESS", "INCRE_TRANSFER_STARTED"})
    assert {key: masked[key] for key in masked if key != "list"} == {
        "status": "success",
        "state": "INCRE_TRANSFER_STARTED",
        "error_code": "DRS.M00304",
        "number": "********",
        "flag": True,
        "nothing": None,
    }
    assert masked["list"] == ["success", "********", {"deep": "********"}, [[[[[[[[]]]]]]]]]
    assert len(masked) == 7


@pytest.mark.parametrize(
    ("proxy", "passwords"),
    [
        ("http://user:Some%2FThing@proxy:3128", ["Some%2FThing", "Some/Thing"]),
        ("user:Thing#/?@proxy:3128", ["Thing#/?"]),
        ("socks5h://user:a:b@c@proxy", ["a:b@c"]),
        ("http://proxy:3128", []),
        ("", []),
    ],
)
def test_the_passwords_of_proxies_are_known(proxy: str, passwords: list[str]) -> None:
    assert list(find_proxy_passwords({"https_proxy": proxy, "HW_USER_PASSWORD": proxy})) == passwords


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://user:word@host/path", "https://********@host/path"),
        ("https://host:443/path", "https://host:443/path"),
        ("a: b@c", "a: b@c"),
        (5, 5),
        (None, None),
    ],
)
def test_user_and_password_of_a_url_are_not_shown(value: object, shown: object) -> None:
    assert redact_user_info(value) == shown
