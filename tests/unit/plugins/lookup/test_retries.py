# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a lookup shows of a request that is repeated: one line at -vv, and nothing below."""

from __future__ import annotations

import re

import pytest
from ansible.errors import AnsibleLookupError
from ansible.plugins.loader import lookup_loader
from ansible.utils.display import Display

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator


@pytest.mark.parametrize("verbosity", [0, 1, 2, 3])
def test_a_retry_is_shown_at_vv(
    sim: Simulator,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    verbosity: int,
) -> None:
    monkeypatch.setattr(Display(), "verbosity", verbosity)
    sim.faults.add(Fault("auth-tokens", status=503, headers={"Retry-After": "7"}))
    plugin = lookup_loader.get("huaweicloud.drs.iam_token")
    plugin.clock = clock
    user = {"username": "demo", "password": "demo", "domain_name": "demo"}
    assert plugin.run([], {}, iam_endpoint=sim.url, project_name="demo", **user)
    shown = capsys.readouterr().out
    lines = re.findall(r"POST http://.*", shown)
    assert lines == ([f"POST {sim.url}/v3/auth/tokens: HTTP 503, attempt 2 in 7.0 s"] if verbosity > 1 else [])


def test_a_secret_in_the_line_is_masked(
    sim: Simulator, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Display(), "verbosity", 2)
    sim.faults.add(Fault("unknown", status=503, nth=None))
    plugin = lookup_loader.get("huaweicloud.drs.iam_token")
    plugin.clock = clock
    user = {"username": "demo", "password": "CanaryOfThePath", "domain_name": "demo"}
    with pytest.raises(AnsibleLookupError, match=r"\*\*\*\*"):
        plugin.run([], {}, iam_endpoint=f"{sim.url}/CanaryOfThePath", project_name="demo", **user)
    shown = capsys.readouterr().out
    assert f"POST {sim.url}/********/v3/auth/tokens: HTTP 503, attempt 2 in" in shown
    assert "Canary" not in shown
