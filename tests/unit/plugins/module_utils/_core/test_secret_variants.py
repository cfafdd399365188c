# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The form in which texts and secrets are compared: whatever a text is spelled like, a secret in it is found."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.secret_variants import (
    MIN_FRAGMENT_LENGTH,
    build_variants,
    normalized_forms,
)


def last_view(text: str) -> str:
    """Return a text with all its escapes undone."""
    return list(normalized_forms(text))[-1].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text", "plain text"),
        ("CAPITALS and-hyphen_", "capitals and+hyphen/"),
        ("a%20b %2541", "a b a"),
        ("\\u00e4 \\xe4 &auml; &#228; &#xE4; \u00e4", "a a a a a a"),
        ("\\ud83d\\ude00", "\U0001f600"),
        ("\\U0001F600", "\U0001f600"),
        ("\u00c3\u00a4", "a"),  # UTF-8 that was read as Latin 1
        ("Gro\u00df", "gross"),
        ("'quoted' \\\"twice\\\"", "'quoted' 'twice'"),
        ("two\\nlines\ttab", "two lines tab"),
        ("&lt;b&gt; &unknown; &#9999999;", "<b> &unknown; &#9999999;"),
        ("%zz &#xZ;", "%zz &#xz;"),
    ],
)
def test_escapes_are_undone(text: str, expected: str) -> None:
    assert last_view(text) == expected


def test_a_view_knows_where_each_character_is_from() -> None:
    *_plain, view = normalized_forms("x%41&amp;y")
    assert view.text == "xa&y"
    assert list(zip(view.starts, view.ends, strict=True)) == [(0, 1), (1, 4), (4, 9), (9, 10)]


def test_a_text_without_escapes_has_one_view() -> None:
    assert [view.text for view in normalized_forms("Nothing special")] == ["nothing special"]


def test_escapes_without_end_are_undone_a_few_times_only() -> None:
    assert last_view("%" + "25" * 50 + "41").startswith("%")


@pytest.mark.parametrize("secret", ["Pelican-77", 'with "quotes" and \\', "p\u00e4sswort", "a&b<c>d e"])
@pytest.mark.parametrize(
    "spell",
    [
        str,
        str.upper,
        lambda secret: json.dumps(secret)[1:-1],
        lambda secret: quote(secret, safe=""),
        lambda secret: quote(quote(secret, safe=""), safe=""),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(b"x" + secret.encode() + b"y").decode(),
        lambda secret: secret.encode().hex(),
    ],
    ids=["itself", "capitals", "JSON", "URL", "URL twice", "base64", "base64 inside", "hexadecimal"],
)
def test_each_variant_of_a_secret_is_in_a_view_of_the_text(secret: str, spell: object) -> None:
    assert callable(spell)
    texts = [view.text for view in normalized_forms(f"it is {spell(secret)}, so")]
    assert any(variant.text in text for variant in build_variants(secret) for text in texts)


def test_a_short_secret_is_spelled_only_where_it_is_escaped() -> None:
    assert all(variant.is_base64 or variant.text == b"short".hex() for variant in build_variants("short"))


def test_a_long_secret_counts_in_pieces_and_a_short_one_as_a_word() -> None:
    plain = next(build_variants("x" * (MIN_FRAGMENT_LENGTH + 1)))
    assert (plain.min_fragment, plain.whole_word) == (MIN_FRAGMENT_LENGTH, False)
    plain = next(build_variants("417203"))
    assert (plain.min_fragment, plain.whole_word) == (0, True)
