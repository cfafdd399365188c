# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where lookups ask: what a task says of the place beats the environment as a whole, and two places are an error."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.plugins.loader import lookup_loader

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.places import (
    ENVIRONMENT,
    TASK,
    USER,
    hosts_of,
)

pytestmark = pytest.mark.usefixtures("run_folder")


def place_of(
    sim: Simulator, /, *terms: str, name: str = "iam_token", variables: dict[str, Any] | None = None, **options: Any
) -> str:
    """Say the project and the host that a lookup asked, or why it asked none."""
    given = {**USER, "validate_certs": False, "retries": 0, **options}
    if name != "iam_project_id":
        given["detail"] = True
    try:
        found = lookup_loader.get(f"huaweicloud.drs.{name}").run(list(terms), variables or {}, **given)
    except AnsibleLookupError as error:
        assert not sim.requests
        said, _give, remedy = str(error).partition(": ")
        assert remedy
        return said.replace("myhuaweicloud.com", "HUAWEI")
    (host,) = hosts_of(sim.requests)
    projects = "+".join(each if isinstance(each, str) else each["project_id"] for each in found)
    return f"{projects} by {host}".replace("myhuaweicloud.com", "HUAWEI")


IAM_OF_ENV = "HW_AUTH_URL 'https://iam.env.test'"
ENV_DRS = "HW_DRS_ENDPOINT 'https://drs.env.test' is not in the cloud HUAWEI, where IAM would be (iam.env-1.HUAWEI)"
REGIONS = f"region 'task-1' is another region than HW_REGION_NAME 'env-1', and nothing ties {IAM_OF_ENV} to it"

# The environment names a region and what is in the second column, the task no more than what is in the first.
PAIRS = [
    ("region", "HW_REGION_NAME", "of-task-1 by iam.task-1.HUAWEI"),
    ("region", "HW_PROJECT_ID", "of-task-1 by iam.task-1.HUAWEI"),
    ("region", "HUAWEICLOUD_SDK_PROJECT_ID", "of-task-1 by iam.task-1.HUAWEI"),
    ("region", "HW_PROJECT_NAME", "of-task-1 by iam.task-1.HUAWEI"),
    ("region", "HW_CLOUD", "of-task-1 by iam.task-1.env.example"),
    ("region", "HW_DRS_ENDPOINT", "of-task-1 by iam.task-1.HUAWEI"),
    ("region", "HW_AUTH_URL", REGIONS),
    ("project_id", "HW_REGION_NAME", "task-id by iam.env-1.HUAWEI"),
    ("project_id", "HW_PROJECT_ID", "task-id by iam.env-1.HUAWEI"),
    ("project_id", "HUAWEICLOUD_SDK_PROJECT_ID", "task-id by iam.env-1.HUAWEI"),
    ("project_id", "HW_PROJECT_NAME", "task-id by iam.env-1.HUAWEI"),
    ("project_id", "HW_CLOUD", "task-id by iam.env-1.env.example"),
    ("project_id", "HW_DRS_ENDPOINT", ENV_DRS),
    ("project_id", "HW_AUTH_URL", "task-id by iam.env.test"),
    ("project_name", "HW_REGION_NAME", "of-task-name by iam.env-1.HUAWEI"),
    ("project_name", "HW_PROJECT_ID", "of-task-name by iam.env-1.HUAWEI"),
    ("project_name", "HUAWEICLOUD_SDK_PROJECT_ID", "of-task-name by iam.env-1.HUAWEI"),
    ("project_name", "HW_PROJECT_NAME", "of-task-name by iam.env-1.HUAWEI"),
    ("project_name", "HW_CLOUD", "of-task-name by iam.env-1.env.example"),
    ("project_name", "HW_DRS_ENDPOINT", ENV_DRS),
    ("project_name", "HW_AUTH_URL", "of-task-name by iam.env.test"),
    ("cloud", "HW_REGION_NAME", "of-env-1 by iam.env-1.task.example"),
    ("cloud", "HW_PROJECT_ID", "env-id by iam.env-1.task.example"),
    ("cloud", "HUAWEICLOUD_SDK_PROJECT_ID", "sdk-id by iam.env-1.task.example"),
    ("cloud", "HW_PROJECT_NAME", "of-env-name by iam.env-1.task.example"),
    ("cloud", "HW_CLOUD", "of-env-1 by iam.env-1.task.example"),
    ("cloud", "HW_DRS_ENDPOINT", "of-env-1 by iam.env-1.task.example"),
    ("cloud", "HW_AUTH_URL", f"cloud 'task.example' is not that of {IAM_OF_ENV}"),
    ("iam_endpoint", "HW_REGION_NAME", "of-env-1 by iam.task.test"),
    ("iam_endpoint", "HW_PROJECT_ID", "env-id by iam.task.test"),
    ("iam_endpoint", "HUAWEICLOUD_SDK_PROJECT_ID", "sdk-id by iam.task.test"),
    ("iam_endpoint", "HW_PROJECT_NAME", "of-env-name by iam.task.test"),
    ("iam_endpoint", "HW_CLOUD", "of-env-1 by iam.task.test"),
    ("iam_endpoint", "HW_DRS_ENDPOINT", "of-env-1 by iam.task.test"),
    ("iam_endpoint", "HW_AUTH_URL", "of-env-1 by iam.task.test"),
]


def test_the_table_has_every_pair() -> None:
    options = [option for option in TASK if option != "endpoint"]
    assert [pair[:2] for pair in PAIRS] == [(option, variable) for option in options for variable in ENVIRONMENT]


@pytest.mark.parametrize("is_keyword", [True, False], ids=["keyword", "play variable"])
@pytest.mark.parametrize(("option", "variable", "place"), PAIRS, ids=[" ".join(pair[:2]) for pair in PAIRS])
def test_what_a_task_says_beats_what_its_environment_says(
    everywhere: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    variable: str,
    place: str,
    *,
    is_keyword: bool,
) -> None:
    for name in ("HW_REGION_NAME", variable):
        monkeypatch.setenv(name, ENVIRONMENT[name])
    if is_keyword:
        keywords: dict[str, Any] = {option: TASK[option]}
        assert place_of(everywhere, **keywords) == place
    else:
        played = {f"huaweicloud_{option}": TASK[option]}
        found = place_of(everywhere, variables=played)
        assert found == place.replace("region 'task-1'", "huaweicloud_region 'task-1'").replace(
            "cloud 'task", "huaweicloud_cloud 'task"
        )


@pytest.mark.parametrize(
    ("terms", "keywords", "played", "place"),
    [
        # A term is the name of a project.
        (["task-name"], {}, {}, "of-task-name by iam.env.test"),
        (["task-name", "task-1"], {}, {}, "of-task-name+of-task-1 by iam.env.test"),
        (["task-name"], {"project_id": "task-id"}, {"huaweicloud_project_id": "x/y"}, "of-task-name by iam.env.test"),
        # A keyword beats a play variable as a whole, as a task its environment.
        ([], {"project_name": "task-name"}, {"huaweicloud_project_id": "env-id"}, "of-task-name by iam.env.test"),
        ([], {"project_id": "task-id"}, {"huaweicloud_project_name": "env-name"}, "task-id by iam.env.test"),
        (
            [],
            {},
            {"huaweicloud_project_name": "env-name", "huaweicloud_project_id": "task-id"},
            "task-id by iam.env.test",
        ),
        (
            [],
            {"region": "task-1", "auth_url": TASK["iam_endpoint"]},
            {"huaweicloud_region": "env-1", "huaweicloud_project_id": "env-id"},
            "of-task-1 by iam.task.test",
        ),
        # Both are the task's, so an endpoint of the one goes with a region of the other.
        (
            [],
            {"region": "task-1"},
            {"huaweicloud_region": "env-1", "huaweicloud_iam_endpoint": TASK["iam_endpoint"]},
            "of-task-1 by iam.task.test",
        ),
        # Nothing is said by what is empty.
        ([], {"project_name": "", "region": " "}, {"huaweicloud_project_name": None}, "env-id by iam.env.test"),
        ([], {"iam_endpoint": ""}, {"huaweicloud_iam_endpoint": TASK["iam_endpoint"]}, "env-id by iam.task.test"),
        # An endpoint of the usual form says a region.
        ([], {"iam_endpoint": "https://iam.task-1.myhuaweicloud.com/v3"}, {}, "of-task-1 by iam.task-1.HUAWEI"),
        (
            [],
            {"region": "env-1", "iam_endpoint": "https://iam.task-1.myhuaweicloud.com"},
            {},
            "region 'env-1' and iam_endpoint 'https://iam.task-1.HUAWEI', region 'task-1' are different regions",
        ),
        (
            [],
            {"region": "env-1"},
            {"huaweicloud_iam_endpoint": "https://iam.task-1.myhuaweicloud.com"},
            "region 'env-1' and huaweicloud_iam_endpoint 'https://iam.task-1.HUAWEI', region 'task-1' "
            "are different regions",
        ),
    ],
)
def test_all_that_a_task_says_counts(
    everywhere: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    *,
    terms: list[str],
    keywords: dict[str, Any],
    played: dict[str, Any],
    place: str,
) -> None:
    for name, value in ENVIRONMENT.items():
        if name != "HW_CLOUD":
            monkeypatch.setenv(name, value)
    assert place_of(everywhere, *terms, variables=played, **keywords) == place


@pytest.mark.parametrize(
    ("terms", "options", "place"),
    [
        ([], {}, "of-env-1 by iam.env.test"),
        (["task-name"], {}, "of-task-name by iam.env.test"),
        ([], {"region": "task-1", "iam_endpoint": TASK["iam_endpoint"]}, "of-task-1 by iam.task.test"),
        (["task-name"], {"region": "task-1"}, REGIONS),
    ],
)
def test_the_lookup_of_ids_goes_there_too(
    everywhere: Simulator, monkeypatch: pytest.MonkeyPatch, terms: list[str], options: dict[str, Any], place: str
) -> None:
    for name in ("HW_REGION_NAME", "HW_AUTH_URL"):
        monkeypatch.setenv(name, ENVIRONMENT[name])
    # It finds IDs, so it has no use for one, whatever that is.
    monkeypatch.setenv("HW_PROJECT_ID", "x/y")
    assert place_of(everywhere, *terms, name="iam_project_id", **options) == place


@pytest.mark.parametrize(
    ("terms", "options", "place"),
    [
        ([], {}, "env-id by iam.env.test"),
        (["task-name"], {}, "of-task-name by iam.env.test"),
        ([], {"project_name": "task-name"}, "of-task-name by iam.env.test"),
        ([], {"region": "task-1"}, REGIONS),
        ([], {"region": "task-1", "iam_endpoint": TASK["iam_endpoint"]}, "of-task-1 by iam.task.test"),
    ],
)
def test_the_lookup_of_agencies_goes_there_too(
    everywhere: Simulator, monkeypatch: pytest.MonkeyPatch, terms: list[str], options: dict[str, Any], place: str
) -> None:
    everywhere.cloud.add_agency("migration", "customer", "demo")
    for name in ("HW_REGION_NAME", "HW_PROJECT_ID", "HW_AUTH_URL"):
        monkeypatch.setenv(name, ENVIRONMENT[name])
    agency: dict[str, Any] = {"agency_name": "migration", "agency_domain_name": "customer"}
    assert place_of(everywhere, *terms, name="iam_agency_token", **agency, **options) == place
