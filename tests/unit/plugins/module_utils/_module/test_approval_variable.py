# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variable drs_approved: only what a look has handed on is taken."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.approval_variable import parse_approval
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.playbook_variables import parse_variables

ENTRY = {"job_id": "a", "name": "DRS-a", "is_force_stop": False, "phase": "running", "lag": 0.5}


def approved(*entries: object, **fields: Any) -> dict[str, Any]:
    """Return an approval for localhost."""
    return {"localhost": {"place": "here", "count": len(entries), "jobs": list(entries), **fields}}


def test_the_jobs_of_the_host() -> None:
    found = parse_approval({**approved(ENTRY), "other": {"place": "there", "jobs": []}}, "localhost", ["localhost"])
    assert found == {"place": "here", "jobs": [ENTRY]}


def test_they_win_over_how_they_were_found() -> None:
    found = parse_variables({"drs_approved": approved(ENTRY), "drs_job_type": "sync", "drs_job_ids": "x, y"})
    assert (found["chosen_by"], found["filter"], found["job_ids"]) == ("drs_approved", {}, ["a"])
    assert found["jobs"] == [{"job_id": "a", "name": "DRS-a", "is_force_stop": False}]
    assert found["approved"] == {"place": "here", "jobs": [ENTRY]}


def test_a_name_that_was_not_known_is_no_condition() -> None:
    found = parse_variables({"drs_approved": approved({**ENTRY, "name": None})})
    assert found["jobs"] == [{"job_id": "a", "is_force_stop": False}]


def test_nothing_approved_is_no_job() -> None:
    found = parse_variables({"drs_approved": approved(), "drs_job_type": "sync"})
    assert (found["jobs"], found["job_ids"]) == ([], [])


def test_an_empty_text_is_not_given() -> None:
    assert parse_variables({"drs_approved": "", "drs_job_ids": ["a"]})["chosen_by"] == "drs_job_ids"


def test_a_host_that_is_left_out_must_have_no_jobs() -> None:
    with pytest.raises(ConfigurationError, match="jobs of hosts that are not in this run: localhost"):
        parse_approval({**approved(ENTRY), "other": approved()["localhost"]}, "other", ["other"])
    assert parse_approval({**approved(), "other": approved()["localhost"]}, "other", ["other"])["jobs"] == []


@pytest.mark.parametrize(
    "value",
    [
        "yes",
        None,
        [],
        {},
        {"other": {"place": "here", "jobs": []}},
        {"localhost": []},
        {"localhost": {"jobs": []}},
        {"localhost": {"place": "here"}},
        approved("a"),
        approved({}),
        approved({**ENTRY, "job_id": "a b"}),
        approved({**ENTRY, "job_id": 5}),
        approved({**ENTRY, "name": " "}),
        approved({**ENTRY, "name": 5}),
        approved({**ENTRY, "is_force_stop": "no"}),
        approved({**ENTRY, "phase": "ready"}),
        approved({**ENTRY, "more": 1}),
        approved(ENTRY, ENTRY),
    ],
)
def test_anything_else_is_an_error(value: object) -> None:
    with pytest.raises(ConfigurationError, match="drs_approved") as caught:
        parse_variables({"drs_approved": value})
    assert "\n" not in str(caught.value)
