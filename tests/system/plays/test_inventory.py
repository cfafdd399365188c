# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin in the programs of Ansible: what they print, write and run, and what they never do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    run,
    succeed,
    with_collection,
    write_playbook,
)
from ansible_collections.huaweicloud.drs.tests.system.faults.test_canary import found_in

PLUGIN = "huaweicloud.drs.drs_jobs"
TEMPLATE = "{{ lookup('pipe', 'echo evaluated') }}"
CANARIES = {
    "password": "Pelican77Marigold",
    "secret key": "Axolotl68000Petunia",
    "token": "MIIGiraffe0815Hyacinth" + "Zq7" * 40,
    "security token": "MIIManatee6502Camellia" + "Xv9" * 40,
    "wrong password": "Wombat41Xylophone",
}


@pytest.fixture
def environment(cloud: Simulator, tmp_path: Path) -> dict[str, str]:
    """An environment with a user, in which an inventory that cannot be read is an error."""
    cloud.cloud.add_project("p1", "ap-southeast-1")
    cloud.cloud.add_project("p3", "ap-southeast-3")
    (tmp_path / "home").mkdir()
    return {
        **with_collection(tmp_path / "home"),
        "HW_USER_NAME": "demo",
        "HW_USER_PASSWORD": "demo",
        "HW_DOMAIN_NAME": "demo",
        "HW_AUTH_URL": cloud.url,
        "HW_DRS_ENDPOINT": cloud.url,
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
    }


def write(folder: Path, name: str = "wave.drs_jobs.yml", **options: Any) -> Path:
    """Write the file of an inventory."""
    path = folder / name
    path.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}, sort_keys=False), encoding="utf-8")
    return path


def listed(path: Path, environment: Mapping[str, str], *options: str) -> dict[str, Any]:
    """Return what ansible-inventory lists."""
    said = succeed("ansible-inventory", "-i", path, "--list", *options, folder=path.parent, environment=environment)
    found: dict[str, Any] = json.loads(
        said,
        # How Ansible shows a text that is not to be evaluated; since 2.19 all that do not come from the user.
        object_hook=lambda each: each.get("__ansible_unsafe", each),
    )
    return found


def test_ansible_inventory_lists_jobs_of_two_regions(
    cloud: Simulator, environment: dict[str, str], tmp_path: Path
) -> None:
    cloud.cloud.add_job("a", "first", project_id="p1", job_type="migration")
    cloud.cloud.add_job("b", "second", project_id="p3", status="RELEASE_RESOURCE_COMPLETE")
    path = write(tmp_path, regions=[{"region": "{{ first }}"}, {"region": "ap-southeast-3"}])
    found = listed(path, environment, "-e", "first=ap-southeast-1")
    assert found["_meta"]["hostvars"]["first"] | {"drs_job": None} == {
        "first": "ap-southeast-1",  # ansible-inventory adds extra variables
        "ansible_connection": "local",
        "drs_job": None,
        "drs_job_id": "a",
        "drs_project_id": "p1",
        "drs_region": "ap-southeast-1",
    }
    assert found["_meta"]["hostvars"]["second"]["drs_job"]["phase"] == "stopped"
    groups = {name: group["hosts"] for name, group in found.items() if name.startswith("drs_")}
    assert groups == {
        "drs_phase_running": ["first"],
        "drs_phase_stopped": ["second"],
        "drs_region_ap_southeast_1": ["first"],
        "drs_region_ap_southeast_3": ["second"],
        "drs_project_p1": ["first"],
        "drs_project_p3": ["second"],
        "drs_type_migration": ["first"],
        "drs_type_sync": ["second"],
    }
    assert sorted(found["drs"]["children"]) == sorted(groups)
    command = "ansible-inventory --graph drs_phase_running -e first=ap-southeast-1 -i".split()
    graph = succeed(*command, path, folder=tmp_path, environment=environment)
    assert graph.splitlines() == ["@drs_phase_running:", "  |--first"]


def test_the_password_may_be_vaulted(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("of the vault", encoding="utf-8")
    command = ("ansible-vault", "encrypt_string", "--vault-password-file", "vault", "--name", "password", "demo")
    vaulted = succeed(*command, folder=tmp_path, environment=environment)
    path = write(tmp_path, region="demo", username="demo", domain_name="demo")
    path.write_text(path.read_text(encoding="utf-8") + vaulted, encoding="utf-8")
    found = listed(path, environment | {"HW_USER_PASSWORD": "wrong"}, "--vault-password-file", "vault")
    assert len(found["_meta"]["hostvars"]) == 2
    assert "vault" not in json.dumps(found)


def test_a_play_for_jobs_runs_here_and_evaluates_no_name(
    cloud: Simulator, environment: dict[str, str], tmp_path: Path
) -> None:
    cloud.cloud.add_job("a", TEMPLATE, project_id="p1", description=TEMPLATE)
    inventory = write(tmp_path, region="ap-southeast-1", compose={"copy": "drs_job.name ~ '!'"})
    message = "{{ [drs_job, copy, inventory_hostname, inventory_hostname_short, groups] }}"
    tasks: list[dict[str, Any]] = [
        {"ansible.builtin.debug": {"msg": message}},
        {"huaweicloud.drs.drs_job_info": {"region": "{{ drs_region }}", "job_ids": ["{{ drs_job_id }}"]}},
    ]
    path = tmp_path / "play.yml"
    write_playbook(path, tasks, hosts="drs_phase_running", connection="ssh")
    said = succeed("ansible-playbook", "-v", "-i", inventory, path, folder=tmp_path, environment=environment)
    assert "echo evaluated" in said
    assert said.count("evaluated") == said.count("echo evaluated")
    assert "ok=2" in said


def test_refreshing_the_inventory_reads_it_again(cloud: Simulator, environment: dict[str, str], tmp_path: Path) -> None:
    inventory = write(
        tmp_path, region="demo", cache=True, cache_plugin="jsonfile", cache_connection=str(tmp_path / "cache")
    )
    listed(inventory, environment)
    cloud.clear_requests()
    path = tmp_path / "play.yml"
    tasks = [{"ansible.builtin.debug": {"msg": "{{ groups.drs | length }} jobs"}}]
    write_playbook(path, [*tasks, {"ansible.builtin.meta": "refresh_inventory"}, *tasks])
    cloud.cloud.add_job("a")
    said = succeed("ansible-playbook", "-i", inventory, path, folder=tmp_path, environment=environment)
    assert [count for count in ("2 jobs", "3 jobs") if count in said] == ["2 jobs", "3 jobs"]
    assert len(cloud.requests_to("auth-tokens")) == 1
    cloud.clear_requests()
    assert "3 jobs" in succeed("ansible-playbook", "-i", inventory, path, folder=tmp_path, environment=environment)
    assert cloud.requests  # of the refresh


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown option": ({"regoin": "demo"}, "regoin is no option: did you mean region?"),
    "empty regions": ({"regions": []}, "regions is empty"),
    "no region": ({"regions": None}, "regions is empty"),
    "no credential": (
        {"regions": [{"region": "demo", "access_key": "a"}]},
        "regions: entry 1: secret_key missing (HW_SECRET_KEY)",
    ),
    "no name": ({"region": "demo", "hostnames": ["nosuch"]}, "hostnames (nosuch) gives no name for the job"),
    "two values": (
        {"region": "demo", "iam_endpoint": "https://a.test", "auth_url": "https://b.test"},
        "iam_endpoint and auth_url are one option with two values",
    ),
    "wrong type": ({"region": "demo", "retries": "many"}, "retries must be a whole number"),
    "undefined": ({"region": "{{ nosuch }}"}, "region cannot be evaluated: 'nosuch' is undefined"),
    "no project": ({"region": "nosuch"}, "answered HTTP 401"),
}


@pytest.mark.parametrize("name", [*BAD, "file name"])
def test_bad_input_is_one_line(environment: dict[str, str], tmp_path: Path, name: str) -> None:
    options, expected = BAD.get(name, ({"region": "demo"}, "its name must end in drs_jobs.yml or drs_jobs.yaml"))
    path = write(tmp_path, "jobs.yml" if name == "file name" else "wave.drs_jobs.yml", **options)
    command = ("ansible-inventory", "-i", path, "--list")
    done = run(*command, folder=tmp_path, environment=environment)
    assert done.returncode != 0
    assert expected in " ".join(done.stderr.split())  # which Ansible wraps
    assert "Traceback" not in done.stdout + done.stderr


def test_no_secret_is_in_anything_that_ansible_wrote(
    cloud: Simulator, environment: dict[str, str], tmp_path: Path
) -> None:
    cloud.cloud.add_user("canary", CANARIES["password"], "demo")
    cloud.cloud.add_access_key("key", CANARIES["secret key"], security_token=CANARIES["security token"])
    cloud.cloud.add_job("a", CANARIES["password"], project_id="p1", description=f"x {CANARIES['secret key']} y")
    written = tmp_path / "written"
    written.mkdir()
    environment |= {
        "HOME": str(written),
        "ANSIBLE_HOME": str(written / "ansible"),
        "ANSIBLE_LOG_PATH": str(written / "log"),
        "ANSIBLE_DISPLAY_TRACEBACK": "always",
        "TMPDIR": str(written),
        **{f"CANARY_{name.replace(' ', '_')}": value for name, value in CANARIES.items()},
    }
    of_env = {name: f"{{{{ lookup('env', 'CANARY_{name.replace(' ', '_')}') }}}}" for name in CANARIES}
    user = {"username": "canary", "domain_name": "demo", "password": of_env["password"]}
    key = {"access_key": "key", "secret_key": of_env["secret key"], "security_token": of_env["security token"]}
    cache: dict[str, Any] = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(written / "cache")}
    regions = [{"region": "ap-southeast-1", **user}, {"region": "demo", **key}]
    works = write(tmp_path, regions=regions, details=["endpoints"], **cache)
    ways_to_fail: list[dict[str, Any]] = [
        {"password": of_env["wrong password"]},
        {"token": of_env["token"]},
        {"region": "nosuch"},
        {"password": [of_env["password"]]},
        {"pasword": of_env["password"]},
        {"hostnames": ["nosuch"]},
        {"compose": {"a": "nosuch.b"}, "strict": True},
        {"endpoint": f"http://somebody:{CANARIES['password']}@127.0.0.1:1"},
        {"endpoint": "http://127.0.0.1:1"},
    ]
    fails = [
        write(tmp_path, f"{number}.drs_jobs.yml", **{"region": "demo", **user, "retries": 0, "timeout": 1, **options})
        for number, options in enumerate(ways_to_fail)
    ]
    outputs = []
    for path in (works, works, *fails):
        done = run("ansible-inventory", "-vvvv", "-i", path, "--list", folder=written, environment=environment)
        assert (done.returncode == 0) == (path == works), done.stderr
        outputs += [done.stdout, done.stderr]
    cloud.faults.add(Fault("jobs", nth=None, status=403, body={"error_msg": f"No {CANARIES['password']}"}))
    done = run(
        "ansible-inventory", "-vvvv", "-i", works, "--list", "--flush-cache", folder=written, environment=environment
    )
    files = [f"{path}\n{path.read_text('utf-8', 'replace')}" for path in written.rglob("*") if path.is_file()]
    tokens = {request.headers.get("X-Auth-Token") for request in cloud.requests} - {None, CANARIES["token"]}
    secrets = {**CANARIES, **{f"obtained token {number}": str(token) for number, token in enumerate(tokens)}}
    assert tokens
    assert any("cache" in file for file in files)
    assert found_in("\n".join([*outputs, done.stdout, done.stderr, *files]), secrets) == []
