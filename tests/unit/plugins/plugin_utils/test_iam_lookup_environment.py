# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of lookups from the environment: an empty variable is not set, and of several the first one counts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.plugins.loader import lookup_loader

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator

pytestmark = pytest.mark.usefixtures("run_folder")

LOOKUPS = ("iam_agency_token", "iam_project_id", "iam_token")
AGENCY = {"agency_name": "agency", "agency_domain_name": "customer"}


def plugin_with(name: str, variables: dict[str, Any] | None = None, **options: Any) -> Any:
    """Give a lookup that has read its options, as its ``run`` does."""
    plugin = lookup_loader.get(f"huaweicloud.drs.{name}")
    plugin._read_options(variables or {}, {**(AGENCY if name == "iam_agency_token" else {}), **options})
    return plugin


def options_of(plugin: Any) -> dict[str, Any]:
    """Give all that it has read."""
    return {option: plugin.get_option(option) for option in plugin.option_definitions if option != "_terms"}


def variables_of(name: str) -> list[str]:
    """Give the variables of the environment that a lookup knows."""
    definitions = lookup_loader.get(f"huaweicloud.drs.{name}").option_definitions
    return [each["name"] for definition in definitions.values() for each in definition.get("env") or ()]


@pytest.mark.parametrize("name", LOOKUPS)
def test_empty_variables_leave_the_defaults(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without = options_of(plugin_with(name))
    for variable in variables_of(name):
        monkeypatch.setenv(variable, "")
    assert options_of(plugin_with(name)) == without
    assert (without["retries"], without["ca_path"], without["region"]) == (5, None, None)


@pytest.mark.parametrize("name", LOOKUPS)
def test_the_variables_are_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in variables_of(name):
        monkeypatch.setenv(variable, "7")
    found = options_of(plugin_with(name))
    assert (found["retries"], found["region"], found["password"]) == (7, "7", "7")
    assert found["ca_path"].endswith("/7")


@pytest.mark.parametrize("first", ["", " "])
def test_the_first_variable_that_says_something_counts(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_PROJECT_ID", first)
    monkeypatch.setenv("HUAWEICLOUD_SDK_PROJECT_ID", "second")
    assert plugin_with("iam_token").get_option("project_id") == "second"
    monkeypatch.setenv("HW_PROJECT_ID", "first")
    assert plugin_with("iam_token").get_option("project_id") == "first"


@pytest.mark.parametrize("of_the_environment", ["", "environment"])
@pytest.mark.parametrize(
    ("options", "variables"),
    [
        ({"auth_url": "task"}, {}),
        ({"iam_endpoint": "task"}, {}),
        ({}, {"huaweicloud_iam_endpoint": "task"}),
        ({"iam_endpoint": None}, {"huaweicloud_iam_endpoint": "task"}),
    ],
)
def test_the_task_beats_the_environment(
    of_the_environment: str, options: dict[str, Any], variables: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW_AUTH_URL", of_the_environment)
    assert plugin_with("iam_token", variables, **options).get_option("iam_endpoint") == "task"


def test_none_is_not_an_option_of_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_USER_NAME", "environment")
    plugin = plugin_with("iam_token", {"huaweicloud_username": None}, username=None)
    assert plugin.get_option("username") == "environment"
    assert "username" not in plugin.explicit_options


@pytest.mark.parametrize(
    ("options", "variables"), [({"ca_path": ""}, {}), ({}, {"huaweicloud_ca_path": ""}), ({"ca_path": None}, {})]
)
def test_an_empty_path_is_no_path(options: dict[str, Any], variables: dict[str, Any]) -> None:
    # Not that of the current directory, which is what Ansible makes of it.
    assert plugin_with("iam_token", variables, **options).get_option("ca_path") is None


@pytest.mark.parametrize(
    "identity",
    [
        {"HW_USER_NAME": "demo", "HW_USER_PASSWORD": "demo", "HW_DOMAIN_NAME": "demo"},
        {"HW_ACCESS_KEY": "demo-ak", "HW_SECRET_KEY": "demo-sk"},
        {"HW_AUTH_TOKEN": "{token}"},
    ],
)
def test_one_identity_among_empty_variables(
    sim: Simulator, clock: ManualClock, identity: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sim.cloud.issue_token("demo", "demo")
    empty = dict.fromkeys(variables_of("iam_project_id"), "")
    for name, value in {**empty, "HW_AUTH_URL": sim.url, "HW_REGION_NAME": "demo", **identity}.items():
        monkeypatch.setenv(name, value.format(token=token))
    plugin = lookup_loader.get("huaweicloud.drs.iam_project_id")
    plugin.clock = clock
    (found,) = plugin.run([], {})
    assert found == sim.cloud.accounts.projects()[0].id
