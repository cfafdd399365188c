# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether somebody still reads what a module prints: a process of its own says so when it is asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

# Answers each line on standard input on standard error, until its end. Its own standard output is what is watched.
PROGRAM = """
import sys
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.result_reader import ResultReader
reader = ResultReader()
if "probe" in sys.argv:
    reader.probe()
for line in sys.stdin:
    print(reader.is_gone(), file=sys.stderr, flush=True)
reader.close()
print("{}", flush=True)
"""


class Watched:
    """The process."""

    def __init__(self, output: int, *arguments: str, below_a_shell: bool = False) -> None:
        """Start it, with what it is to write to; with ``below_a_shell``, by a shell."""
        command = [sys.executable, "-c", PROGRAM, *arguments]
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", '"$@"; exit 0', "sh", *command] if below_a_shell else command,
            env={"PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"], "PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
        )

    def is_abandoned(self) -> bool:
        """Ask it."""
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        return {"True\n": True, "False\n": False}[self._process.stderr.readline()]

    def kill_parent(self) -> None:
        """Kill the shell."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let it end."""
        for stream in (self._process.stdin, self._process.stderr):
            assert stream is not None
            stream.close()
        self._process.wait()


Ends = tuple[int, int]


@pytest.fixture(params=["pipe", "socket", "terminal"])
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    """Both ends of what a module writes to: for the reader, and for the module."""
    if request.param == "socket":
        ours, theirs = socket.socketpair()
        pair = ours.detach(), theirs.detach()
    else:
        pair = os.pipe() if request.param == "pipe" else os.openpty()
    yield pair
    for end in pair:
        try:
            os.close(end)
        except OSError:
            continue  # by the test


@pytest.fixture
def watched(ends: Ends) -> Iterator[Watched]:
    """A process that writes to it."""
    process = Watched(ends[1])
    os.close(ends[1])
    yield process
    process.close()


def test_a_reader_that_closes_its_end_is_gone(ends: Ends, watched: Watched) -> None:
    assert not watched.is_abandoned()
    os.close(ends[0])
    assert watched.is_abandoned()


def test_a_parent_that_has_ended_is_gone() -> None:
    process = Watched(subprocess.DEVNULL, below_a_shell=True)
    assert not process.is_abandoned()
    process.kill_parent()
    assert process.is_abandoned()
    process.close()


@pytest.mark.parametrize("output", [subprocess.DEVNULL, os.devnull])
def test_what_nobody_reads_from_says_nothing(output: int | str) -> None:
    file = os.open(output, os.O_WRONLY) if isinstance(output, str) else output
    process = Watched(file, "probe")
    assert not process.is_abandoned()
    process.close()
    if isinstance(output, str):
        os.close(file)


def test_a_line_break_is_written_now_and_then_and_nothing_after_the_result() -> None:
    ours, theirs = os.pipe()
    process = Watched(theirs, "probe")
    os.close(theirs)
    assert not process.is_abandoned()
    with os.fdopen(ours) as reader:
        assert reader.read(2) == "\n\n"
        process.close()
        assert reader.read().lstrip("\n") == "{}\n"
