# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the options that say where and as whom."""

from __future__ import annotations


class ModuleDocFragment:
    """The shared options of modules."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - The ID of the region, for example V(ap-southeast-1). It builds the host names of DRS and IAM.
      - If the task names no region, the environment variable E(HW_REGION_NAME) is used. An O(endpoint) or
        O(iam_endpoint) of the usual form, C(https://drs.REGION.CLOUD), names one, too.
      - Where the task names another region than the environment, the environment's O(project_id) and O(project_name)
        do not count, and its O(endpoint) and O(iam_endpoint) are an error if they would be used.
    type: str
  project_id:
    description:
      - The ID of the project that the jobs belong to.
      - Without it, IAM is asked, with a request or two more where that is not part of the login. That takes no
        permission in IAM. The project has to be enabled, and a O(token) has to be good for it.
      - If the task names neither this nor O(project_name), and no other O(region) than the environment, the environment
        variables E(HW_PROJECT_ID) and E(HUAWEICLOUD_SDK_PROJECT_ID) are used.
    type: str
  project_name:
    description:
      - The name of the project to log in to, where O(project_id) is not given.
      - The default is the name of the O(region), which is the name of the region's own project.
      - If the task names neither this nor O(project_id), and no other O(region) than the environment, the environment
        variable E(HW_PROJECT_NAME) is used.
    type: str
  token:
    description:
      - An IAM token that is good for the project, as P(huaweicloud.drs.iam_token#lookup) gives it.
      - Credentials in the task are used whatever the environment holds. One that is empty or blank is an error.
      - Of several, O(token) comes first, then O(access_key).
      - If the task names no credential, the environment variable E(HW_AUTH_TOKEN) is used.
    type: str
  access_key:
    description:
      - The ID of a permanent or temporary access key. Requests are signed with it; no token is needed.
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
      - The name of an IAM user. The module gets a token of its own.
      - If the task names no credential, the environment variable E(HW_USER_NAME) is used.
    type: str
  password:
    description:
      - The password of the IAM user. A refused password is not tried again.
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
      - If not given, the environment variable E(HW_CLOUD) is used.
      - Where the task names another cloud than the environment, an O(endpoint) and O(iam_endpoint) of the environment
        have to be in it.
    type: str
  endpoint:
    description:
      - The base URL of DRS, with or without a trailing C(/v3) or C(/v5), in place of the one that O(region) and
        O(cloud) build.
      - Where only one of O(endpoint) and O(iam_endpoint) is named, it has to be in the cloud in which the other one is
        built. Otherwise give both, or O(cloud).
      - If not given, the environment variable E(HW_DRS_ENDPOINT) is used.
      - At C(-v) and in check mode the result says in RV(endpoint) what was used.
    type: str
  iam_endpoint:
    description:
      - The base URL of IAM, with or without a trailing C(/v3), in place of the one that O(region) and O(cloud) build.
      - Together with its alias it is an error, unless both say the same.
      - If not given, the environment variable E(HW_AUTH_URL) is used.
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
      - This wins over the environment variable E(REQUESTS_CA_BUNDLE).
    type: bool
    default: true
  ca_path:
    description:
      - The path of a CA bundle to check certificates with. Without it, E(REQUESTS_CA_BUNDLE) counts.
      - If not given, the environment variable E(HW_CA_PATH) is used.
    type: path
  timeout:
    description:
      - How long to wait for a connection, and for each piece of an answer, in seconds.
      - More than 0 and at most 3600.
    type: float
    default: 30
  retries:
    description:
      - How often to send a request again where that is safe.
      - A stop is sent again only where the cloud cannot have acted on it.
      - From 0 to 100.
      - If not given, the environment variable E(HW_MAX_RETRIES) is used.
    type: int
    default: 5
  api_version:
    description:
      - The generation of the DRS API to use.
      - V(auto) uses v5, and v3 in a region where the gateway says that the API of v5 is not published.
      - Statuses are read with v3 also where V(v5) is given, because only v3 reads those of many jobs at once; in a
        region without v3 they are read with v5, job by job.
      - At C(-v) the result says in RV(api_versions) what was used.
    type: str
    choices: [auto, v5, v3]
    default: auto
requirements:
  - requests >= 2.28
"""
