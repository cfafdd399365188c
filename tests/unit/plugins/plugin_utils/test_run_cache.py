# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run asks for once: until its end, whoever asks, and never again where the credential was refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
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


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "7", '{"value": 1}', '{"valid_until": null}', "\0"])
def test_a_broken_entry_is_asked_for_again(fetch: Make, clock: ManualClock, folder: Path, content: str) -> None:
    source = Source(clock)
    fetch().get(KEY, source)
    (path,) = (entry for entry in folder.iterdir() if entry.suffix != ".lock")
    path.write_text(content)
    assert fetch().get(KEY, source) == "value 2"
    assert fetch().get(KEY, source) == "value 2"


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
