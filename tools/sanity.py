# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ``ansible-test sanity`` on a checkout that lies anywhere.

ansible-test accepts only a real folder ``ansible_collections/NAMESPACE/NAME``, not a link to one. So the files that
git knows are copied into a temporary one, outside the checkout: in a folder that git ignores it would skip every test.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]

# Two ways for ansible-test to succeed without having looked.
FALSE_SUCCESSES = ("All targets skipped", 'Required program "shellcheck" not found')

# What ansible-test says where it cannot download the script that puts pip into its virtual environments.
BOOTSTRAP_MISSING = re.compile(r"^The bootstrap script can be .* saved to: (?P<path>.+)$", re.MULTILINE)

# Stands in for that script: has the pip of this environment install into the one that runs the script.
BOOTSTRAP = f"""
import subprocess
import sys

wanted = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([{sys.executable!r}, "-m", "pip", "--python", sys.executable, "install", *wanted]))
"""


def copy_checkout(collection: Path) -> None:
    """Copy what git tracks, or would track, into the folder ``collection``."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (CHECKOUT / name).is_file():  # git also lists a file that was deleted and is not yet committed as such
            (collection / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, collection / name)


def sanity(collection: Path, *options: str) -> tuple[int, str]:
    """Give the exit code and the output of ``ansible-test sanity`` in the folder ``collection``."""
    command = ["ansible-test", "sanity", "--color", "no", *options]
    done = subprocess.run(
        command, cwd=collection, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.returncode, done.stdout


def make_environments(collection: Path) -> tuple[int, str]:
    """Let ansible-test make its virtual environments, once for a home directory; give exit code and output."""
    code, output = sanity(collection, "--prime-venvs")
    missing = BOOTSTRAP_MISSING.search(output)
    if not missing:
        return code, output
    script = Path(missing["path"])
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(BOOTSTRAP, encoding="utf-8")
    try:
        return sanity(collection, "--prime-venvs")
    finally:
        script.unlink()  # ansible-test would use it for other collections too


def main() -> int:
    """Run the sanity tests, print their output and give the exit code."""
    with tempfile.TemporaryDirectory(prefix="huaweicloud-drs-sanity-") as tree:
        collection = Path(tree, "ansible_collections", "huaweicloud", "drs")
        copy_checkout(collection)
        code, output = make_environments(collection)
        if code == 0:
            code, output = sanity(collection)
    print(output)
    lies = [text for text in FALSE_SUCCESSES if text in output]
    if lies:
        print(f"Nothing was tested: {lies[0]}")
    return code or len(lies)


if __name__ == "__main__":
    sys.exit(main())
