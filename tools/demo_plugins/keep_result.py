# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback plugin that passes the unchanged result of drs_job_batch_stop to tools/demo.py."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: keep_result
type: aggregate
short_description: Write the result of drs_job_batch_stop to a file
description: Only for the demo of this collection.
"""

MODULE = "huaweicloud.drs.drs_job_batch_stop"


class CallbackModule(CallbackBase):
    """A callback that writes the result, on success and on failure, to the file in DEMO_RESULT."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "keep_result"

    def v2_runner_on_ok(self, result: Any) -> None:
        """Write the result of a task that succeeded."""
        _keep(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Write the result of a task that failed."""
        _keep(result)


def _keep(result: Any) -> None:
    # These attributes are public since ansible-core 2.19, and private before.
    task = getattr(result, "task", None) or result._task
    if task.action == MODULE:
        said = getattr(result, "result", None) or result._result
        Path(os.environ["DEMO_RESULT"]).write_text(json.dumps(said), encoding="utf-8")
