# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make matrix`` without what takes its time: what is chosen, what is installed, and when it is no success."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.tools import matrix
from ansible_collections.huaweicloud.drs.tools.matrix import Combination, MatrixError, Row

OLDEST, NEWEST = matrix.COMBINATIONS[0], matrix.COMBINATIONS[-1]


@pytest.fixture(autouse=True)
def forget_the_interpreters() -> Iterator[None]:
    """Look for Pythons anew before and after each test."""
    matrix.interpreter.cache_clear()
    yield
    matrix.interpreter.cache_clear()


def script(path: Path, text: str) -> Path:
    """Write a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2.20", ["2.20/3.12", "2.20/3.13"]),
        ("2.21/3.13 2.16/3.10", ["2.16/3.10", "2.21/3.13"]),
        ("2.20 2.20/3.13", ["2.20/3.12", "2.20/3.13"]),
        (" ", [str(each) for each in matrix.COMBINATIONS]),
    ],
)
def test_the_variable_chooses(words: str, expected: list[str]) -> None:
    assert [str(each) for each in matrix.selected(words)] == expected


@pytest.mark.parametrize("words", ["2.15", "2.16/3.13", "2.16,2.17"])
def test_what_is_not_known_is_no_choice(words: str) -> None:
    with pytest.raises(MatrixError, match=f"not {words}$"):
        matrix.selected(words)


def test_a_mistyped_choice_runs_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MATRIX", "all")
    assert matrix.main() == 1
    assert capsys.readouterr().err.startswith("MATRIX must name some of 2.16 ")


def test_both_ends_of_requests_are_installed() -> None:
    assert {"ansible-core==2.16.0", "requests==2.28.0", "urllib3<2"} <= set(OLDEST.requirements)
    for other in matrix.COMBINATIONS[1:]:
        assert {f"ansible-core~={other.core}.0", f"requests=={matrix.pins()['requests']}"} <= set(other.requirements)


def test_a_python_that_does_not_start_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    version = f"3.{sys.version_info.minor}"
    script(tmp_path / "shims" / f"python{version}", "exit 127")
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert matrix.interpreter(version) is None
    script(tmp_path / "pyenv" / "versions" / f"{version}.99" / "bin" / "python", f'exec {sys.executable} "$@"')
    matrix.interpreter.cache_clear()
    assert matrix.interpreter(version) == Path(sys.executable).resolve()


def test_a_python_of_another_version_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script(tmp_path / "python3.9", f'exec {sys.executable} "$@"')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert matrix.interpreter("3.9") is None


def test_what_cannot_run_is_said_and_is_no_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert matrix.conclude(*matrix.examine_all([OLDEST])) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "skipped 2.16/3.10   no python3.10 that starts and can make virtual environments"
    assert lines[-1] == "FAILED: nothing ran"


def good() -> Row:
    """Give a combination that passed."""
    return Row(NEWEST, ("2.21.5", "3.13.0", "2.34.2", "2.8.0"), "9 passed", "ok", 61.4)


def test_a_combination_is_a_line_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert matrix.conclude([good()], ["skipped 2.16/3.10   no python3.10"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "",
        "ansible-core  python  requests  urllib3  tests     integration  seconds",
        "2.21.5        3.13.0  2.34.2    2.8.0    9 passed  ok           61",
        "skipped 2.16/3.10   no python3.10",
        "",
        "1 of 2 combinations ran, and all of them passed.",
    ]


def test_one_failure_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    bad = Row(OLDEST, tests="1 failed, 8 passed", problems=["the tests, exit code 1\nF"])
    assert str(bad).splitlines() == [
        "======= 2.16/3.10: the tests, exit code 1",
        "F",
        "FAILED  2.16/3.10   1 failed, 8 passed, integration -, 0 s",
    ]
    assert matrix.conclude([good(), bad], []) == 1
    assert capsys.readouterr().out.endswith("FAILED: 2.16/3.10\n")


@pytest.mark.parametrize(
    ("output", "code", "tests", "is_good"),
    [
        ("....\n4 passed in 1.20s", 0, "4 passed", True),
        ("== 4 passed, 1 skipped in 61.20s (0:01:01) ==", 0, "4 passed, 1 skipped", True),
        ("SKIPPED [1] tests/a.py:1: no reason\n1 skipped in 0.10s", 0, "1 skipped", False),
        ("F\n1 failed, 3 passed in 0.10s", 1, "1 failed, 3 passed", False),
        ("no tests ran in 0.01s", 5, "no summary", False),
        ("Traceback", 1, "no summary", False),
    ],
)
def test_only_tests_that_passed_count(
    monkeypatch: pytest.MonkeyPatch, output: str, code: int, tests: str, is_good: bool
) -> None:
    monkeypatch.setattr(matrix, "run", lambda _command, _environment: (code, output))
    row = Row(NEWEST)
    matrix.run_tests(row, Path(sys.executable), {})
    assert (row.tests, not row.problems) == (tests, is_good)
    assert row.remarks == ([f"{NEWEST}: {output.splitlines()[0]}"] if "SKIPPED" in output else [])


@pytest.mark.parametrize(
    ("output", "code", "integration"),
    [
        ("All went as told.", 0, "ok"),
        ("    [DEPRECATION WARNING]: This is going away.\nAll went as told.", 0, "deprecated"),
        ("WRONG", 1, "exit code 1"),
    ],
)
def test_nothing_deprecated_may_be_seen(
    monkeypatch: pytest.MonkeyPatch, output: str, code: int, integration: str
) -> None:
    monkeypatch.setattr(matrix, "run", lambda _command, _environment: (code, output))
    row = Row(NEWEST)
    matrix.run_integration(row, Path(sys.executable), {})
    assert row.integration == integration
    assert bool(row.problems) == (integration != "ok")


def test_an_environment_is_kept_until_it_should_hold_other_things(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[tuple[str, ...]] = []

    def demand(*command: str) -> str:
        commands.append(command)
        (tmp_path / "2.21-3.13").mkdir(exist_ok=True)
        return ""

    monkeypatch.setattr(matrix, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(matrix, "demand", demand)
    for python in ("/usr/bin/python3.13", "/usr/bin/python3.13", "/opt/python3.13"):
        assert matrix.environment_for(NEWEST, Path(python)) == tmp_path / "2.21-3.13" / "bin" / "python"
    made_by = [command[0] for command in commands if "venv" in command]
    assert made_by == ["/usr/bin/python3.13", "/opt/python3.13"]


def test_a_program_that_fails_is_the_problem_of_its_combination(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(matrix, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(matrix, "run", lambda _command, _environment: (1, f"{'x' * 9999}\nERROR: no such thing"))
    row = matrix.examine(Combination("2.21", "3.13"), Path("/usr/bin/nothing"))
    (problem,) = row.problems
    assert problem.startswith("exit code 1 of ")
    assert problem.endswith(f"\n{'x' * matrix.LONGEST_LINE}\nERROR: no such thing")
