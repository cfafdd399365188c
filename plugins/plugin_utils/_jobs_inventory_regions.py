# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Read the jobs of all regions of an inventory, several at once, with one login for each identity and project."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..module_utils._client.clock import Clock, Deadline
from ..module_utils._client.executor import ThreadExecutor
from ..module_utils._client.lockout import Lockout
from ..module_utils._core.errors import CloudError, ConfigurationError, DeadlineError
from ..module_utils._core.job_info import JobFilter
from ..module_utils._core.masking import Masker
from ..module_utils._core.refusal_history import Identity
from ..module_utils._module.job_rows import list_job_rows
from ..module_utils._module.session import open_session
from ._iam_run_tokens import RunTokens
from ._jobs_inventory_options import InventorySettings, RegionSource
from ._run_cache import RunCache
from ._run_lockout import run_lockout, run_store

# There is no option for these three.
_REGIONS_AT_ONCE = 8
_REQUESTS_PER_REGION = 4
_TIMEOUT_SECONDS = 600.0

_MAX_NAMED_REGIONS = 3


@dataclass(frozen=True)
class InventoryContext:
    """What the inventory works with. ``show`` shows a line at -vv; several threads may call it."""

    clock: Clock
    masker: Masker
    warn: Callable[[str], None]
    show: Callable[[str], None]


class RegionJobs(NamedTuple):
    """The jobs of one region and project."""

    region: str | None
    project_id: str
    jobs: list[dict[str, Any]]
    """Their rows, as those of drs_job_info."""


class RegionFailure(NamedTuple):
    """A region that could not be read."""

    label: str
    error: CloudError

    def __str__(self) -> str:
        """Return the failure for a message."""
        return f"{self.label}: {self.error}" if self.label else str(self.error)


class ReadResult(NamedTuple):
    """What was read of all regions, in their order."""

    regions: list[RegionJobs]
    failures: list[RegionFailure]
    is_complete: bool
    """Whether no region failed, and no list warned that jobs may be missing."""


def read_regions(settings: InventorySettings, context: InventoryContext) -> ReadResult:
    """Read the jobs of all regions. Raise nothing."""
    return _RegionReader(settings, context).read()


def describe_failures(failures: Sequence[RegionFailure], total: int) -> str:
    """Return one line about the regions that failed. Those that were not tried because of another are only counted."""
    causes = [failure for failure in failures if not isinstance(failure.error, DeadlineError)] or failures
    if total == 1:
        return str(causes[0])
    named = "; ".join(map(str, causes[:_MAX_NAMED_REGIONS]))
    unnamed, untried = len(causes) - _MAX_NAMED_REGIONS, len(failures) - len(causes)
    rest = f"; and {unnamed} more" if unnamed > 0 else ""
    consequence = f" ({untried} were not tried after that)" if untried else ""
    return f"{len(failures)} of {total} regions could not be read{consequence}: {named}{rest}"


class _RegionTask:
    """What a session takes for a task: one region of the inventory."""

    check_mode = False
    verbosity = 0

    def __init__(self, source: RegionSource, context: InventoryContext, lockout: Lockout) -> None:
        self.params = source.params
        self.retries: list[str] = []
        self.warnings: list[str] = []
        # The tokens of other regions do not occur in the responses of this one.
        self.masker = Masker(parent=context.masker)
        self._label = source.label
        self._show = context.show
        self._lockout = lockout

    def warn(self, warning: str) -> None:
        """Add a warning."""
        self.warnings.append(warning)

    def show_retry(self, retry: str) -> None:
        """Show a line, with the region that it is about."""
        self.show(retry)

    def show(self, line: str) -> None:
        """Show a line, with the region that it is about."""
        self._show(f"{self._label}: {line}" if self._label else line)

    def lockout(self, _clock: Clock, _deadline: Deadline) -> Lockout:
        """Return the lockout that all regions share."""
        return self._lockout

    def add_secret(self, secret: str) -> None:
        """Register a secret that was obtained at run time."""
        self.masker.add_secret(secret)


class _RegionReader:
    """Reads the regions of one inventory."""

    def __init__(self, settings: InventorySettings, context: InventoryContext) -> None:
        self._settings = settings
        self._context = context
        # One for each region, since a client that is closed ends its own.
        self._deadlines = [Deadline(context.clock, _TIMEOUT_SECONDS) for _source in settings.regions]
        self._store = run_store(context.clock, Deadline(context.clock, _TIMEOUT_SECONDS))
        self._cache = RunCache(self._store, context.clock)
        # Otherwise each region would send a wrong password again, until the lockout of the run stops that.
        self._lockout = run_lockout(self._store, self._stop_all if settings.strict_regions else None)
        self._refused: Identity | None = None
        self._warnings: dict[str, list[int]] = {}
        self._incomplete: set[int] = set()
        self._lock = threading.Lock()

    def read(self) -> ReadResult:
        """Read all regions, and show their warnings."""
        sources = self._settings.regions
        grace = max(source.http_settings.timeout for source in sources)
        end = Deadline(self._context.clock, _TIMEOUT_SECONDS + grace)
        executor = ThreadExecutor(_REGIONS_AT_ONCE, timeout=lambda: end.remaining)
        results = executor.map(self._read_region, range(len(sources)), lambda _number, error: error, "DRS")
        self._show_warnings()
        regions = [result for result in results if not isinstance(result, CloudError)]
        failures = [
            RegionFailure(source.label, result)
            for source, result in zip(sources, results, strict=True)
            if isinstance(result, CloudError)
        ]
        return ReadResult(regions, failures, not failures and not self._incomplete)

    def _read_region(self, number: int) -> RegionJobs | CloudError:
        source, deadline = self._settings.regions[number], self._deadlines[number]
        task = _RegionTask(source, self._context, self._lockout)
        tokens = RunTokens(
            self._cache, self._store, self._context.clock, [source.config.iam_url, source.http_settings.verify]
        )
        try:
            self._check_not_stopped()
            with open_session(task, task, self._context.clock, deadline, _REQUESTS_PER_REGION) as session:
                drs = session.log_in(tokens)
                rows = []
                for job_type in self._settings.job_types or [None]:
                    warn = self._note_incomplete(number, task.warn)
                    job_filter = JobFilter(job_type=job_type)
                    rows += list_job_rows(drs, job_filter, self._settings.details, warn, self._settings.phases)
                project_id = drs.api.project_id
                task.show(f"{len(rows)} jobs in project {project_id} at {session.endpoint}")
            return RegionJobs(source.config.region, project_id, rows)
        except ConfigurationError:
            self._check_not_stopped()  # where nothing was sent because another region was refused, that is the cause
            raise
        finally:
            with self._lock:
                for warning in dict.fromkeys(task.warnings):
                    self._warnings.setdefault(warning, []).append(number)

    def _note_incomplete(self, number: int, warn: Callable[[str], None]) -> Callable[[str], None]:
        """Return a function that warns, and remembers that jobs of this region may be missing."""

        def note(warning: str) -> None:
            self._incomplete.add(number)
            warn(warning)

        return note

    def _stop_all(self, identity: Identity) -> None:
        """Send no more requests for any region after a password or an access key was refused."""
        if identity.kind != "token":
            self._refused = identity
            for deadline in self._deadlines:
                deadline.expire(f"{identity} was refused")

    def _check_not_stopped(self) -> None:
        if self._refused is not None:
            raise DeadlineError(f"not sent: {self._refused} was refused")

    def _show_warnings(self) -> None:
        """Show each warning once, with the regions that it is about unless these are all."""
        for warning, numbers in sorted(self._warnings.items(), key=lambda each: min(each[1])):
            labels = [self._settings.regions[number].label for number in sorted(numbers)]
            is_about_all = len(labels) == len(self._settings.regions)
            self._context.warn(warning if is_about_all else f"{', '.join(labels)}: {warning}")


def parse_cached_regions(value: object) -> list[RegionJobs] | None:
    """Return the regions of a cached value, None if there is none, or none that this version understands."""
    entries = value.get("regions") if isinstance(value, Mapping) else None
    try:
        return None if entries is None else [RegionJobs(**entry) for entry in entries]
    except TypeError:
        return None


def build_cached_value(regions: Sequence[RegionJobs]) -> dict[str, Any]:
    """Return the value to cache: rows, and where they are from."""
    return {"regions": [region._asdict() for region in regions]}
