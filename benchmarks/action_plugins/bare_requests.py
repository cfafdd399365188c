# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action that imports ``requests``, and sends the requests of a stop without any logic: the floor of an action."""

from __future__ import annotations

import queue
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from ansible.plugins.action import ActionBase

_WORKERS = 4
_READ_SIZE, _STOP_SIZE = 100, 10


class ActionModule(ActionBase):
    """The action. Options: ``reads`` and ``stops`` (URLs), ``token``, ``job_ids``. Without options it only imports."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send the requests, if there are any."""
        super().run(tmp, task_vars)
        if self._task.args:
            send(**self._task.args)
        return {"changed": False, "version": requests.__version__}


def send(reads: str, stops: str, token: str, job_ids: list[str]) -> None:
    """Read the statuses, then send the stops, with one keep-alive connection for each worker."""
    sessions: queue.SimpleQueue[requests.Session] = queue.SimpleQueue()
    for _number in range(_WORKERS):
        session = requests.Session()
        session.trust_env = False
        session.headers["X-Auth-Token"] = token
        sessions.put(session)

    def post(url: str, body: dict[str, Any]) -> None:
        session = sessions.get()
        session.post(url, json=body, timeout=30).raise_for_status()
        sessions.put(session)

    page = {"cur_page": 1, "per_page": _READ_SIZE}
    with ThreadPoolExecutor(_WORKERS) as executor:
        for url, size in ((reads, _READ_SIZE), (stops, _STOP_SIZE)):
            chunks = [job_ids[start : start + size] for start in range(0, len(job_ids), size)]
            bodies = [
                {"jobs": some, "page_req": page}
                if url == reads
                else {"jobs": [{"job_id": job_id, "is_force_stop": False} for job_id in some]}
                for some in chunks
            ]
            list(executor.map(post, [url] * len(bodies), bodies))
