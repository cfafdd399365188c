# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not extend it from elsewhere. For the underscore that its name lacks
# see connection.py.
"""The options that the IAM lookups share."""

from __future__ import annotations


class ModuleDocFragment:
    """The options for location, credential and project."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - The ID of the region, for example V(ap-southeast-1). The host name of IAM is built from it.
      - If the task names another region than the environment, with this option or with an O(iam_endpoint) of the usual
        form, C(https://iam.REGION.CLOUD), the project of the environment is not used, and its O(iam_endpoint) is an
        error.
    type: str
    env:
      - name: HW_REGION_NAME
    vars:
      - name: huaweicloud_region
  cloud:
    description:
      - The domain of the cloud. The host is C(https://iam.REGION.CLOUD).
      - The default is V(myhuaweicloud.com), and V(myhuaweicloud.eu) for regions that start with V(eu-west-1).
      - If the task names another cloud than the environment, an O(iam_endpoint) of the environment must be in that
        cloud.
      - If neither this nor O(iam_endpoint) is set, E(HW_DRS_ENDPOINT) must be in the cloud of the region. Otherwise the
        credential would be sent to the wrong cloud.
    type: str
    env:
      - name: HW_CLOUD
    vars:
      - name: huaweicloud_cloud
  iam_endpoint:
    description:
      - The base URL of IAM, with or without a trailing C(/v3), instead of the URL built from O(region) and O(cloud).
      - The option and its alias must not have different values.
    type: str
    aliases: [auth_url]
    env:
      - name: HW_AUTH_URL
    vars:
      - name: huaweicloud_iam_endpoint
  validate_certs:
    description:
      - Whether to check the certificate of the server. This takes precedence over E(REQUESTS_CA_BUNDLE).
      - A value that is not a boolean is an error, also an empty text, as for every option of this type. V(null) and
        C(omit) count as not set, so certificates are checked.
    type: bool
    default: true
    vars:
      - name: huaweicloud_validate_certs
  ca_path:
    description: The path of a CA bundle to check certificates with. The default is E(REQUESTS_CA_BUNDLE).
    type: path
    env:
      - name: HW_CA_PATH
    vars:
      - name: huaweicloud_ca_path
  timeout:
    description:
      - The time to wait for a connection, and for each part of a response, in seconds.
      - More than 0 and at most 3600.
    type: float
    default: 30
    vars:
      - name: huaweicloud_timeout
  retries:
    description:
      - The maximum number of times to send a request again, if that is safe.
      - At C(-vv) each retry is shown with its request, reason, attempt and delay.
      - From 0 to 100.
    type: int
    default: 5
    env:
      - name: HW_MAX_RETRIES
    vars:
      - name: huaweicloud_retries
  cache:
    description:
      - Whether to cache the responses of IAM for the rest of the run, so that all hosts, tasks and loops log in once.
      - The cache is in the temporary directory of the run (C(DEFAULT_LOCAL_TMP)), encrypted with a key that only the
        processes of the run have. Ansible removes the directory at the end.
      - A token is not used in its last ten minutes, nor after it was refused.
      - Refused credentials are always counted. After the second refusal without a success in between, no more requests
        are sent with them in this run, so that a wrong password does not lock the user.
    type: bool
    default: true
    vars:
      - name: huaweicloud_cache
requirements:
  - requests >= 2.28
"""

    PROJECT = r"""
options:
  project_name:
    description:
      - The name of the project that the token is for. The default is the name of the O(region).
      - If the task names a project, by name, by ID or as a term, the project of the environment is not used. A keyword
        takes precedence over play variables in the same way.
    type: str
    env:
      - name: HW_PROJECT_NAME
    vars:
      - name: huaweicloud_project_name
  project_id:
    description: The ID of the project that the token is for. It takes precedence over O(project_name).
    type: str
    env:
      - name: HW_PROJECT_ID
      - name: HUAWEICLOUD_SDK_PROJECT_ID
    vars:
      - name: huaweicloud_project_id
"""

    DETAIL = r"""
options:
  detail:
    description: Whether to return a dictionary with the token and its details, instead of the plain token.
    type: bool
    default: false
"""

    USER = r"""
options:
  username:
    description: The name of an IAM user.
    type: str
    env:
      - name: HW_USER_NAME
    vars:
      - name: huaweicloud_username
  password:
    description: The password of the IAM user. A refused password is not sent again.
    type: str
    env:
      - name: HW_USER_PASSWORD
    vars:
      - name: huaweicloud_password
  domain_name:
    description: The name of the account that the IAM user belongs to.
    type: str
    env:
      - name: HW_DOMAIN_NAME
    vars:
      - name: huaweicloud_domain_name
  user_id:
    description:
      - The ID of the IAM user, instead of O(username) and O(domain_name), or in addition to them.
      - IAM requires it together with O(totp_passcode).
    type: str
    env:
      - name: HW_USER_ID
    vars:
      - name: huaweicloud_user_id
  totp_passcode:
    description:
      - The six digits that the user's virtual MFA device shows, for a user with login protection.
      - Quote them. A number would lose leading zeros.
      - They are valid for half a minute. The token is cached for the run.
    type: str
    vars:
      - name: huaweicloud_totp_passcode
"""

    TOKEN = r"""
options:
  token:
    description: An IAM token. It takes precedence over all other credentials.
    type: str
    env:
      - name: HW_AUTH_TOKEN
    vars:
      - name: huaweicloud_token
"""  # noqa: S105  documentation

    ACCESS_KEY = r"""
options:
  access_key:
    description: The ID of a permanent or temporary access key. Requests are signed with it.
    type: str
    env:
      - name: HW_ACCESS_KEY
      - name: HUAWEICLOUD_SDK_AK
    vars:
      - name: huaweicloud_access_key
  secret_key:
    description:
      - The secret of the access key. It never leaves this machine.
      - AWX shows the value of E(HUAWEICLOUD_SDK_SK) in clear.
    type: str
    env:
      - name: HW_SECRET_KEY
      - name: HUAWEICLOUD_SDK_SK
    vars:
      - name: huaweicloud_secret_key
  security_token:
    description: The security token of a temporary access key.
    type: str
    env:
      - name: HW_SECURITY_TOKEN
      - name: HUAWEICLOUD_SDK_SECURITY_TOKEN
    vars:
      - name: huaweicloud_security_token
"""
