# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a virtual environment as ``python -m venv`` does, in a twentieth of the time. Usage: make_venv.py FOLDER.

``python -m venv`` has the pip that comes with Python install itself and setuptools, and compile both. Here that pip is
unpacked, and Python compiles of it what is used; nothing needs setuptools. pip reads its configuration as always.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path


def find_bundled_pip() -> Path | None:
    """Return the wheel of the pip that comes with this Python, None if there is none to be found."""
    spec = find_spec("ensurepip")
    # Distributions that keep all wheels in one folder set the variable.
    folder = sysconfig.get_config_var("WHEEL_PKG_DIR") or (
        spec and spec.origin and Path(spec.origin).parent / "_bundled"
    )
    return max(Path(folder).glob("pip-*.whl"), default=None) if folder else None


def main(folder: str) -> int:
    """Make the environment, and return the exit code. Where there is no pip to unpack, ``python -m venv`` does it."""
    wheel = find_bundled_pip()
    if wheel is None:
        # Some distributions have pip in a package of its own, and say here which one is missing.
        return subprocess.run([sys.executable, "-m", "venv", folder], check=False).returncode
    venv.EnvBuilder(symlinks=True).create(folder)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(sysconfig.get_path("purelib", "venv", {"base": folder}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
