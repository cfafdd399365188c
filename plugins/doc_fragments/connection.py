# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not extend it from elsewhere. Its name has no underscore, because the
# language server of Ansible reads no fragment whose name begins with one, and then completes none of these options.
"""The options for location, credential and requests."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that all modules and the inventory share."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - The ID of the region, for example V(ap-southeast-1). The host names of DRS and IAM are built from it.
      - If the task names no region, the environment variable E(HW_REGION_NAME) is used. An O(endpoint) or
        O(iam_endpoint) of the usual form, C(https://drs.REGION.CLOUD), also names a region.
      - If the task names another region than the environment, the O(project_id) and O(project_name) of the environment
        are not used. Its O(endpoint) and O(iam_endpoint) are an error if the task would use them.
    type: str
  project_id:
    description:
      - The ID of the project that the jobs belong to.
      - Without it, the ID comes from IAM, with the login or with one or two requests. This needs no permission in IAM.
        The project must be enabled, and a O(token) must be valid for it.
      - If the task names neither this nor O(project_name), and no other O(region) than the environment, the environment
        variables E(HW_PROJECT_ID) and E(HUAWEICLOUD_SDK_PROJECT_ID) are used.
    type: str
  project_name:
    description:
      - The name of the project to log in to, if O(project_id) is not set.
      - The default is the name of the O(region), which is also the name of the region's own project.
      - If the task names neither this nor O(project_id), and no other O(region) than the environment, the environment
        variable E(HW_PROJECT_NAME) is used.
    type: str
  token:
    description:
      - An IAM token that is valid for the project, for example from P(huaweicloud.drs.iam_token#lookup).
      - A credential in the task is used whatever the environment contains. An empty or blank one is an error.
      - If several are set, O(token) is used first, then O(access_key).
      - If the task names no credential, the environment variable E(HW_AUTH_TOKEN) is used.
    type: str
  access_key:
    description:
      - The ID of a permanent or temporary access key. Requests are signed with it, and no token is needed.
      - If the task names no credential, the environment variables E(HW_ACCESS_KEY) and E(HUAWEICLOUD_SDK_AK)
        are used.
    type: str
  secret_key:
    description:
      - The secret of the access key. It never leaves this machine.
      - If the task names no credential, the environment variables E(HW_SECRET_KEY) and E(HUAWEICLOUD_SDK_SK) are used.
        AWX shows the value of the second in clear.
    type: str
  security_token:
    description:
      - The security token of a temporary access key.
      - If the task names no credential, the environment variables E(HW_SECURITY_TOKEN) and
        E(HUAWEICLOUD_SDK_SECURITY_TOKEN) are used.
    type: str
  username:
    description:
      - The name of an IAM user, to log in and get a token with.
      - If the task names no credential, the environment variable E(HW_USER_NAME) is used.
    type: str
  password:
    description:
      - The password of the IAM user. A refused password is not sent again.
      - If the task names no credential, the environment variable E(HW_USER_PASSWORD) is used.
    type: str
  domain_name:
    description:
      - The name of the account that the IAM user belongs to.
      - If the task names no other credential, the environment variable E(HW_DOMAIN_NAME) is used.
    type: str
  cloud:
    description:
      - The domain of the cloud. The hosts are C(https://drs.REGION.CLOUD) and C(https://iam.REGION.CLOUD).
      - The default is V(myhuaweicloud.com), and V(myhuaweicloud.eu) for regions that start with V(eu-west-1).
      - If not set, the environment variable E(HW_CLOUD) is used.
      - If the task names another cloud than the environment, an O(endpoint) and O(iam_endpoint) of the environment must
        be in that cloud.
    type: str
  endpoint:
    description:
      - The base URL of DRS, with or without a trailing C(/v3) or C(/v5), instead of the URL built from O(region) and
        O(cloud).
      - If only one of O(endpoint) and O(iam_endpoint) is set, it must be in the same cloud as the one that is built.
        Otherwise set both, or O(cloud).
      - If not set, the environment variable E(HW_DRS_ENDPOINT) is used.
      - At C(-v) and in check mode modules return the URL that was used as C(endpoint).
    type: str
  iam_endpoint:
    description:
      - The base URL of IAM, with or without a trailing C(/v3), instead of the URL built from O(region) and O(cloud).
      - The option and its alias must not have different values.
      - If not set, the environment variable E(HW_AUTH_URL) is used.
    type: str
    aliases: [auth_url]
  language:
    description: The language of the cloud's error texts.
    type: str
    choices: [en-us, zh-cn]
    default: en-us
  validate_certs:
    description:
      - Whether to check the certificates of the servers.
      - This takes precedence over the environment variable E(REQUESTS_CA_BUNDLE).
    type: bool
    default: true
  ca_path:
    description:
      - The path of a CA bundle to check certificates with. The default is E(REQUESTS_CA_BUNDLE).
      - If not set, the environment variable E(HW_CA_PATH) is used.
    type: path
  timeout:
    description:
      - The time to wait for a connection, and for each part of a response, in seconds.
      - More than 0 and at most 3600.
    type: float
    default: 30
  retries:
    description:
      - The maximum number of times to send a request again, if that is safe.
      - A stop is sent again only if the cloud cannot have acted on it.
      - At C(-vv) each retry is shown with its request, reason, attempt and delay.
      - From 0 to 100.
      - If not set, the environment variable E(HW_MAX_RETRIES) is used.
    type: int
    default: 5
  api_version:
    description:
      - The version of the DRS API to use.
      - V(auto) uses v5, or v3 in a region where the gateway responds that v5 is not published.
      - Even with V(v5), statuses are read with v3, because only v3 reads many jobs with one request. In a region
        without v3 they are read with v5, one job per request.
      - At C(-v) modules return the versions that were used as C(api_versions).
    type: str
    choices: [auto, v5, v3]
    default: auto
requirements:
  - requests >= 2.28
"""
