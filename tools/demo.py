# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the collection at work: ``ansible-playbook`` stops jobs of a simulated cloud, and what comes of it is checked.

Environment: CREDENTIALS (how to log in: password, access-key), NO_COLOR. Exit code 0 only where all went as told.
"""

from __future__ import annotations

import http.client
import json
import locale
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parents[1]
PLAYBOOK = "examples/stop_jobs.yml"

# The three IDs of the request on the API page, which are those in the playbook; the cloud does not have the second.
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

# The playbook reads these variables. A real job takes longer than a simulated one, and is asked for less often.
FAST = ("-e", "drs_wait_interval=1", "-e", "drs_wait_timeout=60")
# What ansible-playbook gives where a task failed.
A_TASK_FAILED = 2
# The ways to log in, and what each sets in the environment.
CREDENTIALS = {
    "password": {"HW_DOMAIN_NAME": "demo", "HW_USER_NAME": "demo", "HW_USER_PASSWORD": "demo"},
    "access-key": {"HW_ACCESS_KEY": "demo-ak", "HW_SECRET_KEY": "demo-sk"},
}
# On a longer line ansible-playbook prints a whole result.
LONGEST_LINE = 300
SHORTENED_TO = 120
WIDTH = 100

COLOURS = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
OUTCOME_COLOURS = {"stopped": "green", "unchanged": "green", "would_stop": "yellow", "failed": "red"}


class DemoError(Exception):
    """Why the demonstration cannot go on: one line."""


@dataclass(frozen=True)
class Run:
    """One run of the playbook: what to tell about it, and what has to come of it."""

    title: str
    told: str
    options: tuple[str, ...]
    outcome: str
    status: str
    changed: bool
    stop_requests: int
    proof: str


RUNS = (
    Run(
        title="Look first: check mode",
        told="What would happen if these three jobs were stopped? The status of each is read; nothing is stopped.",
        options=("--check",),
        outcome="would_stop",
        status=RUNNING,
        changed=True,
        stop_requests=0,
        proof="Two jobs would be stopped, one of them by force. No stop was sent: both are still running.",
    ),
    Run(
        title="Stop the jobs",
        told="The same command without --check. The job that does not exist fails the task, as it should, but it does "
        "not keep the other two from being stopped.",
        options=(),
        outcome="stopped",
        status=STOPPED,
        changed=True,
        stop_requests=1,
        proof="Two jobs were stopped, one of them by force. One does not exist and is reported with the cloud's code.",
    ),
    Run(
        title="The same again",
        told="Somebody runs the playbook a second time. Jobs that have stopped are left alone.",
        options=(),
        outcome="unchanged",
        status=STOPPED,
        changed=False,
        stop_requests=0,
        proof="Nothing changed and no stop was sent. The job that does not exist is still reported.",
    ),
)


class Screen:
    """Says things, in colour where there is a terminal."""

    def __init__(self, colour: bool) -> None:
        """Use colours or not."""
        self.colour = colour

    def paint(self, text: str, *names: str) -> str:
        """Give the text in these colours."""
        codes = ";".join(COLOURS[name] for name in names)
        return f"\033[{codes}m{text}\033[0m" if self.colour and codes else text

    def say(self, text: str = "", *names: str) -> None:
        """Print a paragraph."""
        for line in textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
            print(self.paint(line, *names), flush=True)

    def heading(self, text: str) -> None:
        """Print a heading."""
        print(f"\n{self.paint(text, 'bold', 'cyan')}\n{self.paint('=' * len(text), 'cyan')}", flush=True)

    def table(self, rows: list[dict[str, Any]]) -> None:
        """Print one line for each job of a result."""
        head = ("job ID", "name", "outcome", "status", "forced", "error")
        lines = [
            (
                row["job_id"],
                row["name"] or "-",
                row["outcome"],
                row["status"] or "-",
                _forced(row),
                row["error_code"] or row["error_msg"] or "-",
            )
            for row in rows
        ]
        heading, *told = aligned([head, *lines])
        print(self.paint(heading, "bold"))
        for cells, line in zip(lines, told, strict=True):
            colour = OUTCOME_COLOURS.get(cells[2], "red")
            print(line.replace(cells[2], self.paint(cells[2], colour), 1))


def _forced(row: Mapping[str, Any]) -> str:
    if not row["changed"]:
        return "-"  # there was no stop
    return "yes" if row["is_force_stop"] else "no"


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Give the rows of a table as lines in which each column has one width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


@dataclass(frozen=True)
class Seen:
    """What the cloud says itself: the requests that came, and its jobs afterwards."""

    requests: list[dict[str, Any]]
    jobs: dict[str, dict[str, Any]]

    def count(self, endpoint: str) -> int:
        """Give how many requests one of its endpoints had."""
        return sum(request["endpoint"] == endpoint for request in self.requests)

    @property
    def stopped(self) -> dict[str, bool]:
        """The jobs that stops named, and whether by force."""
        stops = [request["json"]["jobs"] for request in self.requests if request["endpoint"] == "batch-stop"]
        return {job["job_id"]: job["is_force_stop"] for jobs in stops for job in jobs}

    def __str__(self) -> str:
        """Tell it in a line."""
        stops = self.count("batch-stop")
        logins = _many(self.count("auth-tokens"), "login")
        lookups = self.count("auth-projects") + self.count("projects")
        if lookups:
            logins = f"no login, {_many(lookups, 'project lookup')}"
        reads = _many(self.count("batch-status"), "status read")
        told = f"{_many(stops, 'stop request')} for {_many(len(self.stopped), 'job')}" if stops else "no stop request"
        return f"{logins}, {reads}, {told}"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


class Cloud:
    """The control API of the simulated cloud."""

    def __init__(self, url: str) -> None:
        """Take its base URL."""
        self.url = url

    def forget(self) -> None:
        """Let it forget the requests so far."""
        self._ask("DELETE", "requests")

    def seen(self) -> Seen:
        """Give what it has seen."""
        requests = json.loads(self._ask("GET", "requests"))
        jobs = json.loads(self._ask("GET", "jobs"))
        return Seen(requests, {job["job_id"]: job for job in jobs})

    def _ask(self, method: str, what: str) -> bytes:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request(method, f"/simulator/{what}")
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise DemoError(f"the simulated cloud at {self.url} does not answer: {error}") from error
        finally:
            connection.close()


@contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a program in the checkout, with its output as text; it has ended when this ends, whatever happens."""
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
    """Give what every program needs, and nothing else of the caller's: no HW_*, ANSIBLE_* or proxy of theirs."""
    kept = {name: os.environ[name] for name in ("PATH", "TERM", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(folder), "LC_ALL": _utf8_locale(), "no_proxy": "*"}


def _utf8_locale() -> str:
    # Ansible wants one; which of them exist depends on the system.
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return name
    return os.environ.get("LC_ALL") or os.environ.get("LANG", "")


@contextmanager
def simulated_cloud(folder: Path) -> Iterator[Cloud]:
    """Start the simulated cloud on a free port, and stop it in the end."""
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
    """Give what a user sets in the environment: where the cloud is, and who they are."""
    return {"HW_DRS_ENDPOINT": url, "HW_AUTH_URL": f"{url}/v3", "HW_PROJECT_NAME": "demo", **CREDENTIALS[credentials]}


class Playbook:
    """Runs the playbook in a place of its own, which nothing of the user's configuration reaches."""

    def __init__(self, folder: Path, variables: Mapping[str, str], screen: Screen) -> None:
        """Prepare the place. ``variables`` say where and as whom."""
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
        """Run it and show what it says; give its exit code and the module's result."""
        arguments = [PLAYBOOK, *FAST, *options]
        print(self._screen.paint(f"$ ansible-playbook {' '.join(arguments)}", "bold"), flush=True)
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
    """Give what is wrong; nothing is the good case."""
    facts: list[tuple[str, object, object]] = [
        ("the exit code of ansible-playbook", code, A_TASK_FAILED),
        ("changed", result.get("changed"), run.changed),
        ("the order of the jobs", [row["job_id"] for row in result["jobs"]], [NORMAL, MISSING, FORCED]),
        ("the number of stop requests", seen.count("batch-stop"), run.stop_requests),
        ("the jobs in stop requests", seen.stopped, {NORMAL: False, FORCED: True} if run.stop_requests else {}),
    ]
    rows = {row["job_id"]: row for row in result["jobs"]}
    for job_id, is_force_stop in ((NORMAL, False), (FORCED, True)):
        said, job = rows.get(job_id, {}), seen.jobs[job_id]
        force_in_cloud = is_force_stop if run.status == STOPPED else None
        facts += [
            (f"the outcome of {job_id}", said.get("outcome"), run.outcome),
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
    """Run the whole demonstration and give what went wrong."""
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
        "What you will see in red is about the one that does not exist, and is as it should be. "
        "Nothing leaves this machine. The environment says where the simulated cloud is and who logs in:"
    )
    screen.say()
    for name, value in variables.items():
        print(f"    {name}={value}")


def _show(screen: Screen, code: int, result: dict[str, Any], seen: Seen) -> None:
    screen.say()
    screen.table(result["jobs"])
    screen.say()
    if result.get("msg"):
        screen.say(f"The task failed (exit code {code}) and said: {result['msg']}")
    screen.say(f"The cloud saw: {seen}.")


def main() -> int:
    """Give the demonstration and its exit code."""
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
        # Who reads this, `head` for example, has seen enough. What Python still has to write goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def conclude(screen: Screen, problems: list[str]) -> int:
    """Say how it went and give the exit code."""
    screen.say()
    for problem in problems:
        print(screen.paint(f"WRONG: {problem}", "bold", "red"))
    if problems:
        return 1
    screen.say("All three runs went as they should. The simulated cloud has been stopped.", "bold", "green")
    return 0


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
