# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What a runner of scripts, such as pipx, installs for this file.
# /// script
# dependencies = ["nox>=2025.02.09", "antsibull-nox>=1.10.0"]
# ///

"""The sessions of ``nox``: those of antsibull-nox.toml, and ansible-test and the demonstration on each ansible-core.

``nox -k "units or integration or demo or oldest"`` is the whole matrix; each warning and deprecation is an error in it.
"""

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


# Each ansible-core with the Pythons that it supports at the controller, which is where the plugins run.
PYTHONS = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13"),
    "2.21": ("3.12", "3.13"),
}
# Units run on every Python that is there, integration on the newest.
ANSIBLE_TEST = {
    "sanity": ("sanity", "-v"),
    "units": ("units", "-v", "--venv"),
    "integration": ("integration", "-v", "--venv"),
}


def add_ansible_test_sessions(core: str) -> None:
    """Add what ansible-test does, with this ansible-core."""
    for command, parameters in ANSIBLE_TEST.items():
        antsibull_nox.add_ansible_test_session(
            name=f"{command}-{core}",
            description=f"Run {command} tests with ansible-core {core}",
            default=False,
            ansible_test_params=parameters,
            ansible_core_version=core,
            # Releases, and no Git host that has to be reachable.
            ansible_core_source="pypi",
            callback_after=drop_temporary_files,
        )


def add_demo_session(core: str) -> None:
    """Add the demonstration with this ansible-core, on the oldest Python for it."""

    @nox.session(name=f"demo-{core}", python=PYTHONS[core][0], default=False)
    def demo(session: nox.Session) -> None:
        session.install(f"ansible-core~={core}.0", "-r", "tests/integration/requirements.txt")
        session.run("python", "tools/demo.py")


for supported in PYTHONS:
    add_ansible_test_sessions(supported)
    add_demo_session(supported)


@nox.session(python=PYTHONS["2.16"][0], default=False)
def oldest(session: nox.Session) -> None:
    """Run the unit tests and the demonstration with the oldest ansible-core, requests, urllib3 and Python."""
    session.install("ansible-core==2.16.0", "pytest", "pytest-xdist", "-r", "requirements-oldest-http.txt")
    session.install("-r", "tests/unit/requirements.txt", "-c", "requirements-oldest-http.txt")
    session.run("pytest", "-n", "auto", "tests/unit")
    session.run("python", "tools/demo.py")


# So that `pipx run noxfile.py` and the like work.
if __name__ == "__main__":
    nox.main()
