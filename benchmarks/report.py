# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report the measurements: a table, the targets, and a plot."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bench import Series

CONCURRENCY = 4


@dataclass(frozen=True)
class Target:
    """A target and its measurement. Less is better."""

    name: str
    limit: float
    measured: float

    @property
    def is_met(self) -> bool:
        """Whether the measurement is within the limit."""
        return self.measured <= self.limit


def targets_of(series: Sequence[Series], latency: float) -> list[Target]:
    """Return the targets of the project with their measurements."""
    by: Mapping[tuple[str, int], Series] = {(each.name, each.jobs): each for each in series}
    fifty, thousand, large = (by["ours, wait: false", 50], by["ours, wait: false", 1000], by["process: ours", 10_000])
    own_process, empty_process = by["process: ours", 0], by["process: empty module", 0]
    ideal = (thousand.reads + thousand.stops) * latency / CONCURRENCY
    floor, import_requests = by["bare requests", 50], by["import requests", 0]
    empty_module, one_as_module = by["empty module", 0], by["ours, as a module", 1]
    return [
        Target("50 jobs / bare requests", 1.1, fifty.median / floor.median),
        Target("1,000 jobs / ideal and floor", 1.15, thousand.median / (ideal + import_requests.median)),
        Target("1 job as a module / empty", 1.15, one_as_module.median / empty_module.median),
        Target("50 jobs / one uri", 0.95, fifty.median / by["one uri", 1].median),
        Target("50 jobs / ping", 1.2, fifty.median / by["ping", 0].median),
        Target("50 jobs / loop of uri", 0.1, fifty.median / by["loop of uri", 50].median),
        Target("1,000 jobs: requests", 110, thousand.requests),
        Target("1,000 jobs: connections", 5, thousand.connections),
        Target("1,000 jobs: wire / ideal", 1.3, statistics.median(thousand.on_the_wire) / ideal),
        Target("own process, no jobs / empty", 1.15, own_process.median / empty_process.median),
        Target("10,000 jobs: MB", 150, large.peak or 0.0),
        Target("10,000 / 1,000 jobs: time", 12, large.median / by["process: ours", 1000].median),
    ]


def write_table(series: Sequence[Series]) -> None:
    """Print the measurements."""
    ping = next(each.median for each in series if each.name == "ping")
    uri = next(each.median for each in series if each.name == "one uri")
    print(f"{'':24}{'jobs':>7}{'median s':>10}{'/ ping':>8}{'/ uri':>8}{'requests':>10}{'conns':>7}{'MB':>6}")
    for each in series:
        peak = "" if each.peak is None else f"{each.peak:.0f}"
        ratios = f"{each.median / ping:>8.2f}{each.median / uri:>8.2f}"
        counts = f"{each.requests or '':>10}{each.connections or '':>7}{peak:>6}"
        print(f"{each.name:24}{each.jobs or '':>7}{each.median:>10.2f}{ratios}{counts}")


def write_targets(targets: Sequence[Target]) -> None:
    """Print the targets."""
    print()
    for target in targets:
        print(f"{target.name:30}{target.measured:>8.2f}  aim: {target.limit:g}{'' if target.is_met else '  NOT MET'}")


def write_plot(series: Sequence[Series], path: Path) -> None:
    """Draw the medians as bars, the shortest first."""
    # Imported here, because only the plot needs it.
    from matplotlib.figure import Figure  # noqa: PLC0415

    shown = sorted((each for each in series if not each.name.startswith("process")), key=lambda each: each.median)
    names = [f"{each.name}, jobs: {each.jobs}" if each.jobs else each.name for each in shown]
    figure = Figure(figsize=(8, 0.4 * len(shown) + 1), layout="constrained")
    axes = figure.add_subplot()
    colours = ["tab:blue" if each.name.startswith("ours") else "tab:gray" for each in shown]
    bars = axes.barh(names, [each.median for each in shown], color=colours)
    axes.bar_label(bars, [f" {each.median:.1f} s" for each in shown])
    axes.set_xlabel("seconds from the start of the program to its end, median")
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
