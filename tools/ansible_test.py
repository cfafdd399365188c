# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ``ansible-test`` on a checkout that lies anywhere: ``tools/ansible_test.py sanity``, or units, integration.

ansible-test accepts only a real folder ``ansible_collections/NAMESPACE/NAME``, not a link to one. So the files that
git knows are copied into a tree of that shape, which is kept for the next run. All arguments go to ansible-test.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
COLLECTION = CHECKOUT / ".venv" / "ansible-test" / "ansible_collections" / "huaweicloud" / "drs"

# Ways for ansible-test to succeed without having looked.
FALSE_SUCCESSES = ("All targets skipped", "no tests ran", 'Required program "shellcheck" not found')

# What ansible-test says where it cannot download the script that puts pip into its virtual environments.
BOOTSTRAP_MISSING = re.compile(r"^The bootstrap script can be .* saved to: (?P<path>.+)$", re.MULTILINE)

# Stands in for that script: has the pip of this environment install into the one that runs the script.
BOOTSTRAP = f"""
import subprocess
import sys

wanted = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([{sys.executable!r}, "-m", "pip", "--python", sys.executable, "install", *wanted]))
"""


def git_files(folder: Path, *options: str) -> set[str]:
    """Return the files below a folder that git does not ignore."""
    command = ["git", "ls-files", "-z", "--others", "--exclude-standard", *options]
    listed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    return set(filter(None, listed.split("\0")))


def copy_checkout() -> None:
    """Copy what git tracks, or would track; and delete what an earlier run has copied and is no more."""
    COLLECTION.mkdir(parents=True, exist_ok=True)
    # A repository of its own, for ansible-test skips what the next repository above ignores, as it does .venv.
    subprocess.run(["git", "init", "--quiet"], cwd=COLLECTION, check=True)
    # git also lists a file that was deleted and is not yet committed as such.
    files = {name for name in git_files(CHECKOUT, "--cached") if (CHECKOUT / name).is_file()}
    for name in git_files(COLLECTION) - files:
        (COLLECTION / name).unlink()
    for name in files:
        (COLLECTION / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, COLLECTION / name)


def ansible_test(*arguments: str) -> tuple[int, str]:
    """Return the exit code and the output of ansible-test."""
    command = ["ansible-test", *arguments, "--color", "no"]
    done = subprocess.run(
        command, cwd=COLLECTION, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.returncode, done.stdout


def ansible_test_offline(*arguments: str) -> tuple[int, str]:
    """Return the same, with a stand-in for the script that ansible-test cannot download."""
    code, output = ansible_test(*arguments)
    missing = BOOTSTRAP_MISSING.search(output)
    if not missing:
        return code, output
    script = Path(missing["path"])
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(BOOTSTRAP, encoding="utf-8")
    try:
        return ansible_test(*arguments)
    finally:
        script.unlink()  # ansible-test would use it for other collections too


def main(arguments: list[str]) -> int:
    """Run ansible-test, print its output and return the exit code."""
    copy_checkout()
    code, output = ansible_test_offline(*arguments)
    print(output)
    lies = [text for text in FALSE_SUCCESSES if text in output]
    if lies:
        print(f"Nothing was tested: {lies[0]}")
    return code or len(lies)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
