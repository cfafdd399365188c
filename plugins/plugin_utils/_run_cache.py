# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what one run of Ansible need not ask twice, shared between its forks.

A lookup is evaluated at each use of a variable, in another process for each task and host, so memory does not help.
Files do, in the run's own temporary directory: Ansible makes it with mode 0700, tells it to every fork, and removes it
at the end. An entry has mode 0600. Where the directory is not like that, nothing is kept.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..module_utils._client.clock import Clock, Deadline
from ..module_utils._core.errors import ConfigurationError, NoAnswerError, ServiceError

# How long to sleep before looking again whether another process is done.
_PAUSE = 0.05
# Answers that would be the same the next time, and cost a step towards the lock of the account.
_FINAL = (400, 401, 403, 404)


@dataclass(frozen=True)
class Entry:
    """A value, which JSON can hold, and until when it may be used (seconds since 1970-01-01 UTC; None for the run)."""

    value: Any
    valid_until: float | None = None


class RunCache:
    """Keeps values in a directory. Safe to share between processes."""

    def __init__(self, folder: str | None, clock: Clock, deadline: Deadline) -> None:
        """Take the directory of the run, None to keep nothing. ``deadline`` is for waiting for another process."""
        self._folder = folder if folder is not None and _is_private(folder) else None
        self._clock = clock
        self._deadline = deadline

    def get(self, key: object, make: Callable[[], Entry]) -> Any:
        """Give the value for a key, from the cache or else from ``make``, which only one process calls at a time.

        The key is anything that JSON can hold; it may be secret, for only its hash is written. What ``make`` was
        refused is kept as well, so that a wrong password is tried once in a run, not once in each fork. Raises what
        ``make`` raises, and CloudError.
        """
        if self._folder is None:
            return make().value
        name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
        path = os.path.join(self._folder, f"huaweicloud.drs-{name}")
        kept = self._read(path)
        if kept is None:
            with self._locked(f"{path}.lock"):
                kept = self._read(path) or self._make(path, make)
        return kept.value

    def _make(self, path: str, make: Callable[[], Entry]) -> Entry:
        try:
            entry = make()
        except ServiceError as error:
            if error.status in _FINAL:
                _write(path, {"refused": str(error)})
            raise
        _write(path, {"value": entry.value, "valid_until": entry.valid_until})
        return entry

    def _read(self, path: str) -> Entry | None:
        try:
            with open(path, encoding="utf-8") as file:
                kept = json.load(file)
            if "refused" in kept:
                raise ConfigurationError(f"{kept['refused']} (not tried again in this run)")
            entry = Entry(kept["value"], kept["valid_until"])
        except (OSError, ValueError, TypeError, LookupError):
            return None  # there is none, or somebody has spoilt it
        return entry if entry.valid_until is None or self._clock.time() < entry.valid_until else None

    @contextlib.contextmanager
    def _locked(self, path: str) -> Iterator[None]:
        """Hold the lock of an entry, which ends with this process at the latest; without a file there is none."""
        try:
            file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        except OSError:
            yield
            return
        try:
            while not _lock(file):
                if self._deadline.is_over:
                    raise NoAnswerError(
                        "another process of this run asks IAM for the same, and got no answer in time", sent=False
                    )
                self._clock.sleep(_PAUSE)
            yield
        finally:
            os.close(file)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_private(folder: str) -> bool:
    try:
        found = os.stat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _write(path: str, content: dict[str, Any]) -> None:
    """Write a file that is there as a whole or not at all. A disk that is full is no reason to fail."""
    with contextlib.suppress(OSError):
        file, temporary = tempfile.mkstemp(dir=os.path.dirname(path))  # with mode 0600
        try:
            with open(file, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
