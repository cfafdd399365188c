# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook that sets up AWX: its options are those of ``awx.awx``, and it sets up and removes everything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.system.ecosystem.awx_collection import (
    MODULES,
    PREFIX,
    StubbedAwx,
    is_template,
    problems,
)
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import CHECKOUT, play, surroundings

FOLDER = CHECKOUT / "examples" / "awx"
TEXT = (FOLDER / "setup.yml").read_text(encoding="utf-8")
(PLAY,) = yaml.safe_load(TEXT)
VARIABLES: dict[str, Any] = yaml.safe_load((FOLDER / "vars.yml").read_text(encoding="utf-8"))
NAMES: dict[str, str] = VARIABLES["names"]
TYPE: dict[str, Any] = yaml.safe_load((FOLDER / "credential_type.yml").read_text(encoding="utf-8"))
SURVEY: dict[str, Any] = json.loads((FOLDER / "survey.json").read_text(encoding="utf-8"))
BLOCKS: dict[str, list[dict[str, Any]]] = {
    {"Set up": "present", "Remove": "absent"}[task["name"]]: task["block"] for task in PLAY["tasks"] if "block" in task
}

SECRET_KEY = "Okapi44321LobeliaCanary"
MAIL_PASSWORD = "Narwhal9021BegoniaCanary"
LOGIN = {
    "HW_REGION_NAME": "ap-southeast-1",
    "HW_ACCESS_KEY": "canary-key",
    "HW_SECRET_KEY": SECRET_KEY,
    "DRS_MAIL_PASSWORD": MAIL_PASSWORD,
}
EVERYTHING = {
    "operators_team": "Operators",
    "approvers_team": "Approvers",
    "project_public_key_file": "vars.yml",  # any file will do
    "mail": {**VARIABLES["mail"], "host": "smtp.example.com"},
}


def module_and_arguments(task: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return what a task of setup.yml runs, without the prefix."""
    ((name, arguments),) = [(key, value) for key, value in task.items() if key.startswith(PREFIX)]
    return name.removeprefix(PREFIX), arguments


def tasks(state: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Return module, arguments and task, in order."""
    for task in BLOCKS[state]:
        yield (*module_and_arguments(task), task)


def created(module: str, name: str) -> dict[str, Any]:
    """Return the arguments of the one task that creates this object."""
    (found,) = [
        arguments
        for each, arguments, _task in tasks("present")
        if each == module and arguments.get("name") == f"{{{{ names.{name} }}}}"
    ]
    return found


# Options


@pytest.mark.parametrize("task", [*BLOCKS["present"], *BLOCKS["absent"]], ids=lambda task: task["name"])
def test_the_options_are_those_of_the_module(task: dict[str, Any]) -> None:
    assert problems(*module_and_arguments(task)) == []
    allowed = {"name", "when", "no_log", "loop", "register", "failed_when"}
    assert {key for key in task if not key.startswith(PREFIX)} <= allowed


@pytest.mark.parametrize(
    ("module", "arguments", "expected"),
    [
        ("job_templates", {"name": "x"}, "no module job_templates"),
        ("job_template", {"name": "x", "survey": {}}, "survey. Supported parameters include"),
        ("job_template", {"job_type": "run"}, "missing required arguments: name"),
        ("job_template", {"name": "x", "job_type": "scan"}, "value of job_type must be one of"),
        ("job_template", {"name": "x", "timeout": "1h"}, "timeout"),
        ("job_template", {"name": "x", "credentials": "{{ a }}", "timeout": "30"}, "timeout is no int"),
        ("job_template", {"name": 1}, "name is no str"),
        ("workflow_job_template_node", {"identifier": "x", "workflow": "w"}, "any of the following are missing"),
        (
            "workflow_job_template_node",
            {"identifier": "x", "workflow": "w", "unified_job_template": "t", "approval_node": {}},
            "mutually exclusive",
        ),
    ],
)
def test_a_wrong_option_would_be_found(module: str, arguments: dict[str, Any], expected: str) -> None:
    assert [problem for problem in problems(module, arguments) if expected in problem]


def test_ansible_lint_mocks_the_modules_that_are_used() -> None:
    config = yaml.safe_load((CHECKOUT / ".ansible-lint").read_text(encoding="utf-8"))
    used = {f"{PREFIX}{module}" for state in BLOCKS for module, _arguments, _task in tasks(state)}
    assert config["mock_modules"] == sorted(used) == sorted(f"{PREFIX}{name}" for name in MODULES)


# Names and states


def test_each_task_says_its_state() -> None:
    for state in BLOCKS:
        assert {arguments["state"] for _module, arguments, _task in tasks(state)} == {state}


def test_each_name_is_defined_once() -> None:
    literal = {key: name for key, name in NAMES.items() if not is_template(name)}
    assert literal.keys() == NAMES.keys() - {"credential_type"}
    # Workflow nodes and schedules find a template by its name among templates, projects and inventory sources.
    assert len({name.lower() for name in literal.values()}) == len(literal)
    for module, arguments, _task in [*tasks("present"), *tasks("absent")]:
        lookups = MODULES[module]["looks_up"]
        for option in {"name", "identifier", *lookups["always"], *lookups["unless_absent"]} & arguments.keys():
            named = arguments[option] if isinstance(arguments[option], list) else [arguments[option]]
            assert all(is_template(each) or each == "GPG Public Key" for each in named), (module, option)


def test_every_name_is_that_of_an_object() -> None:
    used = re.findall(r"names\.(\w+)", "".join(str(BLOCKS[state]) for state in BLOCKS))
    assert set(used) == NAMES.keys()


# Secrets


def test_no_secret_is_written_down() -> None:
    secret = {field["id"] for field in TYPE["inputs"]["fields"] if field.get("secret")}
    for name, value in VARIABLES["credential_inputs"].items():
        assert re.fullmatch(r"\{\{ lookup\('ansible\.builtin\.env', '(\w+)'\) \}\}", value), name
    assert secret <= VARIABLES["credential_inputs"].keys()
    assert is_template(VARIABLES["mail"]["password"])
    for module, arguments, task in tasks("present"):
        secrets = {"inputs", "notification_configuration"} & arguments.keys()
        # The inputs of a type are its fields. A public key is none.
        if secrets and module != "credential_type" and "public_key" not in str(arguments["name"]):
            assert task["no_log"] is True
            assert all(is_template(arguments[option]) for option in secrets)


def test_the_fields_come_from_the_variables_that_the_type_sets() -> None:
    environment = {value: name for name, value in TYPE["injectors"]["env"].items()}
    expected = {
        field["id"]: f"{{{{ lookup('ansible.builtin.env', '{environment['{{ ' + field['id'] + ' }}']}') }}}}"
        for field in TYPE["inputs"]["fields"]
    }
    assert VARIABLES["credential_inputs"] == expected


# What is set up


def test_look_and_stop_differ_in_nothing_that_chooses_jobs() -> None:
    look, stop = created("job_template", "look"), created("job_template", "stop")
    assert (look.pop("job_type"), stop.pop("job_type")) == ("check", "run")
    of_one = {"name", "description", "timeout"}
    same = {key for key in look if key not in of_one and not key.startswith("notification")}
    assert {key: look[key] for key in same} == {key: stop[key] for key in same}
    assert (CHECKOUT / "examples" / "awx-project" / look["playbook"]).is_file()
    source = created("inventory_source", "jobs_source")["source_path"]
    assert (CHECKOUT / "examples" / "awx-project" / source).is_file()


@pytest.mark.parametrize(
    ("module", "name"), [("job_template", "look"), ("job_template", "stop"), ("workflow_job_template", "workflow")]
)
def test_templates_ask_the_survey_and_nothing_else(module: str, name: str) -> None:
    template = created(module, name)
    assert template["survey_enabled"] is True
    assert template["survey_spec"] == "{{ survey }}"
    assert template["ask_variables_on_launch"] is False
    assert template["allow_simultaneous"] is False
    assert not [option for option in template if option.startswith("ask_") and template[option]]


def test_no_question_has_to_be_answered() -> None:
    # A required question with a default fails where nobody answers: in the API, on schedules and in workflows.
    assert [question["variable"] for question in SURVEY["spec"] if question["required"]] == []
    (schedule,) = [arguments for module, arguments, _task in tasks("present") if module == "schedule"]
    assert schedule["extra_data"].keys() <= {question["variable"] for question in SURVEY["spec"]}
    assert schedule["unified_job_template"] == "{{ names.look }}"
    (of_type,) = [question for question in SURVEY["spec"] if question["variable"] == "drs_job_type"]
    assert VARIABLES["nightly_job_type"] in of_type["choices"]


def test_awx_takes_the_rule_of_the_schedule() -> None:
    # awx/api/serializers.py, SchedulePreviewSerializer.validate_rrule()
    rule = VARIABLES["nightly_rrule"]
    assert re.fullmatch(r"DTSTART(?:;TZID=[\w/]+:\d{8}T\d{6}|:\d{8}T\d{6}Z) RRULE:FREQ=[A-Z]+;INTERVAL=\d+", rule)
    assert VARIABLES["nightly_look"] is False


def test_awx_takes_the_configuration_of_the_mail() -> None:
    # awx/main/notifications/email_backend.py, CustomEmailBackend.init_parameters, and these very types.
    types = {
        **dict.fromkeys(("host", "username", "password", "sender"), str),
        **dict.fromkeys(("port", "timeout"), int),
        **dict.fromkeys(("use_tls", "use_ssl"), bool),
        "recipients": list,
    }
    assert {name: type(value) for name, value in VARIABLES["mail"].items()} == types


# Running it


def run(awx: StubbedAwx, environment: dict[str, str], *options: str, **variables: Any) -> tuple[int, str]:
    """Run setup.yml, and return its exit code and output."""
    extra = ["-e", json.dumps({**EVERYTHING, **variables}), *options]
    done = play(FOLDER / "setup.yml", {**surroundings(awx.folder), **awx.environment, **environment}, *extra)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def awx(tmp_path: Path) -> StubbedAwx:
    """An AWX with nothing in it but two teams."""
    awx = StubbedAwx(tmp_path)
    awx.write({**awx.objects(), "team/Operators": {}, "team/Approvers": {}})
    return awx


def changed(awx: StubbedAwx) -> list[str]:
    """Return what the last run changed, in order."""
    return [line["key"] for line in awx.log() if line["changed"]]


def test_it_sets_up_and_removes_everything_once(awx: StubbedAwx) -> None:
    before = awx.objects()
    code, said = run(awx, LOGIN)
    assert code == 0, said
    first = changed(awx)
    # In this order, so that each finds what it names; the stub fails otherwise.
    kinds = list(dict.fromkeys(key.partition("/")[0] for key in first))
    assert set(kinds) == set(MODULES)
    assert kinds[0] == "organization"
    check_what_is_there(awx.objects())

    code, said = run(awx, LOGIN)
    assert (code, changed(awx)) == (0, []), said

    code, said = run(awx, {}, state="absent", remove_organization=True)
    assert code == 0, said
    removed = changed(awx)
    assert awx.objects() == before
    order = [key for key in reversed(list(dict.fromkeys(first))) if key in removed]
    assert [key.partition("/")[0] for key in removed] == [key.partition("/")[0] for key in order]

    code, said = run(awx, {}, state="absent", remove_organization=True)
    assert (code, changed(awx), awx.objects()) == (0, [], before), said


def check_what_is_there(objects: dict[str, dict[str, Any]]) -> None:
    """Check what the first run has set up."""
    wait = next(each["default"] for each in SURVEY["spec"] if each["variable"] == "drs_wait_timeout")
    look, stop = (objects[f"job_template/{NAMES[each]}"] for each in ("look", "stop"))
    assert stop["timeout"] >= wait + 300
    assert look["timeout"] > 0
    workflow = objects[f"workflow_job_template/{NAMES['workflow']}"]
    assert look["survey_spec"] == stop["survey_spec"] == workflow["survey_spec"] == SURVEY
    custom = objects[f"credential_type/{TYPE['name']}"]
    assert {key: custom[key] for key in TYPE} == TYPE
    credential = objects[f"credential/{NAMES['credential']}"]
    assert credential["inputs"] == {"region": "ap-southeast-1", "access_key": "canary-key", "secret_key": SECRET_KEY}
    assert objects[f"project/{NAMES['project']}"]["scm_branch"] == VARIABLES["project_version"]
    mail = objects[f"notification_template/{NAMES['notification']}"]["notification_configuration"]
    assert mail["password"] == MAIL_PASSWORD
    assert {name: type(value) for name, value in mail.items()} == {
        name: type(value) for name, value in VARIABLES["mail"].items()
    }
    nodes = {
        name: objects[f"workflow_job_template_node/{NAMES[f'{name}_node']}"]
        for name in ("source", "look", "approve", "stop")
    }
    assert nodes["source"]["unified_job_template"] == NAMES["jobs_source"]
    assert nodes["source"]["always_nodes"] == [NAMES["look_node"]]
    assert nodes["look"]["unified_job_template"] == NAMES["look"]
    assert nodes["look"]["success_nodes"] == [NAMES["approve_node"]]
    assert nodes["approve"]["approval_node"]["name"] == NAMES["approval"]
    assert nodes["approve"]["success_nodes"] == [NAMES["stop_node"]]
    assert nodes["stop"]["unified_job_template"] == NAMES["stop"]
    assert "success_nodes" not in nodes["stop"]


def test_the_credential_keeps_its_values_where_no_secret_is_given(awx: StubbedAwx) -> None:
    assert run(awx, LOGIN)[0] == 0
    before = awx.objects()
    code, said = run(awx, {"HW_REGION_NAME": "another", "DRS_MAIL_PASSWORD": MAIL_PASSWORD})
    assert (code, awx.objects()) == (0, before), said


def test_what_is_optional_is_left_out(awx: StubbedAwx) -> None:
    nothing = {name: VARIABLES[name] for name in EVERYTHING}
    code, said = run(awx, {}, **nothing)
    assert code == 0, said
    kinds = {key.partition("/")[0] for key in changed(awx)}
    assert set(MODULES) - kinds == {"notification_template", "role"}
    project = awx.objects()[f"project/{NAMES['project']}"]
    assert not {"credential", "signature_validation_credential"} & project.keys()
    # Others' objects in the organization would go with it.
    assert run(awx, {}, **nothing, state="absent")[0] == 0
    assert [key for key in awx.objects() if "team" not in key and "GPG" not in key] == [
        f"organization/{NAMES['organization']}"
    ]


@pytest.mark.parametrize(
    ("environment", "variables", "expected"),
    [
        ({"HW_SECRET_KEY": SECRET_KEY}, {}, "The credential needs a region, and an access key"),
        ({**LOGIN, "HW_ACCESS_KEY": ""}, {}, "The credential needs a region, and an access key"),
        (LOGIN, {"state": "presnt"}, "state must be present or absent"),
    ],
)
def test_what_cannot_be_meant_fails_before_anything_is_set_up(
    awx: StubbedAwx, environment: dict[str, str], variables: dict[str, Any], expected: str
) -> None:
    before = awx.objects()
    code, said = run(awx, environment, **variables)
    assert code == 2
    assert expected in " ".join(said.split())
    assert awx.objects() == before


def test_no_secret_is_shown(awx: StubbedAwx) -> None:
    said = run(awx, LOGIN, "-vvv")[1] + run(awx, LOGIN, "-vvv", state="absent")[1]
    assert [secret for secret in (SECRET_KEY, MAIL_PASSWORD) if secret in said] == []
