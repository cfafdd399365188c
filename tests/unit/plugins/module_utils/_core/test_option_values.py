# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as they were written, and options that are written by two names."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.option_values import (
    check_names,
    entry_context,
    format_value,
    resolve_aliases,
)

ALIASES = {"id": "job_id", "url": "endpoint"}


def as_text(_option: str, value: object) -> object:
    """Give what a value comes to where all are texts."""
    return str(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (1.5, "1.5"),
        ("a\nb", r"'a\nb'"),
        ([1], "a list"),
        ({"a": 1}, "a dictionary"),
        (10**5000, "a number with too many digits"),
    ],
    ids=range(9),
)
def test_a_value_is_shown_in_one_line(value: object, text: str) -> None:
    assert format_value(value) == text


def test_a_long_text_is_cut() -> None:
    assert len(format_value("a" * 1000)) < 100


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"job_id": "a"}, {"job_id": "a"}),
        ({"id": "a", "other": 1}, {"job_id": "a", "other": 1}),
        ({"id": "a", "job_id": "a"}, {"job_id": "a"}),
        ({"job_id": "1", "id": 1}, {"job_id": "1"}),
        ({"id": 1, "job_id": "1"}, {"job_id": "1"}),
        ({"id": "a", "url": "b"}, {"job_id": "a", "endpoint": "b"}),
        ({}, {}),
    ],
)
def test_options_have_their_own_names(given: dict[str, Any], found: dict[str, Any]) -> None:
    assert resolve_aliases(given, ALIASES, as_text) == found


@pytest.mark.parametrize("given", [{"endpoint": "a", "url": "b"}, {"url": "b", "endpoint": "a"}])
def test_two_values_are_an_error_that_names_both_options_and_no_value(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve_aliases(given, ALIASES, as_text)
    first, second = given
    assert str(caught.value) == f"{first} and {second} are one option with two values: give one of them"


def test_in_an_entry_the_values_are_named_too() -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve_aliases({"job_id": "a", "id": "A"}, ALIASES, as_text, entry_context("jobs", 2))
    assert str(caught.value).startswith("jobs: job_id ('a') and id ('A') of entry 2 are one option with two values")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["id", "jbos"], "jbos is no option: did you mean jobs?"),
        (["colour"], "colour is no option; there are id, job_id, jobs"),
        (["one", "two"], "one is no option; there are id, job_id, jobs"),
        ([7], "7 is no option; there are id, job_id, jobs"),
        ([None], "null is no option; there are id, job_id, jobs"),
    ],
)
def test_an_unknown_option_is_named_with_what_may_have_been_meant(names: list[object], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_names(names, {"jobs", "job_id", "id"})
    assert str(caught.value) == message


def test_so_it_is_in_an_entry() -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_names(["jobid"], {"job_id", "name"}, entry_context("jobs", 3))
    assert str(caught.value) == "jobs: jobid of entry 3 is no option: did you mean job_id?"


def test_settings_of_ansible_are_no_options() -> None:
    check_names(["jobs", "_ansible_verbosity"], {"jobs"})
