# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render the page of every plugin with ``ansible-doc``. Warnings are errors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDERS = {
    "module": "plugins/modules",
    "lookup": "plugins/lookup",
    "filter": "plugins/filter",
    "inventory": "plugins/inventory",
}


def problems_of(kind: str) -> list[str]:
    """Return the problems of the pages of all plugins of one kind."""
    names = sorted(f"huaweicloud.drs.{path.stem}" for path in (CHECKOUT / FOLDERS[kind]).glob("[!_]*.py"))
    if not names:
        return [f"no file in {FOLDERS[kind]}"]
    done = subprocess.run(
        ["ansible-doc", "-t", kind, *names],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"ANSIBLE_NOCOLOR": "1"},
    )
    problems = done.stderr.splitlines()
    # ansible-doc also succeeds if it found only some of the plugins.
    problems += [f"{name}: no page" for name in names if f"> {kind.upper()} {name} (" not in done.stdout]
    if done.returncode and not problems:
        problems.append(f"ansible-doc -t {kind}: exit code {done.returncode}")
    return problems


def main() -> int:
    """Print the problems of the pages and return the exit code."""
    problems = [problem for kind in FOLDERS for problem in problems_of(kind)]
    print("\n".join(problems))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
