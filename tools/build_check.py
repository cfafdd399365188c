# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the tarball of the collection, check its files, and import it as Ansible Galaxy does. Warnings are errors."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]

# Add any other file in the root of the tarball here, or to build_ignore in galaxy.yml.
FOR_USERS = {
    *("MANIFEST.json", "FILES.json", "LICENSE", "README.md", "SECURITY.md", "CHANGELOG.md", "changelog.yml"),
    *("bindep.txt", "requirements.txt", "docs", "examples", "meta", "playbooks", "plugins"),
}

# Automation Hub requires one of its own tags, Galaxy does not.
IMPORTER_CONFIG = "[galaxy-importer]\ncheck_required_tags = True\n"


def build(folder: Path) -> Path:
    """Build the tarball in ``folder`` and return its path."""
    subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", folder], cwd=CHECKOUT, check=True)
    return next(folder.glob("*.tar.gz"))


def unexpected_files(tarball: Path) -> list[str]:
    """Return a problem for each file that users do not need."""
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    return [
        f"not for users, see build_ignore in galaxy.yml: {name}"
        for name in names
        if name.split("/")[0] not in FOR_USERS or "__pycache__" in name
    ]


def import_problems(tarball: Path) -> list[str]:
    """Import the tarball and return the warnings and errors. The importer's exit code does not cover warnings."""
    config = tarball.with_name("galaxy-importer.cfg")
    config.write_text(IMPORTER_CONFIG, encoding="utf-8")
    # The importer unpacks the tarball into its own tree, and must not use the checkout instead.
    environment = {name: value for name, value in os.environ.items() if name != "ANSIBLE_COLLECTIONS_PATH"}
    done = subprocess.run(
        [sys.executable, "-m", "galaxy_importer.main", tarball.name],
        cwd=tarball.parent,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment | {"GALAXY_IMPORTER_CONFIG": str(config)},
    )
    print(done.stdout)
    problems = [line for line in done.stdout.splitlines() if re.match(r"(WARNING|ERROR|CRITICAL)\b", line)]
    if done.returncode or "Importer processing completed successfully" not in done.stdout:
        problems.append(f"galaxy-importer: not successful, exit code {done.returncode}")
    return problems


def main() -> int:
    """Build, check, print the problems and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="huaweicloud-drs-build-") as folder:
        tarball = build(Path(folder))
        problems = unexpected_files(tarball) + import_problems(tarball)
    print("\n".join(problems))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
