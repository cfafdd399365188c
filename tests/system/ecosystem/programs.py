# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the programs that users run, with nothing of the machine's configuration."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
SECONDS = 600
"""The longest that a program may take: it shares the processors with other tests."""

LOCAL: dict[str, Any] = {
    "hosts": "localhost",
    "connection": "local",
    "gather_facts": False,
    "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
}
"""The keywords of a play that runs here, with the Python that has the collection's library."""


def surroundings(folder: Path) -> dict[str, str]:
    """Give the environment that programs need, with all that they write below a folder, and no collection."""
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "*",
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
    }


def with_collection(folder: Path) -> dict[str, str]:
    """Give the same environment, in which Ansible finds the checkout's collection."""
    return {**surroundings(folder), "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}


def run(
    *command: str | Path, folder: Path, environment: Mapping[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run this Python, or a program that was installed with it, in a folder; its output is text."""
    program, *arguments = map(str, command)
    return subprocess.run(
        [sys.executable, *([] if program == "python" else [str(BIN / program)]), *arguments],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def succeed(*command: str | Path, folder: Path, environment: Mapping[str, str], stdin: str = "") -> str:
    """Run a program that has to succeed, and give what it printed."""
    done = run(*command, folder=folder, environment=environment, stdin=stdin)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def write_playbook(path: Path, tasks: list[dict[str, Any]], **keywords: Any) -> None:
    """Write a playbook with one play of these tasks."""
    path.write_text(yaml.safe_dump([{**LOCAL, **keywords, "tasks": tasks}], sort_keys=False), encoding="utf-8")


def play(path: Path, environment: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run a playbook for localhost, and let it say the results."""
    return run(
        "ansible-playbook", "-v", "-i", "localhost,", *options, path, folder=path.parent, environment=environment
    )


def results_in(stdout: str) -> list[dict[str, Any]]:
    """Give the results of the tasks, in order, from what ansible-playbook says at -v."""
    results = re.findall(r"^(?:ok|changed|fatal): \[localhost\].*? => (\{.*\})$", stdout, re.MULTILINE)
    return [json.loads(each) for each in results]
