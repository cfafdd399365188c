# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the documentation site in docs/build: the pages of all plugins, and the guides. Warnings are errors."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
SITE = CHECKOUT / "docs" / "build"


def main() -> int:
    """Build, print the URL of the first page, and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="huaweicloud-drs-docs-") as folder:
        pages = Path(folder, "pages")
        pages.mkdir(mode=0o755)
        make_pages = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
        build = ["sphinx-build", "-b", "html", "-c", str(CHECKOUT / "docs" / "docsite"), "-W", "--keep-going", "-q"]
        shutil.rmtree(SITE, ignore_errors=True)
        for command in (
            [*make_pages, "--dest-dir", str(pages), "huaweicloud.drs"],
            [*build, "-d", str(Path(folder, "doctrees")), str(pages), str(SITE)],
        ):
            code = subprocess.run(command, cwd=CHECKOUT, check=False).returncode
            if code:
                return code
            # antsibull-docs copies only the guides, not their images.
            shutil.copytree(CHECKOUT / "docs/docsite/images", pages / "docsite/images", dirs_exist_ok=True)
    print(f"file://{SITE}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
