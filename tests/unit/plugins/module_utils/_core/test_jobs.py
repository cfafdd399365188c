# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each status of a job means for a stop."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import (
    KNOWN_STATUSES,
    LISTED_PHASES,
    Observation,
    Phase,
    parse_phase,
)

# Every status of the official SDK's models for v3 and v5, 29 values, and a spelling that an OTC page has.
PHASES = {
    "CREATING": "not_started",
    "CREATE_FAILED": "stopped",
    "CONFIGURATION": "not_started",
    "WAITING_FOR_START": "not_started",
    "STARTJOBING": "running",
    "START_JOB_FAILED": "failed",
    "FULL_TRANSFER_STARTED": "running",
    "FULL_TRANSFER_COMPLETE": "running",
    "FULL_TRANSFER_FAILED": "failed",
    "INCRE_TRANSFER_STARTED": "running",
    "INCRE_TRANSFER_FAILED": "failed",
    "PAUSING": "running",
    "PAUSEING": "running",
    "REBUILD_NODE_STARTED": "running",
    "REBUILD_NODE_FAILED": "failed",
    "CHANGE_JOB_STARTED": "running",
    "CHANGE_JOB_FAILED": "failed",
    "CHILD_TRANSFER_STARTING": "running",
    "CHILD_TRANSFER_STARTED": "running",
    "CHILD_TRANSFER_COMPLETE": "running",
    "CHILD_TRANSFER_FAILED": "failed",
    "NODE_UPGRADE_START": "running",
    "NODE_UPGRADE_COMPLETE": "running",
    "NODE_UPGRADE_FAILED": "failed",
    "RELEASE_RESOURCE_STARTED": "stopping",
    "RELEASE_CHILD_TRANSFER_STARTED": "stopping",
    "RELEASE_RESOURCE_FAILED": "failed",
    "RELEASE_RESOURCE_COMPLETE": "stopped",
    "RELEASE_CHILD_TRANSFER_COMPLETE": "stopped",
    "DELETED": "stopped",
}
ENDING = [status for status, phase in PHASES.items() if phase in ("stopping", "stopped")]


@pytest.mark.parametrize(("status", "phase"), PHASES.items())
def test_each_status_has_its_phase_in_whatever_case(status: str, phase: str) -> None:
    assert parse_phase(status).value == phase
    assert parse_phase(status.lower()).value == phase
    assert Observation(status=status).phase is Phase(phase)


def test_every_status_with_a_phase_is_known() -> None:
    assert set(KNOWN_STATUSES) == set(PHASES)


@pytest.mark.parametrize("status", ["", "SOMETHING_NEW", "RELEASE_RESOURCE_COMPLETED", "STOPPED"])
def test_a_status_that_nobody_knows_is_running(status: str) -> None:
    assert parse_phase(status) is Phase.RUNNING


def test_a_look_that_gave_nothing_has_no_phase() -> None:
    assert Observation().phase is None
    assert Observation(missing=True).phase is Phase.MISSING


@pytest.mark.parametrize("status", PHASES)
def test_what_is_stopping_or_stopped_is_ending(status: str) -> None:
    assert Observation(status=status).is_ending is (status in ENDING)


def test_what_is_missing_or_unread_is_not_ending() -> None:
    assert not Observation(missing=True).is_ending
    assert not Observation().is_ending


@pytest.mark.parametrize("status", ENDING)
def test_an_ending_job_shows_a_stop_whatever_it_was_before(status: str) -> None:
    assert Observation(status=status).stop_took_effect_since("INCRE_TRANSFER_STARTED")


@pytest.mark.parametrize(
    ("look", "before", "expected"),
    [
        (Observation(missing=True), "INCRE_TRANSFER_STARTED", False),
        (Observation(status="INCRE_TRANSFER_STARTED"), "INCRE_TRANSFER_STARTED", False),
        (Observation(status="INCRE_TRANSFER_FAILED"), "INCRE_TRANSFER_STARTED", False),
        (Observation(status="RELEASE_RESOURCE_FAILED"), "INCRE_TRANSFER_STARTED", True),
        (Observation(status="RELEASE_RESOURCE_FAILED"), None, True),
        (Observation(status="RELEASE_RESOURCE_FAILED"), "RELEASE_RESOURCE_FAILED", False),
        (Observation(), "INCRE_TRANSFER_STARTED", False),
    ],
)
def test_a_failed_stop_shows_only_where_it_was_not_there_before(
    look: Observation, before: str | None, expected: bool
) -> None:
    assert look.stop_took_effect_since(before) is expected


def test_a_list_has_jobs_of_all_phases_but_missing_ones() -> None:
    assert set(LISTED_PHASES) == set(PHASES.values())
