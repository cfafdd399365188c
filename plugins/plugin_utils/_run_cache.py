# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""A cache of results for all processes of a run of Ansible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..module_utils._client.clock import Clock
from ..module_utils._core.error_codes import is_credential_refused
from ..module_utils._core.errors import ConfigurationError, ServiceError
from ._run_store import RunStore


@dataclass(frozen=True)
class CacheEntry:
    """A value of JSON, and until when it is valid (seconds since 1970-01-01 UTC; None for the whole run)."""

    value: Any
    valid_until: float | None = None


class RunCache:
    """Caches values in a store."""

    def __init__(self, store: RunStore, clock: Clock) -> None:
        """``store`` keeps the values."""
        self._store = store
        self._clock = clock

    def get(
        self, key: object, fetch: Callable[[], CacheEntry], is_usable: Callable[[Any], bool] = lambda _value: True
    ) -> Any:
        """Return the value of a key from the cache, or else from ``fetch``, which one process calls at a time.

        The key is any value of JSON; it may be secret. ``is_usable`` returns whether a cached value may still be used.
        That ``fetch`` failed because the credential was refused is cached too: the same request would be refused again,
        and each refusal counts towards the lock of the user. Raise what ``fetch`` raises, and CloudError.
        """
        entry = self._read(key, is_usable)
        if entry is None:
            with self._store.locked(key):
                entry = self._read(key, is_usable) or self._fetch(key, fetch)
        return entry.value

    def _fetch(self, key: object, fetch: Callable[[], CacheEntry]) -> CacheEntry:
        try:
            entry = fetch()
        except ServiceError as error:
            if is_credential_refused(error.status, error.error_code):
                self._store.write(key, {"refused": str(error)})
            raise
        self._store.write(key, {"value": entry.value, "valid_until": entry.valid_until})
        return entry

    def _read(self, key: object, is_usable: Callable[[Any], bool]) -> CacheEntry | None:
        cached = self._store.read(key)
        if cached is None:
            return None
        if "refused" in cached:
            raise ConfigurationError(f"{cached['refused']} (not tried again in this run)")
        entry = CacheEntry(cached["value"], cached["valid_until"])
        is_valid = entry.valid_until is None or self._clock.time() < entry.valid_until
        return entry if is_valid and is_usable(entry.value) else None
