# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wrong credential in a run: refused twice at most, whatever lookups, tasks, hosts and forks use it.

IAM locks a user after 5 wrong passwords, or as few as 3.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, RecordedRequest, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import LOCAL, run, with_collection
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import RUNNING, job_ids

INFO = "huaweicloud.drs.drs_job_info"
AS_MODULE = {"environment": {"SOMETHING": "else"}}
USER = {"HW_USER_NAME": "demo", "HW_DOMAIN_NAME": "demo", "HW_USER_PASSWORD": "wrong-canary"}
KEY = {"HW_ACCESS_KEY": "demo-ak", "HW_SECRET_KEY": "wrong-canary"}


class Runs:
    """Runs plays for several hosts against a cloud."""

    def __init__(self, folder: Path, cloud: Simulator) -> None:
        """Take a folder to write to, and the cloud."""
        self.folder = folder
        self.cloud = cloud
        self.output = ""

    def __call__(self, *tasks: dict[str, Any], hosts: int = 3, environment: dict[str, str], **keywords: Any) -> None:
        """Run these tasks, each whatever became of the one before."""
        named = [{"name": f"Step {number}", "ignore_errors": True, **task} for number, task in enumerate(tasks)]
        path = self.folder / "steps.yml"
        path.write_text(yaml.safe_dump([{**LOCAL, "hosts": "all", **keywords, "tasks": named}]))
        inventory = "".join(f"host{number}," for number in range(hosts))
        place = {"HW_AUTH_URL": self.cloud.url, "HW_DRS_ENDPOINT": self.cloud.url, "HW_PROJECT_NAME": "demo"}
        done = run(
            *("ansible-playbook", "-v", "-f", "20", "-i", inventory, path),
            folder=self.folder,
            environment={**with_collection(self.folder), **place, **environment},
        )
        self.output = done.stdout + done.stderr
        assert "canary" not in self.output
        assert "Traceback" not in self.output

    @property
    def refused(self) -> list[RecordedRequest]:
        """The requests whose credential was refused."""
        return [request for request in self.cloud.requests if request.status == 401]


@pytest.fixture
def runs(tmp_path: Path, cloud: Simulator) -> Runs:
    """Ansible, with a cloud."""
    return Runs(tmp_path, cloud)


def lookup(name: str, *terms: str, **options: str) -> dict[str, Any]:
    """Return a task that uses a lookup; options are in the words of a template."""
    words = ", ".join([f"'huaweicloud.drs.{name}'", *terms, *(f"{key}={value}" for key, value in options.items())])
    return {"ansible.builtin.debug": {"msg": f"{{{{ lookup({words}) | length }}}}"}}


def task(**options: Any) -> dict[str, Any]:
    """Return a task that reads a job."""
    return {INFO: {"job_ids": [RUNNING], **options}}


FIVE = {"loop": [1, 2, 3, 4, 5]}
EVERYTHING = [
    {**lookup("iam_token", "'project-' ~ item"), **FIVE},
    lookup("iam_project_id", "'demo'"),
    lookup("iam_agency_token", agency_name="'a'", agency_domain_name="'b'"),
    {**task(), **FIVE},
    task(project_name="other"),
]


def test_a_wrong_password_is_refused_twice_at_most(runs: Runs) -> None:
    runs(*EVERYTHING, environment=USER, strategy="free")
    assert len(runs.refused) == 2, runs.output
    assert len(runs.cloud.requests) == 2
    assert "not sent: user demo of account demo was refused twice in this run, and a few more" in runs.output
    # The right password still opens: the user is not locked.
    runs(task(), hosts=1, environment={**USER, "HW_USER_PASSWORD": "demo"})
    assert "failed=0" in runs.output


def test_without_the_cache_it_is_no_more_often(runs: Runs) -> None:
    runs({**lookup("iam_token", cache="false"), **FIVE}, task(), environment=USER)
    assert len(runs.refused) == 2, runs.output


def test_twenty_forks_that_begin_at_the_same_moment_are_refused_twice(runs: Runs) -> None:
    runs.cloud.cloud.latency = 0.2
    runs(lookup("iam_token", "'project-' ~ inventory_hostname"), hosts=20, environment=USER)
    assert len(runs.refused) == 2, runs.output


def test_what_was_corrected_in_the_same_run_works_at_once(runs: Runs) -> None:
    right = {"password": "{{ 'de' ~ 'mo' }}", "username": "demo", "domain_name": "demo"}
    runs({**task(), **FIVE}, task(**right), {**task(), **FIVE}, hosts=1, environment=USER)
    # And the wrong one may be tried again, since the success has ended the count of IAM as well.
    assert [request.status for request in runs.cloud.requests_to("auth-tokens")] == [401, 401, 201, 401, 401]
    assert "ignored=2" in runs.output


def test_another_user_is_not_touched(runs: Runs) -> None:
    runs.cloud.cloud.add_user("second", "pass-word-2", "demo")
    other = {"username": "second", "password": "pass-{{ 'word' }}-2", "domain_name": "demo"}
    runs({**task(), **FIVE}, task(**other), hosts=1, environment=USER)
    assert len(runs.refused) == 2
    assert "ignored=1" in runs.output


def test_a_login_to_the_wrong_project_is_told_so_and_keeps_nobody_out(runs: Runs) -> None:
    runs(lookup("iam_token", "'no-project'"), task(), hosts=1, environment={**USER, "HW_USER_PASSWORD": "demo"})
    assert [request.status for request in runs.cloud.requests_to("auth-tokens")] == [401, 201]
    assert "ignored=1" in runs.output


def test_a_wrong_secret_key_is_refused_twice_at_most(runs: Runs) -> None:
    project = lookup("iam_project_id", "'demo-' ~ item")
    runs({**project, **FIVE}, {**task(project_id=PROJECT_ID), **FIVE}, environment=KEY)
    assert len(runs.refused) == 2, runs.output
    assert "not sent: access key demo-ak was refused twice in this run" in runs.output
    runs(task(project_id=PROJECT_ID), hosts=1, environment={**KEY, "HW_SECRET_KEY": "demo-sk"})
    assert "failed=0" in runs.output


@pytest.mark.parametrize("environment", [{"HW_AUTH_TOKEN": "wrong-canary-token"}, KEY], ids=["token", "key"])
def test_the_requests_of_one_task_wait_for_the_first(runs: Runs, environment: dict[str, str]) -> None:
    many = task(job_ids=job_ids(400), project_id=PROJECT_ID)
    runs(many, many, many, environment=environment)
    assert len(runs.refused) == 2, runs.output


@pytest.mark.parametrize(
    ("environment", "times"),
    # A token locks nobody.
    [(USER, 1), (KEY, 1), ({"HW_AUTH_TOKEN": "wrong-canary-token"}, 2)],
    ids=["user", "key", "token"],
)
def test_a_module_in_a_process_of_its_own_is_refused_once(runs: Runs, environment: dict[str, str], times: int) -> None:
    many = task(job_ids=job_ids(400), project_id=PROJECT_ID)
    runs({**many, "loop": [1, 2], **AS_MODULE}, hosts=1, environment=environment)
    assert len(runs.refused) == 2 * times, runs.output


def test_logins_without_an_answer_are_bounded(runs: Runs) -> None:
    runs.cloud.faults.add(Fault("auth-tokens", nth=None, kind="reset", after=True))
    runs(lookup("iam_token"), hosts=5, environment={**USER, "HW_USER_PASSWORD": "demo", "HW_MAX_RETRIES": "3"})
    assert len(runs.cloud.requests_to("auth-tokens")) == 2, runs.output
    assert "The last refusal" in runs.output


@pytest.mark.parametrize("keywords", [{}, AS_MODULE], ids=["action", "module"])
def test_a_token_that_was_revoked_is_not_handed_out_again(runs: Runs, keywords: dict[str, Any]) -> None:
    runs.cloud.faults.add(Fault("batch-detail", status=401, body={"error_code": "APIGW.0307", "error_msg": "renew"}))
    use = {**task(project_id=PROJECT_ID, token="{{ lookup('huaweicloud.drs.iam_token') }}"), **keywords}
    runs(use, use, use, hosts=1, environment={**USER, "HW_USER_PASSWORD": "demo"})
    assert "ignored=1" in runs.output
    assert len(runs.cloud.requests_to("auth-tokens")) == 2
