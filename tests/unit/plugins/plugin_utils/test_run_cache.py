# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run keeps: asked for once by all processes, readable to nobody else, and never trusted when it is broken."""

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
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ConfigurationError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._run_cache import CacheEntry, RunCache
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._run_store import RunStore
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock

KEY = {"user": "me", "password": "p4ssword"}


class Source:
    """What is asked: counts how often, and gives another value each time."""

    def __init__(self, clock: ManualClock, lifetime: float | None = 100.0, error: CloudError | None = None) -> None:
        self.clock = clock
        self.lifetime = lifetime
        self.error = error
        self.asked = 0

    def __call__(self) -> CacheEntry:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return CacheEntry(f"value {self.asked}", None if self.lifetime is None else self.clock.time() + self.lifetime)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The directory of a run, as Ansible makes it."""
    tmp_path.chmod(0o700)
    return tmp_path


Make = Callable[..., RunCache]


@pytest.fixture
def fetch(folder: Path, clock: ManualClock) -> Make:
    """Makes the cache as another process of the run would."""
    return lambda path=str(folder): RunCache(RunStore(path, clock, Deadline(clock, 60)), clock)


def test_a_value_is_asked_for_once_until_its_end(fetch: Make, clock: ManualClock) -> None:
    source = Source(clock)
    assert [fetch().get(KEY, source) for _process in range(3)] == ["value 1"] * 3
    clock.advance(99)
    assert fetch().get(KEY, source) == "value 1"
    clock.advance(1)
    assert fetch().get(KEY, source) == "value 2"
    assert fetch().get(KEY, source) == "value 2"


def test_a_value_without_an_end_is_good_for_the_run(fetch: Make, clock: ManualClock) -> None:
    source = Source(clock, lifetime=None)
    clock.advance(1e9)
    assert [fetch().get(KEY, source), fetch().get(KEY, source)] == ["value 1"] * 2


def test_another_key_is_another_value_also_where_only_the_secret_differs(fetch: Make, clock: ManualClock) -> None:
    source = Source(clock)
    assert fetch().get(KEY, source) == "value 1"
    assert fetch().get({**KEY, "password": "wrong"}, source) == "value 2"


def test_nobody_else_can_read_it(
    fetch: Make, clock: ManualClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(clock)
    fetch().get(KEY, source)
    entries = list(folder.iterdir())
    assert len(entries) == 2  # the value and the lock
    for entry in entries:
        assert stat.S_IMODE(entry.stat().st_mode) == 0o600
        assert entry.name.startswith("huaweicloud.drs-")
        assert not any(word in entry.name + entry.read_text() for word in ("p4ssword", "value 1"))
    names = {entry.name for entry in entries}
    # Another run that finds the directory, after this one was killed.
    monkeypatch.setitem(multiprocessing.current_process()._config, "authkey", b"another")  # type: ignore[attr-defined]
    assert fetch().get(KEY, source) == "value 2"
    assert len(names & {entry.name for entry in folder.iterdir()}) == 2 < len(list(folder.iterdir()))


def test_without_a_directory_nothing_is_kept(fetch: Make, clock: ManualClock, folder: Path) -> None:
    source = Source(clock)
    for path in (None, str(folder / "none"), __file__):
        fetch(path).get(KEY, source)
    assert source.asked == 3
    assert not list(folder.iterdir())


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_directory_that_others_can_look_into_keeps_nothing(
    fetch: Make, clock: ManualClock, folder: Path, mode: int
) -> None:
    folder.chmod(mode)
    source = Source(clock)
    assert [fetch().get(KEY, source), fetch().get(KEY, source)] == ["value 1", "value 2"]
    folder.chmod(0o700)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "7", '{"value": 1}', '{"valid_until": null}', "\0"])
def test_a_broken_entry_is_asked_for_again(fetch: Make, clock: ManualClock, folder: Path, content: str) -> None:
    source = Source(clock)
    fetch().get(KEY, source)
    (path,) = (entry for entry in folder.iterdir() if entry.suffix != ".lock")
    path.write_text(content)
    assert fetch().get(KEY, source) == "value 2"
    assert fetch().get(KEY, source) == "value 2"


def test_a_disk_that_cannot_be_written_is_no_failure(
    fetch: Make, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("tempfile.mkstemp", full)
    source = Source(clock)
    assert [fetch().get(KEY, source), fetch().get(KEY, source)] == ["value 1", "value 2"]


@pytest.mark.parametrize(("status", "code"), [(401, None), (401, "IAM.0062"), (400, "IAM.1061"), (400, "IAM.1104")])
def test_a_refusal_is_not_tried_again_in_the_run(
    fetch: Make, clock: ManualClock, status: int, code: str | None
) -> None:
    error = ServiceError("POST iam", status=status, error_code=code, error_text="The password is wrong")
    source = Source(clock, error=error)
    with pytest.raises(ServiceError):
        fetch().get(KEY, source)
    with pytest.raises(ConfigurationError, match=r"The password is wrong \(not tried again in this run\)$"):
        fetch().get(KEY, source)
    assert source.asked == 1
    source.error = None
    assert fetch().get({**KEY, "password": "right"}, source) == "value 2"


@pytest.mark.parametrize(
    "error",
    [
        ServiceError("POST iam", status=400),
        ServiceError("POST iam", status=403),
        ServiceError("POST iam", status=404),
        ServiceError("POST iam", status=503),
        ServiceError("POST iam", status=429),
        NoResponseError("nobody is there", sent=False),
        CloudError("something"),
    ],
)
def test_what_may_be_better_the_next_time_is_tried_again(fetch: Make, clock: ManualClock, error: CloudError) -> None:
    source = Source(clock, error=error)
    for _attempt in range(2):
        with pytest.raises(type(error)):
            fetch().get(KEY, source)
    assert source.asked == 2


def test_it_waits_for_another_process_but_not_for_ever(fetch: Make, clock: ManualClock, folder: Path) -> None:
    source = Source(clock)
    fetch().get(KEY, source)
    (lock,) = folder.glob("*.lock")
    clock.advance(100)
    with open(lock, "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        before = clock.monotonic()
        with pytest.raises(NoResponseError, match="another process of this run"):
            fetch().get(KEY, source)
        assert 60 <= clock.monotonic() - before < 61
    assert fetch().get(KEY, source) == "value 2"


@pytest.fixture(params=["ENOLCK", "EOPNOTSUPP", "EBADF", "ENOSYS"])
def without_flock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that has no such lock, as NFS may be."""

    def flock(*_arguments: Any) -> None:
        code = getattr(errno, request.param)
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)


@pytest.mark.usefixtures("without_flock")
class TestWithoutFlock:
    def test_it_works(self, fetch: Make, clock: ManualClock, folder: Path) -> None:
        source = Source(clock)
        assert [fetch().get(KEY, source) for _process in range(3)] == ["value 1"] * 3
        assert len(list(folder.iterdir())) == 2  # the value, and the file that could not be locked

    def test_processes_ask_once(self, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        asked = tmp_path_factory.mktemp("asked") / "asked"
        with multiprocessing.get_context("fork").Pool(8) as pool:
            values = pool.starmap(_ask, [(str(folder), str(asked))] * 40, chunksize=1)
        assert values == ["value"] * 40
        assert asked.read_text() == "x"

    def test_who_was_killed_keeps_nobody_out(self, fetch: Make, clock: ManualClock, folder: Path) -> None:
        with multiprocessing.get_context("fork").Pool(1) as pool:
            ended = pool.apply(os.getpid)
        source = Source(clock)
        fetch().get(KEY, source)
        clock.advance(100)
        (lock,) = folder.glob("*.lock")
        lock.with_suffix(".locked").write_text(str(ended))
        assert fetch().get(KEY, source) == "value 2"

    def test_who_lives_does(self, fetch: Make, clock: ManualClock, folder: Path) -> None:
        source = Source(clock)
        fetch().get(KEY, source)
        clock.advance(100)
        (lock,) = folder.glob("*.lock")
        lock.with_suffix(".locked").write_text(str(os.getppid()))
        with pytest.raises(NoResponseError, match="another process of this run"):
            fetch().get(KEY, source)


def _ask(folder: str, asked: str) -> str:
    def source() -> CacheEntry:
        with open(asked, "a") as file:
            file.write("x")
        return CacheEntry("value")

    clock = SystemClock()
    value: str = RunCache(RunStore(folder, clock, Deadline(clock, 60)), clock).get(KEY, source)
    return value


def test_processes_that_ask_at_the_same_moment_ask_once(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    asked = tmp_path_factory.mktemp("asked") / "asked"
    with multiprocessing.get_context("fork").Pool(8) as pool:
        values = pool.starmap(_ask, [(str(folder), str(asked))] * 40, chunksize=1)
    assert values == ["value"] * 40
    assert asked.read_text() == "x"
