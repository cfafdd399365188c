# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: secrets are kept out of what others say, however they spell them, and pieces of them.

A text has to be masked as it came: once it is cut or put on one line, a secret in it is not whole any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from urllib.parse import unquote

from .secret_variants import MIN_SECRET_LENGTH, NormalizedText, SecretVariant, build_variants, normalized_forms

Mask = Callable[[str], str]

MASK = "********"
SECRET_OPTIONS = frozenset({"token", "secret_key", "security_token", "password", "totp_passcode"})
"""The options of modules and lookups that are secret."""

# Pieces of this length are looked for, at so many places of a spelling.
_GRAM, _MOST_PLACES = 8, 8
# Of a longer text nobody is shown the rest; it ends before a secret that may begin at its end.
_LONGEST_TEXT, _LONGEST_SPELLING = 100_000, 2_000
_DEEPEST = 8
_LONGEST_REMEMBERED, _MOST_REMEMBERED = 64, 1_000

# Decisions depend on the error codes of services, so they are not masked, even if somebody has one as a password.
_CODE = re.compile(r"(?:APIGW|APIG|DRS|IAM)\.[A-Z]?[0-9]{4,8}")
_USER_INFO = re.compile(r"\A(?P<before>\s*(?:[a-zA-Z0-9+.-]+:)?//)[^:/@]*:(?P<password>.*)@", re.DOTALL)

_WITHOUT_BLANKS, _WITH_BLANKS = re.compile(r"[^ ]{16,}"), re.compile(r"(?s:.{16,})")
_OF_BASE64 = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+/=")


class Masker:
    """Knows secrets, and keeps them out of texts. Several threads may mask while another one tells it a secret."""

    def __init__(self, secrets: Iterable[str] = (), known: Masker | None = None) -> None:
        """Take the secrets, besides those that ``known`` knows."""
        self._known = known
        self._secrets: set[str] = set()
        self._whole: list[SecretVariant] = []
        # Where some pieces of long spellings are in them; no part of one that is long enough has none of these pieces.
        self._grams: dict[str, list[tuple[SecretVariant, int]]] = {}
        self._runs = _WITHOUT_BLANKS
        # Texts that hold none: names and words come again with each job.
        self._clean: set[str] = set()
        for secret in secrets:
            self.add_secret(secret)

    def add_secret(self, secret: str) -> None:
        """Take one more secret. One that is too short is not looked for."""
        if len(secret) < MIN_SECRET_LENGTH or secret in self._secrets:
            return
        for spelling in dict.fromkeys(build_variants(secret)):
            if not spelling.piece or len(spelling.text) < spelling.piece:
                self._whole.append(spelling)
                continue
            if " " in spelling.text:
                self._runs = _WITH_BLANKS
            for at in range(0, len(spelling.text) - _GRAM + 1, spelling.piece - _GRAM + 1):
                self._grams.setdefault(spelling.text[at : at + _GRAM], []).append((spelling, at))
        self._clean = set()
        self._secrets.add(secret)  # only now, for another thread may learn it as well

    def mask(self, text: str, known_to_all: Collection[str] = ()) -> str:
        """Return the text without the secrets; ``known_to_all`` are those that may stay in it."""
        clean = self._clean
        if text in clean:
            return text
        spans = [
            span
            for view in normalized_forms(text[:_LONGEST_TEXT])
            for secret, span in self._found_in(view, text)
            if secret not in known_to_all
        ]
        if len(text) > _LONGEST_TEXT:
            return _without(text[: _LONGEST_TEXT - _LONGEST_SPELLING], spans) + "..."
        if spans:
            return _without(text, spans)
        if len(text) <= _LONGEST_REMEMBERED and len(clean) < _MOST_REMEMBERED and not known_to_all:
            clean.add(text)
        return text

    def _found_in(self, view: NormalizedText, original: str) -> Iterator[tuple[str, tuple[int, int]]]:
        """Give the secrets in a text, and from where to where they are in the original."""
        if self._known is not None:
            yield from self._known._found_in(view, original)
        text = view.text
        for spelling in [each for each in self._whole if each.text in text]:
            at = text.find(spelling.text)
            while at >= 0:
                end = at + len(spelling.text)
                if not spelling.is_word or not (_goes_on(view, original, at) or _goes_on(view, original, end)):
                    first, last = _around(spelling, text, at, end)
                    yield spelling.secret, (view.starts[first], view.ends[last - 1])
                at = text.find(spelling.text, at + 1)
        if self._grams:
            for run in self._runs.finditer(text):
                for secret, start, end in self._pieces_in(text, *run.span()):
                    yield secret, (view.starts[start], view.ends[end - 1])

    def _pieces_in(self, text: str, begin: int, stop: int) -> Iterator[tuple[str, int, int]]:
        grams, done = self._grams, 0
        for at in [at for at in range(begin, stop - _GRAM + 1) if text[at : at + _GRAM] in grams]:
            if at < done:
                continue
            for spelling, place in grams[text[at : at + _GRAM]][:_MOST_PLACES]:
                start, end, is_whole = _common(text, at, spelling.text, place)
                if end - start >= spelling.piece:
                    # What follows on half a token is the rest of it, in whatever way it has been changed.
                    while not is_whole and end < len(text) and text[end] in _OF_BASE64:
                        end += 1
                    yield spelling.secret, *_around(spelling, text, start, end)
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
        return self._masked(self._value[key], _DEEPEST)

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        return (key for key in self._value if self._mask(key) == key)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return sum(1 for _key in self)

    def _masked(self, value: object, depth: int) -> object:
        if isinstance(value, str):
            return self._masked_text(value)
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

    def _masked_text(self, text: str) -> str:
        masked = self._mask(text)
        if masked != text and (text.upper() in self._unmasked or _CODE.fullmatch(text)):
            return text
        return masked


def find_url_passwords(values: Iterable[object]) -> Iterator[str]:
    """Give the passwords in those of the values that are URLs, as they are written there and as they are meant."""
    for value in values:
        found = _USER_INFO.match(value) if isinstance(value, str) else None
        if found is not None:
            yield from dict.fromkeys((found["password"], unquote(found["password"])))


def find_proxy_passwords(environ: Mapping[str, str]) -> Iterator[str]:
    """Give the passwords of the proxies that the environment names, where the beginning of the URL may be missing."""
    proxies = (value for name, value in environ.items() if name.lower().endswith("_proxy"))
    return find_url_passwords(proxy if "//" in proxy else f"//{proxy}" for proxy in proxies)


def redact_user_info(value: object) -> object:
    """Return a value without the user and password that it holds, if it is a URL that does."""
    return _USER_INFO.sub(rf"\g<before>{MASK}@", value) if isinstance(value, str) else value


def _common(text: str, at: int, other: str, place: int) -> tuple[int, int, bool]:
    """Return from where to where two texts are the same around two places, and whether that is all of the other."""
    back = 0
    while back < min(at, place) and text[at - back - 1] == other[place - back - 1]:
        back += 1
    ahead, most = _GRAM, min(len(text) - at, len(other) - place)
    while ahead < most and text[at + ahead] == other[place + ahead]:
        ahead += 1
    return at - back, at + ahead, back + ahead == len(other)


def _around(spelling: SecretVariant, text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where the piece of base64 goes that the secret is in; nobody can read the rest of it."""
    if spelling.is_base64:
        while start and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and (text[end].isalnum() or text[end] == "="):
            end += 1
    return start, end


def _goes_on(view: NormalizedText, original: str, at: int) -> bool:
    """Return whether a word goes on between two characters of a text, of which ``at`` is the second."""
    if not 0 < at < len(view.text) or view.ends[at - 1] < view.starts[at]:
        return False
    return all(view.text[each].isalnum() or original[view.starts[each]] == "_" for each in (at - 1, at))


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with one mask in place of each span, and of those that touch each other."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start > done or not pieces:
            pieces += (text[done:start], MASK)
        done = max(done, end)
    return "".join([*pieces, text[done:]])
