# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated cloud in the foreground, until Ctrl-C.

Environment: PORT (default 8080, 0 for any), TLS=1, JOBS (a JSON file with jobs, projects and settings), LATENCY
(seconds), READY (a file to write ``url`` and ``pid`` to as JSON, for programs that start the simulator in the
background).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from . import demo
from .server import Simulator


def main(environment: Mapping[str, str]) -> str | None:
    """Run until a signal arrives. Return one line with the error if the simulator cannot start, else None."""
    try:
        sim = _simulator(environment)
    except ValueError as error:
        return str(error)
    try:
        sim.start()
    except OSError as error:
        # Shorter than the text of the exception.
        reason = os.strerror(error.errno) if error.errno else str(error)
        return f"cannot listen on port {environment.get('PORT') or '8080'}: {reason}; set PORT to another one"
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if environment.get("READY"):
        _tell(sim, Path(environment["READY"]))
    print(_welcome(sim), flush=True)
    stop.wait()
    sim.stop()
    return None


def _simulator(environment: Mapping[str, str]) -> Simulator:
    port = environment.get("PORT") or "8080"
    if not port.isdecimal() or int(port) > 65535:  # noqa: PLR2004 - the largest port there is
        raise ValueError(f"PORT must be a number from 0 to 65535, not {port}")
    sim = Simulator(tls=environment.get("TLS", "") not in ("", "0"), port=int(port))
    path = environment.get("JOBS")
    if path:
        try:
            demo.seed_from_file(sim.cloud, Path(path))
        except (OSError, ValueError) as error:
            raise ValueError(f"cannot use JOBS={path}: {error}") from error
    else:
        demo.seed_demo(sim.cloud)
    latency = environment.get("LATENCY")
    if latency:
        try:
            sim.cloud.latency = float(latency)
        except ValueError as error:
            raise ValueError(f"LATENCY must be a number of seconds, not {latency}") from error
    return sim


def _tell(sim: Simulator, path: Path) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps({"url": sim.url, "pid": os.getpid()}), encoding="utf-8")
    part.replace(path)  # atomic, so that no reader finds an incomplete file


def _welcome(sim: Simulator) -> str:
    lines = [
        sim.url,
        "This is a simulated Huawei Cloud: the URL above is both the IAM and the DRS endpoint. Ctrl-C stops it.",
        f"  user {demo.USER}, password {demo.PASSWORD}, domain {demo.DOMAIN}",
        f"  or access key {demo.ACCESS_KEY}, secret key {demo.SECRET_KEY}",
        f"  project {demo.PROJECT_NAME}, ID {demo.PROJECT_ID}",
    ]
    if sim.ca_path:
        lines.append(f"  CA certificate to trust: {sim.ca_path}")
    jobs = sim.cloud.jobs.all()
    lines.append(f"  {len(jobs)} jobs:")
    lines.extend(f"    {job.job_id} {job.name} {job.status}" for job in jobs[:10])
    if len(jobs) > 10:  # noqa: PLR2004 - a screen, not a list
        lines.append("    ...")
    lines.append(f"  received requests: {sim.url}/simulator/requests")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(os.environ))
