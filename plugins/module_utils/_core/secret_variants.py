# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the form in which texts and secrets are compared, whatever they are spelled like.

A server may repeat a secret as it is, or escaped for JSON, URLs, HTML or a shell, more than once, in capitals, with
other blanks, or in base64 or hexadecimal digits. In this form escapes are undone, quotes and blanks are alike, and
backslashes, accents and case do not count.
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
"""IAM allows no shorter passwords; and as a piece of text, a shorter secret is in everything."""
MIN_FRAGMENT_LENGTH = 16
"""Of a longer secret, so many characters are too many to be shown: servers cut what they repeat."""
# As many of base64 and of hexadecimal digits are less of the secret.
_PIECE_OF_BASE64, _PIECE_OF_HEX = 20, 32
# Shorter secrets may well be in a longer word, or a passcode in a longer number, by chance.
_LONG_ENOUGH_ANYWHERE = 8
# Each undoes one layer of escapes; nobody has more of them.
_LAYERS = 6

# Texts without any of this are in the form already, but for case.
_IS_SPECIAL = re.compile(r"""[^\x20-\x7e]|[%\\&"'`]|  """)
_SPECIAL = re.compile(
    r"""
    %(?P<percent>[0-9a-fA-F]{2})
    |%[uU](?P<percent_u>[0-9a-fA-F]{4})
    |\\+[uU](?P<pair>[dD][89abAB][0-9a-fA-F]{2}\\+[uU][dD][c-fC-F][0-9a-fA-F]{2})
    |\\+U(?P<long>00(?:0[1-9a-fA-F]|10)[0-9a-fA-F]{4})
    |\\+[uU](?P<short>[0-9a-fA-F]{4})
    |\\+[xX](?P<byte>[0-9a-fA-F]{2})
    |(?P<blank>\\+[nrtbfvNRTBFV]|[\x00-\x20\x7f]+)
    |(?P<quotes>(?:\\*["'`])+)
    |(?P<nothing>\\+)
    |&\#(?P<decimal>[0-9]{1,7});
    |&\#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6});
    |&(?P<entity>[a-zA-Z]{2,8});
    |(?P<utf8>[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})
    |(?P<other>[^\x00-\x7f])
    """,
    re.VERBOSE,
)
_MEANINGS = {"blank": " ", "quotes": "'", "nothing": ""}
_ENTITIES = {"quot": '"', "apos": "'", "amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "tab": " ", "newline": " "}
_ENTITIES.update({"szlig": "ss", "sol": "/", "bsol": "\\", "plus": "+", "percnt": "%", "commat": "@", "colon": ":"})
_ACCENT = re.compile("([a-z])(?:uml|acute|grave|circ|tilde|cedil|ring|slash|caron)", re.IGNORECASE)
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_", "abcdefghijklmnopqrstuvwxyz+/")  # two alphabets of base64


class NormalizedText(NamedTuple):
    """A text in the form in which it is compared, and where each character of it begins and ends in the text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


class SecretVariant(NamedTuple):
    """A secret in that form. ``piece`` is how many characters of it are too many; 0 for no less than all."""

    text: str
    secret: str
    piece: int = 0
    is_word: bool = False
    """Whether it counts only as a whole word."""
    is_base64: bool = False


def normalized_forms(text: str) -> Iterator[NormalizedText]:
    """Give the text as it is, and with its escapes undone, where it may hold any."""
    starts, ends = range(len(text)), range(1, len(text) + 1)
    yield NormalizedText(text.translate(_LOWER), starts, ends)
    if _IS_SPECIAL.search(text):
        view = _normal(text)
        yield view._replace(text=view.text.translate(_LOWER))


def _normal(text: str) -> NormalizedText:
    view = NormalizedText(text, range(len(text)), range(1, len(text) + 1))
    for _layer in range(_LAYERS):
        undone = _undone(view)
        if undone is view:
            break
        view = undone
    return view


def _undone(view: NormalizedText) -> NormalizedText:
    """Return the text with one layer of escapes undone; the very same one where there are none."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in _SPECIAL.finditer(view.text):
        meant, (start, end) = _meaning(found), found.span()
        if meant == found[0]:
            continue
        pieces += (view.text[done:start], meant)
        starts += view.starts[done:start]
        starts += [view.starts[start]] * len(meant)
        ends += view.ends[done:start]
        ends += [view.ends[end - 1]] * len(meant)
        done = end
    if not pieces:
        return view
    return NormalizedText(
        "".join([*pieces, view.text[done:]]), [*starts, *view.starts[done:]], [*ends, *view.ends[done:]]
    )


def _meaning(found: re.Match[str]) -> str:
    kind, text = found.lastgroup or "", found[found.lastgroup or 0]
    if kind == "entity":
        accent = _ACCENT.fullmatch(text)
        return accent[1] if accent else _ENTITIES.get(text.lower(), found[0])
    if kind == "other":
        return _without_accents(text)
    return _MEANINGS[kind] if kind in _MEANINGS else _character(kind, text) or found[0]


def _character(kind: str, text: str) -> str | None:
    """Return the character that an escape stands for; None where there is no such character."""
    try:
        if kind == "pair":
            return bytes.fromhex(text[:4] + text[-4:]).decode("utf-16-be")
        if kind == "utf8":  # read as if it were Latin 1, as headers are
            return text.encode("latin-1").decode("utf-8")
        return chr(int(text, 10 if kind == "decimal" else 16))
    except ValueError:
        return None


def _without_accents(char: str) -> str:
    if not char.isprintable():
        return " "
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def build_variants(secret: str) -> Iterator[SecretVariant]:
    """Give the secret in each spelling that is still another one when escapes are undone."""
    is_long, plain = len(secret) > MIN_FRAGMENT_LENGTH, secret.strip()
    escaped = (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], _quoted(secret))
    # In a query, a blank is a plus.
    texts = [_normal_text(plain), _normal_text(plain.replace(" ", "+")), secret.translate(_LOWER)]
    if len(texts[0]) < MIN_SECRET_LENGTH:  # hardly anything but quotes
        texts += [text.translate(_LOWER) for text in escaped]
    for text in texts:
        if len(text) >= MIN_SECRET_LENGTH:
            yield SecretVariant(text, secret, MIN_FRAGMENT_LENGTH if is_long else 0, len(text) < _LONG_ENOUGH_ANYWHERE)
    contents = [text.encode("utf-8", "surrogatepass") for text in dict.fromkeys(escaped[:3])]
    if not secret.isascii():
        contents.append(secret.encode("latin-1", "replace"))
    for content in contents:
        for before in range(3):
            text = _inside_base64(content, before)
            yield SecretVariant(text, secret, _PIECE_OF_BASE64 if is_long else 0, is_base64=True)
    yield SecretVariant(contents[0].hex(), secret, _PIECE_OF_HEX if is_long else 0)


def _quoted(secret: str) -> str:
    """Return the secret as URLs spell it."""
    return quote(secret, safe="", errors="surrogatepass")


def _normal_text(text: str) -> str:
    return (_normal(text).text if _IS_SPECIAL.search(text) else text).translate(_LOWER).strip()


def _inside_base64(content: bytes, before: int) -> str:
    """Return what base64 makes of a content behind so many bytes, but for what depends on what stands beside it."""
    encoded = b2a_base64(b"\0" * before + content, newline=False).decode()
    return encoded[(0, 2, 3)[before] : 8 * (before + len(content)) // 6].translate(_LOWER)
