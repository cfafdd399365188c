# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what one run of Ansible need not ask IAM twice."""

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
    """A value, which JSON can hold, and until when it may be used (seconds since 1970-01-01 UTC; None for the run)."""

    value: Any
    valid_until: float | None = None


class RunCache:
    """Keeps answers for all processes of a run."""

    def __init__(self, store: RunStore, clock: Clock) -> None:
        """Take where to keep them."""
        self._store = store
        self._clock = clock

    def get(
        self, key: object, fetch: Callable[[], CacheEntry], is_usable: Callable[[Any], bool] = lambda _value: True
    ) -> Any:
        """Return the value for a key, from the cache or else from ``make``, which only one process calls at a time.

        The key is anything that JSON can hold; it may be secret. ``is_usable`` is asked about a value that is kept.
        Where ``make`` was refused because of the credential, that is kept as well: the same request is refused again,
        and each refusal is a step towards the lock of the account. Raises what ``make`` raises, and CloudError.
        """
        kept = self._read(key, is_usable)
        if kept is None:
            with self._store.locked(key):
                kept = self._read(key, is_usable) or self._fetch(key, fetch)
        return kept.value

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
        kept = self._store.read(key)
        if kept is None:
            return None
        if "refused" in kept:
            raise ConfigurationError(f"{kept['refused']} (not tried again in this run)")
        entry = CacheEntry(kept["value"], kept["valid_until"])
        is_valid = entry.valid_until is None or self._clock.time() < entry.valid_until
        return entry if is_valid and is_usable(entry.value) else None
