# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task shows while it works: as an action on the console, as a module in the system log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.unit.plugins.action_harness import TaskContext, run_action
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    OTHER,
    RUNNING,
    StopModule,
    job_ids,
)

Lines = Callable[..., list[str]]


@pytest.fixture
def lines(sim: Simulator, clock: ManualClock) -> Lines:
    """Run the action for these jobs, and return the lines that it shows."""
    stop = StopModule(sim, clock, as_action=True)

    def run(*jobs: str, **options: Any) -> list[str]:
        shown = stop(*jobs, **options).shown
        if shown:
            assert shown.pop(0) == f"Project {PROJECT_ID} at {sim.url}"
        return shown

    return run


def test_a_stop_shows_what_it_finds_what_was_accepted_and_how_the_wait_goes(sim: Simulator, lines: Lines) -> None:
    many = job_ids(5)
    for number, job_id in enumerate(many):
        sim.cloud.add_job(job_id, release_seconds=number * 15.0 + 5)
    sim.cloud.job(OTHER).status = "RELEASE_RESOURCE_COMPLETE"

    shown = lines(*many, OTHER, MISSING, batch_size=3, concurrency=1)

    assert shown == [
        "7 jobs: 5 to stop, 1 stopped already, 1 not found",
        f"Stop of 3 jobs accepted, 3 of 5 so far: {', '.join(many[:3])}",
        f"Stop of 2 jobs accepted, 5 of 5 so far: {', '.join(many[3:])}",
        "0 of 5 jobs ended, 5 left, 0 s of 30 min",
        "1 of 5 jobs ended, 4 left, 10 s of 30 min",
        "2 of 5 jobs ended, 3 left, 20 s of 30 min",
        "3 of 5 jobs ended, 2 left, 40 s of 30 min",
        "4 of 5 jobs ended, 1 left, 50 s of 30 min",
        "5 of 5 jobs ended, after 70 s",
    ]


def test_of_many_jobs_what_was_found_is_shown_when_all_are_observed(sim: Simulator, lines: Lines) -> None:
    many = job_ids(101)
    for job_id in many:
        sim.cloud.add_job(job_id)

    shown = lines(*many, MISSING, batch_size=50, concurrency=1, wait=False)

    assert [line.partition(": c")[0] for line in shown] == [
        "Stop of 50 jobs accepted, 50 of up to 102 so far",
        "Stop of 50 jobs accepted, 100 of up to 102 so far",
        "102 jobs: 101 to stop, 1 not found",
        "Stop of 1 job accepted, 101 of 101 so far",
    ]


def test_a_long_wait_shows_a_line_a_minute(sim: Simulator, lines: Lines) -> None:
    sim.cloud.job(RUNNING).release_seconds = 250
    shown = lines(RUNNING, wait_interval=100)
    assert shown[2:] == [
        "0 of 1 job ended, 1 left, 0 s of 30 min",
        "0 of 1 job ended, 1 left, 60 s of 30 min",
        "0 of 1 job ended, 1 left, 2 min of 30 min",
        "0 of 1 job ended, 1 left, 3 min of 30 min",
        "0 of 1 job ended, 1 left, 4 min of 30 min",
        "1 of 1 job ended, after 5 min",
    ]


def test_check_mode_shows_what_it_finds(lines: Lines) -> None:
    assert lines(RUNNING, MISSING, check=True) == ["2 jobs: 1 to stop, 1 not found"]


def test_no_jobs_show_nothing(lines: Lines) -> None:
    assert lines() == []


def test_a_stop_in_doubt_is_shown_and_resolved(sim: Simulator, lines: Lines) -> None:
    sim.faults.add(Fault("batch-stop", kind="reset"))
    shown = lines(RUNNING, wait=False)
    assert shown[1].startswith(f"Stop of 1 job in doubt: {RUNNING} (POST ")
    assert shown[2:] == [
        "Checking for up to 20 s whether the stop of 1 job was accepted",
        f"Stop of 1 job not arrived: {RUNNING} ({shown[1].partition(' (')[2]}",
        f"Stop of 1 job accepted, 1 of 1 so far: {RUNNING}",
    ]


def test_lags_and_held_jobs_are_shown(sim: Simulator, lines: Lines) -> None:
    sim.cloud.job(RUNNING).lag = 2.5
    sim.cloud.job(OTHER).lag = 35.0
    shown = lines(RUNNING, OTHER, max_lag=5, wait=False)
    assert shown == [
        "Lag within the limit: 0 of 2 jobs, 1 watched, 1 held, the largest lag is 2.5 s",
        "Lag within the limit: 1 of 2 jobs, 0 watched, 1 held, the largest lag is 2.5 s",
        "2 jobs: 1 to stop, 1 held",
        f"1 job held: {OTHER} (its lag of 35 s is over 5 s)",
        f"Stop of 1 job accepted, 1 of 1 so far: {RUNNING}",
    ]


def test_a_long_retry_is_shown_once_at_any_verbosity(sim: Simulator, lines: Lines) -> None:
    for verbosity in (0, 2):
        sim.faults.add(Fault("batch-status", status=429, headers={"Retry-After": "23"}))
        shown = lines(RUNNING, check=True, _ansible_verbosity=verbosity)
        assert [line.partition("batch-status: ")[2] for line in shown[:-1]] == ["HTTP 429, attempt 2 in 23.0 s"]


@pytest.mark.parametrize("options", [{"progress": False}, {"progress": "no"}])
def test_without_progress_there_are_no_lines(lines: Lines, options: dict[str, Any]) -> None:
    assert lines(RUNNING, MISSING, **options) == []


def run_in_context(sim: Simulator, clock: ManualClock, context: TaskContext, **options: Any) -> dict[str, Any]:
    """Run the action with these keywords and variables."""
    arguments = {
        "endpoint": sim.url,
        "token": sim.cloud.issue_token("demo", "demo"),
        "project_id": PROJECT_ID,
        "jobs": [{"job_id": RUNNING}],
        **options,
    }
    return run_action(StopModule.name, arguments, clock, lambda: {"left": "to the module"}, context)


def context_of(**keywords: Any) -> TaskContext:
    """Return a task with these keywords."""
    return TaskContext(keywords=keywords)


def test_with_no_log_there_are_no_lines(sim: Simulator, clock: ManualClock, capsys: pytest.CaptureFixture[str]) -> None:
    run_in_context(sim, clock, context_of(no_log=True))
    assert sim.cloud.accepted_stops
    assert capsys.readouterr() == ("", "")


def test_with_more_hosts_a_line_begins_with_its_host(
    sim: Simulator, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    variables = {
        **TaskContext().variables,
        "inventory_hostname": "db1",
        "ansible_play_hosts_all": ["db1", "db2"],
    }
    run_in_context(sim, clock, TaskContext(variables=variables))
    assert capsys.readouterr().out.splitlines()[1] == "db1: 1 job: 1 to stop"


@pytest.mark.parametrize(
    ("keywords", "options", "is_shown"),
    [
        ({}, {}, True),
        ({}, {"progress": "true"}, True),
        ({}, {"progress": False}, False),
        ({}, {"progress": ["no boolean"]}, False),
        ({"no_log": True}, {}, False),
    ],
)
def test_a_task_left_to_the_module_shows_where_its_lines_are(
    sim: Simulator,
    clock: ManualClock,
    capsys: pytest.CaptureFixture[str],
    keywords: dict[str, Any],
    options: dict[str, Any],
    is_shown: bool,
) -> None:
    variables = {"ansible_python_interpreter": "/another/python", "inventory_hostname": "db1"}
    result = run_in_context(sim, clock, TaskContext(keywords=keywords, variables=variables), **options)
    assert result == {"left": "to the module"}
    hint = "Progress is in the system log of db1: journalctl -f | grep drs_job_batch_stop\n"
    assert capsys.readouterr().out == (hint if is_shown else "")


def test_a_module_writes_its_lines_to_the_system_log(stop: StopModule, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda _module, text, **_arguments: logged.append(text))
    stop(RUNNING)
    assert [line.partition(": ")[0] for line in logged if "invoked" not in line.lower()][1:] == [
        "1 job",
        "Stop of 1 job accepted, 1 of 1 so far",
        "0 of 1 job ended, 1 left, 0 s of 30 min",
        "1 of 1 job ended, after 10 s",
    ]
