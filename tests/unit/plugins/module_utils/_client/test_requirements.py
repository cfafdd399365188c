# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said where requests cannot be imported. Real runs without it are in tests/system/ecosystem."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client import requirements


def test_a_requests_that_is_broken_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "MISSING_REQUESTS", ImportError("cannot import name 'x'\nfrom 'urllib3'"))
    message = requirements.missing_requests("look")
    assert message is not None
    assert "(cannot import name 'x' from 'urllib3'); install it there" in message


def test_where_it_is_there_nothing_is_said() -> None:
    assert requirements.missing_requests("look") is None
