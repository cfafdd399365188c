# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Mask secrets, and parts of them, in texts of servers, however they are encoded.

A text has to be masked as it came: once it is cut or put on one line, a secret in it is not complete any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from urllib.parse import unquote

from .secret_variants import MIN_SECRET_LENGTH, NormalizedText, SecretVariant, build_variants, normalized_forms

Mask = Callable[[str], str]

MASK = "********"
SECRET_OPTIONS = frozenset({"token", "secret_key", "security_token", "password", "totp_passcode"})
"""The secret options of modules and lookups."""

# Characters of the pieces to search for, and the places of a piece in the secrets that are compared.
_GRAM, _MAX_PLACES = 8, 8
# Characters. A longer text is cut, before any secret that may begin at its end.
_MAX_TEXT, _MAX_VARIANT = 100_000, 2_000
_MAX_DEPTH = 8
# Characters of a text without secrets that is remembered, and the number of these texts.
_MAX_CLEAN_TEXT, _MAX_CLEAN_TEXTS = 64, 1_000

# Decisions depend on the error codes of services, so they are not masked, even if somebody has one as a password.
_CODE = re.compile(r"(?:APIGW|APIG|DRS|IAM)\.[A-Z]?[0-9]{4,8}")
_USER_INFO = re.compile(r"\A(?P<before>\s*(?:[a-zA-Z0-9+.-]+:)?//)[^:/@]*:(?P<password>.*)@", re.DOTALL)

_WITHOUT_BLANKS, _WITH_BLANKS = re.compile(r"[^ ]{16,}"), re.compile(r"(?s:.{16,})")
_OF_BASE64 = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+/=")


class Masker:
    """Masks secrets in texts. Several threads may mask while another one adds a secret."""

    def __init__(self, secrets: Iterable[str] = (), known: Masker | None = None) -> None:
        """Take secrets; those of ``known`` are masked too."""
        self._known = known
        self._secrets: set[str] = set()
        self._whole: list[SecretVariant] = []
        # Pieces of long variants, and their places there. Every part that has to be masked has one of them.
        self._grams: dict[str, list[tuple[SecretVariant, int]]] = {}
        self._runs = _WITHOUT_BLANKS
        # Texts without secrets: the same names and words come with each job.
        self._clean: set[str] = set()
        for secret in secrets:
            self.add_secret(secret)

    def add_secret(self, secret: str) -> None:
        """Add a secret. One that is too short is not masked."""
        if len(secret) < MIN_SECRET_LENGTH or secret in self._secrets:
            return
        for variant in dict.fromkeys(build_variants(secret)):
            if not variant.piece or len(variant.text) < variant.piece:
                self._whole.append(variant)
                continue
            if " " in variant.text:
                self._runs = _WITH_BLANKS
            for at in range(0, len(variant.text) - _GRAM + 1, variant.piece - _GRAM + 1):
                self._grams.setdefault(variant.text[at : at + _GRAM], []).append((variant, at))
        self._clean = set()
        self._secrets.add(secret)  # last, because another thread may add it at the same time

    def mask(self, text: str, allowed: Collection[str] = ()) -> str:
        """Return the text without the secrets, except the allowed ones."""
        clean = self._clean
        if text in clean:
            return text
        spans = [
            span
            for view in normalized_forms(text[:_MAX_TEXT])
            for secret, span in self._find(view, text)
            if secret not in allowed
        ]
        if len(text) > _MAX_TEXT:
            return _without(text[: _MAX_TEXT - _MAX_VARIANT], spans) + "..."
        if spans:
            return _without(text, spans)
        if len(text) <= _MAX_CLEAN_TEXT and len(clean) < _MAX_CLEAN_TEXTS and not allowed:
            clean.add(text)
        return text

    def _find(self, view: NormalizedText, original: str) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield the secrets in a text, and their spans in the original."""
        if self._known is not None:
            yield from self._known._find(view, original)
        text = view.text
        for variant in [each for each in self._whole if each.text in text]:
            at = text.find(variant.text)
            while at >= 0:
                end = at + len(variant.text)
                if not (variant.is_word and any(_is_inside_word(view, original, edge) for edge in (at, end))):
                    first, last = _expand_base64(variant, text, at, end)
                    yield variant.secret, (view.starts[first], view.ends[last - 1])
                at = text.find(variant.text, at + 1)
        if self._grams:
            for run in self._runs.finditer(text):
                for secret, start, end in self._find_pieces(text, *run.span()):
                    yield secret, (view.starts[start], view.ends[end - 1])

    def _find_pieces(self, text: str, begin: int, stop: int) -> Iterator[tuple[str, int, int]]:
        grams, done = self._grams, 0
        for at in [at for at in range(begin, stop - _GRAM + 1) if text[at : at + _GRAM] in grams]:
            if at < done:
                continue
            for variant, place in grams[text[at : at + _GRAM]][:_MAX_PLACES]:
                start, end, is_whole = _find_common_part(text, at, variant.text, place)
                if end - start >= variant.piece:
                    # What follows a part of a token is the rest of it, however it was changed.
                    while not is_whole and end < len(text) and text[end] in _OF_BASE64:
                        end += 1
                    yield variant.secret, *_expand_base64(variant, text, start, end)
                    done = max(done, end)


class MaskedMapping(Mapping[str, object]):
    """An object of a response. All texts that are read from it are masked, except error codes and the given words.

    A response is long and little of it is read, so a text is masked when it is read. Keys with a secret are left out.
    """

    def __init__(self, value: Mapping[str, object], mask: Mask, unmasked: Collection[str] = ()) -> None:
        """Take the object as it came; ``unmasked`` are words in capitals."""
        self._value = value
        self._mask = mask
        self._unmasked = unmasked

    def __getitem__(self, key: str) -> object:
        """Return the value of a key, masked."""
        return self._masked(self._value[key], _MAX_DEPTH)

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        return (key for key in self._value if self._mask(key) == key)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return sum(1 for _key in self)

    def _masked(self, value: object, depth: int) -> object:
        if isinstance(value, str):
            masked = self._mask(value)
            is_unmasked = masked != value and (value.upper() in self._unmasked or _CODE.fullmatch(value))
            return value if is_unmasked else masked
        if isinstance(value, Mapping):
            return MaskedMapping(value, self._mask, self._unmasked)
        if isinstance(value, list):
            # No response of the API has lists in lists in lists.
            return [self._masked(each, depth - 1) for each in value] if depth else []
        if isinstance(value, int | float) and not isinstance(value, bool):
            text = str(value)
            masked = self._mask(text)
            return value if masked == text else masked
        return value


def find_url_passwords(values: Iterable[object]) -> Iterator[str]:
    """Yield the passwords of those values that are URLs, as they are written and decoded."""
    for value in values:
        found = _USER_INFO.match(value) if isinstance(value, str) else None
        if found is not None:
            yield from dict.fromkeys((found["password"], unquote(found["password"])))


def find_proxy_passwords(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the passwords of the proxies in the environment. These URLs may lack the scheme."""
    proxies = (value for name, value in environ.items() if name.lower().endswith("_proxy"))
    return find_url_passwords(proxy if "//" in proxy else f"//{proxy}" for proxy in proxies)


def redact_user_info(value: object) -> object:
    """Return a URL without user and password, and any other value as it is."""
    return _USER_INFO.sub(rf"\g<before>{MASK}@", value) if isinstance(value, str) else value


def _find_common_part(text: str, at: int, other: str, place: int) -> tuple[int, int, bool]:
    """Return the span around ``at`` that equals the other text around ``place``, and whether that is all of it."""
    back = 0
    while back < min(at, place) and text[at - back - 1] == other[place - back - 1]:
        back += 1
    ahead, most = _GRAM, min(len(text) - at, len(other) - place)
    while ahead < most and text[at + ahead] == other[place + ahead]:
        ahead += 1
    return at - back, at + ahead, back + ahead == len(other)


def _expand_base64(variant: SecretVariant, text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the whole base64 text around a secret; the rest of it is of no use to anybody."""
    if variant.is_base64:
        while start and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and (text[end].isalnum() or text[end] == "="):
            end += 1
    return start, end


def _is_inside_word(view: NormalizedText, original: str, at: int) -> bool:
    """Return whether the characters before and at ``at`` belong to the same word."""
    if not 0 < at < len(view.text) or view.ends[at - 1] < view.starts[at]:
        return False
    return all(view.text[each].isalnum() or original[view.starts[each]] == "_" for each in (at - 1, at))


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with a mask for each span; spans that touch or overlap get one together."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start > done or not pieces:
            pieces += (text[done:start], MASK)
        done = max(done, end)
    return "".join([*pieces, text[done:]])
