# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lookups in real plays: what templates hand to them differs between versions of ansible-core."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    play,
    results_in,
    with_collection,
    write_playbook,
)

NAME = "huaweicloud.drs.iam_token"
USER = {"huaweicloud_username": "demo", "huaweicloud_password": "demo", "huaweicloud_domain_name": "demo"}


class Case(NamedTuple):
    """A call of the lookup, as a template has it, and what comes of it: a number of tokens, or part of a line."""

    call: str
    expected: int | str
    variables: Mapping[str, Any] = {}


BOOLEANS = "validate_certs (huaweicloud_validate_certs) must be true or false, it is ''"
CASES = [
    Case("", 1),
    # What is omitted is not given, whichever way.
    Case("project_id=nosuch | default(omit), validate_certs=omit, cache=omit, detail=omit, retries=omit", 1),
    Case("project_name=nosuch | default(omit), auth_url=omit, ca_path=omit, username=omit", 1),
    Case("", 1, {"huaweicloud_project_id": "{{ nosuch | default(omit) }}", "huaweicloud_cache": "{{ omit }}"}),
    Case("", "password missing (HW_USER_PASSWORD)", {"huaweicloud_password": "{{ omit }}"}),
    Case("project_name='demo' ~ omit", "project_name holds omit"),
    Case("omit", "term 1 is null or omit, and no name of a project"),
    Case("*['demo', nosuch | default(omit)]", "term 2 is null or omit"),
    # Terms.
    Case("*['demo', 'other']", 2),
    Case("*(['DEMO', 'OTHER'] | map('lower'))", 2),
    Case("*[]", 1),
    Case(
        "['demo', 'other']",
        f"term 1 is a list, and no name of a project: give each name as a text and a term of its "
        f"own, as in query('{NAME}', *names), or no term at all",
    ),
    Case("['demo'] | map('lower')", "term 1 is a list"),
    Case("none", "term 1 is null"),
    Case("''", "term 1 is empty"),
    Case("{'a': 1}", "term 1 is a dictionary"),
    Case("true", "term 1 is true"),
    # Booleans.
    Case("", BOOLEANS, {"huaweicloud_validate_certs": ""}),
    Case("", 1, {"huaweicloud_validate_certs": None}),
    Case("validate_certs='None'", "validate_certs must be true or false, it is 'None'"),
    Case("validate_certs=none", 1),
    Case("cache=2", "cache must be true or false, it is 2"),
    Case("detail=[]", "detail must be true or false, it is a list"),
    # Texts.
    Case("password=secret", "password must be a text, it is a list", {"secret": ["canary"]}),
    Case("", "password (huaweicloud_password) holds a control character", {"huaweicloud_password": "canary\n"}),
    Case("project_id=nosuch", "'nosuch' is undefined"),
    Case("", "'nosuch' is undefined", {"huaweicloud_project_id": "{{ nosuch }}"}),
    Case("validate_cert=false, pasword=secret", "validate_cert and pasword are no options", {"secret": "canary"}),
]


def test_each_call_in_a_template(sim: Simulator, tmp_path: Path) -> None:
    sim.cloud.add_project("other-id", "other")
    tasks = [
        {
            "ansible.builtin.set_fact": {"found": f"{{{{ query('{NAME}', {case.call}) | length }}}}"},
            "vars": dict(case.variables),
            "ignore_errors": True,
        }
        for case in CASES
    ]
    loop = {"ansible.builtin.debug": {"msg": "{{ item | length > 1 }}"}, f"with_{NAME}": ["demo", "other"]}
    place = {"huaweicloud_iam_endpoint": sim.url, "huaweicloud_region": "demo"}
    write_playbook(tmp_path / "play.yml", [*tasks, loop], vars={**USER, **place})
    done = play(tmp_path / "play.yml", with_collection(tmp_path))
    assert done.returncode == 0, done.stderr
    results = results_in(done.stdout)
    assert len(results) >= len(CASES)
    for case, result in zip(CASES, results, strict=False):
        if isinstance(case.expected, str):
            assert case.expected in result["msg"], case
        else:
            assert str(result["ansible_facts"]["found"]) == str(case.expected), case
    # Ansible itself shows the lines of the playbook beside.
    assert "canary" not in json.dumps(results)
    assert done.stdout.count("(item=") == len(["demo", "other"])
    # One login for each of two projects, and nothing of what was refused.
    assert [request.status for request in sim.requests] == [201, 201]
    assert "omit" not in json.dumps([request.json for request in sim.requests]).lower()
