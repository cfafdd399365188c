# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tokens of a run. That lookups use them is in the tests of `_iam_session`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.iam_tokens import Token
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import PasswordCredential, Scope
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._iam_run_tokens import RunTokens
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._run_cache import RunCache
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._run_lockout import run_store
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock

USER = PasswordCredential("me", "secret", "account")
PROJECT = Scope(project_name="project")
ISSUED, EXPIRES = "2026-11-24T06:00:00.000000Z", "2026-11-24T07:00:00.000000Z"


class Iam:
    """Gives another token each time."""

    def __init__(self, expires_at: str | None = EXPIRES) -> None:
        self.count = 0
        self.expires_at = expires_at

    def __call__(self) -> Token:
        self.count += 1
        return Token(f"token-{self.count}", self.expires_at, ISSUED, None, None, None, None)


def tokens_of(clock: ManualClock, endpoint: str = "https://iam.example") -> RunTokens:
    """Return the tokens as one more plugin of the run has them."""
    store = run_store(clock, Deadline(clock, 60))
    return RunTokens(RunCache(store, clock), store, clock, [endpoint, True])


@pytest.mark.usefixtures("run_folder")
def test_a_token_is_requested_once_by_all_plugins(clock: ManualClock) -> None:
    iam = Iam()
    found = [tokens_of(clock).get_user_token(USER, PROJECT, iam).token for _plugin in range(3)]
    assert found == ["token-1"] * 3
    others = [
        tokens_of(clock, "https://iam.other.example").get_user_token(USER, PROJECT, iam),
        tokens_of(clock).get_user_token(USER, Scope(project_name="other"), iam),
        tokens_of(clock).get_user_token(PasswordCredential("me", "other", "account"), PROJECT, iam),
    ]
    assert [each.token for each in others] == ["token-2", "token-3", "token-4"]


@pytest.mark.usefixtures("run_folder")
def test_a_token_that_was_refused_or_is_about_to_end_is_replaced(clock: ManualClock) -> None:
    iam = Iam()
    tokens_of(clock).get_user_token(USER, PROJECT, iam)
    tokens_of(clock).note_refused("token-1")
    assert tokens_of(clock).get_user_token(USER, PROJECT, iam).token == "token-2"
    clock.advance(3600 - 601)
    assert tokens_of(clock).get_user_token(USER, PROJECT, iam).token == "token-2"
    clock.advance(2)
    assert tokens_of(clock).get_user_token(USER, PROJECT, iam).token == "token-3"


@pytest.mark.usefixtures("run_folder")
def test_a_token_whose_end_is_not_known_is_not_kept(clock: ManualClock) -> None:
    iam = Iam(expires_at=None)
    assert [tokens_of(clock).get_user_token(USER, PROJECT, iam).token for _plugin in range(2)] == ["token-1", "token-2"]


def test_nothing_is_kept_where_others_can_read_it(clock: ManualClock, run_folder: Path) -> None:
    run_folder.chmod(0o755)
    iam = Iam()
    assert [tokens_of(clock).get_user_token(USER, PROJECT, iam).token for _plugin in range(2)] == ["token-1", "token-2"]
