# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an editor shows of the modules: the language server of Ansible completes and explains each of their options."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.system.ecosystem.language_server import SERVER, Editor
from ansible_collections.huaweicloud.drs.tests.system.ecosystem.programs import surroundings
from ansible_collections.huaweicloud.drs.tests.system.test_consistency import MODULES, docs_of

# make installs it first, so a test that make runs fails without it.
pytestmark = pytest.mark.skipif(
    not SERVER.exists() and "MAKELEVEL" not in os.environ,
    reason="there is no language server: `make .venv/node.stamp` installs it",
)

PLAY = """---
- name: Stop jobs
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Stop jobs
"""
STOP = "huaweicloud.drs.drs_job_batch_stop"


@pytest.fixture(scope="module")
def editor(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """The editor of somebody who uses the collection in a project."""
    folder = tmp_path_factory.mktemp("editor")
    project = folder / "project"
    project.mkdir()
    (project / "ansible.cfg").write_text(f"[defaults]\ncollections_path = {installed}\n", encoding="utf-8")
    with Editor(project, surroundings(folder)) as opened:
        yield opened


def options_of(name: str) -> dict[str, Any]:
    """Return the documented options of a module."""
    options: dict[str, Any] = docs_of("module", name).documentation["options"]
    return options


def names_of(options: Mapping[str, Any]) -> list[str]:
    """Return the names of options, and their aliases."""
    return sorted(name for option in options for name in (option, *options[option].get("aliases", ())))


def labels(items: list[dict[str, Any]]) -> list[str]:
    """Return what can be chosen."""
    return sorted(item["label"] for item in items)


def text_of(markdown: str) -> str:
    """Return the words of a text in Markdown, in one line."""
    without_markup = re.sub(r"</?\w+>|\\(.)", r"\1", markdown)
    return " ".join(without_markup.split())


def text_of_description(paragraphs: str | list[str]) -> str:
    """Return the first paragraph of a description up to its first markup, in one line."""
    first = paragraphs if isinstance(paragraphs, str) else paragraphs[0]
    words = re.split(r"\b[A-Z]+\(", first)[0].split()
    assert words
    return " ".join(words)


def test_the_modules_are_proposed(editor: Editor) -> None:
    proposed = labels(editor.complete("stop.yml", f"{PLAY}      huaweicloud.drs.|\n"))
    assert [name for name in proposed if name.startswith("huaweicloud.")] == [
        f"huaweicloud.drs.{name}" for name in MODULES
    ]


@pytest.mark.parametrize("name", MODULES)
def test_every_option_is_proposed(editor: Editor, name: str) -> None:
    items = editor.complete("stop.yml", f"{PLAY}      huaweicloud.drs.{name}:\n        |\n")
    options = options_of(name)
    # Those of a fragment too: the server reads none whose file name begins with an underscore.
    assert {"region", "token", "auth_url", "api_version"} < set(labels(items))
    assert labels(items) == names_of(options)
    for item in items:
        (option,) = [each for key, each in options.items() if item["label"] in (key, *each.get("aliases", ()))]
        assert item["detail"].endswith(option["type"] if option["type"] != "list" else f"list({option['elements']})")
        assert text_of(item["documentation"]["value"]).startswith(text_of_description(option["description"]))


def test_the_options_of_an_entry_of_jobs_are_proposed(editor: Editor) -> None:
    entry = f"{PLAY}      {STOP}:\n        jobs:\n          - "
    suboptions = options_of("drs_job_batch_stop")["jobs"]["suboptions"]
    assert labels(editor.complete("stop.yml", f"{entry}|\n")) == names_of(suboptions)
    # Not again what is there.
    later = editor.complete("stop.yml", f"{entry}job_id: a\n            |\n")
    assert labels(later) == names_of({name: each for name, each in suboptions.items() if name != "job_id"})


@pytest.mark.parametrize(
    ("option", "values"),
    [("wait", ["false", "true"]), ("language", ["en-us", "zh-cn"]), ("api_version", ["auto", "v3", "v5"])],
)
def test_the_values_of_an_option_are_proposed(editor: Editor, option: str, values: list[str]) -> None:
    assert labels(editor.complete("stop.yml", f"{PLAY}      {STOP}:\n        {option}: |\n")) == values


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_explained(editor: Editor, name: str) -> None:
    shown = text_of(editor.hover("stop.yml", f"{PLAY}      huaweicloud.drs.drs_|{name.removeprefix('drs_')}:\n"))
    documentation = docs_of("module", name).documentation
    assert documentation["short_description"] in shown
    assert text_of_description(documentation["description"]) in shown


@pytest.mark.parametrize("option", ["region", "wait_timeout", "jobs"])
def test_an_option_is_explained(editor: Editor, option: str) -> None:
    shown = editor.hover("stop.yml", f"{PLAY}      {STOP}:\n        {option[:2]}|{option[2:]}:\n")
    described = options_of("drs_job_batch_stop")[option]["description"]
    assert text_of_description(described) in text_of(shown)


def test_an_option_of_an_entry_is_explained(editor: Editor) -> None:
    shown = editor.hover("stop.yml", f"{PLAY}      {STOP}:\n        jobs:\n          - job|_id: a\n")
    described = options_of("drs_job_batch_stop")["jobs"]["suboptions"]["job_id"]["description"]
    assert text_of_description(described) in text_of(shown)
