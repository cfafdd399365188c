# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the run time of this collection with its alternatives, on a simulated cloud 50 ms away.

All candidates run in turn, round by round, so that a change in the speed of the machine affects all of them. The result
is the median. Environment: ROUNDS (default 5), OUTPUT (a folder for benchmark.json and benchmark.svg, default
benchmarks/build).
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ..tests.simulator import demo
from ..tools.demo import basic_environment
from . import plays
from .cloud import Cloud, simulated
from .fleet import fleet_targets, measure_fleet, write_fleet
from .measure import Ended, module_payload, run_timed, with_peak
from .report import targets_of, write_plot, write_table, write_targets

CHECKOUT = Path(__file__).resolve().parents[1]
LATENCY = 0.05
SIZES = (1, 50, 1000)
LARGE = 10_000


@dataclass
class Series:
    """The measurements of one candidate. Times are in seconds, memory is in MB."""

    name: str
    jobs: int
    seconds: list[float] = field(default_factory=list)
    requests: int = 0
    reads: int = 0
    stops: int = 0
    connections: int = 0
    on_the_wire: list[float] = field(default_factory=list)
    peak: float | None = None

    @property
    def median(self) -> float:
        """The median of the times in seconds."""
        return statistics.median(self.seconds)


class Bench:
    """The environment of the runs: the cloud, a folder, and new jobs for each run."""

    def __init__(self, cloud: Cloud, folder: Path, job_ids: Iterator[str], token: str) -> None:
        """Initialize with what the runs share."""
        self.cloud = cloud
        self.folder = folder
        self.token = token
        self._job_ids = job_ids
        self._environment = {
            **basic_environment(folder),
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".venv" / "collections"),
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_INVENTORY": str(folder / "inventory"),
            "ANSIBLE_LIBRARY": str(CHECKOUT / "benchmarks" / "library"),
            "ANSIBLE_ACTION_PLUGINS": str(CHECKOUT / "benchmarks" / "action_plugins"),
        }
        (folder / "inventory").write_text("localhost ansible_connection=local\n", encoding="utf-8")

    def jobs(self, count: int) -> list[str]:
        """Return the IDs of jobs that have not been stopped."""
        return [next(self._job_ids) for _number in range(count)]

    def play(self, content: list[plays.Play], **environment: str) -> Ended:
        """Run a playbook."""
        path = self.folder / "play.yml"
        path.write_text(json.dumps(content), encoding="utf-8")
        command = [sys.executable, "-m", "ansible", "playbook", str(path)]
        return run_timed(command, {**self._environment, **environment}, self.folder)

    def stop(self, count: int, wait: bool) -> Ended:
        """Stop ``count`` jobs with this collection."""
        return self.play(plays.ours(self.cloud.url, self.jobs(count), wait, wait_interval=1))

    def sdk(self, job_ids: list[str]) -> Ended:
        """Run the script with the official SDK."""
        path = self.folder / "ids.json"
        path.write_text(json.dumps(job_ids), encoding="utf-8")
        script = str(CHECKOUT / "benchmarks" / "sdk_stop.py")
        command = [sys.executable, "-W", "ignore", script, self.cloud.url, demo.PROJECT_ID, str(path)]
        return run_timed(command, self._environment, self.folder)

    def process(self, content: list[plays.Play]) -> tuple[Path, dict[str, str]]:
        """Return the program that Ansible builds from a module and its arguments, and its environment.

        Ansible builds it by a run in check mode. Then check mode is disabled in the program.
        """
        kept = self.folder / f"kept-{len(list(self.folder.iterdir()))}"
        check = [{**play, "check_mode": True} for play in plays.as_module(content)]
        self.play(check, ANSIBLE_KEEP_REMOTE_FILES="1", ANSIBLE_REMOTE_TEMP=str(kept))
        program = module_payload(kept)
        text, number = re.subn(r'(_ansible_check_mode\\*": )true', r"\1false", program.read_text(encoding="utf-8"))
        if number != 1:
            raise SystemExit("the arguments of a module are not where they were in this version of ansible-core")
        program.write_text(text, encoding="utf-8")
        return program, self._environment


def contenders(bench: Bench) -> dict[tuple[str, int], Callable[[], Ended]]:
    """Return all candidates that are timed as whole programs."""
    cloud = bench.cloud
    found: dict[tuple[str, int], Callable[[], Ended]] = {
        ("debug", 0): lambda: bench.play(plays.debug()),
        ("import requests", 0): lambda: bench.play(plays.import_requests()),
        ("bare requests", 50): lambda: bench.play(plays.bare_requests(cloud.url, bench.token, bench.jobs(50))),
        ("bare requests", 1000): lambda: bench.play(plays.bare_requests(cloud.url, bench.token, bench.jobs(1000))),
        ("ping", 0): lambda: bench.play(plays.ping()),
        ("empty module", 0): lambda: bench.play(plays.empty_module()),
        ("ours, no jobs", 0): lambda: bench.play(plays.ours(cloud.url, [], wait=False)),
        ("one uri", 1): lambda: bench.play(plays.bare_uri(cloud.url, bench.token, bench.jobs(1)[0])),
        ("loop of uri", 50): lambda: bench.play(plays.loop_of_uri(cloud.url, bench.token, bench.jobs(50))),
        ("official SDK", 50): lambda: bench.sdk(bench.jobs(50)),
        ("ours, as a module", 1): lambda: bench.play(plays.as_module(plays.ours(cloud.url, bench.jobs(1), wait=False))),
        ("ours, as a module", 50): lambda: bench.play(
            plays.as_module(plays.ours(cloud.url, bench.jobs(50), wait=False))
        ),
    }
    for size in SIZES:
        found["ours, wait: false", size] = partial(bench.stop, size, wait=False)
        found["ours, wait: true", size] = partial(bench.stop, size, wait=True)
    return found


def time_all(bench: Bench, rounds: int) -> list[Series]:
    """Run all candidates in turn, once to warm up and then for each round."""
    timed = {key: Series(*key) for key in contenders(bench)}
    for number in range(rounds + 1):
        print(f"round {number} of {rounds}" if number else "warming up", file=sys.stderr, flush=True)
        for key, run in contenders(bench).items():
            before = bench.cloud.connections()
            bench.cloud.forget()
            ended = run()
            if number:
                _note(timed[key], ended, bench.cloud, before)
    return list(timed.values())


def _note(series: Series, ended: Ended, cloud: Cloud, connections_before: int) -> None:
    seen = cloud.seen()
    series.seconds.append(ended.seconds)
    series.requests = len(seen)
    series.reads = sum(request["endpoint"] in ("batch-status", "job-detail") for request in seen)
    series.stops = sum(request["endpoint"] in ("batch-stop", "stop") for request in seen)
    series.connections = cloud.connections() - connections_before
    if seen:
        arrivals = [request["arrived_at"] for request in seen]
        series.on_the_wire.append(max(arrivals) - min(arrivals) + LATENCY)


def time_processes(bench: Bench, rounds: int) -> list[Series]:
    """Time the process of the module, as Ansible starts it, and measure its memory."""
    programs = {
        ("process: empty module", 0): plays.empty_module(),
        ("process: ours", 0): plays.ours(bench.cloud.url, [], False),
        # The first round stops the job, the others only read it: the cost of loading the client, and of one request.
        ("process: ours", 1): plays.ours(bench.cloud.url, bench.jobs(1), False),
    }
    timed = {key: Series(*key) for key in programs}
    prepared = {key: bench.process(content) for key, content in programs.items()}
    # More rounds, because these runs are short and differ little.
    for number in range(5 * rounds + 1):
        for key, (program, environment) in prepared.items():
            ended = run_timed([sys.executable, str(program)], environment, bench.folder)
            if number:
                # The latency of the network is not part of the processor time.
                timed[key].seconds.append(ended.processor_seconds)
    for size in (*SIZES[1:], LARGE):
        # Only once, because the program names its jobs and stops them.
        program, environment = bench.process(plays.ours(bench.cloud.url, bench.jobs(size), False))
        ended, peak = with_peak(program, environment, bench.folder)
        timed["process: ours", size] = Series("process: ours", size, seconds=[ended.seconds], peak=peak)
    return list(timed.values())


@contextmanager
def prepared(folder: Path, rounds: int) -> Iterator[Bench]:
    """Start the cloud in its own process, with enough jobs for every run."""
    needed = (rounds + 2) * (2 * sum(SIZES) + 1300) + 2 * (sum(SIZES) + LARGE)
    job_ids = [f"c7debc9c-8e09-4a5d-8dd6-cc44f{number:06}b2" for number in range(needed)]
    seed = {"settings": {"release_seconds": 2.0}, "jobs": [{"job_id": job_id} for job_id in job_ids]}
    with simulated(folder, seed, LATENCY) as cloud:
        yield Bench(cloud, folder, iter(job_ids), cloud.log_in())


def main() -> int:
    """Measure, print the table and the targets, write the files, and return the exit code."""
    rounds = int(os.environ.get("ROUNDS", "5"))
    output = Path(os.environ.get("OUTPUT", str(CHECKOUT / "benchmarks" / "build")))
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="huaweicloud-drs-bench-") as name:
        folder = Path(name)
        with prepared(folder, rounds) as bench:
            series = [*time_all(bench, rounds), *time_processes(bench, rounds)]
        fleet = measure_fleet(folder, LATENCY)
    targets = [*targets_of(series, LATENCY), *fleet_targets(fleet)]
    write_table(series)
    write_fleet(fleet)
    write_targets(targets)
    facts: dict[str, Any] = {"rounds": rounds, "latency": LATENCY, "series": [asdict(each) for each in series]}
    facts["fleet"] = [asdict(run) for run in fleet]
    facts["targets"] = [asdict(target) for target in targets]
    (output / "benchmark.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    write_plot(series, output / "benchmark.svg")
    print(f"\nwritten: {output}/benchmark.json, benchmark.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
