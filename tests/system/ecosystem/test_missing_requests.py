# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Python without ``requests``: one line that says which, where, and what to do; and the documentation works."""

from __future__ import annotations

import json
import platform
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import (
    CHECKOUT,
    play,
    results_in,
    run,
    succeed,
    with_collection,
    write_playbook,
)

MODULES = tuple(sorted(path.stem for path in (CHECKOUT / "plugins" / "modules").glob("[!_]*.py")))
LOOKUPS = {"iam_agency_token": ", agency_name='a', agency_domain_name='d'", "iam_project_id": "", "iam_token": ""}
PASSWORD = "Pelican77MarigoldCanary"
USER = {"username": "demo", "password": PASSWORD, "domain_name": "demo"}

# Python imports this when it starts, and then finds no requests.
BLOCKER = """
import sys


class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "requests":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Blocker())
"""


@pytest.fixture
def blocked(tmp_path: Path) -> dict[str, str]:
    """An environment in which no Python finds requests, that of ansible-playbook included."""
    folder = tmp_path / "blocker"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BLOCKER, encoding="utf-8")
    environment = {**with_collection(tmp_path), "PYTHONPATH": str(folder)}
    done = run("python", "-c", "import requests", folder=tmp_path, environment=environment)
    assert "No module named 'requests'" in done.stderr
    return environment


def message(python: str | Path, reason: str = "No module named 'requests'") -> str:
    """Give what users read."""
    return (
        f"the Python library requests cannot be imported by {python} on {platform.node()} ({reason}); install it there "
        f"({python} -m pip install requests), or use a Python that has it: ansible_python_interpreter names that of "
        "modules, lookups run in that of Ansible"
    )


def test_a_module_says_which_python_lacks_it(tmp_path: Path) -> None:
    # A Python in which nothing was installed, and not the one that runs ansible-playbook.
    venv.create(tmp_path / "bare", symlinks=True)
    python = tmp_path / "bare/bin/python"
    tasks: list[dict[str, Any]] = [
        {"huaweicloud.drs.drs_job_batch_stop": {**USER, "region": "r", "jobs": [{"job_id": "a"}]}},
        {"huaweicloud.drs.drs_job_info": {**USER, "region": "r"}},
        # These two need no client.
        {"huaweicloud.drs.drs_job_batch_stop": {**USER, "region": "r", "jobs": []}},
        {"huaweicloud.drs.drs_job_info": {**USER, "region": "r", "job_ids": []}},
    ]
    path = tmp_path / "play.yml"
    write_playbook(path, tasks, ignore_errors=True, vars={"ansible_python_interpreter": str(python)})
    done = play(path, with_collection(tmp_path))

    results = results_in(done.stdout)
    failed, empty = results[:2], results[2:]
    assert [(each["msg"], each["changed"]) for each in failed] == [(message(python), False)] * 2, done.stdout
    assert [(each.get("msg"), each["jobs"]) for each in empty] == [(None, [])] * 2, done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr


def test_a_lookup_says_which_python_lacks_it(blocked: dict[str, str], tmp_path: Path) -> None:
    user = f"username='demo', password='{PASSWORD}', domain_name='demo', region='r'"
    calls = [f"lookup('huaweicloud.drs.{name}', {user}{options})" for name, options in LOOKUPS.items()]
    path = tmp_path / "play.yml"
    write_playbook(
        path, [{"ansible.builtin.debug": {"msg": f"{{{{ {call} }}}}"}} for call in calls], ignore_errors=True
    )
    done = play(path, blocked)

    results = results_in(done.stdout)
    assert [message(sys.executable) in each["msg"] for each in results] == [True] * len(LOOKUPS), done.stdout
    assert not [each for each in results if "\n" in each["msg"]]
    assert "Traceback" not in done.stdout + done.stderr
    # ansible-core repeats the template of a task that fails.
    assert PASSWORD not in "".join(each["msg"] for each in results)


def test_an_inventory_says_which_python_lacks_it(blocked: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "wave.drs_jobs.yml"
    path.write_text(json.dumps({"plugin": "huaweicloud.drs.drs_jobs", "region": "r", **USER}), encoding="utf-8")
    done = run("ansible-inventory", "-i", path, "--list", folder=tmp_path, environment=blocked)
    assert message(sys.executable) in " ".join(done.stderr.split())
    assert "Traceback" not in done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("kind", "names"), [("module", MODULES), ("lookup", tuple(LOOKUPS)), ("inventory", ("drs_jobs",))]
)
def test_the_documentation_can_be_read(blocked: dict[str, str], tmp_path: Path, kind: str, names: tuple[str]) -> None:
    full = [f"huaweicloud.drs.{name}" for name in names]
    said = succeed("ansible-doc", "-t", kind, "--json", *full, folder=tmp_path, environment=blocked)
    assert [bool(json.loads(said)[name]["doc"]["options"]) for name in full] == [True] * len(full)


def test_every_file_can_be_imported(blocked: dict[str, str], tmp_path: Path) -> None:
    plugins = CHECKOUT / "plugins"
    paths = sorted(path.relative_to(plugins).with_suffix("") for path in plugins.rglob("*.py"))
    package = "ansible_collections.huaweicloud.drs.plugins"
    program = "".join(f"import {'.'.join([package, *path.parts])}\n" for path in paths)
    tree = blocked["ANSIBLE_COLLECTIONS_PATH"]
    environment = {**blocked, "PYTHONPATH": f"{blocked['PYTHONPATH']}:{tree}"}
    succeed("python", "-c", program, folder=tmp_path, environment=environment)


def test_a_requests_that_is_broken_says_what_it_lacks(tmp_path: Path) -> None:
    library = tmp_path / "library" / "requests"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text("raise ImportError(\"cannot import name 'x'\\nfrom 'urllib3'\")", "utf-8")
    path = tmp_path / "play.yml"
    write_playbook(path, [{"huaweicloud.drs.drs_job_info": {**USER, "region": "r"}}], ignore_errors=True)
    done = play(path, {**with_collection(tmp_path), "PYTHONPATH": str(library.parent)})
    (result,) = results_in(done.stdout)
    assert result["msg"] == message(sys.executable, "cannot import name 'x' from 'urllib3'")


def test_all_lookups_are_tested_here() -> None:
    assert sorted(path.stem for path in (CHECKOUT / "plugins" / "lookup").glob("[!_]*.py")) == sorted(LOOKUPS)
