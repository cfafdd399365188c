# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a task goes: what it says of the place beats the environment as a whole, and two places are an error."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    RUNNING,
    InfoModule,
    ModuleRun,
    StopModule,
    module_and_action,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.places import (
    ENVIRONMENT,
    TASK,
    USER,
    hosts_of,
)


@pytest.fixture
def info(everywhere: Simulator, as_action: bool) -> InfoModule:
    """drs_job_info, with no option that says where or as whom."""
    assert isinstance(everywhere.cloud.clock, ManualClock)
    module = InfoModule(everywhere, everywhere.cloud.clock, as_action)
    module.arguments = {"job_ids": [RUNNING], "validate_certs": False, "retries": 0, "_ansible_verbosity": 1}
    return module


def token_of(module: InfoModule) -> dict[str, str]:
    """Give a token; IAM does not say which project it is good for."""
    module.sim.faults.add(Fault("verify-token", status=404, nth=None))
    return {"token": module.sim.cloud.issue_token("demo")}


def place_of(run: ModuleRun) -> str:
    """Say where a run went, or why it did not."""
    if not run.requests:
        # An error that says what to do, before any request.
        assert run.failed
        assert not run.result.keys() & {"jobs", "endpoint", "project_id"}
        said, _give, remedy = run.msg.replace("myhuaweicloud.com", "HUAWEI").partition(": ")
        assert remedy
        return said
    at_iam = [request for request in run.requests if request.path.startswith(("/v3/auth/", "/v3/projects"))]
    at_drs = [request for request in run.requests if request not in at_iam]
    (host,), (project_id,) = hosts_of(at_drs), {request.path.split("/")[2] for request in at_drs}
    # The result says the same.
    assert (run.result["endpoint"], run.result["project_id"]) == (f"https://{host}", project_id)
    (iam,) = hosts_of(at_iam) or [""]
    return f"{project_id} at {host}{f' by {iam}' if iam else ''}".replace("myhuaweicloud.com", "HUAWEI")


def in_environment(monkeypatch: pytest.MonkeyPatch, *names: str, **values: str) -> None:
    """Set these variables."""
    for name in names:
        monkeypatch.setenv(name, ENVIRONMENT[name])
    for name, value in values.items():
        monkeypatch.setenv(name, value)


REGIONS = "region 'task-1' is another region than HW_REGION_NAME 'env-1', and nothing ties {} to it"
NOT_IN_CLOUD = "{} is not in the cloud {}, where {} would be ({}.env-1.{})"
DRS_OF_ENV, IAM_OF_ENV = "HW_DRS_ENDPOINT 'https://drs.env.test'", "HW_AUTH_URL 'https://iam.env.test'"
TASK_DRS = NOT_IN_CLOUD.format("endpoint 'https://drs.task.test'", "HUAWEI", "IAM", "iam", "HUAWEI")
TASK_IAM = NOT_IN_CLOUD.format("iam_endpoint 'https://iam.task.test'", "HUAWEI", "DRS", "drs", "HUAWEI")
ENV_DRS = NOT_IN_CLOUD.format(DRS_OF_ENV, "HUAWEI", "IAM", "iam", "HUAWEI")
ENV_IAM = NOT_IN_CLOUD.format(IAM_OF_ENV, "HUAWEI", "DRS", "drs", "HUAWEI")
SAME, BY_IAM = "same", "by IAM"

# The environment names a region and what is in the second column, the task no more than what is in the first. Then
# where the task goes with a token, which needs IAM only to find the project, and where with a user, who always does.
PAIRS = [
    ("region", "HW_REGION_NAME", "of-task-1 at drs.task-1.HUAWEI by iam.task-1.HUAWEI", SAME),
    ("region", "HW_PROJECT_ID", "of-task-1 at drs.task-1.HUAWEI by iam.task-1.HUAWEI", SAME),
    ("region", "HUAWEICLOUD_SDK_PROJECT_ID", "of-task-1 at drs.task-1.HUAWEI by iam.task-1.HUAWEI", SAME),
    ("region", "HW_PROJECT_NAME", "of-task-1 at drs.task-1.HUAWEI by iam.task-1.HUAWEI", SAME),
    ("region", "HW_CLOUD", "of-task-1 at drs.task-1.env.example by iam.task-1.env.example", SAME),
    ("region", "HW_DRS_ENDPOINT", REGIONS.format(DRS_OF_ENV), SAME),
    ("region", "HW_AUTH_URL", REGIONS.format(IAM_OF_ENV), SAME),
    ("project_id", "HW_REGION_NAME", "task-id at drs.env-1.HUAWEI", BY_IAM),
    ("project_id", "HW_PROJECT_ID", "task-id at drs.env-1.HUAWEI", BY_IAM),
    ("project_id", "HUAWEICLOUD_SDK_PROJECT_ID", "task-id at drs.env-1.HUAWEI", BY_IAM),
    ("project_id", "HW_PROJECT_NAME", "task-id at drs.env-1.HUAWEI", BY_IAM),
    ("project_id", "HW_CLOUD", "task-id at drs.env-1.env.example", BY_IAM),
    ("project_id", "HW_DRS_ENDPOINT", "task-id at drs.env.test", ENV_DRS),
    ("project_id", "HW_AUTH_URL", ENV_IAM, SAME),
    ("project_name", "HW_REGION_NAME", "of-task-name at drs.env-1.HUAWEI by iam.env-1.HUAWEI", SAME),
    ("project_name", "HW_PROJECT_ID", "of-task-name at drs.env-1.HUAWEI by iam.env-1.HUAWEI", SAME),
    ("project_name", "HUAWEICLOUD_SDK_PROJECT_ID", "of-task-name at drs.env-1.HUAWEI by iam.env-1.HUAWEI", SAME),
    ("project_name", "HW_PROJECT_NAME", "of-task-name at drs.env-1.HUAWEI by iam.env-1.HUAWEI", SAME),
    ("project_name", "HW_CLOUD", "of-task-name at drs.env-1.env.example by iam.env-1.env.example", SAME),
    ("project_name", "HW_DRS_ENDPOINT", ENV_DRS, SAME),
    ("project_name", "HW_AUTH_URL", ENV_IAM, SAME),
    ("cloud", "HW_REGION_NAME", "of-env-1 at drs.env-1.task.example by iam.env-1.task.example", SAME),
    ("cloud", "HW_PROJECT_ID", "env-id at drs.env-1.task.example", BY_IAM),
    ("cloud", "HUAWEICLOUD_SDK_PROJECT_ID", "sdk-id at drs.env-1.task.example", BY_IAM),
    ("cloud", "HW_PROJECT_NAME", "of-env-name at drs.env-1.task.example by iam.env-1.task.example", SAME),
    ("cloud", "HW_CLOUD", "of-env-1 at drs.env-1.task.example by iam.env-1.task.example", SAME),
    ("cloud", "HW_DRS_ENDPOINT", f"cloud 'task.example' is not that of {DRS_OF_ENV}", SAME),
    ("cloud", "HW_AUTH_URL", f"cloud 'task.example' is not that of {IAM_OF_ENV}", SAME),
    ("endpoint", "HW_REGION_NAME", TASK_DRS, SAME),
    ("endpoint", "HW_PROJECT_ID", "env-id at drs.task.test", TASK_DRS),
    ("endpoint", "HUAWEICLOUD_SDK_PROJECT_ID", "sdk-id at drs.task.test", TASK_DRS),
    ("endpoint", "HW_PROJECT_NAME", TASK_DRS, SAME),
    ("endpoint", "HW_CLOUD", TASK_DRS.replace("HUAWEI", "env.example"), SAME),
    ("endpoint", "HW_DRS_ENDPOINT", TASK_DRS, SAME),
    ("endpoint", "HW_AUTH_URL", "of-env-1 at drs.task.test by iam.env.test", SAME),
    ("iam_endpoint", "HW_REGION_NAME", TASK_IAM, SAME),
    ("iam_endpoint", "HW_PROJECT_ID", TASK_IAM, SAME),
    ("iam_endpoint", "HUAWEICLOUD_SDK_PROJECT_ID", TASK_IAM, SAME),
    ("iam_endpoint", "HW_PROJECT_NAME", TASK_IAM, SAME),
    ("iam_endpoint", "HW_CLOUD", TASK_IAM.replace("HUAWEI", "env.example"), SAME),
    ("iam_endpoint", "HW_DRS_ENDPOINT", "of-env-1 at drs.env.test by iam.task.test", SAME),
    ("iam_endpoint", "HW_AUTH_URL", TASK_IAM, SAME),
]


def test_the_table_has_every_pair() -> None:
    assert [pair[:2] for pair in PAIRS] == [(option, variable) for option in TASK for variable in ENVIRONMENT]


@pytest.mark.parametrize(
    ("option", "variable", "of_token", "of_user"), PAIRS, ids=[" ".join(pair[:2]) for pair in PAIRS]
)
def test_what_a_task_says_beats_what_its_environment_says(
    info: InfoModule, monkeypatch: pytest.MonkeyPatch, option: str, variable: str, of_token: str, of_user: str
) -> None:
    in_environment(monkeypatch, "HW_REGION_NAME", variable)
    options = {option: TASK[option]}
    place = place_of(info.run(**token_of(info), **options))
    assert place == of_token
    by_iam = place + place.partition(" at drs")[2].join([" by iam", ""])
    assert place_of(info.run(**USER, **options)) == {SAME: of_token, BY_IAM: by_iam}.get(of_user, of_user)


HUAWEI_DRS, HUAWEI_IAM = "https://drs.{}.myhuaweicloud.com", "https://iam.{}.myhuaweicloud.com"
TWO_REGIONS = "{} and {} are different regions"
ALL = ("HW_REGION_NAME", "HW_PROJECT_ID", "HW_PROJECT_NAME", "HW_DRS_ENDPOINT", "HW_AUTH_URL")


@pytest.mark.parametrize(
    ("task", "names", "values", "place"),
    [
        # Nothing that the task says: the environment as it is.
        ({}, ALL, {}, "env-id at drs.env.test by iam.env.test"),
        ({"region": "", "project_name": " "}, ALL, {}, "env-id at drs.env.test by iam.env.test"),
        # The project of the task, at the endpoints of the environment.
        ({"project_name": "task-name"}, ALL, {}, "of-task-name at drs.env.test by iam.env.test"),
        ({"project_id": "task-id"}, ALL, {}, "task-id at drs.env.test by iam.env.test"),
        # A region of the task that is that of the environment changes nothing; another one, only with its endpoints.
        ({"region": "env-1"}, ALL, {}, "env-id at drs.env.test by iam.env.test"),
        ({"region": "ENV-1"}, ALL, {}, "env-id at drs.env.test by iam.env.test"),
        ({"region": "task-1"}, ALL, {}, REGIONS.format(f"{DRS_OF_ENV} and {IAM_OF_ENV}")),
        ({"region": "task-1", "endpoint": TASK["endpoint"]}, ALL, {}, REGIONS.format(IAM_OF_ENV)),
        (
            {"region": "task-1", "endpoint": TASK["endpoint"], "iam_endpoint": TASK["iam_endpoint"]},
            ALL,
            {},
            "of-task-1 at drs.task.test by iam.task.test",
        ),
        ({"region": "task-1"}, ("HW_DRS_ENDPOINT", "HW_AUTH_URL"), {}, "of-task-1 at drs.env.test by iam.env.test"),
        ({"region": "task-1"}, ("HW_PROJECT_ID",), {}, "env-id at drs.task-1.HUAWEI by iam.task-1.HUAWEI"),
        # An endpoint of the usual form says a region, too.
        (
            {"endpoint": HUAWEI_DRS.format("task-1")},
            ("HW_REGION_NAME", "HW_PROJECT_ID"),
            {},
            "of-task-1 at drs.task-1.HUAWEI by iam.task-1.HUAWEI",
        ),
        (
            {"iam_endpoint": HUAWEI_IAM.format("task-1") + ":443/v3"},
            ("HW_REGION_NAME", "HW_PROJECT_NAME"),
            {},
            "of-task-1 at drs.task-1.HUAWEI by iam.task-1.HUAWEI",
        ),
        (
            {"endpoint": HUAWEI_DRS.format("task-1")},
            ("HW_REGION_NAME", "HW_AUTH_URL"),
            {},
            REGIONS.replace("region 'task-1'", "endpoint 'https://drs.task-1.HUAWEI', region 'task-1'").format(
                IAM_OF_ENV
            ),
        ),
        (
            {"region": "task-1", "endpoint": HUAWEI_DRS.format("env-1")},
            (),
            {},
            TWO_REGIONS.format("region 'task-1'", "endpoint 'https://drs.env-1.HUAWEI', region 'env-1'"),
        ),
        (
            {"region": "task-1"},
            ("HW_AUTH_URL",),
            {"HW_DRS_ENDPOINT": HUAWEI_DRS.format("env-1")},
            REGIONS.replace("HW_REGION_NAME", "HW_DRS_ENDPOINT 'https://drs.env-1.HUAWEI', region").format(
                f"HW_DRS_ENDPOINT 'https://drs.env-1.HUAWEI' and {IAM_OF_ENV}"
            ),
        ),
        # An endpoint of the environment is in the cloud of the task where it is known to be.
        (
            {"cloud": "env.example"},
            ("HW_CLOUD", "HW_REGION_NAME", "HW_DRS_ENDPOINT", "HW_AUTH_URL"),
            {},
            "of-env-1 at drs.env.test by iam.env.test",
        ),
        (
            {"cloud": "task.example"},
            ("HW_REGION_NAME",),
            {"HW_DRS_ENDPOINT": "https://drs.task.example/v5", "HW_AUTH_URL": "https://task.example"},
            "of-env-1 at drs.task.example by task.example",
        ),
        ({"cloud": "ask.example"}, ("HW_REGION_NAME",), {"HW_AUTH_URL": "https://task.example"}, None),
        # One endpoint that is in the cloud in which the other is built.
        (
            {},
            ("HW_REGION_NAME",),
            {"HW_AUTH_URL": HUAWEI_IAM.format("task-1")},
            "of-env-1 at drs.env-1.HUAWEI by iam.task-1.HUAWEI",
        ),
        ({}, ("HW_REGION_NAME",), {"HW_AUTH_URL": "https://iam.myhuaweicloud.com.example"}, None),
        ({}, ("HW_REGION_NAME",), {"HW_AUTH_URL": "https://iam.notmyhuaweicloud.com"}, None),
    ],
)
def test_a_user_goes_where_the_task_says(
    info: InfoModule,
    monkeypatch: pytest.MonkeyPatch,
    task: dict[str, str],
    names: tuple[str, ...],
    values: dict[str, str],
    place: str | None,
) -> None:
    in_environment(monkeypatch, *names, **values)
    found = place_of(info.run(**USER, **task))
    assert found == place or (place is None and " is not " in found)


@module_and_action
@pytest.mark.parametrize(
    ("task", "place"),
    [
        ({"region": "task-1", "project_id": "task-id", "endpoint": TASK["endpoint"]}, "task-id at drs.task.test"),
        ({"cloud": "task.example", "project_id": "task-id", "endpoint": TASK["endpoint"]}, "task-id at drs.task.test"),
        ({"project_id": "task-id"}, "task-id at drs.env.test"),
    ],
)
def test_an_endpoint_that_is_not_needed_is_nobodys_place(
    info: InfoModule, monkeypatch: pytest.MonkeyPatch, task: dict[str, str], place: str
) -> None:
    in_environment(monkeypatch, *ALL)
    assert place_of(info.run(**token_of(info), **task)) == place


# Where DRS would be in the region's cloud of Huawei, and the environment or the task names just one host of another.
ELSEWHERE = [
    ({}, {"HW_AUTH_URL": "https://iam.other.example"}, "HW_AUTH_URL 'https://iam.other.example'", "DRS"),
    ({"iam_endpoint": "https://iam.other.example"}, {}, "iam_endpoint 'https://iam.other.example'", "DRS"),
    ({}, {"HW_AUTH_URL": "https://iam.eu-de.otc.t-systems.com/v3"}, "HW_AUTH_URL", "DRS"),
    ({}, {"HW_AUTH_URL": "https://iam.myhuaweicloud.com.example"}, "HW_AUTH_URL", "DRS"),
    ({}, {"HW_AUTH_URL": "https://iam.notmyhuaweicloud.com"}, "HW_AUTH_URL", "DRS"),
    ({"region": "eu-west-101"}, {"HW_AUTH_URL": "https://iam.cn-north-4.myhuaweicloud.com"}, "HW_AUTH_URL", "DRS"),
    ({"cloud": "a.example", "iam_endpoint": "https://iam.b.example"}, {}, "iam_endpoint", "DRS"),
]


@pytest.mark.parametrize(("task", "environment", "named", "built"), ELSEWHERE)
def test_no_credential_goes_to_the_neighbour_of_another_cloud(
    info: InfoModule,
    monkeypatch: pytest.MonkeyPatch,
    task: dict[str, str],
    environment: dict[str, str],
    named: str,
    built: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    options = {"region": "cn-north-4", **task}
    ways: list[dict[str, Any]] = [USER, token_of(info), {**token_of(info), "project_id": "task-id"}]
    for credential in [*ways, {"access_key": "demo-ak", "secret_key": "demo-sk", "project_id": "task-id"}]:
        run = info.run(**credential, **options)
        assert run.msg.startswith(named)
        assert f"where {built} would be" in run.msg
        assert "endpoint, too" in run.msg
        assert run.requests == []
        assert info.run(**credential, **options, endpoint="https://drs.third.example").requests


@pytest.mark.parametrize("suffix", ["/v3", "/v5", "/v5/"])
def test_a_drs_endpoint_may_end_in_a_version(stop: StopModule, sim: Simulator, suffix: str) -> None:
    run = stop(RUNNING, endpoint=sim.url + suffix, check=True)
    assert run.outcomes == ["would_stop"]
    assert run.result["endpoint"] == sim.url


@module_and_action
def test_a_password_in_a_url_is_not_shown(info: InfoModule, monkeypatch: pytest.MonkeyPatch) -> None:
    in_environment(monkeypatch, "HW_REGION_NAME", HW_DRS_ENDPOINT="https://me:canary@drs.env.test")
    for task in ({"region": "task-1"}, {"cloud": "task.example"}, {}):
        run = info.run(**USER, **task)
        assert "HW_DRS_ENDPOINT" in run.msg
        assert "canary" not in run.stdout
        assert not run.requests
