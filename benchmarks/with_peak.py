# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a program in this process, and write down its peak memory in KB: with_peak.py FILE PROGRAM.

From outside it cannot be told: the operating system hands the peak of the process that forked on to the one that it
started.
"""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path


def main(file: str, program: str) -> None:
    """Run it; what it prints and how it ends is its own."""
    try:
        runpy.run_path(program, run_name="__main__")
    finally:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        Path(file).write_text(peak, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
