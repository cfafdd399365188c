# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plain HTTP client for the simulated cloud: it sends what a test says, wrong or right, and checks nothing."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import requests

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.signature import ALGORITHM, Signable, canonical_request, sign

RUNNING = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"
OTHER = "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t"
MISSING = "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s"

# What IAM says of a login that it refuses, whatever the reason is.
REFUSED = "The request you have made requires authentication."


class Client:
    """Talks to a simulator with a token of its demo user."""

    def __init__(self, sim: Simulator) -> None:
        """Get a token without HTTP, so that a test sees only its own requests."""
        self.sim = sim
        self.timeout = 10.0
        self.session = requests.Session()
        self.session.trust_env = False
        self.token = sim.cloud.issue_token("demo", "demo")

    def send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """Send a request without credentials."""
        kwargs.setdefault("timeout", self.timeout)
        kwargs.setdefault("allow_redirects", False)
        return self.session.request(method, self.sim.url + path, **kwargs)

    def log_in(self, auth: object, query: str = "", **headers: str) -> requests.Response:
        """Ask for a token with any value as ``auth``."""
        return self.send("POST", f"/v3/auth/tokens{query}", json={"auth": auth}, headers=headers)

    def get(self, path: str, **query: Any) -> requests.Response:
        """Send a GET with the token, below the v5 path of the project."""
        return self.send("GET", f"/v5/{PROJECT_ID}{path}", params=query, headers={"X-Auth-Token": self.token})

    def post(self, path: str, value: object, version: str = "v5", **headers: str) -> requests.Response:
        """Send a POST with the token, below the path of the project."""
        headers = {"X-Auth-Token": self.token, **headers}
        return self.send("POST", f"/{version}/{PROJECT_ID}{path}", json=value, headers=headers)

    def batch_stop(self, *jobs: object, **headers: str) -> requests.Response:
        """Stop jobs, given as IDs or as entries of the list."""
        entries = [{"job_id": job} if isinstance(job, str) else job for job in jobs]
        return self.post("/jobs/batch-stop", {"jobs": entries}, **headers)

    def batch_status(self, *job_ids: object, **page_req: Any) -> requests.Response:
        """Ask for statuses."""
        return self._batch("batch-status", job_ids, page_req)

    def batch_detail(self, *job_ids: object, **page_req: Any) -> requests.Response:
        """Ask for details in v3."""
        return self._batch("batch-detail", job_ids, page_req)

    def progress(self, *job_ids: object, endpoint: str = "batch-progress") -> requests.Response:
        """Ask for the progress in v3, or for RPO and RTO."""
        return self._batch(endpoint, job_ids, {})

    def job_list(self, **body: Any) -> requests.Response:
        """List jobs in v3, synchronizations unless told otherwise."""
        return self.post("/jobs", {"db_use_type": "sync", **body}, version="v3")

    def batch_jobs(self, *jobs: object, **headers: str) -> requests.Response:
        """Stop jobs in v3, given as IDs or as entries of the list."""
        entries = [{"job_id": job, "delete_type": "terminate"} if isinstance(job, str) else job for job in jobs]
        headers = {"X-Auth-Token": self.token, **headers}
        return self.send("DELETE", f"/v3/{PROJECT_ID}/jobs/batch-jobs", json={"jobs": entries}, headers=headers)

    def pause(self, *jobs: object) -> requests.Response:
        """Pause jobs in v3, given as IDs or as entries of the list."""
        entries = [{"job_id": job, "pause_mode": "all"} if isinstance(job, str) else job for job in jobs]
        return self.post("/jobs/batch-pause-task", {"jobs": entries}, version="v3")

    def signed(self, method: str, target: str, body: bytes = b"", **options: Any) -> requests.Response:
        """Send a signed request; options: ``access``, ``secret``, ``at`` (epoch seconds), ``extra`` headers."""
        at = options.get("at", self.sim.cloud.clock.time())
        date = datetime.fromtimestamp(at, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {"Content-Type": "application/json", "Host": urlsplit(self.sim.url).netloc, "X-Sdk-Date": date}
        headers.update(options.get("extra", {}))
        names = tuple(sorted(name.lower() for name in headers))
        canonical = canonical_request(Signable(method, target, headers, body), names)
        signature = sign(canonical, date, options.get("secret", "demo-sk"))
        headers["Authorization"] = (
            f"{ALGORITHM} Access={options.get('access', 'demo-ak')},"
            f" SignedHeaders={';'.join(names)}, Signature={signature}"
        )
        return self.send(method, target, data=body, headers=headers)

    def _batch(self, endpoint: str, job_ids: tuple[object, ...], page_req: dict[str, Any]) -> requests.Response:
        body: dict[str, Any] = {"jobs": list(job_ids)}
        if page_req:
            body["page_req"] = page_req
        return self.post(f"/jobs/{endpoint}", body, version="v3")


def error_of(response: requests.Response) -> tuple[int, str]:
    """Give HTTP status and error code."""
    return response.status_code, response.json()["error_code"]
