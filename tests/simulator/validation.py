# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strict parsing of request bodies and queries. Whatever is not documented is an error."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from .records import RecordedRequest

# Numbers with this many digits fit into the documented 32 bits.
_MAX_DIGITS = 9


class Problem(Enum):
    """A kind of malformed part of a request."""

    NOT_JSON = auto()
    UNKNOWN = auto()
    MISSING = auto()
    INVALID = auto()


class Malformed(Exception):
    """A request that is not allowed by the documentation. Each service converts it to its own error."""

    def __init__(self, problem: Problem, where: str) -> None:
        """Initialize with the problem and the name of the part."""
        super().__init__(problem, where)
        self.problem = problem
        self.where = where


@dataclass(frozen=True)
class Field:
    """A field of a JSON object: its type, whether it is required, and whether it may be null."""

    kind: type
    required: bool = False
    nullable: bool = False


def json_object(request: RecordedRequest, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Return the body as a JSON object with these fields. Raise Malformed."""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Malformed(Problem.INVALID, "Content-Type")
    try:
        value = json.loads(request.body, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
        # JSON can encode half a surrogate pair, which is not a character and could not be sent back.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Malformed(Problem.NOT_JSON, "body") from error
    return checked(value, "body", fields)


def checked(value: Any, where: str, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Return the value as an object with these fields of exactly these types. Raise Malformed."""
    if not isinstance(value, dict):
        raise Malformed(Problem.INVALID, where)
    for name in value:
        if name not in fields:
            raise Malformed(Problem.UNKNOWN, name)
    for name, field in fields.items():
        if field.required and (name not in value or value[name] in ("", [])):
            raise Malformed(Problem.MISSING, name)
        if name in value and not _is_a(value[name], field):
            raise Malformed(Problem.INVALID, name)
    return dict(value)


def _is_a(value: Any, field: Field) -> bool:
    if value is None:
        return field.nullable
    # In Python a bool is an int, in JSON it is not a number.
    return isinstance(value, field.kind) and (field.kind is bool or not isinstance(value, bool))


def known_query(request: RecordedRequest, names: frozenset[str]) -> dict[str, str]:
    """Return the query. Raise Malformed if it has other names than these."""
    for name in request.query:
        if name not in names:
            raise Malformed(Problem.UNKNOWN, name)
    return request.query


def check_choice(values: Mapping[str, Any], name: str, choices: Collection[str], required: bool = False) -> None:
    """Raise Malformed unless a value is one of the choices. An empty value counts as missing."""
    if required and not values.get(name):
        raise Malformed(Problem.MISSING, name)
    if values.get(name) and values[name] not in choices:
        raise Malformed(Problem.INVALID, name)


def whole_number(query: Mapping[str, str], name: str, default: int, at_least: int = 0) -> int:
    """Return a number of a query. Raise Malformed."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS) or int(text) < at_least:
        raise Malformed(Problem.INVALID, name)
    return int(text)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in an object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
