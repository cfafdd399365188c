# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds of every run of drs_job_batch_stop, whatever goes wrong: the rows are true, no stop is sent blindly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ansible_collections.huaweicloud.drs.tests.simulator import RecordedRequest, Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawServer
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import ModuleRun

_STOPS = ("batch-stop", "batch-jobs")
_OURS = ("stopped", "stopping", "unknown")


class Sent(NamedTuple):
    """A request about jobs: which call, about which, and whether the client got an answer that says something."""

    call: str
    job_ids: Sequence[str]
    is_answered: bool


def sent_to(server: RawServer) -> list[Sent]:
    """Give what a server of bytes was sent, be it passed on or not."""
    return [Sent(each.call, each.job_ids, each.is_answered) for each in server.seen]


def sent_to_cloud(requests: Iterable[RecordedRequest]) -> list[Sent]:
    """Give what a simulated cloud was sent."""
    return [
        Sent(
            each.endpoint,
            [job["job_id"] if isinstance(job, dict) else job for job in each.json["jobs"]],
            each.status == 200,
        )
        for each in requests
    ]


def assert_looks_between_stops(sent: Iterable[Sent]) -> None:
    """Check that no stop of a job follows another one without an answer about its status in between."""
    in_doubt: set[str] = set()
    for request in sent:
        if request.call in _STOPS:
            assert not in_doubt & set(request.job_ids), "a stop was sent again without a look at the job"
            in_doubt |= set(request.job_ids)
        elif request.call == "batch-status" and request.is_answered:
            in_doubt -= set(request.job_ids)


def assert_true(run: ModuleRun, sim: Simulator, ids: Sequence[str]) -> None:
    """Hold the rows of these jobs, and the task, against the stops that the cloud has accepted."""
    accepted = Counter(stop.job_id for stop in sim.cloud.accepted_stops)
    assert [row["job_id"] for row in run.rows] == list(ids)
    for row in run.rows:
        is_accepted = accepted[row["job_id"]]
        assert is_accepted <= 1, "a job was stopped twice"
        if is_accepted:
            has_failed = (row["outcome"], row["status"]) == ("failed", "RELEASE_RESOURCE_FAILED")
            assert row["changed"], f"an accepted stop is told as {row['outcome']}, changed: false"
            assert row["outcome"] in _OURS or has_failed
        else:
            assert row["outcome"] not in ("stopped", "stopping"), "a stop that was not accepted is told as one that was"
            assert row["changed"] == (row["outcome"] == "unknown")
    assert run.changed == any(row["changed"] for row in run.rows)
    assert run.failed == any(row["outcome"] not in ("stopped", "unchanged") for row in run.rows)
    assert not run.failed or run.msg
