# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook huaweicloud.drs.stop_jobs, run by its name, and the project that AWX takes it from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator, demo, seed_demo
from ansible_collections.huaweicloud.drs.tests.system.playbooks.runs import NAME, Play, inventory, stopped
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import MISSING, OTHER, RUNNING

CHECKOUT = Path(__file__).resolve().parents[3]
PROJECT = CHECKOUT / "examples" / "awx-project"
MIGRATIONS = ["aaa016cf-f3b6-4c2d-b4d7-5084b0fjb20t", "bbb016cf-f3b6-4c2d-b4d7-5084b0fjb20t"]
# The names that the cloud has for the jobs.
RUNNING_NAME, OTHER_NAME, MIGRATION_NAME = "DRS-1234", "DRS-3456", "DRS-b20t"
OUTCOMES = ("would_stop", "stopped", "unchanged")
WIDTH = 106  # 100, and the quotes and the indentation of Ansible's output


@pytest.fixture
def cloud() -> Iterator[Simulator]:
    """A cloud whose time passes, with two migrations beside the jobs of the API page."""
    with Simulator(release_seconds=0.2) as sim:
        seed_demo(sim.cloud)
        for job_id in MIGRATIONS:
            sim.cloud.add_job(job_id, job_type="migration")
        yield sim


def place_of(sim: Simulator) -> str:
    """Give the line that says where the jobs are."""
    return f"Project {demo.PROJECT_ID} at {sim.url}"


def test_jobs_by_their_ids_with_progress_and_a_table(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(OTHER).release_seconds = 1.5
    play = Play(cloud, tmp_path, drs_job_ids=[RUNNING, OTHER])

    assert play.code == 0, play.said
    assert play.table == [f"{RUNNING}  {RUNNING_NAME}  stopped", f"{OTHER}  {OTHER_NAME}  stopped"]
    progress = [
        place_of(cloud),
        "2 jobs: 2 to stop",
        f"Stop of 2 jobs accepted, 2 of 2 so far: {RUNNING}, {OTHER}",
        "0 of 2 jobs ended, 2 left, N s of 30 min",
        "1 of 2 jobs ended, 1 left, N s of 30 min",
        "2 of 2 jobs ended, after N s",
    ]
    lines = [re.sub(r"\b\d+ s\b", "N s", line) for line in play.lines]
    assert [line for line in lines if line in progress] == progress
    assert "2 jobs: 2 stopped, 0 stopping, 0 would stop, 0 unchanged, 0 held, 0 failed or unknown." in play.said
    assert stopped(cloud) == [RUNNING, OTHER]

    again = Play(cloud, tmp_path, drs_job_ids=f"{RUNNING}\n{OTHER}, ")
    assert again.code == 0, again.said
    assert [line.split()[:3] for line in again.table] == [
        [RUNNING, RUNNING_NAME, "unchanged"],
        [OTHER, OTHER_NAME, "unchanged"],
    ]
    assert "changed=0" in again.said
    assert stopped(cloud) == [RUNNING, OTHER]


@pytest.mark.parametrize("ends_in", ["RELEASE_RESOURCE_COMPLETE", "RELEASE_RESOURCE_FAILED"])
def test_one_look_that_shows_no_such_job_is_no_end(cloud: Simulator, tmp_path: Path, ends_in: str) -> None:
    cloud.cloud.job(RUNNING).ends_in = ends_in
    gone = {"id": RUNNING, "error_code": "DRS.M00289", "error_message": "The job does not exist."}
    # The first read is before the stop.
    cloud.faults.add(Fault("batch-status", nth=2, status=200, body={"count": 1, "results": [gone]}))
    play = Play(cloud, tmp_path, drs_job_ids=[RUNNING])
    assert play.code == (0 if ends_in == "RELEASE_RESOURCE_COMPLETE" else 2), play.said
    (line,) = play.table
    assert line == f"{RUNNING}  {RUNNING_NAME}  {'stopped' if play.code == 0 else f'failed  {ends_in}'}"


def test_one_job_that_fails_keeps_no_other_from_being_stopped_and_waited_for(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(OTHER).ends_in = "RELEASE_RESOURCE_FAILED"
    play = Play(cloud, tmp_path, drs_job_ids=[RUNNING, MISSING, OTHER])

    assert play.code == 2
    assert play.table == [
        f"{RUNNING}  {RUNNING_NAME}  stopped",
        f"{MISSING}            failed   DRS.M00289",
        f"{OTHER}  {OTHER_NAME}  failed   RELEASE_RESOURCE_FAILED",
    ]
    assert "3 jobs: 1 stopped, 0 stopping, 0 would stop, 0 unchanged, 0 held, 2 failed or unknown." in play.said
    assert "Stop the job again, if need be with force" in play.said
    assert "The job does not exist" in play.said


def test_what_has_not_stopped_in_time_is_said(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(OTHER).release_seconds = 1000
    play = Play(cloud, tmp_path, drs_job_ids=[RUNNING, OTHER], drs_wait_timeout=3)

    assert play.code == 2
    assert play.table == [f"{RUNNING}  {RUNNING_NAME}  stopped", f"{OTHER}  {OTHER_NAME}  stopping"]
    assert f"1 of 2 DRS jobs did not stop within 3 seconds: {OTHER} " in play.said


def test_a_filter_needs_somebody_who_has_seen_what_it_finds(cloud: Simulator, tmp_path: Path) -> None:
    unseen = Play(cloud, tmp_path, drs_job_type="migration")
    assert unseen.code == 2
    assert "There are 2 jobs to stop (running, stopping), and expected_count is not given." in unseen.said
    wrong = Play(cloud, tmp_path, drs_job_type="migration", expected_count=3)
    assert wrong.code == 2
    assert "and expected_count is 3. Nothing was stopped." in wrong.said
    assert "Look at them in check mode, then set expected_count=2." in wrong.said
    none = Play(cloud, tmp_path, drs_job_type="migration", expected_count=0)
    assert "and expected_count is 0. Nothing was stopped." in none.said
    assert stopped(cloud) == []

    check = Play(cloud, tmp_path, "--check", drs_job_type="migration")
    assert check.code == 0, check.said
    assert sorted(check.table) == [
        f"{job_id}  {MIGRATION_NAME}  would_stop  INCRE_TRANSFER_STARTED" for job_id in MIGRATIONS
    ]
    assert stopped(cloud) == []

    play = Play(cloud, tmp_path, drs_job_type="migration", expected_count="2", drs_preview="true")
    assert play.code == 0, play.said
    assert [line.split()[2] for line in play.table] == ["would_stop", "would_stop", "stopped", "stopped"]
    assert sorted(stopped(cloud)) == MIGRATIONS


def test_another_run_takes_up_what_is_stopping(cloud: Simulator, tmp_path: Path) -> None:
    filtered: dict[str, Any] = {"drs_job_type": "migration", "expected_count": 2}
    for job_id in MIGRATIONS:
        cloud.cloud.job(job_id).release_seconds = 1000
    first = Play(cloud, tmp_path, **filtered, drs_wait_timeout=3)
    assert first.code == 2
    assert "2 of 2 DRS jobs did not stop within 3 seconds" in first.said

    second = Play(cloud, tmp_path, **filtered, drs_wait_timeout=3)
    assert "2 jobs: 2 stopping already" in second.lines
    assert "2 of 2 DRS jobs did not stop within 3 seconds" in second.said
    assert sorted(stopped(cloud)) == MIGRATIONS

    for job_id in MIGRATIONS:
        cloud.cloud.job(job_id).status = "RELEASE_RESOURCE_COMPLETE"
    third = Play(cloud, tmp_path, **filtered)
    assert third.code == 2
    assert (
        "There are 0 jobs to stop (running, stopping), and expected_count is 2. Nothing was stopped. "
        "Other jobs of the filter: 2 stopped."
    ) in third.said
    assert "set expected_count" not in third.said


def test_in_awx_there_is_no_word_of_a_command_line(cloud: Simulator, tmp_path: Path) -> None:
    check = Play(cloud, tmp_path, "--check", drs_job_type="migration", awx_job_id=7)
    assert check.code == 0, check.said
    assert "approve them in the workflow, or enter their IDs as Job IDs: " in check.said
    assert "-e " not in check.said


def test_only_running_jobs_are_found_unless_somebody_says_otherwise(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(MIGRATIONS[0]).status = "FULL_TRANSFER_FAILED"
    check = Play(cloud, tmp_path, "--check", drs_job_type="migration")
    assert [line.split()[0] for line in check.table] == MIGRATIONS[1:]
    both = Play(cloud, tmp_path, "--check", drs_job_type="migration", drs_phases=["running", "failed"], drs_force=True)
    assert sorted(line.split()[0] for line in both.table) == MIGRATIONS


@pytest.mark.parametrize(
    "variables",
    [{}, {"drs_job_ids": [], "drs_job_type": ""}, {"drs_job_ids": [RUNNING], "drs_job_type": "sync"}],
    ids=["nothing", "empty", "both"],
)
def test_without_names_or_with_two_ways_to_name_nothing_is_asked(
    cloud: Simulator, tmp_path: Path, variables: dict[str, Any]
) -> None:
    play = Play(cloud, tmp_path, **variables)
    assert play.code == 2
    assert "Name the jobs in one way: by drs_job_ids, by drs_jobs, or by a filter" in play.said
    assert cloud.requests == []


def test_entries_force_single_jobs_and_one_may_go_on_without_waiting(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.release_seconds = 1000
    entries = [{"job_id": RUNNING}, {"job_id": OTHER, "is_force_stop": True}]
    play = Play(cloud, tmp_path, drs_jobs=entries, drs_wait=False)
    assert play.code == 0, play.said
    assert play.table == [f"{RUNNING}  {RUNNING_NAME}  stopping", f"{OTHER}  {OTHER_NAME}  stopping"]
    assert [stop[:2] for stop in cloud.cloud.accepted_stops] == [(RUNNING, False), (OTHER, True)]


def test_a_look_that_fails_is_no_reason_to_give_up(cloud: Simulator, tmp_path: Path) -> None:
    body = {"error_code": "DRS.M00102", "error_msg": "No."}
    cloud.faults.add(Fault("batch-status", nth=2, status=403, body=body))
    play = Play(cloud, tmp_path, drs_job_ids=[RUNNING])
    assert play.code == 0, play.said
    unread = r"0 of 1 job ended, 1 left, \d+ s of 30 min; 1 could not be read \(DRS\.M00102\)"
    assert [line for line in play.lines if re.fullmatch(unread, line)]
    assert play.table == [f"{RUNNING}  {RUNNING_NAME}  stopped"]


def test_what_cannot_even_begin_fails_at_once(cloud: Simulator, tmp_path: Path) -> None:
    play = Play(cloud, tmp_path, drs_job_ids=["a b"], playbook=NAME)
    assert play.code == 2
    assert "no job ID" in play.said
    assert cloud.requests == []


def test_all_or_none_and_names_hold_the_jobs(cloud: Simulator, tmp_path: Path) -> None:
    entries = [{"job_id": RUNNING, "name": RUNNING_NAME}, {"job_id": OTHER, "name": "another"}]
    play = Play(cloud, tmp_path, drs_jobs=entries, drs_all_or_none=True)
    assert play.code == 2
    assert "2 jobs: 0 stopped, 0 stopping, 0 would stop, 0 unchanged, 2 held, 0 failed or unknown." in play.said
    assert f"{OTHER} [{OTHER_NAME}] (its name is '{OTHER_NAME}', and must be 'another')" in play.said
    assert stopped(cloud) == []


def test_a_job_that_lags_is_held_and_shown_with_its_lag(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.job(RUNNING).lag = 0.25
    cloud.cloud.job(OTHER).lag = 35.0
    limits: dict[str, Any] = {"drs_max_lag": 0.5, "drs_max_lag_for": 0}
    check = Play(cloud, tmp_path, "--check", drs_job_ids=[RUNNING, OTHER], **limits)
    play = Play(cloud, tmp_path, drs_job_ids=[RUNNING, OTHER], drs_preview=True, **limits)
    assert check.code == play.code == 2
    held = f"{OTHER}  {OTHER_NAME}  held        35 s    its lag of 35 s is over 0.5 s"
    assert check.table == [f"{RUNNING}  {RUNNING_NAME}  would_stop  0.25 s  INCRE_TRANSFER_STARTED", held]
    assert play.table[:2] == check.table
    assert [line.split()[2] for line in play.table[2:]] == ["stopped", "held"]
    assert stopped(cloud) == [RUNNING]


def test_hosts_may_be_regions(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.add_project("second-id", "second")
    cloud.cloud.add_job("job-in-second", project_id="second-id")
    hosts = {
        "first": {"drs_project_name": "demo", "drs_job_ids": [RUNNING]},
        "second": {"drs_project_name": "second", "drs_job_ids": ["job-in-second"]},
    }
    play = Play(cloud, tmp_path, *inventory(tmp_path, hosts), drs_hosts="regions")
    assert play.code == 0, play.said
    assert sorted(stopped(cloud)) == sorted([RUNNING, "job-in-second"])


def test_the_table_fits_a_console(cloud: Simulator, tmp_path: Path) -> None:
    play = Play(cloud, tmp_path, "--check", drs_job_ids=[RUNNING, MISSING])
    assert max(map(len, play.table)) <= WIDTH


def test_the_awx_project_runs_it_with_what_its_survey_asks_for(cloud: Simulator, tmp_path: Path) -> None:
    survey = json.loads((CHECKOUT / "examples" / "awx" / "survey.json").read_text())
    answers = {question["variable"]: question["default"] for question in survey["spec"]}
    playbook = (CHECKOUT / "playbooks" / "stop_jobs.yml").read_text()
    assert [variable for variable in answers if variable not in playbook] == []
    # A required question with a default fails where nobody answers: in the API, on schedules and in workflows.
    assert [question["variable"] for question in survey["spec"] if question["required"]] == []

    empty = Play(cloud, tmp_path, playbook=str(PROJECT / "stop_jobs.yml"), **answers)
    assert "Name the jobs in one way" in empty.said
    answers["drs_job_ids"] = f"{RUNNING}\n{OTHER}\n"
    cloud.cloud.job(OTHER).lag = 7
    guarded = {**answers, "drs_max_lag": 5, "drs_max_lag_for": 0, "drs_all_or_none": "yes"}
    assert Play(cloud, tmp_path, playbook=str(PROJECT / "stop_jobs.yml"), **guarded).code == 2
    assert stopped(cloud) == []
    play = Play(cloud, tmp_path, playbook=str(PROJECT / "stop_jobs.yml"), **answers)
    assert play.code == 0, play.said
    assert stopped(cloud) == [RUNNING, OTHER]


BY_TYPE = {"drs_job_type": "migration", "expected_count": 2}
BY_ID = {"drs_job_ids": [RUNNING]}
# What cannot be meant, and what is said of it.
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "timeout": ({**BY_ID, "drs_wait_timeout": "30m"}, "drs_wait_timeout must be a number of seconds; it is '30m'"),
    "force": ({**BY_ID, "drs_force": "maybe"}, "drs_force must be true or false; it is 'maybe'"),
    "wait": ({**BY_ID, "drs_wait": "perhaps"}, "drs_wait must be true or false; it is 'perhaps'"),
    "number": ({**BY_TYPE, "expected_count": 3.9}, "expected_count must be a whole number, not negative; it is 3.9"),
    "words": ({**BY_TYPE, "expected_count": "2 jobs"}, "expected_count must be a whole number, not negative"),
    "null count": ({**BY_TYPE, "expected_count": None}, "expected_count is null"),
    "type": ({"drs_job_type": "migrations", "expected_count": 2}, "value of drs_job_type must be one of"),
    "phase": ({**BY_TYPE, "drs_phases": ["runing"]}, "value of drs_phases must be one or more of"),
    "no phase": ({**BY_TYPE, "drs_phases": []}, "drs_phases names no phase"),
    "null phases": ({**BY_TYPE, "drs_phases": None}, "drs_phases is null"),
    "part": ({**BY_TYPE, "drs_job_name": ""}, "drs_job_name is empty"),
    "null ids": ({"drs_job_ids": None}, "drs_job_ids is null"),
    "digits": ({"drs_job_ids": 12345}, "drs_job_ids must be a list of IDs, or a text with one a line; it is 12345"),
    "bullets": ({"drs_job_ids": f"- {RUNNING}\n- {OTHER}"}, "drs_job_ids: '-', '-' in the text: no job ID"),
    "names": ({"drs_job_ids": f"DRS-1234 {RUNNING}"}, "drs_job_ids: 'DRS-1234' in the text: no job ID"),
    "short": ({"drs_job_ids": f"{RUNNING}, job-0000"}, "drs_job_ids: 'job-0000' in the text: no job ID"),
    "entry": (
        {"drs_jobs": [{"job_id": RUNNING, "id": OTHER}]},
        "of entry 1 are one option with two values",
    ),
}


def test_what_cannot_be_meant_is_said_in_one_line_before_anything_is_sent(cloud: Simulator, tmp_path: Path) -> None:
    hosts = {name.replace(" ", "-"): variables for name, (variables, _told) in WRONG.items()}
    hosts = {name: {"drs_wait_timeout": 60, **variables} for name, variables in hosts.items()}
    play = Play(cloud, tmp_path, *inventory(tmp_path, hosts), drs_hosts="regions")
    for name, (_variables, expected) in WRONG.items():
        (line,) = [line for line in play.said.splitlines() if f"fatal: [{name.replace(' ', '-')}]" in line]
        assert expected in json.loads(line.partition("=> ")[2])["msg"]
    assert cloud.requests == []


def test_what_is_noted_cannot_be_given_from_outside(cloud: Simulator, tmp_path: Path) -> None:
    given: dict[str, Any] = {name: [{"job_id": OTHER}] for name in ("_drs_chosen", "_drs_mine", "_drs_lines")}
    play = Play(cloud, tmp_path, drs_job_ids=[RUNNING], **given)
    assert play.code == 2
    assert "Variables that begin with _drs_ belong to the playbook itself" in play.said
    assert cloud.requests == []


def test_a_start_in_the_middle_stops_nothing(cloud: Simulator, tmp_path: Path) -> None:
    play = Play(cloud, tmp_path, "--start-at-task", "Stop the jobs*", drs_job_ids=[RUNNING])
    assert play.code == 2
    assert "No jobs were chosen and checked in this run. Nothing was stopped." in play.said
    assert cloud.requests == []


def test_what_gives_something_else_each_time_is_read_once(cloud: Simulator, tmp_path: Path) -> None:
    # Each look at the variable takes the next job.
    command = f"echo >> {tmp_path}/looks; wc -l < {tmp_path}/looks"
    ids = f"{{{{ [{[RUNNING, OTHER, *MIGRATIONS]}[lookup('ansible.builtin.pipe', '{command}') | int - 1]] }}}}"
    # Other names do not matter, also those that were once used for what is noted, and some that Ansible uses itself.
    others: dict[str, Any] = {
        name: [OTHER] for name in ("stop_ids", "stop_entries", "stop_named_ids", "ansible_check_mode", "item")
    }
    play = Play(cloud, tmp_path, drs_job_ids=ids, drs_preview=True, drs_wait=False, **others)
    assert play.code == 0, play.said
    assert [line.split() for line in play.table] == [
        [RUNNING, RUNNING_NAME, "would_stop", "INCRE_TRANSFER_STARTED"],
        [RUNNING, RUNNING_NAME, "stopping"],
    ]
    assert stopped(cloud) == [RUNNING]
    assert (tmp_path / "looks").read_text() == "\n"


def test_the_list_that_was_shown_is_handed_on(cloud: Simulator, tmp_path: Path) -> None:
    look = Play(cloud, tmp_path, "--check", drs_job_type="migration", drs_list_file="list.yml")
    assert look.code == 0, look.said
    chosen = [line.split() for line in look.lines if re.match(" +[12] ", line)]
    assert sorted(line[1:] for line in chosen) == [[job_id, MIGRATION_NAME] for job_id in MIGRATIONS]
    assert look.lines.count(place_of(cloud)) == 3
    (argument,) = re.findall(r"To stop exactly these jobs: -e '(.+)'", look.said)
    assert sorted(yaml.safe_load(argument)["drs_job_ids"]) == MIGRATIONS
    text = (tmp_path / "list.yml").read_text()
    assert yaml.safe_load(text) == yaml.safe_load(argument)
    assert MIGRATION_NAME in text

    # Meanwhile one of them has ended, and another has begun.
    cloud.cloud.job(MIGRATIONS[0]).status = "RELEASE_RESOURCE_COMPLETE"
    cloud.cloud.add_job("ccc016cf-f3b6-4c2d-b4d7-5084b0fjb20t", job_type="migration")
    play = Play(cloud, tmp_path, "-e", "@list.yml")
    assert play.code == 0, play.said
    assert stopped(cloud) == MIGRATIONS[1:]


@pytest.mark.parametrize("strategy", ["linear", "free"])
def test_hosts_at_the_same_place_share_the_jobs(cloud: Simulator, tmp_path: Path, strategy: str) -> None:
    cloud.cloud.add_project("second-id", "second")
    hosts: dict[str, dict[str, Any]] = {
        # It has no such job, so nothing is left to it.
        "elsewhere": {"drs_project_name": "second", "drs_job_ids": [RUNNING]},
        "one": {**BY_TYPE, "drs_list_file": "{{ inventory_hostname }}.yml"},
        "two": {"drs_job_ids": [*MIGRATIONS, RUNNING], "drs_list_file": "{{ inventory_hostname }}.yml"},
        "three": BY_TYPE,
        "wrong": {**BY_TYPE, "expected_count": 3},
    }
    arguments = inventory(tmp_path, {"wrong": hosts.pop("wrong"), **hosts})
    play = Play(cloud, tmp_path, *arguments, drs_hosts="regions", drs_wait=False, strategy=strategy)
    assert play.code == 2
    assert sorted(stopped(cloud)) == sorted([*MIGRATIONS, RUNNING])
    assert len(cloud.requests_to("batch-stop")) == 2
    assert "Left to one (same project and endpoint): " in play.said
    assert "Left to elsewhere" not in play.said
    assert [path.name for path in sorted(tmp_path.glob("*.yml"))] == ["hosts.yml", "one.yml", "two.yml"]


def test_hosts_do_not_write_the_same_list(cloud: Simulator, tmp_path: Path) -> None:
    hosts = {"one": BY_ID, "two": {"drs_job_ids": [OTHER]}}
    play = Play(cloud, tmp_path, *inventory(tmp_path, hosts), drs_hosts="regions", drs_list_file="list.yml")
    assert play.code == 2
    assert "drs_list_file names one file for one, two. Nothing was stopped." in play.said
    assert stopped(cloud) == []


def test_it_may_be_imported_twice(cloud: Simulator, tmp_path: Path) -> None:
    playbook = tmp_path / "twice.yml"
    jobs: list[dict[str, Any]] = [
        {"drs_job_type": "migration", "drs_job_name": MIGRATION_NAME, "expected_count": 2, "drs_preview": True},
        {"drs_jobs": [{"id": RUNNING, "force": True}, {"job_id": MIGRATIONS[0]}]},
    ]
    playbook.write_text(yaml.safe_dump([{"import_playbook": NAME, "vars": variables} for variables in jobs]))
    play = Play(cloud, tmp_path, playbook=str(playbook))
    assert play.code == 0, play.said
    assert sorted(stopped(cloud)) == sorted([*MIGRATIONS, RUNNING])
    outcomes = [outcome for line in play.table for outcome in OUTCOMES if f"  {outcome}" in line]
    assert outcomes == [*["would_stop"] * 2, *["stopped"] * 3, "unchanged"]
    assert {stop.job_id for stop in cloud.cloud.accepted_stops if stop.is_force_stop} == {RUNNING}
    assert "2 jobs: 1 stopped, 0 stopping, 0 would stop, 1 unchanged, 0 held, 0 failed or unknown." in play.said
