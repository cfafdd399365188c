# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the processes of a run share: readable to nobody else, written by one at a time, and never a reason to fail."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline, SystemClock
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import NoResponseError
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._run_store import RunStore
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock

KEY = {"user": "me", "password": "p4ssword"}
OpenStore = Callable[..., RunStore]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The directory of a run, as Ansible makes it."""
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def open_store(folder: Path, clock: ManualClock) -> OpenStore:
    """Opens the store as another process of the run would."""
    return lambda path=str(folder): RunStore(path, clock, Deadline(clock, 60))


def test_a_value_is_there_for_every_process_of_the_run(open_store: OpenStore) -> None:
    assert open_store().is_open
    assert open_store().read(KEY) is None
    open_store().write(KEY, {"a": [1]})
    assert open_store().read(KEY) == {"a": [1]}
    open_store().write(KEY, "value 2")
    assert open_store().read(KEY) == "value 2"
    assert open_store().read({**KEY, "password": "wrong"}) is None


def test_nobody_else_can_read_it(open_store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store().locked(KEY):
        open_store().write(KEY, "value 1")
    entries = list(folder.iterdir())
    assert len(entries) == 2  # the value and the lock
    for entry in entries:
        assert stat.S_IMODE(entry.stat().st_mode) == 0o600
        assert entry.name.startswith("huaweicloud.drs-")
        assert not any(word in entry.name + entry.read_text() for word in ("p4ssword", "value 1"))
    names = {entry.name for entry in entries}
    # Another run that finds the directory, after this one was killed.
    monkeypatch.setitem(multiprocessing.current_process()._config, "authkey", b"another")  # type: ignore[attr-defined]
    assert open_store().read(KEY) is None
    open_store().write(KEY, "value 2")
    assert open_store().read(KEY) == "value 2"
    assert len(names & {entry.name for entry in folder.iterdir()}) == 2 < len(list(folder.iterdir()))


@pytest.mark.parametrize("content", ["", "{", "null", "\0"])
def test_a_value_that_somebody_has_spoilt_is_none(open_store: OpenStore, folder: Path, content: str) -> None:
    open_store().write(KEY, "value")
    (path,) = folder.iterdir()
    path.write_text(content)
    assert open_store().read(KEY) is None


@pytest.mark.parametrize("path", [None, "/no/such/folder", __file__], ids=["none", "missing", "file"])
def test_without_a_directory_nothing_is_kept(open_store: OpenStore, path: str | None) -> None:
    store = open_store(path)
    assert not store.is_open
    with store.locked(KEY):
        store.write(KEY, "value")
    assert store.read(KEY) is None


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_directory_that_others_can_look_into_keeps_nothing(open_store: OpenStore, folder: Path, mode: int) -> None:
    folder.chmod(mode)
    open_store().write(KEY, "value")
    assert open_store().read(KEY) is None
    folder.chmod(0o700)
    assert not list(folder.iterdir())


def test_a_disk_that_cannot_be_written_is_no_failure(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.mkstemp", full)
    open_store().write(KEY, "value")
    assert open_store().read(KEY) is None


def test_a_disk_that_is_full_halfway_leaves_nothing(
    open_store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    open_store().write(KEY, "value")
    assert list(folder.iterdir()) == []


def test_it_waits_for_another_process_but_not_for_ever(open_store: OpenStore, clock: ManualClock, folder: Path) -> None:
    with open_store().locked(KEY):
        pass
    (lock,) = folder.glob("*.lock")
    with open(lock, "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        before = clock.monotonic()
        with pytest.raises(NoResponseError, match="another process of this run"), open_store().locked(KEY):
            raise AssertionError("two are inside")
        assert 60 <= clock.monotonic() - before < 61
    with open_store().locked(KEY):
        pass


def write_once(folder: str, asked: str) -> str:
    """Write a value unless another process has; what is written is noted in a file."""
    clock = SystemClock()
    store = RunStore(folder, clock, Deadline(clock, 60))
    with store.locked(KEY):
        if store.read(KEY) is None:
            with open(asked, "a") as file:
                file.write("x")
            store.write(KEY, "value")
    value: str = store.read(KEY)
    return value


def test_of_processes_that_ask_at_the_same_moment_one_writes(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    asked = tmp_path_factory.mktemp("asked") / "asked"
    with multiprocessing.get_context("fork").Pool(8) as pool:
        values = pool.starmap(write_once, [(str(folder), str(asked))] * 40, chunksize=1)
    assert values == ["value"] * 40
    assert asked.read_text() == "x"


# A file system without such a lock, as NFS may be.


@pytest.fixture(params=["ENOLCK", "EOPNOTSUPP", "EBADF", "ENOSYS"])
def without_flock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What such a file system answers."""

    def flock(*_arguments: Any) -> None:
        code = getattr(errno, request.param)
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)


@pytest.mark.usefixtures("without_flock")
def test_without_flock_it_works(open_store: OpenStore, folder: Path) -> None:
    for value in ("value 1", "value 2"):
        with open_store().locked(KEY):
            open_store().write(KEY, value)
        assert open_store().read(KEY) == value
    assert len(list(folder.iterdir())) == 2  # the value, and the file that could not be locked


@pytest.mark.usefixtures("without_flock")
def test_without_flock_one_process_writes(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    asked = tmp_path_factory.mktemp("asked") / "asked"
    with multiprocessing.get_context("fork").Pool(8) as pool:
        values = pool.starmap(write_once, [(str(folder), str(asked))] * 40, chunksize=1)
    assert values == ["value"] * 40
    assert asked.read_text() == "x"


@pytest.mark.usefixtures("without_flock")
def test_without_flock_who_was_killed_keeps_nobody_out(open_store: OpenStore, folder: Path) -> None:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        ended = pool.apply(os.getpid)
    with open_store().locked(KEY):
        pass
    (lock,) = folder.glob("*.lock")
    lock.with_suffix(".locked").write_text(str(ended))
    with open_store().locked(KEY):
        assert lock.with_suffix(".locked").read_text() == str(os.getpid())


@pytest.mark.usefixtures("without_flock")
def test_without_flock_who_lives_does(open_store: OpenStore, folder: Path) -> None:
    with open_store().locked(KEY):
        pass
    (lock,) = folder.glob("*.lock")
    lock.with_suffix(".locked").write_text(str(os.getppid()))
    with pytest.raises(NoResponseError, match="another process of this run"), open_store().locked(KEY):
        raise AssertionError("two are inside")
