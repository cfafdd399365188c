# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: iam_token
short_description: Get an IAM token of Huawei Cloud
version_added: 0.1.0
description:
  - Logs in to Huawei Cloud's Identity and Access Management (IAM) with a user and a password, and returns the token.
  - A lookup runs on the controller, also in check mode, each time that a template with it is evaluated. A play variable
    is evaluated at each use. A run still logs in only once, see O(cache).
  - Options are validated like module options. An unknown option is an error. V(null) and C(omit) count as not set.
  - The lookup never prints a value. Do not use C(set_fact) with C(cacheable), or C(set_stats), on a token, because they
    store it.
options:
  _terms:
    description:
      - Names of projects. The lookup returns one token for each. Without terms, it returns one token for O(project_id)
        or O(project_name).
      - Each term is one name. Pass a list of names as V(query('huaweicloud.drs.iam_token', *names\)). A term that is a
        list, empty, V(null) or C(omit) is an error.
    type: list
    elements: str
extends_documentation_fragment:
  - huaweicloud.drs.iam_lookup
  - huaweicloud.drs.iam_lookup.project
  - huaweicloud.drs.iam_lookup.detail
  - huaweicloud.drs.iam_lookup.user
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Stop jobs with a token of a user from the environment (HW_USER_NAME and others)
  huaweicloud.drs.drs_job_batch_stop:
    region: ap-southeast-1
    project_id: 054ba152d480d55b2f5dc0069e7ddef0
    token: "{{ lookup('huaweicloud.drs.iam_token', region='ap-southeast-1') }}"
    job_ids:
      - c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r

- name: Show the project of a user's token, and its expiration
  ansible.builtin.debug:
    msg: "{{ login.project_name }} ({{ login.project_id }}), until {{ login.expires_at }}"
  vars:
    login: "{{ lookup('huaweicloud.drs.iam_token', detail=true, region='ap-southeast-1', username='migration',
      password=vault_iam_password, domain_name='example') }}"

- name: Log in with the code of a virtual MFA device, prompted for at the start
  huaweicloud.drs.drs_job_batch_stop:
    region: ap-southeast-1
    token: "{{ lookup('huaweicloud.drs.iam_token', region='ap-southeast-1', user_id=iam_user_id,
      password=vault_iam_password, totp_passcode=mfa_code) }}"
    job_ids:
      - c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
"""

RETURN = r"""
_raw:
  description: The tokens as plain strings, or as dictionaries with O(detail).
  type: list
  elements: raw
  contains:
    token:
      description: The token.
      type: str
    expires_at:
      description: The time when it expires, in UTC, usually after 24 hours.
      type: str
      sample: "2026-11-25T06:52:13.855000Z"
    issued_at:
      description: The time when it was issued, in UTC.
      type: str
      sample: "2026-11-24T06:52:13.855000Z"
    project_id:
      description: The ID of the project that it is valid for.
      type: str
      sample: 054ba152d480d55b2f5dc0069e7ddef0
    project_name:
      description: The name of the project.
      type: str
      sample: ap-southeast-1
    user_name:
      description: The name of the IAM user.
      type: str
    domain_name:
      description: The name of the account.
      type: str
"""

from typing import Any

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import build_password_credential
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._iam_lookup import IamLookup


class LookupModule(IamLookup):
    def get_values(self, terms: list[str]) -> list[Any]:
        user = build_password_credential(self.get_option)
        cloud_region = self.cloud_region(terms_are_projects=bool(terms))
        scopes = self.build_scopes(cloud_region, terms)
        with self.open_session(cloud_region, len(scopes)) as session:
            return self.format_tokens([session.user_token(user, scope) for scope in scopes])
