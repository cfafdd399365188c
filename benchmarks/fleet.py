# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the inventory of jobs: 1,000 and 10,000 jobs of 50 projects as hosts, and the stop of all in one play.

Each number of jobs has a cloud of its own, since an inventory shows all jobs that there are. To run only this part:
``python -m ansible_collections.huaweicloud.drs.benchmarks.fleet``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..tests.simulator import demo
from ..tools.demo import basic_environment
from .cloud import Cloud, simulated
from .measure import Ended, with_peak
from .report import Target, write_targets

SIZES = (1000, 10_000)
PROJECTS = 50
FORKS = 20
_JOB_TYPES = ("migration", "sync")
_BATCH = 10
"""The jobs of one stop request, which is the default of the client."""


@dataclass(frozen=True)
class FleetRun:
    """One run over a number of jobs. Times are in seconds, memory is in MB."""

    name: str
    jobs: int
    seconds: float
    processor_seconds: float
    peak: float
    """That of the main process. Its forks share most of it."""
    stop_requests: int = 0
    stopped: int = 0
    """The jobs whose stop was accepted exactly once."""


def measure_fleet(folder: Path, latency: float) -> list[FleetRun]:
    """Show and stop the jobs of each size. Raise SystemExit if a program fails."""
    found: list[FleetRun] = []
    for size in SIZES:
        print(f"inventory of {size:,} jobs", file=sys.stderr, flush=True)
        place = folder / f"fleet-{size}"
        place.mkdir()
        with simulated(place, _build_seed(size), latency) as cloud:
            for run in _measure_size(cloud, place, size):
                print(f"  {run}", file=sys.stderr, flush=True)
                found.append(run)
    return found


def _build_seed(size: int) -> dict[str, object]:
    """Return what the cloud begins with: the jobs, in turn one for each project."""
    projects = [{"project_id": f"{number:032x}", "name": _region(number)} for number in range(1, PROJECTS + 1)]
    jobs = [
        {
            "job_id": f"c7debc9c-8e09-4a5d-8dd6-cc44f{number:06}b2",
            "name": f"wave-{number}",
            "project_id": projects[number % PROJECTS]["project_id"],
            "job_type": _JOB_TYPES[number // PROJECTS % len(_JOB_TYPES)],
        }
        for number in range(size)
    ]
    return {"projects": projects, "jobs": jobs}


def _region(number: int) -> str:
    return f"region-{number:02}"


def _measure_size(cloud: Cloud, folder: Path, size: int) -> Iterator[FleetRun]:
    """Yield the run that shows the jobs, then the one that stops them."""
    regions = [{"region": _region(number), "project_id": f"{number:032x}"} for number in range(1, PROJECTS + 1)]
    inventory = folder / "fleet.drs_jobs.yml"
    inventory.write_text(json.dumps({"plugin": "huaweicloud.drs.drs_jobs", "regions": regions}), encoding="utf-8")
    show = ["-i", str(inventory), "--list", "--output", str(folder / "list.json")]
    stop = ["huaweicloud.drs.stop_jobs", "-i", str(inventory), "--forks", str(FORKS)]
    variables = {"drs_group": "drs", "drs_wait": False, "expected_count": size}
    environment = _environment(cloud, folder)
    shown, peak = with_peak(_program("ansible-inventory"), environment, folder, show)
    _check_hosts(folder / "list.json", size)
    yield FleetRun("inventory", size, shown.seconds, shown.processor_seconds, peak)
    cloud.forget()
    ended, stop_peak = with_peak(
        _program("ansible-playbook"), environment, folder, [*stop, "-e", json.dumps(variables)]
    )
    yield _describe_stop(cloud, size, ended, stop_peak)


def _program(name: str) -> Path:
    """Return a program of Ansible, of the environment that this one runs in."""
    return Path(sys.executable).with_name(name)


def _environment(cloud: Cloud, folder: Path) -> dict[str, str]:
    return {
        **basic_environment(folder),
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        "HW_DRS_ENDPOINT": cloud.url,
        "HW_AUTH_URL": cloud.url,
        "HW_ACCESS_KEY": demo.ACCESS_KEY,
        "HW_SECRET_KEY": demo.SECRET_KEY,
    }


def _check_hosts(path: Path, size: int) -> None:
    hosts = json.loads(path.read_bytes())["_meta"]["hostvars"]
    if len(hosts) != size:
        raise SystemExit(f"the inventory has {len(hosts)} hosts in place of {size}")


def _describe_stop(cloud: Cloud, size: int, ended: Ended, peak: float) -> FleetRun:
    stops = [request for request in cloud.seen() if request["endpoint"] == "batch-stop"]
    counts = Counter(job["job_id"] for request in stops for job in request["json"]["jobs"])
    once = sum(count == 1 for count in counts.values())
    return FleetRun("stop of the inventory", size, ended.seconds, ended.processor_seconds, peak, len(stops), once)


def fleet_targets(runs: Sequence[FleetRun]) -> list[Target]:
    """Return the targets of the inventory with their measurements.

    The ratio is one of processor time, since other programs on the machine change the run time of a single run.
    """
    by: Mapping[tuple[str, int], FleetRun] = {(each.name, each.jobs): each for each in runs}
    few, many = (by["inventory", size] for size in SIZES)
    few_stopped, all_stopped = (by["stop of the inventory", size] for size in SIZES)
    return [
        Target("inventory: 10,000 / 1,000 jobs", 11, many.processor_seconds / few.processor_seconds),
        Target("inventory, 10,000 jobs: MB", 400, many.peak),
        Target("stop: 10,000 / 1,000 jobs", 11, all_stopped.processor_seconds / few_stopped.processor_seconds),
        Target("stop, 10,000 jobs: requests", SIZES[-1] / _BATCH, all_stopped.stop_requests),
        Target("stop, 10,000 jobs: not once", 0, SIZES[-1] - all_stopped.stopped),
    ]


def write_fleet(runs: Sequence[FleetRun]) -> None:
    """Print the measurements."""
    print(f"\n{f'{PROJECTS} projects, forks: {FORKS}':24}{'jobs':>7}{'seconds':>10}{'CPU s':>8}{'stops':>8}{'MB':>6}")
    for run in runs:
        times = f"{run.seconds:>10.1f}{run.processor_seconds:>8.1f}"
        print(f"{run.name:24}{run.jobs:>7}{times}{run.stop_requests or '':>8}{run.peak:>6.0f}")


def main() -> int:
    """Measure only the inventory, print the table and the targets, and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="huaweicloud-drs-bench-") as name:
        runs = measure_fleet(Path(name), float(os.environ.get("LATENCY", "0.05")))
    write_fleet(runs)
    write_targets(fleet_targets(runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
