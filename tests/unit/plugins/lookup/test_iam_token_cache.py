# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run logs in once for each identity, scope and endpoint, and nothing of it is left afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleLookupError
from ansible.plugins.loader import lookup_loader

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo

NAME = "huaweicloud.drs.iam_token"
USER: dict[str, Any] = {"username": "demo", "password": "demo", "domain_name": "demo"}


def look_up(sim: Simulator, clock: ManualClock, *terms: str, **options: Any) -> list[Any]:
    """Use the lookup as one more task or fork of the run does."""
    plugin = lookup_loader.get(NAME)
    plugin.clock = clock
    given = {"iam_endpoint": sim.url, "project_name": "demo", **USER, **options}
    found: list[Any] = plugin.run(list(terms), {}, **given)
    return found


def test_the_same_is_asked_for_once(sim: Simulator, clock: ManualClock) -> None:
    first = look_up(sim, clock)
    assert [look_up(sim, clock) for _time in range(5)] == [first] * 5
    assert [look_up(sim, clock, detail=True)[0]["token"]] == first
    assert len(sim.requests) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"project_name": "other"},
        {"project_id": "other-id"},
        {"username": "second"},
        {"domain_name": "elsewhere"},
        {"iam_endpoint": "{url}/v3/"},
    ],
)
def test_another_identity_scope_or_endpoint_is_another_token(
    sim: Simulator, clock: ManualClock, other: dict[str, Any]
) -> None:
    sim.cloud.add_project("other-id", "other")
    sim.cloud.add_user("second", "demo", "demo")
    sim.cloud.add_user("demo", "demo", "elsewhere")
    first = look_up(sim, clock)
    is_the_same = "iam_endpoint" in other  # the same place in other words
    other = {name: value.format(url=sim.url) for name, value in other.items()}
    assert (look_up(sim, clock, **other) == first) == is_the_same
    assert len(sim.requests) == (1 if is_the_same else 2)


def test_a_wrong_password_is_never_answered_from_the_cache_and_is_tried_once(
    sim: Simulator, clock: ManualClock
) -> None:
    look_up(sim, clock)
    for _time in range(20):
        with pytest.raises(AnsibleLookupError, match="requires authentication"):
            look_up(sim, clock, password="canary")
    assert [request.status for request in sim.requests] == [201, 401]
    # The user is not locked: the right password still opens.
    assert look_up(sim, clock, cache=False)


def test_terms_share_what_is_known(sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.add_project("other-id", "other")
    (demo,) = look_up(sim, clock)
    both = look_up(sim, clock, "other", "demo")
    assert both[1] == demo
    assert both == look_up(sim, clock, "other", "demo")
    assert len(sim.requests) == 2


def test_a_token_is_not_used_in_its_last_ten_minutes(sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.configure(token_lifetime=3600.0)
    first = look_up(sim, clock)
    clock.advance(2998)
    assert look_up(sim, clock) == first
    clock.advance(4)
    assert look_up(sim, clock) != first


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_off_does_not_turn_it_off(sim: Simulator, clock: ManualClock, hours: int) -> None:
    sim.cloud.configure(token_lifetime=3600.0)
    own = ManualClock(clock.time() + hours * 3600)
    first = look_up(sim, own)
    own.advance(2998)
    assert look_up(sim, own) == first
    own.advance(4)
    assert look_up(sim, own) != first
    assert len(sim.requests) == 2


def test_a_short_lived_token_is_not_kept(sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.configure(token_lifetime=599.0)
    assert look_up(sim, clock) != look_up(sim, clock)
    assert len(sim.requests) == 2


def test_it_can_be_turned_off(sim: Simulator, clock: ManualClock) -> None:
    assert look_up(sim, clock, cache=False) != look_up(sim, clock, cache=False)


PLAY = {
    "hosts": "all",
    "connection": "local",
    "gather_facts": False,
    "vars": {"token": "{{ lookup('huaweicloud.drs.iam_token') }}"},
    "tasks": [
        {
            "name": f"Use the token {number}",
            "ansible.builtin.debug": {"msg": "{{ token | length > 0 }}"},
            "loop": [0, 1, 2, 3],
        }
        for number in range(5)
    ],
}


def run_play(play: dict[str, Any], sim: Simulator, folder: Path, hosts: int, **extra: str) -> str:
    """Run a play with 20 forks and a home folder of its own; give what was printed."""
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([play], sort_keys=False))
    home = folder / "home"
    home.mkdir()
    inventory = "".join(f"host{number}," for number in range(hosts))
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "-f", "20", "-i", inventory, str(path)],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "NO_PROXY": "*",
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "HW_USER_NAME": "demo",
            "HW_USER_PASSWORD": "demo",
            "HW_DOMAIN_NAME": "demo",
            "HW_PROJECT_NAME": "demo",
            "HW_AUTH_URL": f"{sim.url}/v3",
            **extra,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def files_below(folder: Path) -> list[str]:
    """Give every file that is left."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def cloud() -> Any:
    """A cloud whose time passes, for a program of its own."""
    with Simulator() as sim:
        seed_demo(sim.cloud)
        yield sim


def test_a_play_for_three_hosts_with_loops_and_twenty_forks_logs_in_once(cloud: Simulator, tmp_path: Path) -> None:
    said = run_play(PLAY, cloud, tmp_path, hosts=3)
    assert said.count("failed=0") == 3, said
    assert len(cloud.requests_to("auth-tokens")) == 1
    # Nothing is left but what Ansible itself leaves: no file at all.
    assert files_below(tmp_path / "home") == []


def test_twenty_forks_that_start_at_the_same_moment_log_in_once(cloud: Simulator, tmp_path: Path) -> None:
    cloud.cloud.latency = 0.5
    play = {**PLAY, "strategy": "free", "tasks": PLAY["tasks"][:1]}  # type: ignore[index]
    said = run_play(play, cloud, tmp_path, hosts=20)
    assert said.count("failed=0") == 20, said
    assert len(cloud.requests_to("auth-tokens")) == 1


def test_a_wrong_password_of_a_whole_play_is_tried_once(cloud: Simulator, tmp_path: Path) -> None:
    play = {**PLAY, "ignore_errors": True}
    said = run_play(play, cloud, tmp_path, hosts=3, HW_USER_PASSWORD="wrong-canary")
    assert "requires authentication" in said
    assert "canary" not in said
    assert [request.status for request in cloud.requests] == [401]
    assert files_below(tmp_path / "home") == []


def test_play_variables_may_be_templates(cloud: Simulator, tmp_path: Path) -> None:
    play = {
        **PLAY,
        "vars": {**PLAY["vars"], "vault_password": "demo", "huaweicloud_password": "{{ vault_password }}"},  # type: ignore[dict-item]
    }
    said = run_play(play, cloud, tmp_path, hosts=1, HW_USER_PASSWORD="not this one")
    assert "failed=0" in said, said
    assert [request.status for request in cloud.requests] == [201]
