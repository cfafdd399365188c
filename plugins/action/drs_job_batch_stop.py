# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_batch_stop in Ansible's own process; its documentation is that of the module."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.plugins.module_utils._module.stop_task import stop, stop_spec
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._in_process_action import InProcessAction
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._option_lint import OptionLint


class ActionModule(InProcessAction):
    """Runs drs_job_batch_stop in this process where it can, otherwise as a module."""

    spec = staticmethod(stop_spec)
    run_task = staticmethod(stop)


def main() -> None:
    """Validate the options of a task for ansible-lint, and do nothing else."""
    OptionLint(stop_spec())
