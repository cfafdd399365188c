# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What a runner of scripts, such as pipx, installs for this file.
# /// script
# dependencies = ["nox>=2025.02.09", "antsibull-nox>=1.10.0"]
# ///

"""The sessions of ``nox``: those of antsibull-nox.toml, and ``ansible-test sanity`` on each supported ansible-core."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

try:
    import antsibull_nox
except ImportError:
    raise SystemExit("antsibull-nox is missing: python -m pip install nox antsibull-nox") from None

antsibull_nox.load_antsibull_nox_toml()


def drop_temporary_files() -> None:
    """Leave only results in tests/output: antsibull-nox 1.10.0 copies it back, and stops at folders in folders."""
    shutil.rmtree(Path("tests", "output", ".tmp"), ignore_errors=True)


for core in ("2.16", "2.17", "2.18", "2.19", "2.20", "2.21"):
    antsibull_nox.add_ansible_test_session(
        name=f"sanity-{core}",
        description=f"Run sanity tests with ansible-core {core}",
        default=False,
        ansible_test_params=["sanity", "-v"],
        ansible_core_version=core,
        # Releases, and no Git host that has to be reachable.
        ansible_core_source="pypi",
        callback_after=drop_temporary_files,
    )

# So that `pipx run noxfile.py` and the like work.
if __name__ == "__main__":
    nox.main()
