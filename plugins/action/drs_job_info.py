# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_info on the controller; documented with the module of that name."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.plugins.module_utils._module.info_task import get_job_info, info_argument_spec
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.raw_options import normalize_options
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._in_process_action import InProcessAction


class ActionModule(InProcessAction):
    """Runs the task here or as a module."""

    argument_spec = staticmethod(info_argument_spec)
    normalize = staticmethod(normalize_options)
    run_task = staticmethod(get_job_info)
