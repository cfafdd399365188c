# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a program in this process, and write its peak memory in KB to a file: with_peak.py FILE PROGRAM
[ARGUMENT ...].

The parent cannot measure it, because a child process inherits the peak of the process that forked it.
"""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path


def main(file: str, program: str, *arguments: str) -> None:
    """Run the program and write its peak memory. Do not change its output and its exit code."""
    sys.argv = [program, *arguments]
    try:
        runpy.run_path(program, run_name="__main__")
    finally:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        Path(file).write_text(peak, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
