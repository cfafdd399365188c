# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The variants of a secret, and the normal form in which texts are searched for them.

A server may repeat a secret as it is, or escaped for JSON, URLs, HTML or a shell, even several times, in upper case,
with other blanks, or in base64 or hexadecimal digits. So texts and secrets are compared in a normal form: escapes are
undone, all quotes are alike, blanks are one blank, backslashes and accents are removed, and letters are lower case. The
normal form of a text has the positions of its characters in the original text, where a match is to be replaced. Base64
and hexadecimal digits are not undone, since their beginning is unknown. They are further variants of the secret.
"""

from __future__ import annotations

import json
import re
import unicodedata
from binascii import b2a_base64
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

MIN_SECRET_LENGTH = 6
"""Shorter secrets are not masked, since most texts contain them. IAM allows no shorter passwords."""
MIN_FRAGMENT_LENGTH = 16
"""A fragment of a longer secret is masked if it has this many characters: servers cut what they repeat."""
# A base64 or hexadecimal digit holds less of the secret than a character does.
_MIN_BASE64_FRAGMENT, _MIN_HEX_FRAGMENT = 20, 32
# Shorter secrets are masked as whole words only. A longer word may contain one by chance, and a number a passcode.
_MIN_SUBSTRING_LENGTH = 8
# No server escapes a text more often.
_MAX_ESCAPE_LAYERS = 6

# What the normal form replaces: all but printable ASCII, quotes, backslashes, and what escapes begin with. As the
# complement of one set, for which it takes a quarter of the time to search a token.
_NOT_NORMAL = re.compile(r"[^ !#$(-\[\]-_a-~]")
_ESCAPE = re.compile(
    r"""
    %(?P<percent>[0-9a-fA-F]{2})
    |%[uU](?P<percent_u>[0-9a-fA-F]{4})
    |\\+[uU](?P<surrogates>[dD][89abAB][0-9a-fA-F]{2}\\+[uU][dD][c-fC-F][0-9a-fA-F]{2})
    |\\+U(?P<long>00(?:0[1-9a-fA-F]|10)[0-9a-fA-F]{4})
    |\\+[uU](?P<short>[0-9a-fA-F]{4})
    |\\+[xX](?P<byte>[0-9a-fA-F]{2})
    |(?P<blanks>\\+[nrtbfvNRTBFV]|[\x00-\x20\x7f]+)
    |(?P<quotes>(?:\\*["'`])+)
    |(?P<backslashes>\\+)
    |&\#(?P<decimal>[0-9]{1,7});
    |&\#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6});
    |&(?P<entity>[a-zA-Z]{2,8});
    |(?P<utf8>[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})
    |(?P<non_ascii>[^\x00-\x7f])
    """,
    re.VERBOSE,
)
_REPLACEMENTS = {"blanks": " ", "quotes": "'", "backslashes": ""}
_ENTITIES = {"quot": '"', "apos": "'", "amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "tab": " ", "newline": " "}
_ENTITIES.update({"szlig": "ss", "sol": "/", "bsol": "\\", "plus": "+", "percnt": "%", "commat": "@", "colon": ":"})
_ACCENT = re.compile("([a-z])(?:uml|acute|grave|circ|tilde|cedil|ring|slash|caron)", re.IGNORECASE)
# The URL-safe alphabet of base64 has "-_" in place of "+/".
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_", "abcdefghijklmnopqrstuvwxyz+/")


class NormalizedText(NamedTuple):
    """A text in normal form, and where each of its characters begins and ends in the original text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


class SecretVariant(NamedTuple):
    """A variant of a secret, in normal form. Fragments of it are masked if they have ``min_fragment`` characters."""

    text: str
    secret: str
    min_fragment: int = 0
    """0 if only the whole text is masked."""
    whole_word: bool = False
    """Whether it is masked only where it is a whole word."""
    is_base64: bool = False


def normalized_forms(text: str) -> Iterator[NormalizedText]:
    """Yield the lower-case text, and the text in normal form if that is another one."""
    starts, ends = range(len(text)), range(1, len(text) + 1)
    yield NormalizedText(_to_lower(text), starts, ends)
    if _needs_normalizing(text):
        normalized = _undo_escapes(text)
        yield normalized._replace(text=_to_lower(normalized.text))


def _needs_normalizing(text: str) -> bool:
    """Return whether the lower-case text is not yet the normal form."""
    return "  " in text or _NOT_NORMAL.search(text) is not None


def _to_lower(text: str) -> str:
    # The methods take half of the time, but change other letters than those of ASCII, and their number.
    return text.lower().replace("-", "+").replace("_", "/") if text.isascii() else text.translate(_LOWER)


def _undo_escapes(text: str) -> NormalizedText:
    normalized = NormalizedText(text, range(len(text)), range(1, len(text) + 1))
    for _layer in range(_MAX_ESCAPE_LAYERS):
        unescaped = _undo_layer(normalized)
        if unescaped is normalized:
            break
        normalized = unescaped
    return normalized


def _undo_layer(original: NormalizedText) -> NormalizedText:
    """Return the text with one layer of escapes undone, or the same object if there are no escapes."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _ESCAPE.finditer(original.text):
        replacement, (start, end) = _unescape(match), match.span()
        if replacement == match[0]:
            continue
        parts += (original.text[done:start], replacement)
        starts += original.starts[done:start]
        starts += [original.starts[start]] * len(replacement)
        ends += original.ends[done:start]
        ends += [original.ends[end - 1]] * len(replacement)
        done = end
    if not parts:
        return original
    text = "".join([*parts, original.text[done:]])
    return NormalizedText(text, [*starts, *original.starts[done:]], [*ends, *original.ends[done:]])


def _unescape(match: re.Match[str]) -> str:
    """Return the text that an escape stands for; the escape itself if it is not valid."""
    kind, text = match.lastgroup or "", match[match.lastgroup or 0]
    if kind == "entity":
        accent = _ACCENT.fullmatch(text)
        return accent[1] if accent else _ENTITIES.get(text.lower(), match[0])
    if kind == "non_ascii":
        return _strip_accents(text)
    return _REPLACEMENTS[kind] if kind in _REPLACEMENTS else _decode_character(kind, text) or match[0]


def _decode_character(kind: str, text: str) -> str | None:
    """Return the character that an escape stands for; None if there is no such character."""
    try:
        if kind == "surrogates":
            return bytes.fromhex(text[:4] + text[-4:]).decode("utf-16-be")
        if kind == "utf8":  # decoded as Latin 1, as http.client decodes headers
            return text.encode("latin-1").decode("utf-8")
        return chr(int(text, 10 if kind == "decimal" else 16))
    except ValueError:
        return None


def _strip_accents(char: str) -> str:
    if not char.isprintable():
        return " "
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def build_variants(secret: str) -> Iterator[SecretVariant]:
    """Yield the variants of a secret: texts in normal form, base64 and hexadecimal digits."""
    is_long = len(secret) > MIN_FRAGMENT_LENGTH
    json_texts = (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    # In a query, a blank is a plus.
    stripped = secret.strip()
    texts = [*map(_normalize, dict.fromkeys((stripped, stripped.replace(" ", "+")))), _to_lower(secret)]
    if len(texts[0]) < MIN_SECRET_LENGTH:  # mostly quotes and backslashes, which the normal form merges or removes
        url_text = quote(secret, safe="", errors="surrogatepass")
        texts += [_to_lower(text) for text in (*json_texts, url_text)]
    for text in texts:
        if len(text) >= MIN_SECRET_LENGTH:
            min_fragment = MIN_FRAGMENT_LENGTH if is_long else 0
            yield SecretVariant(text, secret, min_fragment, whole_word=len(text) < _MIN_SUBSTRING_LENGTH)
    contents = [text.encode("utf-8", "surrogatepass") for text in dict.fromkeys(json_texts)]
    if not secret.isascii():
        contents.append(secret.encode("latin-1", "replace"))
    for content in contents:
        for offset in range(3):
            text = _encode_base64(content, offset)
            yield SecretVariant(text, secret, _MIN_BASE64_FRAGMENT if is_long else 0, is_base64=True)
    yield SecretVariant(contents[0].hex(), secret, _MIN_HEX_FRAGMENT if is_long else 0)


def _normalize(text: str) -> str:
    return _to_lower(_undo_escapes(text).text if _needs_normalizing(text) else text).strip()


def _encode_base64(content: bytes, offset: int) -> str:
    """Return the base64 digits of a content after ``offset`` other bytes.

    The digits at both ends that depend on the bytes before and after the content are left out.
    """
    encoded = b2a_base64(b"\0" * offset + content, newline=False).decode()
    return _to_lower(encoded[(0, 2, 3)[offset] : 8 * (offset + len(content)) // 6])
