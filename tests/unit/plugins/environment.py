# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which variables of the environment each option of the modules reads, the first that is set: who, where and how."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.cloud_region import REGION_ENVIRONMENT
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import CREDENTIAL_ENVIRONMENT
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.arguments import common_argument_spec

READ: Mapping[str, tuple[str, ...]] = {
    **CREDENTIAL_ENVIRONMENT,
    **REGION_ENVIRONMENT,
    **{name: tuple(option["fallback"][1]) for name, option in common_argument_spec().items() if "fallback" in option},
}
VARIABLES = [variable for variables in READ.values() for variable in variables]
