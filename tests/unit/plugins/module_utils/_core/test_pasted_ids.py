# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which IDs are in a text that somebody has pasted."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.pasted_ids import parse_ids

ONE, TWO = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t"


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{TWO}",
        f"\r\n{ONE}\r\n{TWO}\r\n\r\n",
        f"{ONE}, {TWO},",
        f"{ONE};{TWO};\n",
        f"{ONE}\t{TWO}",
        f"\ufeff{ONE}\u00a0\u200b{TWO}\u200b",
        f"{ONE}\u2028{TWO[:8]}\u200b{TWO[8:]}",
        f"{ONE}\uff0c{TWO}\uff1b",
        f'"{ONE}"\n"{TWO}",\n',
        f"'{ONE}' '{TWO}'",
        f"\u201c{ONE}\u201d, \u2018{TWO}\u2019",
        f'["{ONE}", "{TWO}"]',
        f"['{ONE}', '{TWO}']",
        f" [{ONE},\n {TWO},\n]\n",
        f"{ONE} {TWO} {ONE}",
    ],
)
def test_the_ids_that_a_person_sees_are_those(text: str) -> None:
    assert parse_ids(text, "here") == [ONE, TWO]


@pytest.mark.parametrize("text", ["job-0000\njob-1", " 'job-0000',\r\njob-1;", '["job-0000", "job-1"]'])
def test_ids_of_another_form_are_taken_where_all_are_of_one(text: str) -> None:
    assert parse_ids(text, "here") == ["job-0000", "job-1"]


def test_capitals_make_another_id() -> None:
    assert parse_ids(f"{ONE} {ONE.upper()}", "here") == [ONE, ONE.upper()]


@pytest.mark.parametrize("text", ["", " \n", ",", "[]", "\ufeff"])
def test_a_text_may_have_none(text: str) -> None:
    assert parse_ids(text, "here") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"- {ONE}\n- {TWO}", "'-', '-'"),
        (f"* {ONE}", "'*'"),
        (f"\u2022 {ONE}", r"'\u2022'"),
        (f"1. {ONE}", "'1.'"),
        ("- job-0000", "'-', 'job-0000'"),
        (f"DRS-1 {ONE}", "'DRS-1'"),
        (f"{ONE}\tDRS-1\n{TWO}\tDRS-2", "'DRS-1', 'DRS-2'"),
        (f"drs_job_ids: [{ONE}]", "'drs_job_ids:', "),
        (f"{ONE} # orders", "'#', 'orders'"),
        (f"{TWO}\n{ONE[:20]}\n{ONE[20:]}", f"'{ONE[:20]}', '{ONE[20:]}'"),
        (f"{ONE}{TWO}", f"'{ONE}{TWO}'"),
        (f"{ONE}\u200b{TWO}", f"'{ONE}{TWO}'"),
        (f"{TWO}\n{ONE[:-1]}", f"'{ONE[:-1]}'"),
        (f"job-0000\n{ONE}", "'job-0000'"),
        ("DRS-1 job-0001", "'DRS-1', 'job-0001'"),
        ("DRS-1 job-0001\njob-0002", "'DRS-1', 'job-0001'"),
        ("job-0000\n-\njob-0001", "'-'"),
        (ONE.replace("-", "\u2013"), r"\u2013"),
        (f"\u0441{ONE[1:]}", r"'\u04417debc9c"),
        (f"\u202e{ONE}", r"'\u202ec7debc9c"),
        (f"{ONE}\x00", r"\x00'"),
        (f'["{ONE}", ""]', "'\"\"'"),
        (f"({ONE})", f"'({ONE})'"),
        (f"[{ONE}", f"'[{ONE}'"),
        (f"[{ONE}] [{TWO}]", f"'{ONE}]', '[{TWO}'"),
        (f"{ONE}/{TWO}", f"'{ONE}/{TWO}'"),
        ("a b c d e", "'a', 'b', 'c' and 2 more"),
        ("x" * 200, f"'{'x' * 80}'"),
    ],
)
def test_what_is_no_id_is_named_in_one_line(text: str, named: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse_ids(text, "drs_job_ids")
    message = str(raised.value)
    assert message.startswith("drs_job_ids: ")
    assert named in message
    assert "\n" not in message
    assert message.isascii()
