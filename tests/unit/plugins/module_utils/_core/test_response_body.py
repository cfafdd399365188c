# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bodies of responses are read, and no bytes can do any harm."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.response_body import decode_json, estimate_memory


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"{}", {}),
        (b' {"a": [1, 2.5, null, true, "\xc3\xa9"]}\n', {"a": [1, 2.5, None, True, "é"]}),
        (b"[]", []),
        (b'"text"', "text"),
        (b"null", None),
    ],
)
def test_sound_json_is_decoded(content: bytes, value: object) -> None:
    assert decode_json(content) == (value, estimate_memory(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"<html>",
        b'{"a": 1',
        b"{'a': 1}",
        b'{"a": 1} trailing',
        b'{"a": 1, "a": 2}',
        b'[{"b": {"a": 1, "a": 1}}]',
        b'{"a": NaN}',
        b"[Infinity]",
        b"-Infinity",
        b'"\xff"',
        '{"a": 1}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"\x00",
        b"[1e5,]",
        b"1" * 10_000,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_sound_json_is_one_line(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        decode_json(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_give_a_value_or_a_value_error(content: bytes) -> None:
    try:
        value, _memory = decode_json(content)
    except ValueError as failure:
        assert str(failure)  # either is fine
    else:
        json.dumps(value)
