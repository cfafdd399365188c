# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: keeps a refused credential from being sent until the cloud locks it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Protocol

from .._core.errors import CloudError, ConfigurationError
from .._core.refusal_history import AuthOutcome, Identity, RefusalHistory, classify_auth_outcome

Key = list[str]


class HistoryStore(Protocol):
    """Where the histories of identities are kept, for whoever is to share them."""

    def read(self, key: Key) -> RefusalHistory:
        """Return the history of an identity."""

    def write(self, key: Key, history: RefusalHistory) -> None:
        """Keep the history of an identity."""

    def locked(self, key: Key) -> AbstractContextManager[None]:
        """Let nobody else enter for the same key meanwhile. Raise CloudError where that takes too long."""


class Lockout:
    """Asks before each request whether its credential may be sent, and takes note of what becomes of it.

    As long as a credential has not been accepted, one request at a time is sent with it: otherwise all threads and
    processes that begin at the same moment would be refused before the first of them can tell. An access key that is
    refused then is not sent again from here. A token that has been accepted here may be refused as often as there are
    requests, which locks nobody, so that every batch is tried; for whoever comes next that counts once.
    """

    def __init__(self, histories: HistoryStore | None = None) -> None:
        """``histories`` are kept for this process only where nothing else is given."""
        self._histories = histories or InMemoryHistoryStore()
        self._refusals: dict[Identity, CloudError] = {}
        self._accepted: set[Identity] = set()

    @contextmanager
    def attempt(self, identity: Identity | None, url: str) -> Iterator[None]:
        """Send one request of this identity within. Raise CloudError where nothing is to be sent any more."""
        if identity is None:
            yield
            return
        key = identity.key(url)
        if self._histories.read(key).is_accepted(identity):
            with self._noted(key, identity):
                yield
            return
        with self._histories.locked(key):
            self._check(key, identity)
            with self._noted(key, identity, is_locked=True):
                yield

    def _check(self, key: Key, identity: Identity) -> None:
        """Raise CloudError where nothing is to be sent any more."""
        history = self._histories.read(key)
        is_ended = identity.kind == "access key" and identity in self._refusals
        if self._is_counted(identity) or (history.may_try(identity) and not is_ended):
            return
        raise self._refusals.get(identity) or ConfigurationError(history.explanation(identity))

    def _is_counted(self, identity: Identity) -> bool:
        """Return whether a token has been accepted and then refused here."""
        return identity.kind == "token" and identity in self._accepted and identity in self._refusals

    @contextmanager
    def _noted(self, key: Key, identity: Identity, *, is_locked: bool = False) -> Iterator[None]:
        try:
            yield
        except CloudError as error:
            outcome = classify_auth_outcome(identity, error)
            # What became of the request must be told as it is, also where the count cannot be kept.
            if outcome is not AuthOutcome.UNKNOWN:
                with suppress(Exception), nullcontext() if is_locked else self._histories.locked(key):
                    self._note(key, identity, outcome, error)
            raise
        self._accepted.add(identity)
        if is_locked:  # otherwise it is on record already
            with suppress(Exception):
                self._note(key, identity, AuthOutcome.ACCEPTED)

    def _note(self, key: Key, identity: Identity, outcome: AuthOutcome, error: CloudError | None = None) -> None:
        is_counted = outcome is AuthOutcome.REFUSED and self._is_counted(identity)
        if outcome is AuthOutcome.REFUSED and error is not None:
            self._refusals[identity] = error
        elif outcome is AuthOutcome.ACCEPTED:
            self._refusals.pop(identity, None)
        before = self._histories.read(key)
        after = before.after(identity, outcome, str(error))
        if after != before and not is_counted:
            self._histories.write(key, after)


class InMemoryHistoryStore:
    """Histories for the threads of one process."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self._histories: dict[str, RefusalHistory] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def read(self, key: Key) -> RefusalHistory:
        """Return the history of an identity."""
        return self._histories.get(str(key), RefusalHistory())

    def write(self, key: Key, history: RefusalHistory) -> None:
        """Keep the history of an identity."""
        self._histories[str(key)] = history

    def locked(self, key: Key) -> AbstractContextManager[None]:
        """Let no other thread enter for the same key meanwhile."""
        return self._held(self._locks[str(key)])

    @contextmanager
    def _held(self, lock: threading.Lock) -> Iterator[None]:
        with lock:
            yield
