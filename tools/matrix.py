# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the plugins with every ansible-core and Python that the README names, and with both ends of ``requests``.

Each combination has a virtual environment of its own. In it run the unit tests of the plugins, and tools/demo.py: the
playbook of examples/ in check mode, for real and again, against a simulated cloud that the same Python runs.

Environment: MATRIX (which of them, such as "2.16 2.21/3.13"; all without it), PYENV_ROOT. Exit code 0 only where
something ran and all that ran passed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from . import demo

CHECKOUT = Path(__file__).resolve().parents[1]
# Kept for the next time; `make clean` removes them.
ENVIRONMENTS = CHECKOUT / ".venv" / "matrix"
TESTS = "tests/unit/plugins"

# Each ansible-core with the Pythons that it supports at the controller, which is where these plugins run.
PYTHONS = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13"),
    "2.21": ("3.12", "3.13"),
}
# What the tests of the plugins import: in the versions of `make test`, or older ones for a Python that is too old.
NEEDED = ("aiohttp", "cryptography", "huaweicloudsdkdrs", "hypothesis", "PySocks", "pytest", "trustme")
# Seconds. Only what hangs takes longer.
LONGEST = 1800
# Characters. pip names all the versions that it does not want in a single line.
LONGEST_LINE = 500
AT_A_TIME = 2
HEAD = ("ansible-core", "python", "requests", "urllib3", "tests", "integration", "seconds")


class MatrixError(Exception):
    """Why something cannot be run: a line, or the output of a program."""


@dataclass(frozen=True)
class Combination:
    """An ansible-core and a Python."""

    core: str
    python: str

    def __str__(self) -> str:
        """Give the name that MATRIX knows it by."""
        return f"{self.core}/{self.python}"

    @property
    def requirements(self) -> list[str]:
        """What pip installs: the newest of all, but for the very oldest combination."""
        pinned = pins()
        needed = [f"{name}<={pinned[name]}" for name in NEEDED]
        if self == COMBINATIONS[0]:
            return [f"ansible-core=={self.core}.0", f"requests=={oldest_requests()}.0", "urllib3<2", *needed]
        return [f"ansible-core~={self.core}.0", f"requests=={pinned['requests']}", *needed]


COMBINATIONS = tuple(Combination(core, python) for core, pythons in PYTHONS.items() for python in pythons)


@dataclass
class Row:
    """What became of one combination, as far as it is known."""

    combination: Combination
    versions: tuple[str, ...] = ("-", "-", "-", "-")
    tests: str = "-"
    integration: str = "-"
    seconds: float = 0
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def cells(self) -> tuple[str, ...]:
        """Its line of the table."""
        return (*self.versions, self.tests, self.integration, f"{self.seconds:.0f}")

    def __str__(self) -> str:
        """Tell it in a line, after all that went wrong."""
        told = "FAILED" if self.problems else "ok"
        line = f"{told:8}{self.combination!s:12}{self.tests}, integration {self.integration}, {self.seconds:.0f} s"
        return "\n".join([*(f"======= {self.combination}: {problem}" for problem in self.problems), line])


@cache
def pins() -> dict[str, str]:
    """Give the exact versions that are asked for in this checkout."""
    files = [CHECKOUT / name for name in ("requirements-demo.txt", "requirements-dev.txt")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return dict(re.findall(r"^([\w-]+)==(\S+)$", text, re.MULTILINE))


def oldest_requests() -> str:
    """Give the oldest ``requests`` that the collection says it works with."""
    text = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
    (version,) = re.findall(r"^requests>=(\d+\.\d+)$", text, re.MULTILINE)
    return str(version)


def selected(words: str) -> list[Combination]:
    """Give the combinations that MATRIX names, by ansible-core or exactly; all where it names none."""
    known = {*PYTHONS, *map(str, COMBINATIONS)}
    unknown = [word for word in words.split() if word not in known]
    if unknown:
        raise MatrixError(f"MATRIX must name some of {' '.join(PYTHONS)} or such as 2.16/3.10, not {unknown[0]}")
    return [each for each in COMBINATIONS if not words.split() or {each.core, str(each)} & {*words.split()}]


def candidates(version: str) -> Iterator[Path]:
    """Give where a Python of this version may be: on PATH, then among those of pyenv."""
    yield from (Path(folder, f"python{version}") for folder in os.get_exec_path())
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(versions.glob(f"{version}.*/bin/python"), reverse=True)


@cache
def interpreter(version: str) -> Path | None:
    """Give a Python of this version that starts, which pyenv's shims do not always, and can make environments."""
    code = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2], sys.executable)"
    for path in candidates(version):
        if path.is_file():
            done = subprocess.run([path, "-c", code], check=False, capture_output=True, text=True, timeout=60)
            found, _space, executable = done.stdout.strip().partition(" ")
            if done.returncode == 0 and found == version:
                return Path(executable).resolve()
    return None


def run(command: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a program in the checkout; give its exit code and its output."""
    with demo.running(command, environment) as process:
        try:
            output, _nothing = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired as error:
            raise MatrixError(f"takes longer than {LONGEST} s: {' '.join(command)}") from error
    return process.returncode, output


def demand(*command: str) -> str:
    """Give the output of a program that has to succeed; it sees the environment, where pip finds its settings."""
    code, output = run([*command], os.environ)
    if code:
        told = "\n".join(line[:LONGEST_LINE] for line in output.splitlines())
        raise MatrixError(f"exit code {code} of {' '.join(command)}\n{told}")
    return output


def environment_for(combination: Combination, python: Path) -> Path:
    """Give the Python of the combination's virtual environment, which is made anew when it should hold other things."""
    folder = ENVIRONMENTS / str(combination).replace("/", "-")
    executable, made_of = folder / "bin" / "python", folder / "made-of.txt"
    wanted = "\n".join([str(python), *combination.requirements, ""])
    if not (made_of.is_file() and made_of.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        demand(str(python), "-m", "venv", str(folder))
        demand(str(executable), "-m", "pip", "install", "--quiet", *combination.requirements)
        made_of.write_text(wanted, encoding="utf-8")
    return executable


def versions_in(python: Path) -> tuple[str, ...]:
    """Give the versions of ansible-core, Python, requests and urllib3."""
    code = (
        "import platform; from importlib.metadata import version; print(version('ansible-core'), "
        "platform.python_version(), version('requests'), version('urllib3'))"
    )
    return tuple(demand(str(python), "-c", code).split())


def run_tests(row: Row, python: Path, environment: Mapping[str, str]) -> None:
    """Run the unit tests of the plugins; pyproject.toml makes each warning an error."""
    code, output = run([str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", TESTS], environment)
    row.tests = (re.findall(r"^=* ?(\d+ \w.*) in [\d.]+s", output, re.MULTILINE) or ["no summary"])[-1]
    row.remarks += [f"{row.combination}: {line}" for line in output.splitlines() if line.startswith("SKIPPED")]
    if code or "passed" not in row.tests:
        row.problems.append(f"the tests, exit code {code}\n{output}")


def run_integration(row: Row, python: Path, environment: Mapping[str, str]) -> None:
    """Run the playbook as the demonstration does, which compares; nobody is to see that something is deprecated."""
    code, output = run([str(python), str(CHECKOUT / "tools" / "demo.py")], environment)
    deprecated = "[DEPRECATION WARNING]" in output
    row.integration = f"exit code {code}" if code else "deprecated" if deprecated else "ok"
    if row.integration != "ok":
        row.problems.append(f"the integration run: {row.integration}\n{output}")


def examine(combination: Combination, python: Path) -> Row:
    """Run all of one combination."""
    row = Row(combination)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="huaweicloud-drs-matrix-") as folder:
        try:
            executable = environment_for(combination, python)
            row.versions = versions_in(executable)
            environment = demo.basic_environment(Path(folder))
            environment["PATH"] = f"{executable.parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
            run_tests(row, executable, environment)
            run_integration(row, executable, environment)
        except MatrixError as error:
            row.problems.append(str(error))
    row.seconds = time.monotonic() - started
    return row


def examine_all(chosen: list[Combination]) -> tuple[list[Row], list[str]]:
    """Run these, two at a time; give their rows, and what there is to say of those that could not run."""
    found = {each: interpreter(each.python) for each in chosen}
    absent = [
        f"skipped {each!s:12}no python{each.python} that starts and can make virtual environments"
        for each, python in found.items()
        if python is None
    ]
    for line in absent:
        print(line, flush=True)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = [pool.submit(examine, each, python) for each, python in found.items() if python]
        for done in as_completed(runs):
            print(done.result(), flush=True)
    return [done.result() for done in runs], absent


def conclude(rows: list[Row], absent: list[str]) -> int:
    """Print the table and what else there is to say, and give the exit code."""
    remarks = [remark for row in rows for remark in row.remarks]
    print("", *demo.aligned([HEAD, *(row.cells for row in rows)]), *absent, *remarks, "", sep="\n")
    failed = [str(row.combination) for row in rows if row.problems]
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    elif not rows:
        print("FAILED: nothing ran")
    else:
        print(f"{len(rows)} of {len(rows) + len(absent)} combinations ran, and all of them passed.")
    return not rows or bool(failed)


def main() -> int:
    """Run the combinations that are asked for and give the exit code."""
    try:
        chosen = selected(os.environ.get("MATRIX", ""))
    except MatrixError as error:
        print(error, file=sys.stderr)
        return 1
    return conclude(*examine_all(chosen))


if __name__ == "__main__":
    sys.exit(main())
