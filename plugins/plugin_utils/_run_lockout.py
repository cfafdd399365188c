# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: refusals of credentials, counted over all lookups and actions of a run of Ansible."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ansible import constants as C

from ..module_utils._client.clock import Clock, Deadline
from ..module_utils._client.lockout import Key, Lockout
from ..module_utils._core.credentials import TokenCredential
from ..module_utils._core.refusal_history import RefusalHistory, build_identity
from ._run_store import RunStore

_REFUSED_TOKEN = "refused token"  # noqa: S105  a key


class RunHistoryStore:
    """Histories for all processes of a run."""

    def __init__(self, store: RunStore) -> None:
        """Take where to keep them."""
        self._store = store

    def read(self, key: Key) -> RefusalHistory:
        """Return the history of an identity."""
        kept = self._store.read(["history", *key])
        return RefusalHistory() if kept is None else RefusalHistory(kept[0], tuple(kept[1]), kept[2])

    def write(self, key: Key, history: RefusalHistory) -> None:
        """Keep the history of an identity."""
        self._store.write(["history", *key], history)
        _authority, kind, name = key
        if kind == "token" and history.refused:
            self._store.write([_REFUSED_TOKEN, name], True)

    def locked(self, key: Key) -> AbstractContextManager[None]:
        """Let no other process enter for the same key meanwhile. Raise NoResponseError where that takes too long."""
        return self._store.locked(["history", *key])


def run_store(clock: Clock, deadline: Deadline) -> RunStore:
    """Return what the processes of this run share, which nobody else can read."""
    return RunStore(getattr(C, "DEFAULT_LOCAL_TMP", None), clock, deadline)


def run_lockout(store: RunStore) -> Lockout:
    """Return what counts refusals for this run; only for this task, where nothing can be kept."""
    return Lockout(RunHistoryStore(store) if store.is_open else None)


def note_refused_token(store: RunStore, token: str) -> None:
    """Keep in mind that a token was refused, wherever that was."""
    store.write([_REFUSED_TOKEN, _fingerprint(token)], True)


def is_refused_token(store: RunStore, token: str) -> bool:
    """Return whether a token was refused in this run."""
    return bool(store.read([_REFUSED_TOKEN, _fingerprint(token)]))


def _fingerprint(token: str) -> str:
    return build_identity(TokenCredential(token)).fingerprint
