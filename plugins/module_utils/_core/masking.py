# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Replace secrets, and fragments of them, in texts from servers, whichever way they are escaped there.

The text is brought into the normal form of `secret_variants`, and searched for the variants of each secret. A short
variant is searched for as a whole. Of a long one, some n-grams are in an index: where the text has one of them, the
match is extended to both sides as far as text and variant agree, and a match that is long enough is a fragment. Each
match is a span of the original text. Spans that overlap or touch are replaced by one mask.

A text must be masked before it is cut or put on one line, since that changes or shortens the secrets in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import unquote

from .secret_variants import MIN_SECRET_LENGTH, NormalizedText, SecretVariant, build_variants, normalized_forms

Mask = Callable[[str], str]

MASK = "********"
SECRET_OPTIONS = frozenset({"token", "secret_key", "security_token", "password", "totp_passcode"})
"""The secret options of modules and lookups."""

# The length of an n-gram, and how many offsets in variants are tried for one.
_NGRAM_LENGTH, _MAX_OFFSETS = 8, 8
# A longer text is cut, and so much earlier that it does not end with the beginning of a secret.
_MAX_TEXT_LENGTH, _CUT_MARGIN = 100_000, 2_000
_MAX_LIST_DEPTH = 8
_MAX_CLEAN_LENGTH, _MAX_CLEAN_TEXTS = 64, 1_000

# Decisions depend on error codes, so they are not masked, even if one is a secret as well.
_ERROR_CODE = re.compile(r"(?:APIGW|APIG|DRS|IAM)\.[A-Z]?[0-9]{4,8}")
_USER_INFO = re.compile(r"\A(?P<before>\s*(?:[a-zA-Z0-9+.-]+:)?//)[^:/@]*:(?P<password>.*)@", re.DOTALL)

# Runs of characters that may hold a fragment. Hardly any secret has blanks.
_RUN_WITHOUT_BLANKS, _RUN = re.compile(r"[^ ]{16,}"), re.compile(r"(?s:.{16,})")
_BASE64_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+/=")


class Masker:
    """A set of secrets to mask in texts. Threads may mask texts while another one adds a secret."""

    def __init__(self, secrets: Iterable[str] = (), parent: Masker | None = None) -> None:
        """Add the secrets. Those of ``parent`` are masked, too."""
        self._parent = parent
        self._secrets: set[str] = set()
        self._whole_variants: list[SecretVariant] = []
        self._long_variants: list[SecretVariant] = []
        # N-grams of them, each so far from the next that a fragment that is long enough contains one.
        self._ngrams: set[str] = set()
        self._run_pattern = _RUN_WITHOUT_BLANKS
        # Short texts without secrets: names and words come again with each job.
        self._clean_texts: set[str] = set()
        for secret in secrets:
            self.add_secret(secret)

    def add_secret(self, secret: str) -> None:
        """Add a secret. One that is shorter than `MIN_SECRET_LENGTH` is ignored."""
        if len(secret) < MIN_SECRET_LENGTH or secret in self._secrets:
            return
        for variant in dict.fromkeys(build_variants(secret)):
            if not variant.min_fragment or len(variant.text) < variant.min_fragment:
                self._whole_variants.append(variant)
                continue
            if " " in variant.text:
                self._run_pattern = _RUN
            self._long_variants.append(variant)
            text, offsets = variant.text, range(0, len(variant.text) - _NGRAM_LENGTH + 1, _stride(variant))
            self._ngrams.update([text[offset : offset + _NGRAM_LENGTH] for offset in offsets])
        self._clean_texts = set()
        self._secrets.add(secret)  # last, since another thread that adds the same secret returns once it is here

    def mask(self, text: str, allowed: Collection[str] = ()) -> str:
        """Return the text without the secrets, except those in ``allowed``."""
        clean_texts = self._clean_texts
        if text in clean_texts:
            return text
        spans = [
            span
            for normalized in normalized_forms(text[:_MAX_TEXT_LENGTH])
            for secret, span in self._find_spans(normalized, text)
            if secret not in allowed
        ]
        if len(text) > _MAX_TEXT_LENGTH:
            return _replace_spans(text[: _MAX_TEXT_LENGTH - _CUT_MARGIN], spans) + "..."
        if spans:
            return _replace_spans(text, spans)
        if len(text) <= _MAX_CLEAN_LENGTH and not allowed:
            if len(clean_texts) >= _MAX_CLEAN_TEXTS:
                clean_texts.clear()  # the words of all jobs come back at once, and names need not
            clean_texts.add(text)
        return text

    def _find_spans(self, normalized: NormalizedText, original: str) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield the secrets in a text, each with its span in the original text."""
        if self._parent is not None:
            yield from self._parent._find_spans(normalized, original)
        text = normalized.text
        for variant in [each for each in self._whole_variants if each.text in text]:
            start = text.find(variant.text)
            while start >= 0:
                end = start + len(variant.text)
                inside_word = (_is_inside_word(normalized, original, at) for at in (start, end))
                if not (variant.whole_word and any(inside_word)):
                    first, last = _extend_base64(variant, text, start, end)
                    yield variant.secret, (normalized.starts[first], normalized.ends[last - 1])
                start = text.find(variant.text, start + 1)
        if self._ngrams:
            for run in self._run_pattern.finditer(text):
                for secret, start, end in self._find_fragments(text, *run.span()):
                    yield secret, (normalized.starts[start], normalized.ends[end - 1])

    def _find_fragments(self, text: str, run_start: int, run_end: int) -> Iterator[tuple[str, int, int]]:
        """Yield the secrets with a fragment in a run of characters, each with start and end of the fragment."""
        ngrams, done, last = self._ngrams, 0, run_end - _NGRAM_LENGTH
        for at in [at for at in range(run_start, last + 1) if text[at : at + _NGRAM_LENGTH] in ngrams]:
            if at < done:
                continue
            for variant, offset in islice(self._find_offsets(text[at : at + _NGRAM_LENGTH]), _MAX_OFFSETS):
                start, end, is_complete = _extend_match(text, at, variant.text, offset)
                if end - start >= variant.min_fragment:
                    # What follows on a part of a token is the rest of it, which the server may have changed.
                    while not is_complete and end < len(text) and text[end] in _BASE64_DIGITS:
                        end += 1
                    yield variant.secret, *_extend_base64(variant, text, start, end)
                    done = max(done, end)

    def _find_offsets(self, ngram: str) -> Iterator[tuple[SecretVariant, int]]:
        """Yield the long variants that an n-gram is of, each with an offset there."""
        for variant in self._long_variants:
            offset = variant.text.find(ngram)
            while offset >= 0:
                if offset % _stride(variant) == 0:
                    yield variant, offset
                offset = variant.text.find(ngram, offset + 1)


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
        return self._masked(self._value[key], _MAX_LIST_DEPTH)

    def get(self, key: str, default: object = None, /) -> object:
        """Return the value of a key, masked; ``default`` without one."""
        # That of Mapping raises and handles a KeyError for each key that is missing, as most are.
        return self._masked(self._value[key], _MAX_LIST_DEPTH) if key in self._value else default

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        return (key for key in self._value if self._mask(key) == key)

    def __bool__(self) -> bool:
        """Return whether there are keys."""
        return any(True for _key in self)  # without __len__, which masks all of them

    def __len__(self) -> int:
        """Return the number of keys."""
        return sum(1 for _key in self)

    def _masked(self, value: object, depth: int) -> object:
        if isinstance(value, str):
            masked = self._mask(value)
            is_unmasked = masked != value and (value.upper() in self._unmasked or _ERROR_CODE.fullmatch(value))
            return value if is_unmasked else masked
        if isinstance(value, Mapping):
            return MaskedMapping(value, self._mask, self._unmasked)
        if isinstance(value, list):
            # The API nests lists two levels deep at most.
            return [self._masked(each, depth - 1) for each in value] if depth else []
        if isinstance(value, int | float) and not isinstance(value, bool):
            text = str(value)
            masked = self._mask(text)
            return value if masked == text else masked
        return value


def find_url_passwords(values: Iterable[object]) -> Iterator[str]:
    """Yield the passwords in those of the values that are URLs, percent-encoded as they are there, and decoded."""
    for value in values:
        match = _USER_INFO.match(value) if isinstance(value, str) else None
        if match is not None:
            yield from dict.fromkeys((match["password"], unquote(match["password"])))


def find_proxy_passwords(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the passwords in the proxy URLs of the environment, which may lack the scheme."""
    proxies = (value for name, value in environ.items() if name.lower().endswith("_proxy"))
    return find_url_passwords(proxy if "//" in proxy else f"//{proxy}" for proxy in proxies)


def redact_user_info(value: object) -> object:
    """Return a value; if it is a URL with user and password, without them."""
    return _USER_INFO.sub(rf"\g<before>{MASK}@", value) if isinstance(value, str) else value


def _stride(variant: SecretVariant) -> int:
    """Return the distance of the n-grams of a long variant."""
    return variant.min_fragment - _NGRAM_LENGTH + 1


def _extend_match(text: str, at: int, other: str, offset: int) -> tuple[int, int, bool]:
    """Extend a match of one n-gram to both sides. Return its start, its end, and whether it is all of ``other``."""
    before = 0
    while before < min(at, offset) and text[at - before - 1] == other[offset - before - 1]:
        before += 1
    length, max_length = _NGRAM_LENGTH, min(len(text) - at, len(other) - offset)
    while length < max_length and text[at + length] == other[offset + length]:
        length += 1
    return at - before, at + length, before + length == len(other)


def _extend_base64(variant: SecretVariant, text: str, start: int, end: int) -> tuple[int, int]:
    """Return start and end of the base64 text around a match: the rest of it cannot be read without the match."""
    if variant.is_base64:
        while start and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and (text[end].isalnum() or text[end] == "="):
            end += 1
    return start, end


def _is_inside_word(normalized: NormalizedText, original: str, at: int) -> bool:
    """Return whether the characters before and at a position belong to one word."""
    if not 0 < at < len(normalized.text) or normalized.ends[at - 1] < normalized.starts[at]:
        return False
    return all(normalized.text[each].isalnum() or original[normalized.starts[each]] == "_" for each in (at - 1, at))


def _replace_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with one mask in place of all spans that overlap or touch each other."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start > done or not parts:
            parts += (text[done:start], MASK)
        done = max(done, end)
    return "".join([*parts, text[done:]])
