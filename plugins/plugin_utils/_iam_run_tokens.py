# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The tokens of a run: each is requested once, whichever plugin and process uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from ..module_utils._client.clock import Clock
from ..module_utils._client.iam_tokens import Token
from ..module_utils._core.credentials import PasswordCredential, Scope
from ._run_cache import CacheEntry, RunCache
from ._run_lockout import is_refused_token, note_refused_token
from ._run_store import RunStore

# Seconds. A token that is given away should last for the task that gets it.
_EXPIRY_MARGIN = 600.0


class RunTokens:
    """The tokens of one IAM."""

    def __init__(self, cache: RunCache, store: RunStore, clock: Clock, endpoint_key: Sequence[object]) -> None:
        """Keep tokens in the cache. ``store`` knows those that were refused, and the key says which IAM it is."""
        self._cache = cache
        self._store = store
        self._clock = clock
        self._endpoint_key = endpoint_key

    def get_user_token(self, user: PasswordCredential, scope: Scope, fetch: Callable[[], Token]) -> Token:
        """Return a token of a user from the cache, or else from ``fetch``. Raise CloudError."""
        return self.get([asdict(user), scope], fetch)

    def note_refused(self, token: str) -> None:
        """Record that a token was refused. It is not returned again in this run."""
        note_refused_token(self._store, token)

    def get(self, key: Sequence[object], fetch: Callable[[], Token]) -> Token:
        """Return a token from the cache, or else from ``fetch``. The key may be secret. Raise CloudError."""
        key = ["token", *self._endpoint_key, *key]
        return Token(**self._cache.get(key, lambda: self._build_entry(fetch()), self._is_usable))

    def _build_entry(self, token: Token) -> CacheEntry:
        now = self._clock.time()
        end = token.valid_until(now)
        # A token whose end is not known is not kept.
        return CacheEntry(asdict(token), now if end is None else end - _EXPIRY_MARGIN)

    def _is_usable(self, token: Mapping[str, str]) -> bool:
        return not is_refused_token(self._store, token["token"])
