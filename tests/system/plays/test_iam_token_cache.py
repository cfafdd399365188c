# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole play logs in once, whatever hosts, loops and forks use the lookup, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import run, with_collection, write_playbook

TOKEN = {"token": "{{ lookup('huaweicloud.drs.iam_token') }}"}
TASKS: list[dict[str, Any]] = [
    {
        "name": f"Use the token {number}",
        "ansible.builtin.debug": {"msg": "{{ token | length > 0 }}"},
        "loop": [0, 1, 2, 3],
    }
    for number in range(5)
]
USER = {"HW_USER_NAME": "demo", "HW_USER_PASSWORD": "demo", "HW_DOMAIN_NAME": "demo", "HW_PROJECT_NAME": "demo"}


def play_with_token(
    cloud: Simulator,
    folder: Path,
    tasks: list[dict[str, Any]],
    *,
    hosts: int,
    environment: dict[str, str] | None = None,
    **keywords: Any,
) -> str:
    """Run these tasks with 20 forks and a home folder of its own; return what was printed."""
    path, home = folder / "play.yml", folder / "home"
    home.mkdir()
    write_playbook(path, tasks, **{"hosts": "all", "vars": TOKEN, **keywords})
    inventory = "".join(f"host{number}," for number in range(hosts))
    login = {**USER, "HW_AUTH_URL": f"{cloud.url}/v3", **(environment or {})}
    done = run(
        *("ansible-playbook", "-f", "20", "-i", inventory, path),
        folder=folder,
        environment={**with_collection(home), **login},
    )
    return done.stdout + done.stderr


def files_below(folder: Path) -> list[str]:
    """Return every file that is left."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_three_hosts_with_loops_and_twenty_forks_log_in_once(cloud: Simulator, tmp_path: Path) -> None:
    output = play_with_token(cloud, tmp_path, TASKS, hosts=3)
    assert output.count("failed=0") == 3, output
    assert len(cloud.requests_to("auth-tokens")) == 1
    # Nothing is left but what Ansible itself leaves: no file at all.
    assert files_below(tmp_path / "home") == []


def test_twenty_forks_that_start_at_the_same_moment_log_in_once(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.latency = 0.5
    output = play_with_token(cloud, tmp_path, TASKS[:1], hosts=20, strategy="free")
    assert output.count("failed=0") == 20, output
    assert len(cloud.requests_to("auth-tokens")) == 1


def test_a_wrong_password_of_a_whole_play_is_tried_once(cloud: Simulator, tmp_path: Path) -> None:
    wrong = {"HW_USER_PASSWORD": "wrong-canary"}
    output = play_with_token(cloud, tmp_path, TASKS, hosts=3, ignore_errors=True, environment=wrong)
    assert "requires authentication" in output
    assert "canary" not in output
    assert [request.status for request in cloud.requests] == [401]
    assert files_below(tmp_path / "home") == []


def test_play_variables_may_be_templates(cloud: Simulator, tmp_path: Path) -> None:
    variables = {**TOKEN, "vault_password": "demo", "huaweicloud_password": "{{ vault_password }}"}
    wrong = {"HW_USER_PASSWORD": "not this one"}
    output = play_with_token(cloud, tmp_path, TASKS, hosts=1, vars=variables, environment=wrong)
    assert "failed=0" in output, output
    assert [request.status for request in cloud.requests] == [201]
