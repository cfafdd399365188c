# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of faults share. The collection is imported inside, as in the file one folder up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.system.faults.ways import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate for this machine."""
    from ansible_collections.huaweicloud.drs.tests.system.faults.ways import Authority  # noqa: PLC0415

    return Authority.make(tmp_path_factory.mktemp("authority"))
