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
from urllib.parse import unquote

from .jobs import KNOWN_STATUSES
from .secret_variants import MIN_SECRET_LENGTH, NormalizedText, SecretVariant, build_variants, normalized_forms

Mask = Callable[[str], str]

MASK = "********"
SECRET_OPTIONS = frozenset({"token", "secret_key", "security_token", "password", "totp_passcode"})
"""The options of modules and lookups that are secret."""

# The length of an n-gram, and how many offsets in variants are tried for one.
_NGRAM_LENGTH, _MAX_OFFSETS = 8, 8
# A longer text is cut, and so much earlier that it does not end with the beginning of a secret.
_MAX_TEXT_LENGTH, _CUT_MARGIN = 100_000, 2_000
_MAX_LIST_DEPTH = 8
_MAX_CLEAN_LENGTH, _MAX_CLEAN_TEXTS = 64, 1_000

# Words and codes of the API are never masked in a field, even if one is a secret as well: they decide about a job.
_API_WORDS = frozenset({*KNOWN_STATUSES, "SUCCESS", "FAILED"})
_ERROR_CODE = re.compile(r"(?:APIGW|APIG|DRS|IAM)\.[A-Z]?[0-9]{4,8}")
# Only job IDs have this form.
_JOB_ID = re.compile(r"[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}")

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
        # N-grams of long variants, and their offsets there. Each fragment that is long enough contains one of them.
        self._ngrams: dict[str, list[tuple[SecretVariant, int]]] = {}
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
            stride = variant.min_fragment - _NGRAM_LENGTH + 1
            for offset in range(0, len(variant.text) - _NGRAM_LENGTH + 1, stride):
                self._ngrams.setdefault(variant.text[offset : offset + _NGRAM_LENGTH], []).append((variant, offset))
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
        if len(text) <= _MAX_CLEAN_LENGTH and len(clean_texts) < _MAX_CLEAN_TEXTS and not allowed:
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
            for variant, offset in ngrams[text[at : at + _NGRAM_LENGTH]][:_MAX_OFFSETS]:
                start, end, is_complete = _extend_match(text, at, variant.text, offset)
                if end - start >= variant.min_fragment:
                    # What follows on a part of a token is the rest of it, which the server may have changed.
                    while not is_complete and end < len(text) and text[end] in _BASE64_DIGITS:
                        end += 1
                    yield variant.secret, *_extend_base64(variant, text, start, end)
                    done = max(done, end)


class MaskedMapping(Mapping[str, object]):
    """An object of a response, whose texts are masked when they are read, except the API's own words and codes.

    Responses are long, and only a few of their fields are read. Keys that hold a secret are left out.
    """

    def __init__(self, content: Mapping[str, object], mask: Mask) -> None:
        """Take the object as it was received."""
        self._content = content
        self._mask = mask

    def __getitem__(self, key: str) -> object:
        """Return the masked value of a key."""
        return _mask_value(self._content[key], self._mask, _MAX_LIST_DEPTH)

    def __iter__(self) -> Iterator[str]:
        """Return an iterator of the keys."""
        return (key for key in self._content if self._mask(key) == key)

    def __len__(self) -> int:
        """Return the number of keys."""
        return sum(1 for _key in self)


def _mask_value(value: object, mask: Mask, depth: int) -> object:
    if isinstance(value, str):
        return _mask_text(value, mask)
    if isinstance(value, Mapping):
        return MaskedMapping(value, mask)
    if isinstance(value, list):
        # The API nests lists two levels deep at most.
        return [_mask_value(each, mask, depth - 1) for each in value] if depth else []
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)
        masked = mask(text)
        return value if masked == text else masked
    return value


def _mask_text(text: str, mask: Mask) -> str:
    masked = mask(text)
    if masked != text and (text.upper() in _API_WORDS or _ERROR_CODE.fullmatch(text)):
        return text
    return masked


def mask_job_id(job_id: str, mask: Mask) -> str:
    """Return a job ID that was not requested, masked unless it has the usual form of job IDs."""
    return job_id if _JOB_ID.fullmatch(job_id) else mask(job_id)


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
