# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows as lines of a table: what each column says, and that a line fits."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_table import format_job_table

ID = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"
STOPPED = {"job_id": ID, "name": "DRS-1234", "outcome": "stopped", "status": "RELEASE_RESOURCE_COMPLETE"}
MISSING = {"job_id": ID, "name": None, "outcome": "failed", "error_code": "DRS.M00289", "error_msg": "No such job."}
HELD = {"job_id": ID, "name": "n" * 50, "outcome": "held", "lag": 35.25, "error_msg": "The lag is more than 5 s " * 3}
BROKEN = {"job_id": ID, "outcome": "failed", "changed": True, "status": "RELEASE_RESOURCE_FAILED", "error_msg": "It .."}
WOULD_STOP = {"job_id": ID, "name": "x", "outcome": "would_stop", "status": "INCRE_TRANSFER_STARTED"}
INFO = {"id": ID, "name": "x", "phase": "running", "status": "INCRE_TRANSFER_STARTED", "lag": None}


def cells(*rows: dict[str, Any], width: int = 200) -> list[list[str]]:
    """Return the words of each line."""
    return [line.split() for line in format_job_table(rows, width)]


def test_the_columns_are_aligned_and_empty_ones_left_out() -> None:
    assert format_job_table([STOPPED, MISSING], 100) == [
        f"{ID}  DRS-1234  stopped",
        f"{ID}            failed   DRS.M00289",
    ]
    assert format_job_table([MISSING], 100) == [f"{ID}  failed  DRS.M00289"]
    assert format_job_table([], 100) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (STOPPED, ["DRS-1234", "stopped"]),
        (BROKEN, ["failed", "RELEASE_RESOURCE_FAILED"]),
        (WOULD_STOP, ["x", "would_stop", "INCRE_TRANSFER_STARTED"]),
        (INFO, ["x", "running", "INCRE_TRANSFER_STARTED"]),
        ({**INFO, "lag": 0.2}, ["x", "running", "0.2", "s", "INCRE_TRANSFER_STARTED"]),
        ({"id": ID, "phase": "missing", "status": None}, ["missing"]),
    ],
)
def test_a_row_of_either_module_is_a_line(row: dict[str, Any], words: list[str]) -> None:
    assert cells(row) == [[ID, *words]]


@pytest.mark.parametrize("width", range(56, 200, 7))
def test_a_line_fits_the_width_and_keeps_id_outcome_and_lag(width: int) -> None:
    lines = format_job_table([STOPPED, MISSING, HELD], width)
    assert max(map(len, lines)) <= width
    assert all(line.startswith(ID) for line in lines)
    assert "held" in lines[2]
    assert "35.25 s" in lines[2]


def test_a_name_gives_way_to_the_reason_but_not_wholly() -> None:
    (line,) = format_job_table([HELD], 100)
    assert line == f"{ID}  {'n' * 19}..  held  35.25 s  The lag is more than 5.."


def test_a_text_stays_on_its_line() -> None:
    assert cells({**MISSING, "error_code": None, "error_msg": "a\nb\x1b[2Jc"})[0][-3:] == ["a", "b", "[2Jc"]


@pytest.mark.parametrize("row", ["text", {"name": "x"}, None])
def test_another_value_is_an_error_that_says_which_row(row: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^job_table: row 2 is no row of drs_job_batch_stop or drs_job_info$"):
        format_job_table([STOPPED, row], 100)
