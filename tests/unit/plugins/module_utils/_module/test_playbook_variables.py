# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook stop_jobs takes, and what it refuses before it sends anything."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.plugins.filter.stop_variables import FilterModule

ONE, TWO = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t"
IDS = {"drs_job_ids": [ONE]}
TYPE = {"drs_job_type": "sync"}
DEFAULTS = {
    "approved": {},
    "phases": ["running"],
    "expected_count": -1,
    "force": False,
    "wait": True,
    "wait_timeout": 1800,
    "wait_interval": 10,
    "all_or_none": False,
    "preview": False,
    "list_file": "",
}


def asked(**variables: Any) -> dict[str, Any]:
    """Give what is asked for."""
    result: dict[str, Any] = FilterModule().filters()["stop_variables"](variables)
    return result


def refused(**variables: Any) -> str:
    """Give the one line that says what is wrong."""
    result = asked(**variables)
    assert list(result) == ["error"]
    error: str = result["error"]
    assert error
    assert "\n" not in error
    assert not error.endswith(".")
    return error


def test_jobs_by_their_ids() -> None:
    result = asked(drs_job_ids=[ONE, "job-2", ONE])
    named = {"jobs": [], "job_ids": [ONE, "job-2"]}
    assert result == {**DEFAULTS, "error": "", "chosen_by": "drs_job_ids", "filter": {}, **named}


def test_limits_of_the_lag_are_there_where_they_are_given() -> None:
    result = asked(drs_job_ids=[ONE], drs_max_lag="0", drs_lag_timeout=60)
    assert {name: result[name] for name in result if "lag" in name} == {"max_lag": 0, "lag_timeout": 60}
    assert "drs_lag_timeout without max_lag" in refused(drs_job_ids=[ONE], drs_lag_timeout=60)
    assert "drs_max_lag must be" in refused(drs_job_ids=[ONE], drs_max_lag=-1)


def test_jobs_by_a_text() -> None:
    result = asked(drs_job_ids=f"{TWO}\r\n{ONE}\r\n", drs_force="true")
    assert result["job_ids"] == [TWO, ONE]
    assert result["force"] is True


def test_jobs_as_the_module_takes_them() -> None:
    given = [{"id": ONE, "force": "yes"}, {"job_id": TWO, "is_force_stop": None}, {"job_id": "a", "id": "a"}]
    result = asked(drs_jobs=given, drs_force=True)
    assert result["chosen_by"] == "drs_jobs"
    assert result["jobs"] == [{"job_id": ONE, "is_force_stop": "yes"}, {"job_id": TWO}, {"job_id": "a"}]
    assert result["job_ids"] == [ONE, TWO, "a"]
    assert result["force"] is True


def test_jobs_by_a_filter() -> None:
    result = asked(drs_job_type="migration", drs_job_name="a b", drs_enterprise_project_id=0, expected_count="12")
    assert result["chosen_by"] == "filter"
    assert result["filter"] == {"job_type": "migration", "name": "a b", "enterprise_project_id": "0"}
    assert result["jobs"] == result["job_ids"] == []
    assert result["expected_count"] == 12


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"drs_phases": ["running", "failed"]}, {"phases": ["running", "failed"]}),
        ({"drs_phases": "running, failed"}, {"phases": ["running", "failed"]}),
        ({"drs_phases": "not_started\r\nstopping\r\n"}, {"phases": ["not_started", "stopping"]}),
        ({"drs_wait": "n", "drs_preview": "y"}, {"wait": False, "preview": True}),
        ({"drs_wait_timeout": "30.5", "drs_wait_interval": 0}, {"wait_timeout": 30.5, "wait_interval": 0}),
        ({"drs_wait_timeout": "0", "drs_wait_interval": "1"}, {"wait_timeout": 0, "wait_interval": 1}),
        ({"expected_count": "0", "drs_list_file": "a b"}, {"expected_count": 0, "list_file": "a b"}),
    ],
)
def test_values_are_read_as_options_are(variables: dict[str, Any], expected: dict[str, Any]) -> None:
    result = asked(**TYPE, **variables)
    assert {name: result.get(name) for name in expected} == expected
    # 1800, not 1800.0: the messages say it.
    assert [type(result[name]) for name in expected] == [type(value) for value in expected.values()]


def test_an_empty_text_is_not_given() -> None:
    others = (
        "drs_jobs drs_job_type drs_job_name drs_phases expected_count drs_force drs_wait drs_wait_timeout drs_preview"
    )
    empty = dict.fromkeys([*others.split(), "drs_wait_interval", "drs_list_file", "drs_region"], " ")
    assert asked(**IDS, **empty) == asked(**IDS)
    assert asked(**TYPE, **dict.fromkeys(["drs_job_ids", "drs_jobs", "drs_phases", "expected_count"], "")) == asked(
        **TYPE
    )


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"drs_job_ids": ""},
        {"drs_job_ids": []},
        {"drs_job_ids": " ,\n"},
        {"drs_job_ids": "[]"},
        {"drs_jobs": []},
        {"drs_job_name": ""},
        {"drs_job_type": "", "drs_job_name": " "},
        {"drs_job_ids": [], "drs_job_type": "sync"},
        {"drs_job_ids": [ONE], "drs_job_type": "sync"},
        {"drs_job_ids": [ONE], "drs_jobs": [{"job_id": ONE}]},
        {"drs_phases": "running", "expected_count": 1},
    ],
)
def test_jobs_have_to_be_named_in_one_way(variables: dict[str, Any]) -> None:
    assert refused(**variables).startswith("Name the jobs in one way: by drs_job_ids, by drs_jobs, or by a filter (")


@pytest.mark.parametrize("name", ["drs_job_name", "drs_engine_type", "drs_net_type", "drs_enterprise_project_id"])
def test_a_part_of_a_filter_is_not_dropped(name: str) -> None:
    assert refused(drs_job_type="sync", **{name: " "}) == f"{name} is empty: leave it out where it is not to filter"
    assert "drs_job_type is empty" in refused(drs_job_type="", **{name: "x"})


@pytest.mark.parametrize(
    "name",
    "drs_job_ids drs_jobs drs_job_type drs_job_name drs_phases drs_force expected_count drs_project_name".split(),
)
def test_null_is_no_value(name: str) -> None:
    assert refused(**{**(IDS if name != "drs_job_ids" else TYPE), name: None}).startswith(f"{name} is null")


def test_phases_belong_to_a_filter() -> None:
    assert "drs_phases belongs to a filter" in refused(**IDS, drs_phases=["failed"])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("drs_wait_timeout", ["30m", "-1", -0.5, "nan", "inf", "1e999", [30], {}, True, "None", "30 60"]),
        ("drs_wait_interval", ["10s", -1, "nan", False, []]),
        ("expected_count", [3.9, "3.9", "3 jobs", -1, "-2", True, [3], "two", "1e400", float("inf")]),
        ("drs_force", ["maybe", 2, "forced", [], {}, "-"]),
        ("drs_wait", ["perhaps", "30"]),
        ("drs_preview", ["x"]),
        ("drs_job_type", ["migrations", "Migration", ["sync"], 1, "migration,sync", True]),
        (
            "drs_phases",
            ["runing", "running failed x", "Running", [], ["running", ""], [["running"]], {}, {"a": 1}, 1, ","],
        ),
        ("drs_job_name", [["a"], {}, True, 1.5]),
        ("drs_list_file", [["a"], True]),
        ("drs_region", [["a"], {"a": 1}, True]),
    ],
)
def test_what_cannot_be_meant_is_said_by_its_name(name: str, values: list[Any]) -> None:
    for value in values:
        assert name in refused(**{**TYPE, name: value}), value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (123, "must be a list of IDs, or a text with one a line; it is 123"),
        (1.5, "it is 1.5"),
        (True, "it is true"),
        ({"a": 1}, "it is a dictionary"),
        ([123], "drs_job_ids: entry 1 must be a text, in quotes; it is 123"),
        ([ONE, None], "drs_job_ids: entry 2 is missing"),
        ([[ONE]], "drs_job_ids: entry 1 must be a text"),
        ([{"job_id": ONE}], "drs_job_ids: entry 1 must be a text"),
        ([ONE, ""], "drs_job_ids: entry 2 is empty"),
        ([f"- {ONE}"], f"drs_job_ids: entry 1 '- {ONE}' is no job ID"),
        ([f"{ONE}\n{TWO}"], "is no job ID"),
        (["x" * 65], "is no job ID"),
        ("job-1 job-2", "'job-1', 'job-2' in the text: no job ID"),
        (f"DRS-1 {ONE}", "'DRS-1' in the text: no job ID"),
    ],
)
def test_ids_that_are_none(value: object, expected: str) -> None:
    assert expected in refused(drs_job_ids=value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("job_id=a", "drs_jobs must be a list"),
        ({"job_id": ONE}, "drs_jobs must be a list"),
        ([ONE], "drs_jobs"),
        (["job_id=a"], "drs_jobs: entry 1 must be a dictionary"),
        ([{}], "drs_jobs: job_id of entry 1 is missing"),
        ([{"job_id": None}], "drs_jobs: job_id of entry 1 is missing"),
        ([{"job_id": 1}], "drs_jobs: job_id of entry 1 must be a text, in quotes; it is 1"),
        ([{"job_id": "a b"}], "drs_jobs: job_id of entry 1 'a b' is no job ID"),
        ([{"job_id": ONE, "is_force_stop": "maybe"}], "is_force_stop"),
        ([{"job_id": ONE, "forced": True}], "drs_jobs: forced of entry 1 is no option: did you mean force?"),
        ([{"job_id": ONE, 7: True}], "drs_jobs: 7 of entry 1 is no option; there are "),
        ([{"job_id": ONE}, {"job_id": ONE, "is_force_stop": True}], f"drs_jobs: {ONE} is named twice"),
        ([{"job_id": ONE, "id": TWO}], "of entry 1 are one option with two values: give one of them"),
        (
            [{"job_id": ONE, "is_force_stop": False, "force": True}],
            "drs_jobs: is_force_stop (false) and force (true) of entry 1 are one option with two values",
        ),
    ],
)
def test_entries_that_are_none(value: object, expected: str) -> None:
    assert expected in refused(drs_jobs=value)


def test_a_long_value_is_cut() -> None:
    assert len(refused(drs_wait=True, drs_job_name=["x" * 500])) < 150


def test_variables_of_others_are_left_alone() -> None:
    assert asked(**IDS, drs_job_id=None, other=[]) == asked(**IDS)


def test_it_takes_what_yaml_gives() -> None:
    text = f"drs_job_ids: |\n  {ONE}\n  {TWO}\ndrs_wait: no\ndrs_wait_timeout: 5\n"
    result = asked(**yaml.safe_load(text))
    assert result["job_ids"] == [ONE, TWO]
    assert (result["wait"], result["wait_timeout"]) == (False, 5)
