# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways in which a server may spell a secret that it repeats, and a look for what is left of one."""

from __future__ import annotations

import base64
import html
import json
import random
import shlex
import string
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

# Fewer characters of a secret are not worth hiding.
_ENOUGH = 16

_LETTERS = random.Random(77)  # noqa: S311  the same in each run


def token_of(length: int) -> str:
    """Give a text that looks like a token."""
    return "MII" + "".join(_LETTERS.choices(string.ascii_letters + string.digits + "+-/_", k=length - 3))


TOKEN = token_of(2048)
PASSWORD = "Pelican/77  \"qu+oted'\t\\new\u00a0%41 Wörd&amp;"
PASSWORDS = {
    "two blanks": "Peli  can-77  x",
    "tab": "Peli\tcan-77\tx",
    "blank of HTML": "Peli\u00a0can-77\u00a0x",
    "quotes": "Peli\"can'77`x",
    "backslashes": "Peli\\can\\new\\x41\\",
    "umlauts": "Pölican-Straße-77",
    "percent": "50%25-off%now",
    "plus and slash": "Peli+can/77==",
    "HTML": "Peli&can<77>&amp;",
    "six": "s3cr3t",
    "hardly anything but quotes": "a\"b'c\"d'",
    "all of it": PASSWORD,
}


def spellings(secret: str) -> Iterator[tuple[str, str]]:
    """Give the secret in each spelling, and the name of that."""
    yield "plain", secret
    yield "capitals", secret.upper()
    yield "one line", " ".join(secret.split())
    yield "other blanks", "\n\t".join(secret.split(" "))
    for name, ensure_ascii in (("JSON", False), ("JSON, ASCII", True)):
        quoted = json.dumps(secret, ensure_ascii=ensure_ascii)
        yield name, quoted[1:-1]
        yield f"{name}, slashes", quoted[1:-1].replace("/", "\\/")
        yield f"{name}, twice", json.dumps(quoted, ensure_ascii=ensure_ascii)
        yield f"{name}, capitals", quoted[1:-1].upper()
        yield f"{name} in a URL", quote(quoted)
    yield "JSON, each character", "".join(f"\\u{ord(char):04x}" for char in secret)
    for name, encoded in (("URL", quote(secret, safe="")), ("query", quote_plus(secret)), ("path", quote(secret))):
        yield name, encoded
        yield f"{name}, lower case", encoded.lower()
        yield f"{name}, twice", quote(encoded)
    yield "URL, each byte", "".join(f"%{byte:02x}" for byte in secret.encode())
    for name, encode in (("base64", base64.b64encode), ("base64 for URLs", base64.urlsafe_b64encode)):
        for before in ("", "u:", "user:"):
            encoded = encode(f"{before}{secret}".encode()).decode()
            yield f"{name} after {before!r}", encoded
            yield f"{name} after {before!r}, without padding", encoded.rstrip("=")
            yield f"{name} after {before!r} in JSON", encoded.replace("/", "\\/")
            yield f"{name} after {before!r} in a URL", quote(encoded, safe="")
    yield "JSON in base64", base64.b64encode(json.dumps({"password": secret}).encode()).decode()
    yield "hexadecimal", secret.encode().hex()
    yield "HTML", html.escape(secret)
    yield "HTML, each character", "".join(f"&#{ord(char)};" for char in secret)
    yield "Python", repr(secret)
    yield "Python, bytes", repr(secret.encode())
    yield "shell", shlex.quote(secret)
    yield "SQL", secret.replace("'", "''").replace('"', '""')
    yield "read as Latin 1", secret.encode().decode("latin-1")


def texts_in(value: object) -> Iterator[str]:
    """Give all texts of a result, keys included."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    else:
        yield str(value)


def left_in(value: object, echo: str) -> list[str]:
    """Give the texts of a result that hold what was repeated, or 16 characters of it."""
    line = " ".join("".join(char if char.isprintable() else " " for char in echo).split())
    pieces = {each[at : at + _ENOUGH] for each in (echo, line) for at in range(max(1, len(each) - _ENOUGH + 1))}
    return [text for text in texts_in(value) if any(piece in text for piece in pieces)]
