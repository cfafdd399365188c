# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that all modules share: what the environment gives them, and what a job ID is."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.arguments import (
    check_job_id,
    common_argument_spec,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.environment import VARIABLES

SPEC = common_argument_spec()


def parameters() -> dict[str, Any]:
    """Give what the options are when the task names none."""
    result = ArgumentSpecValidator(SPEC).validate({})
    assert result.error_messages == []
    found: dict[str, Any] = result.validated_parameters
    return found


def test_the_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_MAX_RETRIES", "0")
    monkeypatch.setenv("HW_CA_PATH", "/ca")
    assert (parameters()["retries"], parameters()["ca_path"]) == (0, "/ca")


@pytest.mark.usefixtures("all_empty")
def test_empty_variables_leave_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    with_them = parameters()
    for name in VARIABLES:
        monkeypatch.delenv(name)
    assert with_them == parameters()
    assert with_them["retries"] == 5


@pytest.mark.parametrize("job_id", ["a", "0", "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", "-a-", "a" * 64])
def test_a_job_id_is_letters_digits_and_hyphens(job_id: str) -> None:
    check_job_id(job_id, "job_ids: entry 1")


@pytest.mark.parametrize(
    ("job_id", "expected"),
    [
        ("", "job_ids: entry 1 is empty"),
        (" ", "job_ids: entry 1 is empty"),
        ("---", "job_ids: entry 1 '---' is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)"),
        ("a\n", "job_ids: entry 1 'a\\n' is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)"),
        ("a" * 65, f"job_ids: entry 1 '{'a' * 65}' is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)"),
        ("b" * 100_000, f"job_ids: entry 1 '{'b' * 80}' is no job ID (1 to 64 of A-Z, a-z, 0-9 and -)"),
    ],
    ids=["empty", "blank", "hyphens", "line break", "long", "very long"],
)
def test_what_is_no_job_id_is_named_with_its_place(job_id: str, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_job_id(job_id, "job_ids: entry 1")
    assert str(caught.value) == expected
