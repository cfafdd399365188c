# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a virtual environment as ``python -m venv`` does, in a twentieth of the time. Usage: make_venv.py FOLDER.

``python -m venv`` has the pip that comes with Python install itself and setuptools, and compile both. Here that pip is
unpacked, and Python compiles of it what is used; nothing needs setuptools. pip reads its configuration as always.
"""

from __future__ import annotations

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


def main(folder: str) -> None:
    """Make the environment; where no pip is found to unpack, with what ``python -m venv`` does, or says."""
    wheel = find_bundled_pip()
    venv.EnvBuilder(symlinks=True, with_pip=wheel is None).create(folder)
    if wheel is not None:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(sysconfig.get_path("purelib", "venv", {"base": folder}))


if __name__ == "__main__":
    main(sys.argv[1])
