# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what an exception of ``requests`` wraps, as values that can be judged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from traceback import walk_tb

from .._core.transport_errors import ExceptionInfo


def summarize_exceptions(failure: BaseException) -> list[ExceptionInfo]:
    """Return the exception and all that it wraps, each with the functions that it went through."""
    return [
        ExceptionInfo(
            frozenset(cls.__name__ for cls in type(link).__mro__),
            _text_of(link),
            frozenset(frame.f_code.co_name for frame, _line in walk_tb(link.__traceback__)),
        )
        for link in _chain(failure)
    ]


def _text_of(link: BaseException) -> str:
    try:
        return str(getattr(link, "verify_message", None) or link)
    except Exception:  # that of a foreign class
        return ""


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """Give the exception and all that it wraps.

    urllib3 keeps the cause in ``reason`` or among the arguments, PySocks in ``socket_err``.
    """
    pending: list[object] = [failure]
    for _depth in count():
        if not pending or _depth > 20:  # noqa: PLR2004  far deeper than any real chain
            return
        link = pending.pop()
        if isinstance(link, BaseException):
            yield link
            pending += [*link.args, getattr(link, "reason", None), getattr(link, "socket_err", None), link.__cause__]
            if type(link).__name__ in ("NewConnectionError", "ReadTimeoutError"):
                pending.append(link.__context__)  # the older urllib3 names no cause
