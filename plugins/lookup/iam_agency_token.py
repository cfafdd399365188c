# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: iam_agency_token
short_description: Get an IAM token for another Huawei Cloud account that has delegated its resources
version_added: 0.1.0
description:
  - An account A can create an agency that lets another account B manage its resources. This lookup uses a user of B,
    and returns a token that is valid for a project of A.
  - The user of B, or the O(token) of that user, needs the permission Agent Operator.
  - A run requests one token for each user, agency and project. P(huaweicloud.drs.iam_token#lookup) shows how lookups
    work.
options:
  _terms:
    description:
      - Names of projects of account A. The lookup returns one token for each. Without terms, it returns one token for
        O(project_id) or O(project_name).
      - Each term is one name. Pass a list of names as V(query('huaweicloud.drs.iam_agency_token', *names\)).
    type: list
    elements: str
  agency_name:
    description: The name of the agency in account A.
    type: str
    required: true
    env:
      - name: HW_ASSUME_ROLE_AGENCY_NAME
    vars:
      - name: huaweicloud_agency_name
  agency_domain_name:
    description: The name of account A, which owns the agency.
    type: str
    required: true
    env:
      - name: HW_ASSUME_ROLE_DOMAIN_NAME
    vars:
      - name: huaweicloud_agency_domain_name
extends_documentation_fragment:
  - huaweicloud.drs.iam_lookup
  - huaweicloud.drs.iam_lookup.project
  - huaweicloud.drs.iam_lookup.detail
  - huaweicloud.drs.iam_lookup.token
  - huaweicloud.drs.iam_lookup.user
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Stop a job of the account "customer" with its agency, and with a user from the environment
  huaweicloud.drs.drs_job_batch_stop:
    region: ap-southeast-1
    token: "{{ lookup('huaweicloud.drs.iam_agency_token', agency_name='migration', agency_domain_name='customer',
      region='ap-southeast-1') }}"
    job_ids:
      - c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
"""

RETURN = r"""
_raw:
  description: The tokens as plain strings, or with O(detail) as dictionaries, see P(huaweicloud.drs.iam_token#lookup).
  type: list
  elements: raw
"""

import os
from typing import Any

from ansible_collections.huaweicloud.drs.plugins.plugin_utils._iam_lookup import IamLookup
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._lookup_options import (
    parse_agency,
    parse_lookup_credential,
)


class LookupModule(IamLookup):
    def get_values(self, terms: list[str]) -> list[Any]:
        agency = parse_agency(self.get_option)
        owner = parse_lookup_credential(self.get_option, self.explicit_options, os.environ, allow_access_key=False)
        cloud_region = self.cloud_region(terms_are_projects=bool(terms))
        scopes = self.build_scopes(cloud_region, terms)
        with self.open_session(cloud_region, 1 + len(scopes)) as session:
            return self.format_tokens([session.agency_token(owner, agency, scope) for scope in scopes])
