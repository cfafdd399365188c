# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM and DRS are in one cloud unless both are named, whatever a task and its environment say of the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.cloud_region import (
    IAM,
    REGION_ENVIRONMENT,
    Setting,
    merge_settings,
    resolve_cloud_region,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import parse_client_config
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError

TASK = {
    "region": "task-1",
    "cloud": "task.example",
    "endpoint": "https://drs.task.example",
    "iam_endpoint": "https://iam.task.example",
}
ENVIRONMENT = {
    "region": "env-1",
    "cloud": "env.example",
    "endpoint": "https://drs.env.example",
    "iam_endpoint": "https://iam.env.example/v3",
}
ENDPOINTS = ("endpoint", "iam_endpoint")
USER = {"username": "me", "password": "secret", "domain_name": "account", "project_name": "name"}
TOKEN = {"token": "abc", "project_name": "name"}


def subsets(options: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give each part of what may be said."""
    for chosen in product([False, True], repeat=len(options)):
        yield {option: options[option] for option, is_said in zip(options, chosen, strict=True) if is_said}


def cloud_in(url: str) -> str:
    """Give the cloud that a host is in."""
    return ".".join(url.removesuffix("/v3").rpartition("/")[2].split(".")[-2:])


def counts(option: str, task: Mapping[str, str], environment: Mapping[str, str]) -> bool:
    """Say whether an endpoint that is not needed tells of the place: not where the task names another place."""
    is_elsewhere = "cloud" in task or ("region" in task and "region" in environment)
    return option in task or (option in environment and not is_elsewhere)


def in_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Give an environment with the names of its variables."""
    return {REGION_ENVIRONMENT[option][0]: value for option, value in environment.items()}


@pytest.mark.parametrize("who", [USER, TOKEN, {"token": "abc", "project_id": "id"}], ids=["user", "token", "with ID"])
def test_what_a_module_may_be_told(who: Mapping[str, str]) -> None:
    outcomes = []
    for task, environment in product(subsets(TASK), subsets(ENVIRONMENT)):
        said = {**environment, **task}
        try:
            found = parse_client_config({**who, **task}.get, in_variables(environment))
        except ConfigurationError as error:
            outcomes.append("error")
            assert ": give " in str(error)
            continue
        named = [
            option for option in ENDPOINTS if option in said and (found.iam_url or counts(option, task, environment))
        ]
        asked = [url for url in (found.drs_url, found.iam_url) if url is not None]
        outcomes.append("both named" if len(named) == len(ENDPOINTS) else "one cloud")
        if len(named) < len(ENDPOINTS):
            clouds = {cloud_in(url) for url in [*asked, *(said[option] for option in named)]}
            is_direct = found.iam_url is None and found.drs_url == said.get("endpoint")
            assert is_direct or len(clouds) == 1, (task, environment)
    assert {outcomes.count(each) > 10 for each in ("error", "both named", "one cloud")} == {True}


def test_what_a_lookup_may_be_told() -> None:
    of_lookups = {option: value for option, value in TASK.items() if option != "endpoint"}
    outcomes = []
    for task, environment in product(subsets(of_lookups), subsets(ENVIRONMENT)):
        layer = {option: Setting(option, value) for option, value in {**task, "project_name": "name"}.items()}
        said = {**environment, **task}
        try:
            iam = resolve_cloud_region([layer], in_variables(environment), (IAM,)).urls[IAM]
        except ConfigurationError as error:
            outcomes.append("error")
            assert ": give " in str(error)
            continue
        if "iam_endpoint" in said:
            outcomes.append("named")
            assert iam == said["iam_endpoint"].removesuffix("/v3")
        else:
            outcomes.append("built")
            assert not counts("endpoint", task, environment) or cloud_in(iam) == cloud_in(said["endpoint"])
    assert {outcomes.count(each) > 10 for each in ("error", "named", "built")} == {True}


def test_a_project_of_another_region_is_left_out_where_an_endpoint_names_the_region() -> None:
    preferred = {"iam_endpoint": Setting("iam_endpoint", "https://iam.b.private.example")}
    fallback = {option: Setting(option, option) for option in ("project_id", "project_name")}
    fallback |= {"region": Setting("region", "a"), "cloud": Setting("cloud", "private.example")}
    merged = merge_settings(preferred, fallback)
    assert {option: setting.value for option, setting in merged.items()} == {
        "region": "b",
        "cloud": "private.example",
        "iam_endpoint": "https://iam.b.private.example",
    }
