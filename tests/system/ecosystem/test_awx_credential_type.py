# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential type for AWX: AWX takes it, masks its secrets, and what it injects works in modules and lookups."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.ecosystem import awx
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    CHECKOUT,
    play,
    results_in,
    with_collection,
    write_playbook,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.environment import READ
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import OTHER, RUNNING

PATH = CHECKOUT / "examples/awx/credential_type.yml"
TYPE: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
FIELDS: dict[str, dict[str, Any]] = {field["id"]: field for field in TYPE["inputs"]["fields"]}
SECRET = {"password", "secret_key", "security_token", "token"}
PASSWORD = "Pelican77MarigoldCanary"
SECRET_KEY = "Axolotl68000PetuniaCanary"
SECURITY_TOKEN = "MIIManatee6502CamelliaCanary" + "Xv9" * 40


def test_awx_takes_it() -> None:
    assert awx.problems(TYPE) == []
    assert TYPE["name"]
    assert TYPE["description"]


def test_each_field_is_explained_and_only_the_secret_ones_are_secret() -> None:
    assert all(field["label"] and field["help_text"] for field in FIELDS.values())
    assert len({field["label"] for field in FIELDS.values()}) == len(FIELDS)
    assert {name for name, field in FIELDS.items() if field.get("secret")} == SECRET


def test_no_way_to_log_in_is_required() -> None:
    # Any of three will do, and which one only the user knows.
    assert TYPE["inputs"]["required"] == ["region"]


def test_each_field_sets_the_variable_that_the_option_of_its_name_reads() -> None:
    read = dict(READ)
    read["drs_endpoint"] = read.pop("endpoint")
    # The form is for who and where; these two are about how, and belong to the task.
    assert read.keys() - FIELDS.keys() == {"ca_path", "retries"}
    inputs = {name: f"value of {name}" for name in FIELDS}
    variables = awx.inject(TYPE, inputs)
    assert sorted(variables.values()) == sorted(inputs.values())
    for name, value in inputs.items():
        (variable,) = [each for each in variables if variables[each] == value]
        assert variable in read[name]


def test_a_field_that_is_left_empty_makes_an_empty_variable() -> None:
    variables = awx.inject(TYPE, {"region": "r", "username": ""})
    assert variables.pop("HW_REGION_NAME") == "r"
    assert set(variables.values()) == {""}


def test_awx_shows_what_is_not_secret_and_nothing_else() -> None:
    inputs = {name: f"canary of {name}" for name in FIELDS}
    shown = awx.shown(TYPE, inputs)
    masked = {name for name, value in shown.items() if value == "**********"}
    assert masked == {"HW_SECRET_KEY", "HW_SECURITY_TOKEN", "HW_USER_PASSWORD", "HW_AUTH_TOKEN"}
    assert {value for value in shown.values() if value not in ("**********",)} == {
        value for name, value in inputs.items() if name not in SECRET
    }


def test_awx_masks_by_the_field_and_not_by_the_name_of_the_variable() -> None:
    renamed = _change(lambda it: it["injectors"]["env"].update(HW_SK="{{ secret_key }}", HW_TOKEN_OF="{{ username }}"))
    assert awx.problems(renamed) == []
    shown = awx.shown(renamed, {"secret_key": SECRET_KEY, "username": "canary", "access_key": "canary-key"})
    assert shown["HW_SK"] == "**********"
    assert (shown["HW_TOKEN_OF"], shown["HW_ACCESS_KEY"]) == ("canary", "canary-key")


def test_a_secret_within_another_field_is_shown() -> None:
    # So the form must not ask for an address that may hold a password.
    shown = awx.shown(TYPE, {"iam_endpoint": "https://user:secret@iam.example.com"})
    assert shown["HW_AUTH_URL"] == "https://user:secret@iam.example.com"


def _change(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    changed = copy.deepcopy(TYPE)
    change(changed)
    return changed


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda it: it.update(kind="ssh"), "kind"),
        (lambda it: it.update(managed=True), "unknown key managed"),
        (lambda it: it["inputs"].update(dependencies={}), "unknown input dependencies"),
        (lambda it: it["inputs"]["fields"].append(dict(FIELDS["region"])), "region is there twice"),
        (lambda it: it["inputs"]["fields"][0].update(id="my-region"), "'my-region' is no name"),
        (lambda it: it["inputs"]["fields"][0].update(type="password"), "unknown type password"),
        (lambda it: it["inputs"]["fields"][2].update(type="boolean"), "secret, which only strings have"),
        (lambda it: it["inputs"]["fields"][0].update(required=True), "unknown key required"),
        (lambda it: it["inputs"]["required"].append("zone"), "zone is required and no field"),
        (lambda it: it["injectors"]["env"].update(ANSIBLE_HW="{{ region }}"), "ANSIBLE_HW is not allowed"),
        (lambda it: it["injectors"]["env"].update(HW_ZONE="{{ zone }}"), "'zone' is undefined"),
        (lambda it: it["injectors"]["env"].update(HW_X="{{ region.__class__.mro() }}"), "HW_X does not work"),
        (lambda it: it["inputs"]["fields"][0].pop("label"), "region has no label"),
        (lambda it: it["inputs"]["fields"][0].update(ask_at_runtime=True), "region cannot be asked for"),
        (lambda it: it["inputs"]["fields"][0].update(default=1), "region has a default of another type"),
        (lambda it: it["injectors"]["env"].update(HW_X="{{ région }}"), "HW_X is not ASCII"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_awx_would_refuse_or_ignore_is_found(change: Callable[[dict[str, Any]], object], expected: str) -> None:
    assert [problem for problem in awx.problems(_change(change)) if expected in problem]


WAYS: dict[str, dict[str, str]] = {
    "user": {"domain_name": "demo", "username": "canary", "password": PASSWORD},
    "access key": {"access_key": "canary-key", "secret_key": SECRET_KEY, "security_token": SECURITY_TOKEN},
    "token": {"token": "{token}", "project_id": PROJECT_ID},
}
FROM_LOOKUP = {
    "user": {"token": "{{ lookup('huaweicloud.drs.iam_token') }}"},
    "access key": {"project_id": "{{ lookup('huaweicloud.drs.iam_project_id') }}"},
    "token": {"project_id": "{{ lookup('huaweicloud.drs.iam_project_id') }}"},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_playbook_stops_jobs_with_what_awx_injects(cloud: Simulator, tmp_path: Path, way: str) -> None:
    cloud.cloud.add_user("canary", PASSWORD, "demo")
    cloud.cloud.add_access_key("canary-key", SECRET_KEY, security_token=SECURITY_TOKEN)
    token = cloud.cloud.issue_token("canary", "demo")
    # The region's own project is named like the region.
    place = {"region": "demo", "drs_endpoint": cloud.url, "iam_endpoint": f"{cloud.url}/v3"}
    inputs = {**place, **{name: value.format(token=token) for name, value in WAYS[way].items()}}
    stop = "huaweicloud.drs.drs_job_batch_stop"
    tasks: list[dict[str, Any]] = [
        {stop: {"jobs": [{"job_id": RUNNING}], "wait_interval": 0.1}},
        {stop: {"jobs": [{"job_id": OTHER}], "wait_interval": 0.1, **FROM_LOOKUP[way]}},
    ]
    path = tmp_path / "stop.yml"
    write_playbook(path, tasks)
    done = play(path, {**with_collection(tmp_path), **awx.inject(TYPE, inputs)})

    results = results_in(done.stdout)
    assert [row["outcome"] for result in results for row in result["jobs"]] == ["stopped"] * 2, (
        done.stdout + done.stderr
    )
    assert [stopped.job_id for stopped in cloud.cloud.accepted_stops] == [RUNNING, OTHER]
    secrets = (PASSWORD, SECRET_KEY, SECURITY_TOKEN, token)
    assert [secret for secret in secrets if secret in done.stdout + done.stderr] == []
