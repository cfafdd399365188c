# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Refusals of credentials, counted across all lookups and actions of a run of Ansible."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from ansible import constants as C

from ..module_utils._client.clock import Clock, Deadline
from ..module_utils._client.lockout import Key, Lockout
from ..module_utils._core.credentials import TokenCredential
from ..module_utils._core.refusal_history import Identity, RefusalHistory, build_identity
from ._run_store import RunStore

_REFUSED_TOKEN = "refused token"  # noqa: S105  a key


class RunHistoryStore:
    """The refusal histories that all processes of a run share."""

    def __init__(self, store: RunStore) -> None:
        """Keep them in this store."""
        self._store = store

    def read(self, key: Key) -> RefusalHistory:
        """Return the history of an identity."""
        stored = self._store.read(["history", *key])
        return RefusalHistory() if stored is None else RefusalHistory(stored[0], tuple(stored[1]), stored[2])

    def write(self, key: Key, history: RefusalHistory) -> None:
        """Store the history of an identity."""
        self._store.write(["history", *key], history)
        _authority, kind, name = key
        if kind == "token" and history.refused:
            self._store.write([_REFUSED_TOKEN, name], True)

    def locked(self, key: Key) -> AbstractContextManager[None]:
        """Hold the lock of a key. Raise NoResponseError if another process still holds it at the deadline."""
        return self._store.locked(["history", *key])


def run_store(clock: Clock, deadline: Deadline) -> RunStore:
    """Return the store of this run."""
    return RunStore(getattr(C, "DEFAULT_LOCAL_TMP", None), clock, deadline)


def run_lockout(store: RunStore, on_refusal: Callable[[Identity], None] | None = None) -> Lockout:
    """Return the lockout of this run; that of this task only, if the store is not open."""
    return Lockout(RunHistoryStore(store) if store.is_open else None, on_refusal)


def note_refused_token(store: RunStore, token: str) -> None:
    """Store that a token was refused, by whichever service."""
    store.write([_REFUSED_TOKEN, _fingerprint(token)], True)


def is_refused_token(store: RunStore, token: str) -> bool:
    """Return whether a token was refused in this run."""
    return bool(store.read([_REFUSED_TOKEN, _fingerprint(token)]))


def _fingerprint(token: str) -> str:
    return build_identity(TokenCredential(token)).fingerprint
