# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run logs in once for each identity, scope and endpoint. What whole plays do is in tests/system/plays."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.plugins.loader import lookup_loader

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator

pytestmark = pytest.mark.usefixtures("run_folder")

NAME = "huaweicloud.drs.iam_token"
USER: dict[str, Any] = {"username": "demo", "password": "demo", "domain_name": "demo"}


def look_up(sim: Simulator, clock: ManualClock, *terms: str, **options: Any) -> list[Any]:
    """Use the lookup as one more task or fork of the run does."""
    plugin = lookup_loader.get(NAME)
    plugin.clock = clock
    given = {"iam_endpoint": sim.url, "project_name": "demo", **USER, **options}
    found: list[Any] = plugin.run(list(terms), {}, **given)
    return found


def test_the_same_is_asked_for_once(sim: Simulator, clock: ManualClock) -> None:
    first = look_up(sim, clock)
    assert [look_up(sim, clock) for _time in range(5)] == [first] * 5
    assert [look_up(sim, clock, detail=True)[0]["token"]] == first
    assert len(sim.requests) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"project_name": "other"},
        {"project_id": "other-id"},
        {"username": "second"},
        {"domain_name": "elsewhere"},
        {"iam_endpoint": "{url}/v3/"},
    ],
)
def test_another_identity_scope_or_endpoint_is_another_token(
    sim: Simulator, clock: ManualClock, other: dict[str, Any]
) -> None:
    sim.cloud.add_project("other-id", "other")
    sim.cloud.add_user("second", "demo", "demo")
    sim.cloud.add_user("demo", "demo", "elsewhere")
    first = look_up(sim, clock)
    is_the_same = "iam_endpoint" in other  # the same place in other words
    other = {name: value.format(url=sim.url) for name, value in other.items()}
    assert (look_up(sim, clock, **other) == first) == is_the_same
    assert len(sim.requests) == (1 if is_the_same else 2)


def test_a_wrong_password_is_never_answered_from_the_cache_and_is_tried_once(
    sim: Simulator, clock: ManualClock
) -> None:
    look_up(sim, clock)
    for _time in range(20):
        with pytest.raises(AnsibleLookupError, match="requires authentication"):
            look_up(sim, clock, password="canary")
    assert [request.status for request in sim.requests] == [201, 401]
    # The user is not locked: the right password still opens.
    assert look_up(sim, clock, cache=False)


def test_terms_share_what_is_known(sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.add_project("other-id", "other")
    (demo,) = look_up(sim, clock)
    both = look_up(sim, clock, "other", "demo")
    assert both[1] == demo
    assert both == look_up(sim, clock, "other", "demo")
    assert len(sim.requests) == 2


def test_a_token_is_not_used_in_its_last_ten_minutes(sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.configure(token_lifetime=3600.0)
    first = look_up(sim, clock)
    clock.advance(2998)
    assert look_up(sim, clock) == first
    clock.advance(4)
    assert look_up(sim, clock) != first


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_off_does_not_turn_it_off(sim: Simulator, clock: ManualClock, hours: int) -> None:
    sim.cloud.configure(token_lifetime=3600.0)
    own = ManualClock(clock.time() + hours * 3600)
    first = look_up(sim, own)
    own.advance(2998)
    assert look_up(sim, own) == first
    own.advance(4)
    assert look_up(sim, own) != first
    assert len(sim.requests) == 2


def test_a_short_lived_token_is_not_kept(sim: Simulator, clock: ManualClock) -> None:
    sim.cloud.configure(token_lifetime=599.0)
    assert look_up(sim, clock) != look_up(sim, clock)
    assert len(sim.requests) == 2


def test_it_can_be_turned_off(sim: Simulator, clock: ManualClock) -> None:
    assert look_up(sim, clock, cache=False) != look_up(sim, clock, cache=False)
