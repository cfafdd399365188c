# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drs_job_info on the controller; documented with the module of that name."""

from __future__ import annotations

from ansible_collections.huaweicloud.drs.plugins.module_utils._module.given_options import options_as_meant
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.info_task import info_spec, look
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._local_action import LocalAction


class ActionModule(LocalAction):
    """Runs the task here or as a module."""

    argument_spec = staticmethod(info_spec)
    meant = staticmethod(options_as_meant)
    work = staticmethod(look)
