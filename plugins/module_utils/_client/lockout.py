# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Stop sending a refused credential before the cloud locks it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Protocol

from .._core.errors import CloudError, ConfigurationError
from .._core.refusal_history import AuthOutcome, Identity, RefusalHistory, classify_auth_outcome

Key = list[str]


class HistoryStore(Protocol):
    """A store of the histories of identities. Threads or processes may share one."""

    def read(self, key: Key) -> RefusalHistory:
        """Return the history of an identity."""

    def write(self, key: Key, history: RefusalHistory) -> None:
        """Store the history of an identity."""

    def locked(self, key: Key) -> AbstractContextManager[object]:
        """Lock the history of an identity. Raise CloudError if another holder takes too long."""


class Lockout:
    """Decides before each request whether its credential may be sent, and records whether it was refused.

    Until a credential is accepted, it is sent with one request at a time. Otherwise many threads and processes could be
    refused at the same moment. An access key that is refused then is not sent again by this process. A token that was
    accepted here before may be refused any number of times: that locks nobody, and so every batch is tried. For other
    processes it counts as one refusal.
    """

    def __init__(
        self, histories: HistoryStore | None = None, on_refusal: Callable[[Identity], None] | None = None
    ) -> None:
        """``histories`` is by default a store for this process.

        ``on_refusal`` is called with an identity that was refused, before another request may be sent with it.
        """
        self._histories = histories or InMemoryHistoryStore()
        self._on_refusal = on_refusal
        self._refusals: dict[Identity, CloudError] = {}
        self._accepted: set[Identity] = set()

    @contextmanager
    def attempt(self, identity: Identity | None, url: str) -> Iterator[None]:
        """Return a context for one request of this identity. Raise CloudError if nothing more may be sent."""
        if identity is None:
            yield
            return
        key = identity.key(url)
        if not self._histories.read(key).is_accepted(identity):
            with self._histories.locked(key):
                # Those that have waited for the first request need not wait for each other.
                if not self._histories.read(key).is_accepted(identity):
                    self._check(key, identity)
                    with self._record(key, identity, is_locked=True):
                        yield
                    return
        with self._record(key, identity):
            yield

    def _check(self, key: Key, identity: Identity) -> None:
        """Raise CloudError if nothing more may be sent."""
        history = self._histories.read(key)
        is_rejected_key = identity.kind == "access key" and identity in self._refusals
        if self._is_revoked_token(identity) or (history.may_try(identity) and not is_rejected_key):
            return
        raise self._refusals.get(identity) or ConfigurationError(history.explanation(identity))

    def _is_revoked_token(self, identity: Identity) -> bool:
        """Return whether this is a token that was accepted and then refused here."""
        return identity.kind == "token" and identity in self._accepted and identity in self._refusals

    @contextmanager
    def _record(self, key: Key, identity: Identity, *, is_locked: bool = False) -> Iterator[None]:
        try:
            yield
        except CloudError as error:
            outcome = classify_auth_outcome(identity, error)
            # The error of the request is raised as it is, also if the count cannot be stored.
            if outcome is not AuthOutcome.UNKNOWN:
                with suppress(Exception), nullcontext() if is_locked else self._histories.locked(key):
                    self._update(key, identity, outcome, error)
            raise
        self._accepted.add(identity)
        if is_locked:  # otherwise it is recorded already
            with suppress(Exception):
                self._update(key, identity, AuthOutcome.ACCEPTED)

    def _update(self, key: Key, identity: Identity, outcome: AuthOutcome, error: CloudError | None = None) -> None:
        is_counted_before = outcome is AuthOutcome.REFUSED and self._is_revoked_token(identity)
        if outcome is AuthOutcome.REFUSED and error is not None:
            self._refusals[identity] = error
            if self._on_refusal is not None:
                self._on_refusal(identity)
        elif outcome is AuthOutcome.ACCEPTED:
            self._refusals.pop(identity, None)
        before = self._histories.read(key)
        after = before.after(identity, outcome, str(error))
        if after != before and not is_counted_before:
            self._histories.write(key, after)


class InMemoryHistoryStore:
    """A store for the threads of one process."""

    def __init__(self) -> None:
        """Start empty."""
        self._histories: dict[str, RefusalHistory] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def read(self, key: Key) -> RefusalHistory:
        """Return the history of an identity."""
        return self._histories.get(str(key), RefusalHistory())

    def write(self, key: Key, history: RefusalHistory) -> None:
        """Store the history of an identity."""
        self._histories[str(key)] = history

    def locked(self, key: Key) -> AbstractContextManager[object]:
        """Lock the history of an identity for other threads."""
        return self._locks[str(key)]
