# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options in the file of an inventory: templates, and one line for each mistake."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.unit.plugins.inventory_harness import (
    DEMO,
    InventoryFile,
)

pytestmark = pytest.mark.usefixtures("run_folder")


def test_options_may_be_templates(file: InventoryFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_DEMO", "demo")
    of_demo = "{{ lookup('env', 'OF_DEMO') }}"
    options: dict[str, Any] = {
        "username": of_demo,
        "password": of_demo,
        "timeout": "{{ 5 + 2.5 }}",
        "validate_certs": "{{ true }}",
    }
    inventory = file.read(**options, regions=[{"region": of_demo}], phases=["{{ 'running' }}"])
    assert inventory.names == ["DRS-1234", "DRS-3456"]


@pytest.mark.parametrize("name", ["drs_jobs.yml", "drs_jobs.yaml", "a.drs_jobs.yaml", "a-drs_jobs.yml"])
def test_the_name_of_the_file_has_two_ends(file: InventoryFile, name: str) -> None:
    assert len(file.read(file.write(name, **DEMO)).names) == 2


BAD_OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"regoin": "a"}, "regoin is no option: did you mean region?"),
    ({"pasword": "canary"}, "pasword is no option: did you mean password?"),
    ({"regions": [{"regoin": "a"}]}, "regions: entry 1: regoin is no option: did you mean region?"),
    ({"regions": [DEMO, {"regions": []}]}, "regions: entry 2: regions is no option: did you mean region?"),
    ({"regions": []}, "regions is empty: name at least one region, or leave the option out"),
    ({"regions": {}}, "regions must be a list, it is a dictionary"),
    ({"regions": "demo"}, "regions must be a list, it is 'demo'"),
    ({"regions": ["demo"]}, "regions: entry 1 must be a dictionary such as {region: ap-southeast-1}, it is 'demo'"),
    ({"regions": [DEMO, None]}, "regions: entry 2 must be a dictionary such as {region: ap-southeast-1}, it is null"),
    ({"regions": [DEMO], "password": None, "username": None}, "regions: entry 1: no credential: give token (HW_"),
    ({"regions": [DEMO, {**DEMO, "token": ""}]}, "regions: entry 2: token is empty"),
    ({"regions": [DEMO, {**DEMO, "access_key": "a"}]}, "regions: entry 2: secret_key missing (HW_SECRET_KEY)"),
    ({"regions": [{**DEMO, "password": ["canary"]}]}, "regions: entry 1: password must be a text, it is a list"),
    ({"regions": [{**DEMO, "timeout": 0}]}, "regions: entry 1: timeout must be a number of seconds, more than 0"),
    (
        {"regions": [{**DEMO, "iam_endpoint": "https://a.test", "auth_url": "https://b.test"}]},
        "regions: entry 1: iam_endpoint and auth_url are one option with two values: give one of them",
    ),
    ({"auth_url": "https://b.test"}, "iam_endpoint and auth_url are one option with two values: give one of them"),
    ({"endpoint": None}, "region is missing: give region (HW_REGION_NAME), or endpoint"),
    ({"username": None, "password": None, "domain_name": None}, "no credential: give token (HW_AUTH_TOKEN), or"),
    ({**DEMO, "password": "canary\n"}, "password holds a control character"),
    ({**DEMO, "password": {"a": "canary"}}, "password must be a text, it is a dictionary"),
    ({**DEMO, "retries": "many"}, "retries must be a whole number, from 0 to 100; it is 'many'"),
    ({**DEMO, "validate_certs": "perhaps"}, "validate_certs must be true or false, it is 'perhaps'"),
    ({**DEMO, "ca_path": "/nowhere/ca.pem"}, "ca_path '/nowhere/ca.pem' does not exist"),
    ({**DEMO, "api_version": "v9"}, "value of api_version must be one of: auto, v5, v3, got: v9"),
    ({**DEMO, "job_types": ["backup"]}, "value of job_types must be one or more of: migration, sync"),
    ({**DEMO, "job_types": []}, "job_types is empty: name at least one, or leave the option out"),
    ({**DEMO, "phases": []}, "phases is empty: name at least one, or leave the option out"),
    ({**DEMO, "phases": ["missing"]}, "value of phases must be one or more of: not_started, running, failed"),
    ({**DEMO, "phases": {"a": 1}}, "phases must be a list, it is a dictionary"),
    ({**DEMO, "phases": [1]}, "phases: entry 1 is 1, not a text"),
    ({**DEMO, "details": ["speed"]}, "value of details must be one or more of: lag, progress, endpoints"),
    ({**DEMO, "strict_regions": "perhaps"}, "strict_regions must be true or false, it is 'perhaps'"),
    ({**DEMO, "hostnames": []}, "hostnames is empty: name at least one, or leave the option out"),
    ({**DEMO, "hostnames": ["nosuch", "no.such"]}, "hostnames (nosuch, no.such) gives no name for the job "),
    ({**DEMO, "hostnames": ["name +"]}, "hostnames: name + cannot be evaluated for the job "),
    ({**DEMO, "hostnames": ["[name]"]}, "hostnames: [name] gives a list for the job "),
    ({**DEMO, "compose": ["a"]}, "compose must be a dictionary, it is a list"),
    ({**DEMO, "groups": "a"}, "groups must be a dictionary, it is 'a'"),
    ({**DEMO, "keyed_groups": "a"}, "keyed_groups must be a list, it is 'a'"),
    ({**DEMO, "strict": "perhaps"}, "strict must be true or false, it is 'perhaps'"),
    ({**DEMO, "cache": "perhaps"}, "cache must be true or false, it is 'perhaps'"),
    ({**DEMO, "cache_timeout": "1h"}, "cache_timeout must be a whole number, it is '1h'"),
    ({**DEMO, "cache_plugin": ["canary"]}, "cache_plugin must be a text, it is a list"),
    ({"region": "{{ nosuch }}"}, "region cannot be evaluated: 'nosuch' is undefined"),
    ({"regions": [{"region": "{{ nosuch }}"}]}, "regions: entry 1: region cannot be evaluated: 'nosuch' is undefined"),
    ({"password": "canary {{ nosuch"}, "password cannot be evaluated: "),
]


@pytest.mark.parametrize(("options", "expected"), BAD_OPTIONS, ids=[str(each[0])[:60] for each in BAD_OPTIONS])
def test_bad_options_are_one_line(file: InventoryFile, options: dict[str, Any], expected: str) -> None:
    message = file.fail(**options)
    assert message.startswith(expected)
    assert "canary" not in message
    if "hostnames" not in options:
        assert not file.sim.requests


@pytest.mark.parametrize("name", ["regions", "job_types", "phases"])
def test_null_is_never_everything(file: InventoryFile, name: str) -> None:
    path = file.write(**DEMO)
    path.write_text(f"{path.read_text(encoding='utf-8')}{name}: null\n", encoding="utf-8")
    assert file.fail(path).startswith((f"{name} is null", f"{name} is empty"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("- plugin: huaweicloud.drs.drs_jobs\n", "must be a dictionary of options"),
        ("", "is empty"),
        ("plugin: other.other.other\n", "Incorrect plugin name in file"),
        ("plugin: [\n", ""),
    ],
)
def test_a_file_without_options_is_one_line(file: InventoryFile, content: str, expected: str) -> None:
    path = file.folder / "bad.drs_jobs.yml"
    path.write_text(content, encoding="utf-8")
    assert expected in file.fail(path)
