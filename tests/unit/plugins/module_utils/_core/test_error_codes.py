# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the error answers of DRS, IAM and the API gateway look like, and what their codes mean."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.error_codes import (
    NOT_FOUND,
    HintContext,
    find_hint,
    gateway_code,
    is_not_published,
    is_token_expired,
    is_token_refused,
    one_line,
    parse_error,
    was_not_forwarded,
)

TOKEN = HintContext("drs", "token")
USER = HintContext("login", "user", "'demo'")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error_code": "DRS.M00289", "error_msg": "No job."}, ("DRS.M00289", "No job.")),
        ({"error_code": "APIGW.0301", "error_msg": "No.", "request_id": "a"}, ("APIGW.0301", "No.")),
        ({"error": {"code": 401, "message": "Wrong.", "title": "Unauthorized"}}, ("401", "Wrong.")),
        ({"error": {"error_code": "IAM.0001", "error_msg": "Wrong."}}, ("IAM.0001", "Wrong.")),
        ({"error": {"error_code": "IAM.0001", "message": "Wrong."}}, ("IAM.0001", "Wrong.")),
        ({"errorCode": "A.1", "errorMsg": "Wrong."}, ("A.1", "Wrong.")),
        ({"code": "A.1", "message": "Wrong."}, ("A.1", "Wrong.")),
        ({"errCode": "CSS.0015", "externalMessage": "Wrong."}, ("CSS.0015", "Wrong.")),
        (
            {"results": [{"id": "x", "error_code": "DRS.M00289", "error_message": "No job."}], "count": 1},
            ("DRS.M00289", "No job."),
        ),
        ({"error_code": "DRS.M00289"}, ("DRS.M00289", None)),
        ({"error_msg": "Only a text."}, (None, "Only a text.")),
        ({"error_code": "", "error_msg": "  "}, (None, None)),
        ({"error_code": None, "error_msg": None}, (None, None)),
        ({"error_code": True, "error_msg": ["a"]}, (None, None)),
        ({"error_code": "A\n.1", "error_msg": "two\nlines\u2028and\ta half"}, ("A .1", "two lines and a half")),
        ({"error": "a text"}, (None, None)),
        ({"error": None}, (None, None)),
        ({"error": {}}, (None, None)),
        ({"results": []}, (None, None)),
        ({"results": ["text"]}, (None, None)),
        ({"results": {}}, (None, None)),
        ({}, (None, None)),
        ([], (None, None)),
        ([{"error_code": "A.1"}], (None, None)),
        ("<html>", (None, None)),
        (None, (None, None)),
        (7, (None, None)),
    ],
)
def test_every_known_shape_of_an_error_is_read(body: Any, expected: tuple[str | None, str | None]) -> None:
    assert parse_error(body) == expected


def test_a_long_text_is_cut() -> None:
    _code, text = parse_error({"error_msg": "x" * 10_000})
    assert text is not None
    assert len(text) == 512
    assert text.endswith("...")
    assert parse_error({"error_msg": "x" * 512})[1] == "x" * 512


def test_a_text_is_one_line_without_control_characters() -> None:
    assert one_line("  a\r\n\tb\x1b[31m c\u2029d\x00 ") == "a b [31m c d"
    assert one_line("") == ""
    assert one_line("作业不存在。") == "作业不存在。"


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("APIGW.0307", "0307"),
        ("APIG.0307", "0307"),
        ("DRS.0307", None),
        ("apigw.0307", None),
        ("APIGW", None),
        ("APIGW0307", None),
        ("", None),
        (None, None),
    ],
)
def test_both_prefixes_of_the_gateway_are_known(code: str | None, number: str | None) -> None:
    assert gateway_code(code) == number


@pytest.mark.parametrize("prefix", ["APIG", "APIGW"])
def test_only_an_expired_token_is_worth_a_new_one(prefix: str) -> None:
    assert is_token_expired(401, f"{prefix}.0307")
    for status, code in (
        (403, f"{prefix}.0307"),
        (401, f"{prefix}.0301"),
        (401, "DRS.M00103"),
        (401, None),
        (None, None),
    ):
        assert not is_token_expired(status, code)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, None, True),
        (401, "APIGW.0307", True),
        (401, "APIG.0301", True),
        (401, "IAM.0066", True),
        (403, "DRS.M00100", True),
        (401, "DRS.M00100", True),
        (401, "DRS.M00103", False),
        (403, "DRS.M00102", False),
        (403, "APIGW.0307", False),
        (403, None, False),
        (500, "DRS.M00100", False),
        (None, None, False),
    ],
)
def test_what_may_mean_that_a_token_has_died(status: int | None, code: str | None, expected: bool) -> None:
    assert is_token_refused(status, code) is expected


@pytest.mark.parametrize("prefix", ["APIG", "APIGW"])
def test_an_api_that_is_not_published_is_known(prefix: str) -> None:
    assert is_not_published(404, f"{prefix}.0101")
    assert not is_not_published(404, "DRS.0101")
    assert not is_not_published(404, None)
    assert not is_not_published(500, f"{prefix}.0101")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("APIGW.0308", True),
        ("APIG.0103", True),
        ("APIGW.0613", True),
        ("DRS.M01503", True),
        ("APIGW.0201", False),
        ("APIGW.0202", False),
        ("APIGW.0203", False),
        ("APIGW.0601", False),
        ("DRS.0308", False),
        ("DRS.M01504", False),
        (None, False),
    ],
)
def test_which_codes_prove_that_nothing_was_done(code: str | None, expected: bool) -> None:
    assert was_not_forwarded(code) is expected


def test_every_code_for_a_missing_job_is_known() -> None:
    for code in ("DRS.10020102", "DRS.10000010", "DRS.M00289", "DRS.M05004"):
        assert code in NOT_FOUND
    for code in ("DRS.M00304", "DRS.M01504", "DRS.10000001"):
        assert code not in NOT_FOUND


@pytest.mark.parametrize("code", ["0101", "0301", "0302", "0307", "0802"])
def test_a_code_of_the_gateway_has_the_same_hint_with_either_prefix(code: str) -> None:
    hint = find_hint(f"APIG.{code}", 400, TOKEN)
    assert hint
    assert hint == find_hint(f"APIGW.{code}", 400, TOKEN)


def test_a_code_that_nobody_knows_has_no_hint() -> None:
    for status in (400, 401, 403, 404):
        assert find_hint("DRS.M99999", status, TOKEN) is None
    for status in (400, 403, 404):
        assert find_hint("APIGW.9999", status, TOKEN) is None
    for asked in (TOKEN, USER):
        assert find_hint(None, 500, asked) is None


# What was asked, the code, and what the advice names and does not name.
ADVICE: list[tuple[HintContext, int, str | None, list[str], list[str]]] = [
    (
        USER,
        401,
        None,
        ["username", "password", "domain_name", "'demo'", "totp_passcode", "15 minutes"],
        ["key", "clock"],
    ),
    (USER, 401, "IAM.0001", ["username", "'demo'", "expired", "disabled"], []),
    (HintContext("login", "user"), 401, None, ["username"], ["the project", "{}"]),
    (HintContext("login", "passcode", "with the ID p"), 401, None, ["totp_passcode", "user_id", "ID p"], ["iam_token"]),
    (
        HintContext("login", "agency", "'demo'"),
        401,
        None,
        ["agency_name", "agency_domain_name", "'demo'"],
        ["username"],
    ),
    (HintContext("login", "agency", "'demo'"), 403, None, ["agency_name", "Agent Operator"], ["{}"]),
    (USER, 403, None, ["programmatic access"], ["Agent"]),
    (USER, 404, None, ["iam_endpoint", "/v3", "region", "cloud"], []),
    (HintContext("iam", "key"), 404, "APIGW.0101", ["iam_endpoint"], []),
    (HintContext("iam", "token"), 401, None, ["token", "iam_endpoint"], ["password", "access_key"]),
    (HintContext("iam", "token"), 403, None, ["projects"], []),
    (
        HintContext("iam", "key"),
        401,
        "APIGW.0301",
        ["access_key", "secret_key", "five minutes"],
        ["password", "X-Auth"],
    ),
    (HintContext("drs", "temporary key"), 401, None, ["security_token", "expired"], ["password"]),
    (TOKEN, 401, "APIGW.0301", ["token", "get a new one"], ["clock", "password", "access_key"]),
    (HintContext("drs", "user"), 401, "APIGW.0301", ["IAM gave", "iam_endpoint"], ["password"]),
    (TOKEN, 401, "DRS.M00103", ["permission"], ["token"]),
    (TOKEN, 403, None, ["permission", "region", "project_id"], []),
    (TOKEN, 403, "DRS.M00261", ["project_id"], []),
    (TOKEN, 404, None, ["region", "cloud", "endpoint"], ["iam_endpoint"]),
    (TOKEN, 404, "NoSuchBucket", ["region", "cloud", "endpoint"], []),
    (USER, 401, "APIGW.9999", ["username"], []),
]


@pytest.mark.parametrize(("asked", "status", "code", "named", "unnamed"), ADVICE)
def test_the_advice_is_for_who_was_asked_and_for_who_asks(
    asked: HintContext, status: int, code: str | None, named: list[str], unnamed: list[str]
) -> None:
    hint = str(find_hint(code, status, asked))
    assert [word for word in named if word not in hint] == []
    assert [word for word in unnamed if word in hint] == []


IAM_CODES = "0002 0003 0004 0006 0007 0011 0012 0020 0061 0062 0066 0067 0072 0073 0080 0081 0082 0083 1061".split()


@pytest.mark.parametrize("code", [*IAM_CODES, *(str(number) for number in range(1101, 1110))])
def test_every_code_of_iam_has_a_sentence(code: str) -> None:
    hint = find_hint(f"IAM.{code}", 400, USER)
    assert hint
    assert hint.endswith(".")
    assert "\n" not in hint
    assert len(hint) < 200


@pytest.mark.parametrize(
    ("methods", "named", "advice"),
    [
        ([["password", "totp"]], "password and totp:", "lookup iam_token"),
        ([["password", "sms"]], "password and sms:", "access key"),
        ([["password", "sms"], ["password", "totp"]], "password and sms, or password and totp:", "lookup iam_token"),
    ],
)
def test_login_protection_is_told_with_the_ways_that_iam_names(
    methods: list[list[str]], named: str, advice: str
) -> None:
    body = {"receipt": {"methods": ["password"]}, "required_auth_methods": methods}
    hint = str(find_hint(None, 401, USER, body))
    assert "login protection" in hint
    assert named in hint
    assert advice in hint
    assert "domain_name" not in hint


@pytest.mark.parametrize("methods", [None, [], {}, "password", [[]], [None], ["totp"], 7])
def test_ways_to_log_in_that_make_no_sense_are_none(methods: Any) -> None:
    for body in ({"required_auth_methods": methods}, [methods], methods):
        assert "username" in str(find_hint(None, 401, USER, body))


def test_odd_ways_to_log_in_are_one_short_line() -> None:
    hint = str(find_hint(None, 401, USER, {"required_auth_methods": [["a\nb", 7, "x" * 9999]] * 50}))
    assert "\n" not in hint
    assert len(hint) < 800
