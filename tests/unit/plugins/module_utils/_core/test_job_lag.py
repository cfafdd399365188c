# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a lag is known, and what it is. Everything that is not proved is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_lag import (
    Lag,
    Reading,
    find_dr_lag,
    find_job_lag,
    find_lag,
    find_worst_lag,
    is_parent,
    parse_percentages,
    parse_task_mode,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import KNOWN_STATUSES

INCREMENTAL = "INCRE_TRANSFER_STARTED"
GOOD = {
    "job_id": "a",
    "transfer_status": INCREMENTAL,
    "task_mode": "FULL_INCR_TRANS",
    "incre_trans_delay": "1",
    "incre_trans_delay_millis": "209",
}
LEFT_OUT = object()


def lag_with(status: str | None = INCREMENTAL, **changes: Any) -> Lag:
    """Return the lag of a good sample with these changes."""
    item = {name: value for name, value in {**GOOD, **changes}.items() if value is not LEFT_OUT}
    return find_lag(status, Reading(item))


@pytest.mark.parametrize(
    ("seconds", "milliseconds", "lag"),
    [
        ("0", "0", 0.0),
        ("1", "209", 1.0),
        ("17", "17771", 17.771),
        ("0", LEFT_OUT, 0.0),
        (LEFT_OUT, "250", 0.25),
        (" 3 ", "\t3000\n", 3.0),
        (4, 4000, 4.0),
        ("0.5", "400", 0.5),
    ],
)
def test_the_larger_of_both_units_counts(seconds: object, milliseconds: object, lag: float) -> None:
    assert lag_with(incre_trans_delay=seconds, incre_trans_delay_millis=milliseconds) == Lag(lag)


def test_v5_spells_the_fields_in_another_way() -> None:
    old = {"incre_trans_delay": LEFT_OUT, "incre_trans_delay_millis": LEFT_OUT}
    assert lag_with(INCREMENTAL, **old, incr_trans_delay="2", incr_trans_delay_millis="2500") == Lag(2.5)


@pytest.mark.parametrize(
    "value", ["-1", "", " ", "NA", "null", None, "1e3", "-0", "1,5", "0x1", "٣", True, [], "9" * 400]
)
@pytest.mark.parametrize("name", ["incre_trans_delay", "incre_trans_delay_millis"])
def test_one_unit_that_is_no_delay_makes_the_lag_unknown(name: str, value: object) -> None:
    lag = lag_with(INCREMENTAL, **{name: value})
    assert lag.seconds is None
    assert lag.reason is not None
    assert name in lag.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"incre_trans_delay": LEFT_OUT, "incre_trans_delay_millis": LEFT_OUT}, "the progress has no delay"),
        ({"transfer_status": LEFT_OUT}, "the status None"),
        ({"transfer_status": "FULL_TRANSFER_COMPLETE"}, "the status FULL_TRANSFER_COMPLETE"),
        ({"transfer_status": "PAUSING"}, "the status PAUSING"),
        ({"task_mode": LEFT_OUT}, "the task mode is None"),
        ({"task_mode": "FULL_TRANS"}, "the task mode is FULL_TRANS"),
        ({"error_code": "DRS.M00289", "error_msg": "No such job."}, "DRS.M00289: No such job."),
        ({"error_code": "DRS.M00102"}, "DRS.M00102"),
    ],
)
def test_what_is_not_a_sample_of_the_incremental_phase_is_unknown(changes: dict[str, Any], reason: str) -> None:
    lag = lag_with(**changes)
    assert lag.seconds is None
    assert reason in (lag.reason or "")


@pytest.mark.parametrize("code", ["DRS.00000000", "0", "", None])
def test_the_code_of_a_success_is_no_error(code: str | None) -> None:
    assert lag_with(error_code=code, error_msg="Success") == Lag(1.0)


@pytest.mark.parametrize("status", [None, "SOMETHING_NEW", *(each for each in KNOWN_STATUSES if each != INCREMENTAL)])
def test_the_status_has_to_agree(status: str | None) -> None:
    lag = lag_with(status)
    assert lag.seconds is None
    assert f"the status is {status}" in (lag.reason or "")


def test_an_answer_without_the_job_says_why() -> None:
    assert find_lag(INCREMENTAL, Reading(None, "HTTP 403")) == Lag(None, "the progress is not known: HTTP 403")
    assert "leaves the job out" in (find_lag(INCREMENTAL, Reading(None)).reason or "")


@pytest.mark.parametrize(
    ("rpo", "rto", "seconds"),
    [
        ({"delay": "1500"}, {"delay": "300"}, 1.5),
        ({"delay": "0"}, {"delay": "0"}, 0.0),
        ({"delay": 0}, {"delay": 7}, 0.007),
    ],
)
def test_the_larger_of_rpo_and_rto_counts(rpo: object, rto: object, seconds: float) -> None:
    reading = Reading({"job_id": "a", "rpo_info": rpo, "rto_info": rto})
    # The delay of the progress does not count, only its phase.
    progress = Reading({**GOOD, "incre_trans_delay": "-1", "incre_trans_delay_millis": "-1"})
    assert find_dr_lag(INCREMENTAL, progress, reading) == Lag(seconds)


@pytest.mark.parametrize("missing", [{"delay": "-1"}, {"delay": ""}, {}, None, "0", []])
def test_both_rpo_and_rto_have_to_be_known(missing: object) -> None:
    known = {"delay": "0"}
    for rpo, rto in ((missing, known), (known, missing)):
        assert find_dr_lag(INCREMENTAL, Reading(GOOD), Reading({"rpo_info": rpo, "rto_info": rto})).seconds is None


def test_a_dr_job_needs_both_answers() -> None:
    good = Reading({"rpo_info": {"delay": "0"}, "rto_info": {"delay": "0"}})
    assert find_dr_lag(INCREMENTAL, Reading(GOOD), Reading(None, "HTTP 404")).reason == (
        "RPO and RTO are not known: HTTP 404"
    )
    assert find_dr_lag(INCREMENTAL, Reading(None, "HTTP 404"), good).seconds is None
    assert find_dr_lag("PAUSING", Reading(GOOD), good).seconds is None


@pytest.mark.parametrize("job_type", [None, "", 1])
def test_without_the_type_of_a_job_its_lag_is_unknown(job_type: object) -> None:
    lag = find_job_lag(job_type, INCREMENTAL, Reading(GOOD), Reading(None))
    assert lag == Lag(None, "its type is not known")


def test_the_type_of_a_job_says_which_numbers_are_its_lag() -> None:
    dr = Reading({"rpo_info": {"delay": "5000"}, "rto_info": {"delay": "0"}})
    assert find_job_lag("sync", INCREMENTAL, Reading(GOOD), dr) == Lag(1.0)
    assert find_job_lag("cloudDataGuard", INCREMENTAL, Reading(GOOD), dr) == Lag(5.0)


def test_a_parent_lags_as_much_as_its_worst_subtask() -> None:
    assert find_worst_lag({"a": Lag(1.0), "b": Lag(3.0)}) == Lag(3.0)
    assert find_worst_lag({"a": Lag(1.0), "b": Lag(None, "no delay")}) == Lag(None, "subtask b: no delay")
    assert find_worst_lag({}) == Lag(None, "its subtasks are not known")


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({}, False),
        ({"children": []}, False),
        ({"children": [{"id": "a"}]}, True),
        ({"multi_write": True}, True),
        ({"multi_write": "false"}, False),
        ({"job_mode_role": "parent"}, True),
        ({"job_mode_role": "child"}, False),
    ],
)
def test_which_jobs_are_parents(details: dict[str, object], expected: bool) -> None:
    assert is_parent(details) is expected


def test_the_progress_is_in_per_cent() -> None:
    steps = {"struct": {"completed": "94%"}, "data": {"completed": "100"}, "index": {"completed": "200%"}}
    assert parse_percentages(Reading({"progress_map": steps})) == {"structure": 94, "data": 100, "index": None}
    unknown = dict.fromkeys(("structure", "data", "index"))
    items: list[dict[str, Any]] = [{}, {"progress_map": []}, {"progress_map": {"data": "50%"}}]
    assert [parse_percentages(Reading(item)) for item in items] == [unknown] * 3
    assert parse_percentages(Reading(None)) == unknown


def test_the_task_mode_is_what_the_cloud_says() -> None:
    assert parse_task_mode(Reading(GOOD)) == "FULL_INCR_TRANS"
    assert [parse_task_mode(reading) for reading in (Reading(None), Reading({"task_mode": 1}))] == [None, None]
