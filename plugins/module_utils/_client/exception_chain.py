# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.

"""Describe an exception of `requests` and its causes as values, for decisions in the core."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from traceback import walk_tb

from .._core.transport_errors import ExceptionInfo

# Far more than any real exception has.
_MAX_CAUSES = 20


def summarize_exceptions(raised: BaseException) -> list[ExceptionInfo]:
    """Return the exception and its causes, each with the functions that it was raised through."""
    return [
        ExceptionInfo(
            frozenset(cls.__name__ for cls in type(error).__mro__),
            _text_of(error),
            frozenset(frame.f_code.co_name for frame, _line in walk_tb(error.__traceback__)),
        )
        for error in _causes(raised)
    ]


def _text_of(error: BaseException) -> str:
    try:
        return str(getattr(error, "verify_message", None) or error)
    except Exception:  # in __str__ of a foreign class
        return ""


def _causes(raised: BaseException) -> Iterator[BaseException]:
    """Yield the exception and its causes.

    urllib3 keeps a cause in ``reason`` or in the arguments, PySocks in ``socket_err``.
    """
    pending: list[object] = [raised]
    for depth in count():
        if not pending or depth > _MAX_CAUSES:
            return
        error = pending.pop()
        if isinstance(error, BaseException):
            yield error
            pending += [*error.args, getattr(error, "reason", None), getattr(error, "socket_err", None)]
            pending.append(error.__cause__)
            if type(error).__name__ in ("NewConnectionError", "ReadTimeoutError"):
                pending.append(error.__context__)  # urllib3 1.26 sets no cause
