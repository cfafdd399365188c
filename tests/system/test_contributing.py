# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What contributors are told, and what continuous integration runs, is what there is."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]


def text_of(path: str) -> str:
    """Give the text of a file of the checkout."""
    return (CHECKOUT / path).read_text(encoding="utf-8")


def workflow() -> dict[str, Any]:
    """Give the jobs of continuous integration."""
    jobs: dict[str, Any] = yaml.safe_load(text_of(".github/workflows/ci.yml"))["jobs"]
    return jobs


def commands_of(job: dict[str, Any]) -> list[str]:
    """Give what a job runs."""
    return [step["run"] for step in job["steps"] if "run" in step]


# Commands


def targets_named(text: str) -> set[str]:
    """Give the targets of make that code names, in a line or between backticks."""
    calls = re.findall(r"(?:^|`)make((?: +[a-z][a-z-]*)+)", text, re.MULTILINE)
    return {target for call in calls for target in call.split()}


@pytest.mark.parametrize(
    "path", ["README.md", "CONTRIBUTING.md", "SECURITY.md", ".ci/run", "docs/architecture.md", "tests/config.yml"]
)
def test_every_target_of_make_that_is_named_exists(path: str) -> None:
    defined = set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), re.MULTILINE))
    assert targets_named(text_of(path)) <= defined


def test_a_target_that_does_not_exist_would_be_found() -> None:
    text = (
        "make lint types   # both\n`make demo CREDENTIALS=x`, and `make` alone. They make nothing.\nmake unit ARGS=-x"
    )
    assert targets_named(text) == {"lint", "types", "demo", "unit"}


def test_every_target_has_a_line_of_help() -> None:
    makefile = text_of("Makefile")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert sorted(re.findall(r"^([a-z-]+):.*?## ", makefile, re.MULTILINE)) == sorted(phony.split())


def test_make_installs_the_language_server_before_its_tests() -> None:
    # They are skipped without it where make does not run them.
    assert re.search(r"^system: .*\.venv/node\.stamp\b", text_of("Makefile"), re.MULTILINE)


# How to add a module


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:plugins|tests|docs|meta|changelogs|examples)/?[\w./]*)`", text_of("CONTRIBUTING.md")))
    of_the_new_module = {name for name in named if re.search(r"/(?:test_)?start_|drs_job_batch_start", name)}
    assert of_the_new_module
    assert [name for name in sorted(named - of_the_new_module) if not (CHECKOUT / name).exists()] == []


def test_the_new_module_has_the_files_that_the_first_has() -> None:
    named = re.findall(r"`([\w./]*(?:/(?:test_)?start_|drs_job_batch_start)[\w.]*)`", text_of("CONTRIBUTING.md"))
    names = [name.replace("start", "stop") for name in named if "/" in name]
    assert [name for name in names if not (CHECKOUT / name).exists()] == []


def test_a_module_takes_twelve_files_at_the_most() -> None:
    steps = re.findall(r"^(\d+)\. ", text_of("CONTRIBUTING.md").partition("## How to add a module")[2], re.MULTILINE)
    assert 8 < len(steps) <= 12


# Continuous integration


def pythons_of_cores() -> dict[str, list[str]]:
    """Return each ansible-core that nox has sessions for, with its Pythons."""
    (table,) = re.findall(r"^PYTHONS = (\{.+?^\})", text_of("noxfile.py"), re.MULTILINE | re.DOTALL)
    return {core: list(pythons) for core, pythons in ast.literal_eval(table).items()}


def by_number(version: str) -> list[int]:
    """Return what orders versions."""
    return [int(part) for part in version.split(".")]


def test_continuous_integration_runs_what_contributors_run() -> None:
    commands = [command for job in workflow().values() for command in commands_of(job)]
    for command in ("make test", "nox"):
        assert command in commands
        assert f"`{command}`" in text_of("CONTRIBUTING.md")


def test_continuous_integration_covers_every_ansible_core_and_python() -> None:
    cores = pythons_of_cores()
    job = workflow()["matrix"]
    assert job["strategy"]["matrix"]["core"] == list(cores) == sorted(cores, key=by_number)
    wanted = {python for pythons in cores.values() for python in pythons}
    assert job["steps"][1]["with"]["python-version"].split() == sorted(wanted, key=by_number)


def test_the_readme_names_what_nox_runs() -> None:
    cores = pythons_of_cores()
    pythons = sorted({python for each in cores.values() for python in each}, key=by_number)
    oldest, newest = (
        re.findall(r"^requests==(\d+\.\d+)", text_of(f"requirements-{name}.txt"), re.MULTILINE)[0]
        for name in ("oldest-http", "demo")
    )
    assert (
        f"| Tested with | ansible-core {', '.join(cores)}, each with the Pythons that it supports from {pythons[0]} to "
        f"{pythons[-1]}; requests {oldest} and {newest} |"
    ) in text_of("README.md")


def test_the_oldest_session_has_the_oldest_that_the_metadata_allow() -> None:
    core, (python, *_others) = next(iter(pythons_of_cores().items()))
    assert f'"ansible-core=={core}.0"' in text_of("noxfile.py")
    assert yaml.safe_load(text_of("meta/runtime.yml"))["requires_ansible"] == f">={core}.0"
    assert yaml.safe_load(text_of("tests/config.yml"))["modules"]["python_requires"] == f">={python}"
    (oldest,) = re.findall(r"^requests==(\d+\.\d+)\.0$", text_of("requirements-oldest-http.txt"), re.MULTILINE)
    assert f"\nrequests>={oldest}\n" in text_of("requirements.txt")


def test_one_job_needs_all_the_others() -> None:
    jobs = workflow()
    last = jobs.pop("all-green")
    assert (last["if"], last["needs"]) == ("always()", list(jobs))


@pytest.mark.parametrize(
    ("results", "is_green"),
    [("success success", True), ("success failure", False), ("success skipped", False), ("cancelled success", False)],
)
def test_that_job_is_green_only_when_all_the_others_are(results: str, is_green: bool) -> None:
    if not (shutil.which("bash") and shutil.which("jq")):
        pytest.skip("no bash, or no jq")
    needs = {f"job-{number}": {"result": result, "outputs": {}} for number, result in enumerate(results.split())}
    (command,) = commands_of(workflow()["all-green"])
    environment = {**os.environ, "RESULTS": json.dumps(needs)}
    done = subprocess.run(["bash", "-e", "-c", command], check=False, capture_output=True, env=environment)
    assert (done.returncode, done.stdout.strip()) == ((0, b"true") if is_green else (1, b"false"))


def test_continuous_integration_may_only_read() -> None:
    whole = yaml.safe_load(text_of(".github/workflows/ci.yml"))
    assert whole["permissions"] == {"contents": "read"}
    assert {str(value) for job in whole["jobs"].values() for value in job.get("permissions", {}).values()} <= {"read"}
    steps = [step for job in whole["jobs"].values() for step in job["steps"] if "uses" in step]
    assert steps
    assert [step["uses"] for step in steps if not re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])] == []
    checkouts = [step for step in steps if step["uses"].startswith("actions/checkout@")]
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


# Tools


def test_nox_has_the_tools_of_make() -> None:
    required = text_of("requirements-dev.txt") + text_of("requirements-demo.txt")
    pinned = re.findall(r'"([\w-]+)(?:\[[\w-]+\])?([=~]=[\d.]+)"', text_of("antsibull-nox.toml"))
    assert len(pinned) >= 5
    assert [name + version for name, version in pinned if f"\n{name}{version}\n" not in f"\n{required}\n"] == []


def test_pre_commit_downloads_nothing() -> None:
    (only,) = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
    assert only["repo"] == "local"
    for hook in only["hooks"]:
        assert hook["language"] in ("system", "pygrep"), hook["id"]
        assert hook["language"] == "pygrep" or hook["entry"].startswith(".venv/bin/"), hook["id"]
        assert "additional_dependencies" not in hook, hook["id"]
