# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals of credentials are counted for all processes of a run, and a refused token is known to all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    PasswordCredential,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError, ServiceError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.refusal_history import Identity, build_identity
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._run_lockout import (
    is_refused_token,
    note_refused_token,
    run_lockout,
    run_store,
)
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock

URL = "https://iam.example.com"
USER = build_identity(PasswordCredential("me", "wrong", "account"))
TOKEN = build_identity(TokenCredential("revoked"))
REFUSED = ServiceError("POST iam", status=401)


def refuse(clock: ManualClock, identity: Identity) -> None:
    """Send a request as one process of the run, and have its credential refused."""
    lockout = run_lockout(run_store(clock, Deadline(clock, 60)))
    with pytest.raises(ServiceError), lockout.attempt(identity, URL):
        raise REFUSED


@pytest.mark.usefixtures("run_folder")
def test_what_one_process_was_refused_another_does_not_send(clock: ManualClock) -> None:
    for _process in range(2):
        refuse(clock, USER)
    lockout = run_lockout(run_store(clock, Deadline(clock, 60)))
    with pytest.raises(ConfigurationError, match=r"^not sent: user me of account .* was refused twice in this run"):
        lockout.attempt(USER, URL).__enter__()
    # Another password may be the right one.
    refuse(clock, build_identity(PasswordCredential("me", "right", "account")))


@pytest.mark.usefixtures("run_folder")
def test_a_refused_token_is_known_to_the_run(clock: ManualClock) -> None:
    store = run_store(clock, Deadline(clock, 60))
    refuse(clock, TOKEN)
    note_refused_token(store, "noted")
    assert [is_refused_token(store, token) for token in ("revoked", "noted", "another")] == [True, True, False]


def test_where_nothing_can_be_kept_each_process_counts_for_itself(clock: ManualClock, run_folder: Path) -> None:
    run_folder.chmod(0o755)
    store = run_store(clock, Deadline(clock, 60))
    note_refused_token(store, "noted")
    assert not is_refused_token(store, "noted")
    for _process in range(5):
        refuse(clock, USER)
