# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Huawei Cloud: IAM and DRS, as far as stopping jobs needs them, stateful and strict, for tests and demos.

``with Simulator(clock=ManualClock()) as sim:`` starts it; ``sim.cloud`` is its state. ``python -m tests.simulator``
runs it in the foreground. It is made from documentation, not from watching the real cloud; where the documentation
leaves something open, it is a setting (`Settings`), or a comment says INFERRED.
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
