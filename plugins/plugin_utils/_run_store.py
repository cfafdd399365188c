# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""A store of values that the processes of one run of Ansible share, and no other process can read.

Ansible evaluates a lookup at each use of a variable, in another process for each task and host, so the values are kept
in files. They are in the temporary directory of the run: Ansible creates it with mode 0700, passes it to all forks, and
removes it at the end, unless it is killed. So the files are encrypted, and their names hashed, with a key that is
derived from the ``authkey`` of multiprocessing: it is random for each run, the same in all forks, and never on disk.
Without it, passwords cannot be guessed from the names of files that are left.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import fcntl
import hashlib
import hmac
import json
import multiprocessing
import os
import stat
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ..module_utils._client.clock import Clock, Deadline
from ..module_utils._core.errors import NoResponseError

try:
    from cryptography.fernet import Fernet, InvalidToken
except ImportError:  # ansible-core requires it; without it, nothing is stored
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = True

# Seconds between two attempts to acquire a lock.
_POLL_INTERVAL = 0.05


class RunStore:
    """Values in the files of a directory. Threads and processes may use it at the same time."""

    def __init__(self, directory: str | None, clock: Clock, deadline: Deadline) -> None:
        """``directory`` is that of the run, None to store nothing. ``deadline`` limits the wait for another process."""
        self._directory = directory if HAS_CRYPTOGRAPHY and directory is not None and _is_private(directory) else None
        self._clock = clock
        self._deadline = deadline
        self._key = hashlib.sha256(b"huaweicloud.drs" + bytes(multiprocessing.current_process().authkey)).digest()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @property
    def is_open(self) -> bool:
        """Whether values are stored. They are not if other users can access the directory."""
        return self._directory is not None

    def read(self, key: object) -> Any:
        """Return the value of a key, None if it is missing or corrupt.

        A key is any value that JSON can represent, and may hold secrets.
        """
        if self._directory is None:
            return None
        try:
            with open(self._path(key), "rb") as file:
                return json.loads(self._cipher().decrypt(file.read()))
        except (OSError, ValueError, InvalidToken):
            return None

    def write(self, key: object, value: object) -> None:
        """Store a value that JSON can represent, in one step. Ignore errors of the file system, such as a full disk."""
        if self._directory is None:
            return
        content = self._cipher().encrypt(json.dumps(value).encode())
        with contextlib.suppress(OSError):
            file, temporary = tempfile.mkstemp(dir=self._directory)  # with mode 0600
            try:
                with open(file, "wb") as stream:
                    stream.write(content)
                os.replace(temporary, self._path(key))
            except OSError:
                os.unlink(temporary)
                raise

    @contextlib.contextmanager
    def locked(self, key: object) -> Iterator[None]:
        """Hold the lock of a key. It excludes threads, and with a directory other processes.

        Raise NoResponseError if another process still holds it at the deadline.
        """
        path = self._path(key)
        with self._locks[path]:
            if self._directory is None:
                yield
                return
            lock = _FileLock(f"{path}.lock")
            try:
                self._wait_for(lock)
                yield
            finally:
                lock.release()

    def _wait_for(self, lock: _FileLock) -> None:
        while not lock.acquire():
            if self._deadline.is_over:
                raise NoResponseError(
                    "another process of this run asks IAM for the same, and got no answer in time", sent=False
                )
            self._clock.sleep(_POLL_INTERVAL)

    def _cipher(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key))

    def _path(self, key: object) -> str:
        name = hmac.new(self._key, json.dumps(key, sort_keys=True).encode(), hashlib.sha256).hexdigest()
        return os.path.join(self._directory or "", f"huaweicloud.drs-{name}")


class _FileLock:
    """A lock that is released when its process ends, if not before.

    It is an ``flock``. Some file systems have none, NFS without a lock daemon for example. There it is a lock file,
    which only one process can create, and which holds the ID of that process.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None
        self._lock_file: str | None = None

    def acquire(self) -> bool:
        """Return whether the lock has been acquired. It always is where no file can be created."""
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return self._create_lock_file(f"{self._path}ed")
        return True

    def release(self) -> None:
        """Release the lock, if it is held."""
        with contextlib.suppress(OSError):
            if self._lock_file is not None:
                os.unlink(self._lock_file)
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)

    def _create_lock_file(self, path: str) -> bool:
        try:
            file, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
            with open(file, "w", encoding="ascii") as stream:
                stream.write(str(os.getpid()))
        except OSError:
            return True
        try:
            os.link(temporary, path)
        except FileExistsError:
            _remove_if_stale(path)
            return False
        except OSError:
            return True
        finally:
            os.unlink(temporary)
        self._lock_file = path
        return True


def _remove_if_stale(path: str) -> None:
    """Remove a lock file whose process has ended."""
    with contextlib.suppress(OSError, ValueError):
        with open(path, encoding="ascii") as file:
            pid = int(file.read())
        try:
            os.kill(pid, 0)
        except OSError as error:
            if error.errno == errno.ESRCH:
                os.unlink(path)


def _is_private(directory: str) -> bool:
    try:
        status = os.stat(directory)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
