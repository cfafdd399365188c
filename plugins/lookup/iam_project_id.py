# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: iam_project_id
short_description: Get the IDs of Huawei Cloud projects by their names
version_added: 0.1.0
description:
  - Gets the IDs of projects from IAM. It fails if a name matches no project or several projects that the identity can
    see, or a disabled project. Listing the projects that the identity may use needs no permission in IAM.
  - The modules of this collection find the project on their own. Use this lookup for everything else that needs an ID.
  - The credential is a token, an access key, or a user with a password. The first of these that the task sets is used,
    or the first in the environment.
  - A run queries IAM once for each identity and name. P(huaweicloud.drs.iam_token#lookup) shows how lookups work.
options:
  _terms:
    description:
      - Names of projects. The lookup returns one ID for each. Without terms, it uses the name of the O(region).
      - Each term is one name. Pass a list of names as V(query('huaweicloud.drs.iam_project_id', *names\)).
    type: list
    elements: str
extends_documentation_fragment:
  - huaweicloud.drs.iam_lookup
  - huaweicloud.drs.iam_lookup.token
  - huaweicloud.drs.iam_lookup.access_key
  - huaweicloud.drs.iam_lookup.user
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Show the ID of the region's own project, and of a subproject
  ansible.builtin.debug:
    msg: "{{ query('huaweicloud.drs.iam_project_id', 'ap-southeast-1', 'ap-southeast-1_finance',
      region='ap-southeast-1') }}"
"""

RETURN = r"""
_raw:
  description: The IDs, in the order of the names.
  type: list
  elements: str
"""

import os
from typing import Any

from ansible_collections.huaweicloud.drs.plugins.plugin_utils._iam_lookup import IamLookup
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._lookup_options import (
    parse_lookup_credential,
    parse_project_names,
)


class LookupModule(IamLookup):
    def get_values(self, terms: list[str]) -> list[Any]:
        credential = parse_lookup_credential(self.get_option, self.explicit_options, os.environ)
        cloud_region = self.cloud_region(terms_are_projects=True)
        names = parse_project_names(cloud_region.region, terms)
        with self.open_session(cloud_region, 2 * len(names)) as session:
            return [session.project_id(credential, name) for name in names]
