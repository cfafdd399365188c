# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All pages of a list are read: to its end, whatever its total says, and not for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, Simulator
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import RawRequest, RawServer, Reply, just
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    InfoModule,
    job_ids,
)


def rows(first: int, count: int) -> list[dict[str, str]]:
    """Give rows of a list."""
    return [{"id": f"job-{number}", "status": "CREATING"} for number in range(first, first + count)]


class Lists:
    """Stands before the cloud, and sends pages of its own for both lists."""

    def __init__(self, jobs: int | None, page: int, total: int | None) -> None:
        """``jobs`` are on each list, endlessly many for None; ``page`` on a page, whatever is asked for."""
        self._jobs = jobs
        self._page = page
        self._total = total

    def __call__(self, request: RawRequest, _nth: int) -> Reply:
        """Answer a request for a page."""
        if request.method == "GET":
            first = int(parse_qs(urlsplit(request.target).query)["offset"][0])
        else:
            first = (json.loads(request.body)["cur_page"] - 1) * self._page
        count = self._page if self._jobs is None else max(0, min(self._page, self._jobs - first))
        body = {"jobs": rows(first, count), "total_count": self._total, "total_record": self._total}
        content = json.dumps(body).encode()
        return Reply(just(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)), acts=False)


@contextmanager
def served(sim: Simulator, jobs: int | None, page: int, total: int | None) -> Iterator[dict[str, Any]]:
    """Give the options that lead to such lists."""
    with RawServer(sim.url, script=Lists(jobs, page, total)) as server:
        yield {"endpoint": f"http://127.0.0.1:{server.port}", "job_type": "sync"}


TOTALS = (0, 1, 99, 249, 250, 251, 10**9, -1)


# Each page, and the total that it tells. Without a total, a short page is all that says where a list ends.
PAGES = [*((30, total) for total in TOTALS), *((100, total) for total in (*TOTALS, None))]


@pytest.mark.parametrize(
    ("api_version", "page", "total"),
    # The list of v5 is read until a page brings nothing new, whatever its total is.
    [*(("v3", *each) for each in PAGES), ("v5", 30, 1), ("v5", 100, None), ("auto", 30, 0), ("auto", 100, None)],
)
def test_a_total_that_is_not_true_loses_no_job(
    info: InfoModule, sim: Simulator, api_version: str, page: int, total: int | None
) -> None:
    with served(sim, 250, page, total) as options:
        assert len(info.run(api_version=api_version, **options).ids) == 250


def test_ten_thousand_jobs_are_listed(info: InfoModule, sim: Simulator) -> None:
    with served(sim, 10_000, 100, 10_000) as options:
        assert len(info.run(**options).ids) == 10_000


@pytest.mark.parametrize(("api_version", "total"), [("v5", None), ("v3", 10**9)])
def test_a_list_that_does_not_end_is_an_error_that_says_so(
    info: InfoModule, sim: Simulator, api_version: str, total: int | None
) -> None:
    with served(sim, None, 100, total) as options:
        run = info.run(api_version=api_version, **options)
    assert run.failed
    assert "a list of more than 20000 jobs, or one that does not end" in run.msg


def test_a_list_takes_no_more_memory_than_lists_may(info: InfoModule, sim: Simulator) -> None:
    # An escape may make Python keep more for each byte of a text than anything else does: 45 of 48 MB for each answer.
    text = b"\\u0041" + b"x" * 5_000_000

    def script(_request: RawRequest, nth: int) -> Reply:
        content = b'{"jobs": [{"id": "%d", "status": "CREATING", "x": "%b"}]}' % (nth, text)
        return Reply(just(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)), acts=False)

    with RawServer(sim.url, script=script) as server:
        run = info.run(api_version="v5", job_type="sync", endpoint=f"http://127.0.0.1:{server.port}")
    assert run.failed
    assert "does not end" in run.msg
    assert len(server.seen) == 12


@pytest.mark.parametrize("limit", [1, 7, 10, 50])
def test_a_list_that_gives_shorter_pages_than_asked_for_is_read_to_its_end(
    info: InfoModule, sim: Simulator, limit: int
) -> None:
    sim.cloud.configure(max_limit=limit)
    jobs = job_ids(21)
    for job_id in jobs:
        sim.cloud.add_job(job_id, job_type="migration")
    assert info.run(job_type="migration", api_version="v5").ids == set(jobs)


@pytest.mark.parametrize("body", [{"jobs": []}, {"jobs": [], "total_count": 1000}])
def test_an_empty_page_is_the_end_whatever_the_total_says(info: InfoModule, sim: Simulator, body: Any) -> None:
    sim.faults.add(Fault("jobs", nth=None, status=200, body=body))
    assert info.run(api_version="v5").ids == set()


def test_a_list_that_ignores_the_offset_does_not_go_on_for_ever(info: InfoModule, sim: Simulator) -> None:
    page = {"jobs": [{"id": "a", "status": "CREATING"}], "total_count": 5}
    sim.faults.add(Fault("jobs", nth=None, status=200, body=page))
    run = info.run(job_type="sync", api_version="v5")
    assert run.ids == {"a"}
    assert len(run.requests) == 2
