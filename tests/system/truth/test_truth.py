# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever jobs, options, faults and delays are drawn: the result is true, and no job is stopped twice.

``TRUTH_EXAMPLES`` says how many scenarios are drawn; `make truth` draws 100,000.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs import DrsClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.drs_api import DrsApi
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.executor import ThreadExecutor, Work
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import StopRequest
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.lag_guard import LagLimits
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.progress_line import ProgressLine
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_plan import StopSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_report import JobResult, Report
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.stop_jobs import StopRun

from .choices import DRAWN, Choices
from .model import FAULTS, STOP_FAILED, STOPPED, STOPPING, ModelClock, ModelCloud, ModelJob, NetworkFault, name_of

EXAMPLES = int(os.environ.get("TRUTH_EXAMPLES", "2000"))
# Of the scenarios that one test draws.
PART = 2000

STATUSES = (
    "INCRE_TRANSFER_STARTED",
    "FULL_TRANSFER_FAILED",
    "CONFIGURATION",
    "SOMETHING_NEW",
    STOP_FAILED,
    "RELEASE_RESOURCE_STARTED",
    "RELEASE_RESOURCE_COMPLETE",
    "CREATE_FAILED",
    "DELETED",
)


class OneAtATime(ThreadExecutor):
    """An executor without threads, so that simulated time is one line."""

    def run(self, work: Sequence[Work], service: str, threads: int) -> None:
        waiting = list(reversed(work))
        while waiting:
            unit = waiting.pop()
            try:
                further = unit.run()
            except CloudError as error:
                further = unit.fail(error)
            waiting += reversed(further)


class Ran(NamedTuple):
    """What came of a run, the cloud and the clock afterwards, and the lines that it has shown."""

    report: Report
    cloud: ModelCloud
    clock: ModelClock
    lines: list[str]

    def named(self, verdict: str) -> set[str]:
        """Return the jobs in lines with this verdict."""
        matches = [re.match(rf"Stop of \d+ jobs? {verdict}[^:]*: ([^(]+)", line) for line in self.lines]
        return {job_id for match in matches if match for job_id in match[1].strip().split(", ")}


def _fail_on_last_line(line: ProgressLine, _has_ansible_ended: bool) -> None:
    raise AssertionError(line)


@dataclass(frozen=True)
class Scenario:
    """What is asked for, and what the cloud and the network are like."""

    settings: StopSettings
    http: HttpSettings
    jobs: dict[str, ModelJob]
    behaviour: dict[str, Any]
    page_size: int
    """How many statuses are read with one request."""
    valid_until: float | None = None
    """When the run of Ansible ends that would read the result."""

    def run(self) -> Ran:
        clock = ModelClock()
        jobs = {job_id: replace(job, accepted=[]) for job_id, job in self.jobs.items()}
        cloud = ModelCloud(clock, jobs, **self.behaviour)
        valid_until = float("inf") if self.valid_until is None else self.valid_until
        deadline = Deadline(clock, self.settings.wait_timeout, lambda: clock.now > valid_until)
        http = HttpClient(self.http, clock, deadline, jitter=lambda: 0.5, adapter=cloud)
        workers = OneAtATime(1, timeout=lambda: 60.0)
        token = "a-token"
        auth = TokenAuth(token, refresh_using=(lambda: token + "2") if self.behaviour["can_log_in"] else None)
        drs = DrsClient(DrsApi(http, auth, "https://drs.model.invalid", "project"), workers)
        drs.page_size = self.page_size
        lines: list[str] = []
        run = StopRun(self.settings, clock, deadline, lambda line: lines.append(line.text), _fail_on_last_line)
        return Ran(run.run(lambda: drs), cloud, clock, lines)

    def without_trouble(self) -> Scenario:
        jobs = {
            job_id: replace(job, refusal=None, others_stop_at=None, lags=(job.lags[0],) * 2)
            for job_id, job in self.jobs.items()
        }
        calm = {**self.behaviour, "faults": {}, "poisoned": frozenset(), "max_batch": None, "latency": 0.0}
        # Twice as long as all that ends takes: the lags, the releases, and until they show.
        unhurried = self.settings._replace(wait_timeout=300.0)
        return replace(self, jobs=jobs, behaviour=calm, valid_until=None, settings=unhurried)


# Most faults are at the first calls, where there always is one, and most hit one call only. None: all that follow.
FIRST_CALLS = (*[1] * 13, *[2] * 5, *range(3, 9))
FURTHER_CALLS = (*[0] * 12, *range(1, 7), *[None] * 6)
FEW = st.lists(DRAWN, max_size=3)


def _fault(choose: Choices) -> NetworkFault:
    kind, first, further = choose.one_of(*FAULTS), choose.one_of(*FIRST_CALLS), choose.one_of(*FURTHER_CALLS)
    return NetworkFault(kind, first, None if further is None else first + further)


def _request(choose: Choices, job_id: str, has_names: bool) -> StopRequest:
    is_force_stop = choose.one_of(False, True)
    # The name that a job must have: any, its own, or another one.
    name = choose.one_of(*[None] * 6, name_of(job_id), "another name")
    return StopRequest(job_id, is_force_stop, name if has_names else None)


def _job(choose: Choices) -> ModelJob:
    lags = (0.0, 0.0, 0.4, 4.0, 5.0, 5.4, 60.0, None)
    return ModelJob(
        status=choose.one_of(*STATUSES),
        release_seconds=choose.one_of(0.0, choose.seconds()),
        ends_in=choose.one_of("RELEASE_RESOURCE_COMPLETE", "RELEASE_RESOURCE_COMPLETE", STOP_FAILED),
        refusal=choose.one_of(None, None, None, "DRS.M01504", "DRS.M00304", "DRS.M01503"),
        others_stop_at=choose.one_of(None, None, choose.seconds()),
        lags=(choose.one_of(*lags), choose.one_of(*lags)),
        lag_changes_at=choose.seconds(),
    )


def _settings(choose: Choices, requests: tuple[StopRequest, ...]) -> StopSettings:
    wait_timeout = choose.one_of(*[150.0] * 4, *[choose.between(0.5, 200.0)] * 3, choose.seconds(0.5, 200.0))
    limits = LagLimits(choose.one_of(0.0, 5.0), choose.one_of(0.0, 15.0), choose.one_of(0.0, 45.0))
    return StopSettings(
        requests,
        all_or_none=choose.one_of(False, False, False, True),
        lag_limits=choose.one_of(None, None, limits),
        wait=choose.one_of(False, True),
        wait_timeout=wait_timeout,
        wait_interval=choose.one_of(3.0, 8.0, 0.3 * wait_timeout, 2.0 * wait_timeout),
        batch_size=choose.one_of(*range(1, 13)),
    )


def _behaviour(choose: Choices, job_ids: Sequence[str], limits: LagLimits | None) -> dict[str, Any]:
    max_batch = choose.one_of(None, None, choose.one_of(*range(1, 7)))
    poisoned = choose.one_of(frozenset[str](), frozenset({choose.one_of(*job_ids)}))
    refusals_act = choose.one_of(False, True)
    return {
        "latency": choose.one_of(0.0, 0.1, 2.0),
        # What the guide says of the module's assumption: at least 20 seconds.
        "lag": choose.one_of(0.0, choose.seconds(0.0, 19.9)),
        "refusals_act": refusals_act,
        "max_batch": None if refusals_act else max_batch,
        "poisoned": frozenset() if refusals_act else poisoned,
        "max_lag": None if limits is None else limits.max_lag,
        "missing_refuses": choose.one_of(False, True),
        "can_log_in": choose.one_of(False, True),
        "generations": choose.one_of(("v3", "v5"), ("v3", "v5"), ("v3",), ("v5",)),
    }


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    job_ids = [f"job-{number}" for number in range(draw(st.integers(1, 14)))]
    of_jobs = {job_id: Choices(draw(DRAWN)) for job_id in job_ids}
    of_run = Choices(draw(DRAWN) + draw(DRAWN))
    faults = {endpoint: [_fault(Choices(each)) for each in draw(FEW)] for endpoint in ("status", "stop")}
    # Without any, jobs are stopped before others are observed.
    has_names = of_run.one_of(False, True)
    run_settings = _settings(of_run, tuple(_request(of_jobs[job_id], job_id, has_names) for job_id in job_ids))
    missing = [of_run.one_of(*job_ids) for _number in range(3)][: of_run.one_of(0, 0, 0, 1, 1, 1, 2, 3, 3)]
    jobs = {job_id: _job(of_jobs[job_id]) for job_id in job_ids if job_id not in missing}
    return Scenario(
        run_settings,
        HttpSettings(timeout=of_run.one_of(1.0, 5.0, 30.0), retries=of_run.one_of(0, 1, 2, 3)),
        jobs | {"bystander": ModelJob("INCRE_TRANSFER_STARTED")},
        {**_behaviour(of_run, job_ids, run_settings.lag_limits), "faults": faults},
        page_size=of_run.one_of(100, 3, 1),
        valid_until=of_run.one_of(None, None, None, of_run.seconds()),
    )


def drawn(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        # Without the phase that explains, which traces every line of a failing example for minutes.
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        print_blob=True,
    )


def parts_of(examples: int) -> pytest.MarkDecorator:
    """Draw so many scenarios in parts, so that all workers are busy to the end; no part remembers those of another."""
    sizes = [min(PART, examples - begin) for begin in range(0, examples, PART)]
    return pytest.mark.parametrize(("part", "size"), list(enumerate(sizes)), ids=str)


def check_drawn(check: Callable[[Scenario], Counter[str]], part: int, size: int) -> dict[str, int]:
    """Check a part of the scenarios, and return what there was in all of them."""
    total: Counter[str] = Counter()

    def holds(scenario: Scenario) -> None:
        total.update(check(scenario))

    # Where hypothesis is to draw the same each time, as by default in CI, the name decides what that is.
    holds.__name__ = f"holds_{part}"
    drawn(size)(given(scenario=scenarios())(holds))()
    assert total["scenarios"] >= size, "hypothesis ended early"
    return dict(total)  # which pytest-xdist can send


@parts_of(EXAMPLES)
def test_the_result_is_true(part: int, size: int, record_property: Callable[[str, object], None]) -> None:
    record_property("drawn", check_drawn(_check_truth, part, size))


@parts_of(max(1, EXAMPLES // 4))
def test_check_mode_predicts_the_run_without_faults_and_changes_nothing(
    part: int, size: int, record_property: Callable[[str, object], None]
) -> None:
    record_property("drawn", check_drawn(_check_prediction, part, size))


def _check_truth(scenario: Scenario) -> Counter[str]:
    ran = scenario.run()
    report, cloud, clock, _lines = ran
    asked = {request.job_id: request.is_force_stop for request in scenario.settings.requests}
    assert [row.job_id for row in report.rows] == list(asked)
    assert all(asked[job_id] is force for job_id, force in cloud.named)
    # The shortest time to connect is a millisecond.
    assert clock.now <= scenario.settings.wait_timeout + scenario.http.timeout + 0.001 + 1e-6
    end = min(scenario.settings.wait_timeout, float("inf") if scenario.valid_until is None else scenario.valid_until)
    assert all(begun <= end for begun in cloud.begun_at)
    assert not cloud.blind_stops, "sent again without a look"
    for row in report.rows:
        _check_row(row, cloud.jobs.get(row.job_id), clock.now)
    _check_record(ran)
    _check_conditions(scenario.settings, ran)
    assert (report.message is not None) == _has_to_fail(report, scenario.settings.wait)
    return _tally(ran)


def _check_row(row: JobResult, job: ModelJob | None, now: float) -> None:
    accepted = [] if job is None else job.accepted
    assert len(accepted) <= 1, "accepted twice"
    assert not accepted or row.changed, "accepted, but shown as unchanged"
    assert accepted in ([], [row.is_force_stop])
    if row.outcome == "stopped":
        assert job is not None
        assert job.true_status(now) in STOPPED
    if row.outcome == "stopping":
        assert job is not None
        assert accepted or job.stopped_at is not None, "shown as accepted, and nobody has stopped it"
    if row.outcome in ("stopped", "stopping", "unknown"):
        assert row.changed
    if row.outcome == "unchanged":
        assert not row.changed
        assert row.status in STOPPED | STOPPING


def _check_record(ran: Ran) -> None:
    """Check that the lines alone say which stops were accepted, or may have been."""
    accepted, in_doubt = ran.named("accepted"), ran.named("in doubt")
    really = {job_id for job_id, job in ran.cloud.jobs.items() if job.accepted}
    assert really <= accepted | in_doubt
    ours = {row.job_id: row for row in ran.report.rows if row.changed}
    assert accepted == {job_id for job_id, row in ours.items() if row.outcome != "unknown"}
    assert in_doubt >= ours.keys() - accepted


def _check_conditions(settings: StopSettings, ran: Ran) -> None:
    """Check that no job was stopped that has another name than asked for, and with ``all_or_none`` none or all."""
    rows = {row.job_id: row for row in ran.report.rows}
    for request in settings.requests:
        is_misnamed = request.name not in (None, name_of(request.job_id))
        named = [job_id for job_id, _force in ran.cloud.named if job_id == request.job_id]
        assert not (named and (is_misnamed or rows[request.job_id].outcome == "held"))
        may_be_held = settings.all_or_none or settings.lag_limits is not None or request.name is not None
        assert rows[request.job_id].outcome != "held" or may_be_held
    assert not ran.cloud.lagging_stops
    if settings.all_or_none and any(request.job_id not in ran.cloud.jobs for request in settings.requests):
        assert ran.cloud.named == []
    # A lag that is sampled again just before a later batch leaves may still hold that batch.
    if settings.all_or_none and settings.lag_limits is None and any(row.outcome == "held" for row in rows.values()):
        assert ran.cloud.named == []


def _check_prediction(scenario: Scenario) -> Counter[str]:
    calm = scenario.without_trouble()
    preview, cloud, _clock, lines = replace(calm, settings=calm.settings._replace(check_mode=True)).run()
    ran = calm.run()
    assert not any(line.startswith("Stop of ") for line in lines)

    assert cloud.calls["stop"] == 0
    predicted = {"would_stop": True, "unchanged": False, "held": False, "failed": False}
    for before, after in zip(preview.rows, ran.report.rows, strict=True):
        assert before.changed == after.changed == predicted[before.outcome]
        if not before.changed:
            # A job that somebody else is stopping may still turn out badly while it is waited for.
            assert after.outcome == before.outcome or after.status == STOP_FAILED
    return _tally(ran)


def _has_to_fail(report: Report, wait: bool) -> bool:
    bad = any(row.outcome in ("held", "failed", "unknown") for row in report.rows)
    not_ended = any(
        row.outcome == "stopping" or (row.outcome == "unchanged" and row.status not in STOPPED) for row in report.rows
    )
    return bad or (wait and not_ended)


def _tally(ran: Ran) -> Counter[str]:
    """Count what there was in a scenario, and what came of its jobs."""
    requests, faults = sum(ran.cloud.calls.values()), ran.cloud.faults_met
    tally = Counter(scenarios=1, jobs=len(ran.report.rows), requests=requests, faults=faults)
    tally.update(row.outcome for row in ran.report.rows)
    return tally
