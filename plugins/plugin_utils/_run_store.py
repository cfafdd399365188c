# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what the processes of one run of Ansible share, unreadable to everybody else.

A lookup is evaluated at each use of a variable, in another process for each task and host, so memory does not help.
Files do, in the run's own temporary directory: Ansible makes it with mode 0700, tells it to every fork, and removes it
at the end. It cannot remove it where it is killed. So files are encrypted with a key that is derived from the
``authkey`` of multiprocessing, which is random for each run, the same in all its forks, and on no disk. Their names are
derived from it, too: nobody can try passwords against them later.
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
except ImportError:  # ansible-core requires it; without it nothing is kept
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = True

# Seconds to sleep before looking again whether another process is done.
_PAUSE = 0.05


class RunStore:
    """Keeps values in a directory. Safe to share between processes."""

    def __init__(self, folder: str | None, clock: Clock, deadline: Deadline) -> None:
        """Take the directory of the run, None to keep nothing. ``deadline`` is for waiting for another process."""
        self._folder = folder if HAS_CRYPTOGRAPHY and folder is not None and _is_private(folder) else None
        self._clock = clock
        self._deadline = deadline
        self._key = hashlib.sha256(b"huaweicloud.drs" + bytes(multiprocessing.current_process().authkey)).digest()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @property
    def is_open(self) -> bool:
        """Whether values can be kept. Where the directory is open to others, they are not."""
        return self._folder is not None

    def read(self, key: object) -> Any:
        """Return what is kept for a key, None where there is nothing, or somebody has spoilt it.

        A key is anything that JSON can hold, also secrets.
        """
        if self._folder is None:
            return None
        try:
            with open(self._path(key), "rb") as file:
                return json.loads(self._cipher().decrypt(file.read()))
        except (OSError, ValueError, InvalidToken):
            return None

    def write(self, key: object, value: object) -> None:
        """Keep what JSON can hold. A file is there as a whole or not at all; a full disk is no reason to fail."""
        if self._folder is None:
            return
        content = self._cipher().encrypt(json.dumps(value).encode())
        with contextlib.suppress(OSError):
            file, temporary = tempfile.mkstemp(dir=self._folder)  # with mode 0600
            try:
                with open(file, "wb") as stream:
                    stream.write(content)
                os.replace(temporary, self._path(key))
            except OSError:
                os.unlink(temporary)
                raise

    @contextlib.contextmanager
    def locked(self, key: object) -> Iterator[None]:
        """Let no other thread or process enter for the same key meanwhile. Without a directory no process is kept out.

        Raise NoResponseError where the deadline is over before the other process is done.
        """
        path = self._path(key)
        with self._locks[path]:
            if self._folder is None:
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
            self._clock.sleep(_PAUSE)

    def _cipher(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key))

    def _path(self, key: object) -> str:
        name = hmac.new(self._key, json.dumps(key, sort_keys=True).encode(), hashlib.sha256).hexdigest()
        return os.path.join(self._folder or "", f"huaweicloud.drs-{name}")


class _FileLock:
    """A lock that ends with its process at the latest.

    Some file systems have no ``flock``, such as NFS without a lock daemon. There a file that only one process can
    create does, with the ID of that process in it.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None
        self._owned: str | None = None

    def acquire(self) -> bool:
        """Return whether it is ours now. Where there can be no file at all, nobody is kept out."""
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return self._create(f"{self._path}ed")
        return True

    def release(self) -> None:
        """Let the next one in."""
        with contextlib.suppress(OSError):
            if self._owned is not None:
                os.unlink(self._owned)
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)

    def _create(self, path: str) -> bool:
        try:
            file, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
            with open(file, "w", encoding="ascii") as stream:
                stream.write(str(os.getpid()))
        except OSError:
            return True
        try:
            os.link(temporary, path)
        except FileExistsError:
            _remove_if_left(path)
            return False
        except OSError:
            return True
        finally:
            os.unlink(temporary)
        self._owned = path
        return True


def _remove_if_left(path: str) -> None:
    """Remove the file of a process that has ended."""
    with contextlib.suppress(OSError, ValueError):
        with open(path, encoding="ascii") as file:
            owner = int(file.read())
        try:
            os.kill(owner, 0)
        except OSError as failure:
            if failure.errno == errno.ESRCH:
                os.unlink(path)


def _is_private(folder: str) -> bool:
    try:
        found = os.stat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
