# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a program and measure its time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ended:
    """The run time and the processor time of a program, in seconds."""

    seconds: float
    processor_seconds: float


def run_timed(command: list[str], environment: Mapping[str, str], folder: Path) -> Ended:
    """Run a program to its end. Raise SystemExit with its output if it fails."""
    with (folder / "output").open("w+b") as output:
        begin = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"failed: {' '.join(command)}\n{output.read().decode(errors='replace')[-3000:]}")
    return Ended(seconds, usage.ru_utime + usage.ru_stime)


def with_peak(
    program: Path, environment: Mapping[str, str], folder: Path, arguments: Sequence[str] = ()
) -> tuple[Ended, float]:
    """Run a program in Python. Return its times with those of its processes, and its own peak memory in MB."""
    written = folder / "peak"
    wrapper = str(Path(__file__).with_name("with_peak.py"))
    ended = run_timed([sys.executable, wrapper, str(written), str(program), *arguments], environment, folder)
    return ended, int(written.read_text(encoding="utf-8")) / 1024


def module_payload(kept: Path) -> Path:
    """Return the program that Ansible kept because of ANSIBLE_KEEP_REMOTE_FILES."""
    (program,) = kept.rglob("AnsiballZ_*.py")
    return program
