# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Demonstrate the collection: ``ansible-playbook`` stops jobs of a simulated cloud, and the demo checks the results.

Environment: CREDENTIALS (``password`` or ``access-key``), NO_COLOR. The exit code is 0 only if every check passed.
"""

from __future__ import annotations

import http.client
import json
import locale
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parents[1]
PLAYBOOK = "examples/stop_jobs.yml"

# The three IDs of the request on the API page. The playbook has the same. The second does not exist in the cloud.
NORMAL = "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r"
MISSING = "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s"
FORCED = "dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t"
CLOUD = {
    "settings": {"release_seconds": 1.5},
    "jobs": [{"job_id": NORMAL, "name": "DRS-1234"}, {"job_id": FORCED, "name": "DRS-3456"}],
}
NOT_FOUND = "DRS.M00289"
RUNNING = "INCRE_TRANSFER_STARTED"
STOPPED = "RELEASE_RESOURCE_COMPLETE"

# The same list with what an operator expects: the names of the jobs. One of them is not right.
WRONG_NAME = "DRS-3465"
NAMED_JOBS = [
    {"job_id": NORMAL, "name": "DRS-1234"},
    {"job_id": MISSING},
    {"job_id": FORCED, "name": WRONG_NAME, "is_force_stop": True},
]
SECONDS_BEHIND = 42

# Variables of the playbook. A real job takes longer to stop than a simulated one, so its status is read less often.
FAST = ("-e", "drs_wait_interval=1", "-e", "drs_wait_timeout=60")
# The exit code of ansible-playbook if a task failed.
A_TASK_FAILED = 2
# The credentials, and the environment variables of each.
CREDENTIALS = {
    "password": {"HW_DOMAIN_NAME": "demo", "HW_USER_NAME": "demo", "HW_USER_PASSWORD": "demo"},
    "access-key": {"HW_ACCESS_KEY": "demo-ak", "HW_SECRET_KEY": "demo-sk"},
}
# A longer line of ansible-playbook holds a whole result.
LONGEST_LINE = 300
SHORTENED_TO = 120
WIDTH = 100

COLOURS = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class DemoError(Exception):
    """An error that ends the demo, as one line."""


@dataclass(frozen=True)
class Run:
    """One run of the playbook: its introduction, and the expected result."""

    title: str
    told: str
    options: tuple[str, ...]
    outcome: str
    """Of the two jobs that exist."""
    status: str
    changed: bool
    stop_requests: int
    proof: str
    lag: int = 0
    """The seconds by which the target of the first job lags behind its source."""
    reasons: tuple[str, str] = ("", "")
    """Why the two jobs are held."""


RUNS = (
    Run(
        title="Check mode first",
        told="What would happen if these three jobs were stopped? The status of each is read. No stop is sent.",
        options=("--check",),
        outcome="would_stop",
        status=RUNNING,
        changed=True,
        stop_requests=0,
        proof="Two jobs would be stopped, one of them by force. No stop was sent: both are still running.",
    ),
    Run(
        title="Only what is meant, and only when it is ready",
        told="A stop is final, so this run stops a job only if it lags behind its source by at most one second, and "
        f"only if it has the name that the list expects. The first job lags by {SECONDS_BEHIND} seconds. The list has "
        "the name of the last job with two digits swapped.",
        options=("-e", "drs_max_lag=1", "-e", json.dumps({"drs_jobs": NAMED_JOBS})),
        lag=SECONDS_BEHIND,
        outcome="held",
        status=RUNNING,
        changed=False,
        stop_requests=0,
        proof="One job was held for its lag, and one for its name. No stop was sent: both are still running.",
        reasons=(
            f"its lag of {SECONDS_BEHIND} s is over 1 s",
            f"its name is 'DRS-3456', and must be '{WRONG_NAME}'",
        ),
    ),
    Run(
        title="Stop the jobs",
        told="The target of the first job has caught up. The lags are watched for two seconds, and then both jobs are "
        "stopped. The task fails because one job does not exist. The other two jobs are stopped anyway.",
        options=("-e", "drs_max_lag=1", "-e", "drs_max_lag_for=2"),
        outcome="stopped",
        status=STOPPED,
        changed=True,
        stop_requests=1,
        proof="Two jobs were stopped, one of them by force. One does not exist and is reported with the cloud's code.",
    ),
    Run(
        title="Second run",
        told="The playbook runs a second time. Jobs that have stopped get no second stop.",
        options=(),
        outcome="unchanged",
        status=STOPPED,
        changed=False,
        stop_requests=0,
        proof="Nothing changed and no stop was sent. The job that does not exist is still reported.",
    ),
)


class Screen:
    """Output to the console, in color on a terminal."""

    def __init__(self, colour: bool) -> None:
        """Initialize with or without colors."""
        self.colour = colour

    def paint(self, text: str, *names: str) -> str:
        """Return the text in these colors."""
        codes = ";".join(COLOURS[name] for name in names)
        return f"\033[{codes}m{text}\033[0m" if self.colour and codes else text

    def say(self, text: str = "", *names: str) -> None:
        """Print a paragraph."""
        for line in textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
            print(self.paint(line, *names), flush=True)

    def heading(self, text: str) -> None:
        """Print a heading."""
        print(f"\n{self.paint(text, 'bold', 'cyan')}\n{self.paint('=' * len(text), 'cyan')}", flush=True)


@dataclass(frozen=True)
class Seen:
    """The requests that the cloud received during a run, and its jobs afterwards."""

    requests: list[dict[str, Any]]
    jobs: dict[str, dict[str, Any]]

    def count(self, endpoint: str) -> int:
        """Return the number of requests to an endpoint."""
        return sum(request["endpoint"] == endpoint for request in self.requests)

    @property
    def stopped(self) -> dict[str, bool]:
        """The jobs in stop requests, and whether the stop was forced."""
        stops = [request["json"]["jobs"] for request in self.requests if request["endpoint"] == "batch-stop"]
        return {job["job_id"]: job["is_force_stop"] for jobs in stops for job in jobs}

    def __str__(self) -> str:
        """Return a summary in one line."""
        stops = self.count("batch-stop")
        logins = _many(self.count("auth-tokens"), "login")
        lookups = self.count("auth-projects") + self.count("projects")
        if lookups:
            logins = f"no login, {_many(lookups, 'project lookup')}"
        reads = _many(self.count("batch-status"), "status read")
        lags = self.count("batch-progress")
        if lags:
            reads = f"{reads}, {_many(lags, 'read')} of lags"
        told = f"{_many(stops, 'stop request')} for {_many(len(self.stopped), 'job')}" if stops else "no stop request"
        return f"{logins}, {reads}, {told}"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


class Cloud:
    """The control API of the simulated cloud."""

    def __init__(self, url: str) -> None:
        """Initialize with the base URL."""
        self.url = url

    def forget(self) -> None:
        """Clear the recorded requests."""
        self._ask("DELETE", "requests")

    def seen(self) -> Seen:
        """Return the recorded requests and the jobs."""
        requests = json.loads(self._ask("GET", "requests"))
        jobs = json.loads(self._ask("GET", "jobs"))
        return Seen(requests, {job["job_id"]: job for job in jobs})

    def set_lag(self, job_id: str, seconds: float) -> None:
        """Let the target of a job lag behind its source."""
        self._ask("PATCH", "jobs", json.dumps({job_id: {"lag": seconds}}))

    def _ask(self, method: str, what: str, body: str | None = None) -> bytes:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request(method, f"/simulator/{what}", body, {"Content-Type": "application/json"})
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise DemoError(f"the simulated cloud at {self.url} does not answer: {error}") from error
        finally:
            connection.close()


@contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a program in the checkout, with its output as text. On exit, terminate the program."""
    with subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()


def basic_environment(folder: Path) -> dict[str, str]:
    """Return the variables that every program needs, without HW_*, ANSIBLE_* and proxy variables of the caller."""
    kept = {name: os.environ[name] for name in ("PATH", "TERM", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(folder), "LC_ALL": _utf8_locale(), "no_proxy": "*"}


def _utf8_locale() -> str:
    # Ansible requires a UTF-8 locale. Which of these exist depends on the system.
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return name
    return os.environ.get("LC_ALL") or os.environ.get("LANG", "")


@contextmanager
def simulated_cloud(folder: Path) -> Iterator[Cloud]:
    """Start the simulated cloud on a free port. On exit, stop it."""
    jobs = folder / "jobs.json"
    jobs.write_text(json.dumps(CLOUD), encoding="utf-8")
    environment = {**basic_environment(folder), "PORT": "0", "JOBS": str(jobs)}
    with running([sys.executable, "-m", "tests.simulator"], environment) as process:
        if process.stdout is None:
            raise DemoError("the simulated cloud has no output")
        url = process.stdout.readline().strip()
        if not url.startswith("http://"):
            said = [url, *process.stdout.read().split("\n")]
            raise DemoError(f"the simulated cloud did not start: {' '.join(filter(None, said[-2:]))}")
        yield Cloud(url)


def login(url: str, credentials: str) -> dict[str, str]:
    """Return the environment variables that a user sets: endpoints, project and credential."""
    return {"HW_DRS_ENDPOINT": url, "HW_AUTH_URL": f"{url}/v3", "HW_PROJECT_NAME": "demo", **CREDENTIALS[credentials]}


class Playbook:
    """The playbook, run in a folder of its own, without the configuration of the user."""

    def __init__(self, folder: Path, variables: Mapping[str, str], screen: Screen) -> None:
        """Prepare the folder. ``variables`` are the environment variables for endpoints, project and credential."""
        self._screen = screen
        self._result = folder / "result.json"
        link = folder / "collections" / "ansible_collections" / "huaweicloud" / "drs"
        link.parent.mkdir(parents=True)
        link.symlink_to(CHECKOUT, target_is_directory=True)
        inventory, configuration = folder / "inventory", folder / "ansible.cfg"
        inventory.write_text("localhost ansible_connection=local\n", encoding="utf-8")
        configuration.write_text("[defaults]\n", encoding="utf-8")
        self._environment = {
            **basic_environment(folder),
            **variables,
            "ANSIBLE_CONFIG": str(configuration),
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_INVENTORY": str(inventory),
            "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
            "ANSIBLE_CALLBACK_PLUGINS": str(CHECKOUT / "tools" / "demo_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "keep_result",
            "ANSIBLE_DEPRECATION_WARNINGS": "1",
            "DEMO_RESULT": str(self._result),
            **({"ANSIBLE_FORCE_COLOR": "1"} if screen.colour else {"ANSIBLE_NOCOLOR": "1"}),
        }

    def run(self, options: tuple[str, ...]) -> tuple[int, dict[str, Any]]:
        """Run it and show its output. Return its exit code and the result of the module."""
        arguments = [PLAYBOOK, *FAST, *options]
        print(self._screen.paint(f"$ ansible-playbook {shlex.join(arguments)}", "bold"), flush=True)
        self._result.unlink(missing_ok=True)
        with running([sys.executable, "-m", "ansible", "playbook", *arguments], self._environment) as process:
            for line in process.stdout or ():
                print(f"    {self._shortened(line.rstrip())}".rstrip(), flush=True)
                if "[DEPRECATION WARNING]" in line:
                    raise DemoError("ansible-playbook warns that something is deprecated")
            code = process.wait()
        if not self._result.exists():
            raise DemoError(f"ansible-playbook ended with exit code {code} before the module gave a result")
        result: dict[str, Any] = json.loads(self._result.read_bytes())
        if not result.get("jobs"):
            raise DemoError(f"the module gave no jobs: {result.get('msg')}")
        return code, result

    def _shortened(self, line: str) -> str:
        if len(line) <= LONGEST_LINE:
            return line
        cut = f"{line[:SHORTENED_TO]} ... (the whole result; the table below shows it)"
        return f"{cut}\033[0m" if self._screen.colour else cut


def problems_of(run: Run, code: int, result: Mapping[str, Any], seen: Seen) -> list[str]:
    """Return the differences from the expected result."""
    facts: list[tuple[str, object, object]] = [
        ("the exit code of ansible-playbook", code, A_TASK_FAILED),
        ("changed", result.get("changed"), run.changed),
        ("the order of the jobs", [row["job_id"] for row in result["jobs"]], [NORMAL, MISSING, FORCED]),
        ("the number of stop requests", seen.count("batch-stop"), run.stop_requests),
        ("the jobs in stop requests", seen.stopped, {NORMAL: False, FORCED: True} if run.stop_requests else {}),
    ]
    rows = {row["job_id"]: row for row in result["jobs"]}
    for job_id, is_force_stop, reason in ((NORMAL, False, run.reasons[0]), (FORCED, True, run.reasons[1])):
        said, job = rows.get(job_id, {}), seen.jobs[job_id]
        force_in_cloud = is_force_stop if run.status == STOPPED else None
        facts += [
            (f"the outcome of {job_id}", said.get("outcome"), run.outcome),
            (f"the reason of {job_id}", said.get("error_msg") or "", reason),
            (f"the force of {job_id}", said.get("is_force_stop"), is_force_stop),
            (f"the status of {job_id} in the result", said.get("status"), run.status),
            (f"the status of {job_id} in the cloud", job["status"], run.status),
            (f"the force of {job_id} in the cloud", job["is_force_stop"], force_in_cloud),
        ]
    missing = rows.get(MISSING, {})
    facts += [
        (f"the outcome of {MISSING}", missing.get("outcome"), "failed"),
        (f"the error code of {MISSING}", missing.get("error_code"), NOT_FOUND),
    ]
    return [f"{what} is {found!r}, not {expected!r}" for what, found, expected in facts if found != expected]


def demonstrate(screen: Screen, credentials: str) -> list[str]:
    """Run the whole demo and return the problems."""
    problems = []
    with tempfile.TemporaryDirectory(prefix="huaweicloud-drs-demo-") as name:
        folder = Path(name)
        with simulated_cloud(folder) as cloud:
            variables = login(cloud.url, credentials)
            _introduce(screen, variables)
            playbook = Playbook(folder, variables, screen)
            for number, run in enumerate(RUNS, start=1):
                screen.heading(f"{number}. {run.title}")
                screen.say(run.told)
                screen.say()
                cloud.set_lag(NORMAL, run.lag)
                cloud.forget()
                code, result = playbook.run(run.options)
                seen = cloud.seen()
                _show(screen, code, result, seen)
                wrong = problems_of(run, code, result, seen)
                problems += [f"run {number}: {problem}" for problem in wrong]
                if not wrong:
                    screen.say(f"OK. {run.proof}", "green")
    return problems


def _introduce(screen: Screen, variables: Mapping[str, str]) -> None:
    screen.heading("Stop three DRS jobs of a simulated Huawei Cloud")
    screen.say(
        f"The playbook is {PLAYBOOK}. It names three jobs: one to stop, one that does not exist, one to stop by force. "
        "The red lines are about the job that does not exist, and about jobs that are held. They are expected. "
        "No request leaves this machine. The environment holds the endpoints of the simulated cloud and the credential:"
    )
    screen.say()
    for name, value in variables.items():
        print(f"    {name}={value}")


def _show(screen: Screen, code: int, result: dict[str, Any], seen: Seen) -> None:
    screen.say()
    if result.get("msg"):
        screen.say(f"The task failed (exit code {code}) with this message: {result['msg']}")
    screen.say(f"The cloud saw: {seen}.")


def main() -> int:
    """Run the demo and return its exit code."""
    screen = Screen(sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    credentials = os.environ.get("CREDENTIALS") or "password"
    if credentials not in CREDENTIALS:
        print(f"CREDENTIALS must be {' or '.join(CREDENTIALS)}, not {credentials}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return conclude(screen, demonstrate(screen, credentials))
    except DemoError as error:
        return conclude(screen, [str(error)])
    except KeyboardInterrupt:
        print("\nInterrupted. The simulated cloud has been stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader, for example `head`, has closed the pipe. Python must not fail when it flushes the rest at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def conclude(screen: Screen, problems: list[str]) -> int:
    """Print the problems or the success, and return the exit code."""
    screen.say()
    for problem in problems:
        print(screen.paint(f"WRONG: {problem}", "bold", "red"))
    if problems:
        return 1
    screen.say("All four runs passed. The simulated cloud has been stopped.", "bold", "green")
    return 0


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
