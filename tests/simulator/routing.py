# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes from method and path to the function that handles the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from .answers import Answer
from .cloud import Cloud
from .records import RecordedRequest

Handler = Callable[[Cloud, RecordedRequest], Answer]


@dataclass(frozen=True)
class Route:
    """The route of one endpoint."""

    method: str
    path: re.Pattern[str]
    endpoint: str
    handler: Handler


def route(method: str, template: str, endpoint: str, handler: Handler) -> Route:
    """Return a route for a path in the notation of the documentation, with ``{name}`` for parameters."""
    return Route(method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)), endpoint, handler)


def find_route(routes: Iterable[Route], method: str, raw_path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the route of a request and the parameters in its path, None if the API does not exist."""
    for each in routes:
        match = each.path.fullmatch(raw_path)
        if match is not None and each.method == method:
            return each, {name: unquote(value) for name, value in match.groupdict().items()}
    return None
