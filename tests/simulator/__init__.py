# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Huawei Cloud for tests and demos: the parts of IAM and DRS that are needed to stop jobs.

It has state, and it refuses what the documentation does not allow. ``with Simulator(clock=ManualClock()) as sim:``
starts it, and ``sim.cloud`` is its state. ``python -m tests.simulator`` runs it in the foreground. It is built from
documentation, not from observing the real cloud. What the documentation leaves open is a setting (`Settings`), or is
marked INFERRED in a comment.
"""

from __future__ import annotations

from .clock import Clock, ManualClock, SystemClock
from .cloud import Cloud
from .demo import seed_demo, seed_from_file
from .faults import Fault
from .jobs import AcceptedStop, Job
from .records import RecordedRequest
from .server import Simulator
from .settings import Settings

__all__ = [
    "AcceptedStop",
    "Clock",
    "Cloud",
    "Fault",
    "Job",
    "ManualClock",
    "RecordedRequest",
    "Settings",
    "Simulator",
    "SystemClock",
    "seed_demo",
    "seed_from_file",
]
