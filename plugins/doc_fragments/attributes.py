# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not extend it from elsewhere. For the underscore that its name lacks
# see connection.py.
"""The features of Ansible that the modules support."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of every module."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action:
    description: The task can run in Ansible's own process on the controller, without a module process.
    support: partial
    details:
      - Used if the module would run in the Python that runs Ansible, with a local connection, and without C(become),
        C(environment) and C(async). The result is the same.
      - Otherwise, on macOS, and with C(ANSIBLE_KEEP_REMOTE_FILES), a module process does the work.
      - Set the play variable C(huaweicloud_in_process) to V(false) to always use a module process. Use it to compare
        the two, or to work around a problem with a new ansible-core or an unusual connection plugin. It costs about
        half a second per task.
  check_mode:
    description: Can run in check mode and return the changes without making them.
  diff_mode:
    description: Returns what has changed (or would change in check mode) when in diff mode.
  idempotent:
    description: When run twice in a row with the same options, the second run changes nothing.
  action_group:
    description:
      - Use C(group/huaweicloud.drs.all) in C(module_defaults) to set options for all modules of this collection.
"""

    ACTION_GROUP = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/huaweicloud.drs.all) in C(module_defaults) to set options for all modules of this collection.
    support: full
    membership:
      - huaweicloud.drs.all
"""
