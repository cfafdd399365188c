# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Show what becomes of the stops of a task, as soon as it is known."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Mapping

from .._core.progress_line import ProgressLine, Show
from .._core.stop_lines import describe_plan, describe_results
from .._core.stop_progress import StopProgress
from .._core.stop_records import StopResult, StopState


class ProgressReporter:
    """Shows lines, and each change of the state of a stop once. Several threads may call it at once."""

    def __init__(self, show: Show | None) -> None:
        """``show`` shows a line at once; without it, none is shown."""
        self._show = show
        self._lock = threading.Lock()
        self._is_closed = False
        self._states: dict[str, StopState] = {}
        self._accepted: set[str] = set()
        self._is_plan_shown = False

    def show(self, line: ProgressLine | None) -> None:
        """Show a line, if there is one. A line that cannot be shown must not fail the task."""
        if line is not None and self._show is not None and not self._is_closed:
            with contextlib.suppress(Exception):
                self._show(line)

    def show_plan(self, progress: StopProgress) -> None:
        """Show what was found, once, as soon as all jobs are observed."""
        if progress.is_decided and not self._is_plan_shown:
            self._is_plan_shown = True
            with contextlib.suppress(Exception):  # the stops that follow matter more
                self.show(describe_plan(progress.plan))

    def show_results(self, progress: StopProgress, job_ids: Iterable[str]) -> None:
        """Show what became of the stops of these jobs, as far as it was not shown before."""
        with self._lock:
            changed = self._note_changes(progress.results(job_ids))
            total = f"{progress.stop_count}" if progress.is_decided else f"up to {progress.stop_count}"
            for line in describe_results(changed, len(self._accepted), total):
                self.show(line)

    def close(self) -> None:
        """Show nothing from now on."""
        self._is_closed = True

    def _note_changes(self, results: Mapping[str, StopResult]) -> dict[str, StopResult]:
        changed = {job_id: result for job_id, result in results.items() if self._states.get(job_id) != result.state}
        for job_id, result in changed.items():
            self._states[job_id] = result.state
            (self._accepted.add if result.state is StopState.ACCEPTED else self._accepted.discard)(job_id)
        return changed
