# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Rows of a result as lines of text that fit a console. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .errors import ConfigurationError

_GAP = "  "
_NAME, _REASON = 1, 4  # columns
_MIN_NAME_WIDTH, _MIN_REASON_WIDTH = 8, 24
# Outcomes and phases that need no reason.
_SELF_EXPLANATORY = ("stopped", "stopping", "missing")


def format_job_table(rows: Iterable[object], width: int) -> list[str]:
    """Return one line for each row: ID, name, outcome or phase, lag where one is known, and the reason.

    Names and reasons are cut to fit the width, in characters. Raise ConfigurationError for a row of another kind.
    """
    cells = [_cells(number, row) for number, row in enumerate(rows, start=1)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for column, least in ((_REASON, _MIN_REASON_WIDTH), (_NAME, _MIN_NAME_WIDTH), (_REASON, 0), (_NAME, 0)):
        excess = sum(widths) + len(_GAP) * (sum(map(bool, widths)) - 1) - width
        if excess > 0 and widths:
            widths[column] = max(min(widths[column], least), widths[column] - excess)
    columns = [column for column, column_width in enumerate(widths) if column_width]
    return [
        _GAP.join(_cut(line[column], widths[column]).ljust(widths[column]) for column in columns).rstrip()
        for line in cells
    ]


def _cells(number: int, row: object) -> tuple[str, str, str, str, str]:
    if not isinstance(row, Mapping) or not ("job_id" in row or "id" in row):
        raise ConfigurationError(f"job_table: row {number} is no row of drs_job_batch_stop or drs_job_info")
    job_id, verdict = row.get("job_id", row.get("id")), row.get("outcome", row.get("phase"))
    lag = row.get("lag")
    return (
        _clean(job_id),
        _clean(row.get("name")),
        _clean(verdict),
        "" if lag is None else f"{lag:g} s" if isinstance(lag, int | float) else _clean(lag),
        _reason(row, _clean(verdict)),
    )


def _reason(row: Mapping[str, object], verdict: str) -> str:
    """Return why a job has this outcome, in as few words as there are: a code, a status, or else a text."""
    if row.get("error_code"):
        return _clean(row["error_code"])
    if verdict == "failed" and row.get("changed"):
        return _clean(row.get("status"))  # the stop was accepted, and this is how it ended
    if row.get("error_msg"):
        return _clean(row["error_msg"])
    return "" if verdict in _SELF_EXPLANATORY else _clean(row.get("status"))


def _clean(value: object) -> str:
    """Return a value as text on one line, without characters that would change the console."""
    text = "" if value is None else str(value)
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: max(0, length - 2)]}.."[:length]
