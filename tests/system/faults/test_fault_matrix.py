# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every class of faults, at every place, at the first, the second or every call: what the user reads, and what is true.

What is expected comes from three small tables, one for each place where something may go wrong. They say what happens
for a class of faults; `KINDS` says of which class a fault is. Unit tests go through what each status and code means, so
here one kind stands for its class everywhere, and all kinds come at one place: the answer to a stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.response_body import MAX_RESPONSE_BYTES
from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import ModuleRun, StopModule, job_ids

RETRIES = 1
# Seconds of real time that a stalled request takes. The others get as long as they need.
STALL = 0.25


@dataclass(frozen=True)
class FaultKind:
    """A fault of the simulator, and its class.

    Classes: ``turned-away`` (the cloud says that it has done nothing, try again), ``split`` (refused as a whole),
    ``refused``, ``expired`` (the token), ``renewed`` (the same, where there is a user), ``broken`` (no answer),
    ``failing`` (a server's error, worth another read), ``strange`` (an answer that says nothing, and would say nothing
    the next time), ``fine`` (slow, but complete).
    """

    name: str
    group: str
    fault: dict[str, Any]
    code: str | None = None
    """The error code that the rows of a failure have."""
    login: bool = False
    """Whether the module has a user name rather than a token."""
    lies: bool = False
    """Whether, said after the work was done, it would be a lie that nobody sees through: no look is possible then."""


def _answer(status: int, code: str | None = None, **headers: str) -> dict[str, Any]:
    body = None if code is None else {"error_code": code, "error_msg": "No."}
    return {
        "status": status,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "body": body,
    }


# Before the work is done it is a complete answer of the wrong shape, after it the real one: slow, but fine.
TRICKLE = FaultKind("trickle", "strange", {"kind": "trickle", "interval": 0.0})
# The first of each class stands for it.
KINDS = [
    FaultKind("400", "split", _answer(400, "DRS.M00202"), code="DRS.M00202"),
    FaultKind("413", "split", _answer(413)),
    FaultKind("401-wrong", "refused", _answer(401, "APIGW.0301"), code="APIGW.0301"),
    FaultKind("403", "refused", _answer(403, "DRS.M00102"), code="DRS.M00102"),
    FaultKind("404", "refused", _answer(404, "DRS.M00101"), code="DRS.M00101"),
    FaultKind("401-expired", "expired", _answer(401, "APIGW.0307"), code="APIGW.0307", lies=True),
    FaultKind("401-expired-user", "renewed", _answer(401, "APIGW.0307"), code="APIGW.0307", login=True, lies=True),
    FaultKind("429", "turned-away", _answer(429, "APIGW.0308"), code="APIGW.0308"),
    FaultKind("429-later", "turned-away", _answer(429, Retry_After="3")),
    FaultKind("500", "failing", _answer(500, "APIGW.0601"), code="APIGW.0601"),
    FaultKind("502", "failing", _answer(502)),
    FaultKind("503", "failing", _answer(503)),
    FaultKind("503-later", "failing", _answer(503, Retry_After="3")),
    FaultKind("504", "failing", _answer(504, "APIGW.0203"), code="APIGW.0203"),
    FaultKind("reset", "broken", {"kind": "reset"}),
    FaultKind("stall", "broken", {"kind": "stall"}),
    FaultKind("truncate", "broken", {"kind": "truncate"}),
    FaultKind("html", "strange", {"kind": "html"}),
    FaultKind("408", "strange", _answer(408)),
    FaultKind("302", "strange", _answer(302, Location="http://127.0.0.1:1/login?ticket=1")),
    FaultKind("oversize", "strange", {"kind": "oversize", "size": MAX_RESPONSE_BYTES + 1}),
    FaultKind("nested", "strange", {"kind": "nested"}),
    TRICKLE,
]


@dataclass(frozen=True)
class Expected:
    """What a case has to show."""

    hit: tuple[str, bool] = ("stopped", True)
    """Outcome and changed of the jobs whose request met the fault."""
    rest: tuple[str, bool] = ("stopped", True)
    """The same of the other jobs."""
    stops: int = 2
    """How many stop requests are sent: two batches, and what the fault costs."""


RECOVERED = Expected()
FAILED = ("failed", False)
LEFT_RUNNING = ("stopping", True)  # the stop was accepted, its end was not seen

# The first look: whoever cannot be looked at is left alone, and the task fails.
FIRST_LOOK_ONCE = {
    "turned-away": RECOVERED,
    "split": RECOVERED,
    "renewed": RECOVERED,
    "broken": RECOVERED,
    "failing": RECOVERED,
    "fine": RECOVERED,
    "refused": Expected(hit=FAILED, stops=1),
    "strange": Expected(hit=FAILED, stops=1),
    "expired": Expected(hit=FAILED, rest=FAILED, stops=0),
}
# The jobs of the first page are stopped before the second one is read. With a dead token nobody sees their end.
FIRST_LOOK_SECOND = FIRST_LOOK_ONCE | {"expired": Expected(hit=FAILED, rest=LEFT_RUNNING, stops=1)}
FIRST_LOOK_ALWAYS = dict.fromkeys(FIRST_LOOK_ONCE, Expected(hit=FAILED, rest=FAILED, stops=0)) | {"fine": RECOVERED}

# The stop. Of two batches one meets the fault; a doubtful batch that has not been stopped is sent once more.
STOP_SECOND = {
    "turned-away": Expected(stops=3),
    "split": Expected(stops=1 + 3),
    "renewed": Expected(stops=3),
    "refused": Expected(hit=FAILED),
    # With the token dies all that comes after, here watching the first batch.
    "expired": Expected(hit=FAILED, rest=LEFT_RUNNING),
    "broken": Expected(stops=3),
    "failing": Expected(stops=3),
    "strange": Expected(stops=3),
    "fine": RECOVERED,
}
STOP_FIRST = STOP_SECOND | {
    # The second batch is sent in the size that worked.
    "split": Expected(stops=3 + 2),
    "expired": Expected(hit=FAILED, rest=FAILED, stops=1),
}
STOP_ALWAYS = {
    "turned-away": Expected(hit=FAILED, stops=2 * (1 + RETRIES)),
    "split": Expected(hit=FAILED, stops=2 * 3),
    # The stop, and once more after a login, which finds out that the new token is no better.
    "renewed": Expected(hit=FAILED, stops=2),
    "refused": Expected(hit=FAILED, stops=2),
    "expired": Expected(hit=FAILED, stops=1),
    # Three times, and after each a look that shows the job running.
    "broken": Expected(hit=FAILED, stops=2 * 3),
    "failing": Expected(hit=FAILED, stops=2 * 3),
    "strange": Expected(hit=FAILED, stops=2 * 3),
    "fine": RECOVERED,
}
# The cloud has stopped the jobs, and the answer says nothing of it: a look shows it, and no second stop is sent.
STOP_DONE = RECOVERED

# Waiting: a failed look is not the end of it, unless the token has died.
POLL_ONCE = dict.fromkeys(STOP_ALWAYS, RECOVERED) | {"expired": Expected(hit=LEFT_RUNNING)}
POLL_ALWAYS = dict.fromkeys(POLL_ONCE, Expected(hit=LEFT_RUNNING)) | {"fine": RECOVERED}


REPRESENTATIVES = [*{kind.group: kind for kind in reversed(KINDS)}.values(), TRICKLE]
OTHERS = [kind for kind in KINDS if kind not in REPRESENTATIVES]
DOUBTFUL = [kind for kind in REPRESENTATIVES if kind.group in ("broken", "failing", "strange")]


def fault_cases(kinds: list[FaultKind]) -> pytest.MarkDecorator:
    """Run a test for each of these faults, before the work and, where that is no lie, after it."""
    cases = [(kind, after) for kind in kinds for after in (False, True) if not (after and kind.lies)]
    ids = [f"{kind.name}-{'after' if after else 'before'}" for kind, after in cases]
    return pytest.mark.parametrize(("kind", "after"), cases, ids=ids)


CALLS = pytest.mark.parametrize("call", ["first", "second", "every"])
NTH = {"first": 1, "second": 2, "every": None}


def group_of(kind: FaultKind, after: bool) -> str:
    """Give the class of a fault."""
    return "fine" if kind.name == "trickle" and after else kind.group


class FaultCase:
    """One fault at one place, and a run of the module that met it."""

    def __init__(self, stop: StopModule, kind: FaultKind, ids: list[str], **options: Any) -> None:
        """Run the module for these jobs, which are added to the cloud."""
        self.sim, self.ids, self.kind = stop.sim, ids, kind
        if kind.login:
            stop.log_in_as()
        for job_id in ids:
            stop.sim.cloud.add_job(job_id, release_seconds=5.0)
        timing = {"wait_interval": 2, "wait_timeout": 120, "timeout": STALL if kind.name == "stall" else 10}
        given = {**timing, "retries": RETRIES, "concurrency": 1, **options}
        self.run: ModuleRun = stop(*ids, **given)

    def check(self, expected: Expected, hit: list[str]) -> None:
        """Hold rows and requests against what is expected, and against the truth."""
        run = self.run
        outcomes = {row["job_id"]: (row["outcome"], row["changed"]) for row in run.rows}
        assert outcomes == {job_id: expected.hit if job_id in hit else expected.rest for job_id in self.ids}
        assert len(run.to("batch-stop")) == expected.stops
        self.check_truth()
        for row in run.rows:
            if row["outcome"] == "failed":
                assert row["error_code"] == self.kind.code
                assert row["error_msg"]

    def check_truth(self) -> None:
        """Hold rows and task against what the cloud has done, whatever is expected."""
        run = self.run
        accepted = [stop.job_id for stop in self.sim.cloud.accepted_stops]
        assert len(set(accepted)) == len(accepted), "a job was stopped twice"
        assert [row["job_id"] for row in run.rows] == self.ids
        for row in run.rows:
            if row["outcome"] != "unknown":
                assert row["changed"] == (row["job_id"] in accepted)
            if row["outcome"] == "stopped":
                assert self.sim.cloud.job(row["job_id"]).status == "RELEASE_RESOURCE_COMPLETE"
        assert run.failed == any(row["outcome"] != "stopped" for row in run.rows)
        assert run.changed == any(row["changed"] for row in run.rows)
        assert not run.failed or run.msg


@CALLS
@fault_cases(REPRESENTATIVES)
def test_a_fault_of_the_first_look(stop: StopModule, sim: Simulator, kind: FaultKind, after: bool, call: str) -> None:
    sim.faults.add(Fault("batch-status", nth=NTH[call], after=after, **kind.fault))
    ids = job_ids(150)
    pages = [ids[:100], ids[100:]]
    group = group_of(kind, after)
    expected = {"first": FIRST_LOOK_ONCE, "second": FIRST_LOOK_SECOND, "every": FIRST_LOOK_ALWAYS}[call][group]

    case = FaultCase(stop, kind, ids, batch_size=100)

    case.check(expected, {"first": pages[0], "second": pages[1], "every": ids}[call])
    # Two pages, the looks while waiting, and what the fault costs: most where a page is read in halves in vain.
    assert len(case.run.requests) <= 45


def check_fault_of_the_stop(stop: StopModule, kind: FaultKind, after: bool, call: str) -> None:
    """Stop two batches, of which one or both meet the fault."""
    stop.sim.faults.add(Fault("batch-stop", nth=NTH[call], after=after, **kind.fault))
    ids = job_ids(4)
    batches = [ids[:2], ids[2:]]
    group = group_of(kind, after)
    expected = STOP_DONE if after else {"first": STOP_FIRST, "second": STOP_SECOND, "every": STOP_ALWAYS}[call][group]

    case = FaultCase(stop, kind, ids, batch_size=2)

    case.check(expected, {"first": batches[0], "second": batches[1], "every": ids}[call])
    assert len(case.run.requests) <= 30


@CALLS
@fault_cases(REPRESENTATIVES)
def test_a_fault_of_the_stop(stop: StopModule, kind: FaultKind, after: bool, call: str) -> None:
    check_fault_of_the_stop(stop, kind, after, call)


@fault_cases(OTHERS)
def test_the_other_faults_of_each_class(stop: StopModule, kind: FaultKind, after: bool) -> None:
    check_fault_of_the_stop(stop, kind, after, "first")


@CALLS
@fault_cases(REPRESENTATIVES)
def test_a_fault_while_waiting(stop: StopModule, sim: Simulator, kind: FaultKind, after: bool, call: str) -> None:
    # The first call is the look before the stop.
    for nth in {"first": [2], "second": [3], "every": range(2, 60)}[call]:
        sim.faults.add(Fault("batch-status", nth=nth, after=after, **kind.fault))
    ids = job_ids(2)
    group = group_of(kind, after)
    expected = POLL_ALWAYS[group] if call == "every" else POLL_ONCE[group]

    case = FaultCase(stop, kind, ids, batch_size=1, wait_timeout=10 if call == "every" else 60)

    case.check(expected, ids)
    # At most six looks in ten seconds, each sent again, or in two halves, or after a login.
    assert len(case.run.requests) <= 3 + 6 * 3
    has_lost_access = group == "expired" or (group == "renewed" and call == "every")
    if case.run.failed and not has_lost_access:
        assert "2 of 2 DRS jobs did not stop within 10 seconds" in case.run.msg
    if has_lost_access:
        assert "could not be watched" in case.run.msg
        assert "APIGW.0307" in case.run.msg


@fault_cases(DOUBTFUL)
@pytest.mark.parametrize("look", ["reset", "html", "403"])
def test_a_stop_in_doubt_that_nobody_can_look_at_is_unknown(
    stop: StopModule, clock: ManualClock, kind: FaultKind, after: bool, look: str
) -> None:
    sim = stop.sim
    sim.faults.add(Fault("batch-stop", nth=None, after=after, **kind.fault))
    blind = next(kind for kind in KINDS if kind.name == look)
    for nth in range(2, 100):
        sim.faults.add(Fault("batch-status", nth=nth, **blind.fault))
    started = clock.monotonic()

    case = FaultCase(stop, kind, job_ids(4), batch_size=2, wait_timeout=20)

    case.check_truth()
    if group_of(kind, after) == "fine":
        assert case.run.counts() == {"stopping": 4}
    else:
        assert case.run.counts() == {"unknown": 4}
        assert case.run.changed
        assert "may or may not have been stopped" in case.run.msg
    assert len(case.run.to("batch-stop")) == 2, "a stop in doubt was sent again"
    assert clock.monotonic() - started <= 21
    assert len(case.run.requests) <= 60
