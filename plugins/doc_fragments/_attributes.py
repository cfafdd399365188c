# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what Ansible features the modules support."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of every module."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action:
    description: Ansible can do the work in its own process on the controller, without starting a module.
    support: partial
    details:
      - Where the module would run in the Python that runs Ansible, with a local connection, without C(become),
        C(environment) and C(async). The result is the same.
      - Elsewhere, on macOS, and with C(ANSIBLE_KEEP_REMOTE_FILES), the module does the work.
  check_mode:
    description: Can run in check mode and say what would change, without changing anything.
  diff_mode:
    description: Returns what has changed, or would change, when in diff mode.
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
