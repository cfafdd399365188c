#!/usr/bin/python
# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drs_job_info
short_description: Look at DRS jobs
version_added: 0.1.0
description:
  - Gives jobs of the Huawei Cloud Data Replication Service (DRS), by their IDs or by what they are. It changes nothing.
  - Without O(job_ids) it gives all jobs of the project that the other options let through, from all pages.
  - The documentation says that the list of API v5 serves some engines only. So with O(api_version=auto) the list of v3
    is read too, and the jobs of both are given, each once. Should that of v3 fail while v5 has answered, there is a
    warning; with any other failure the task fails, so a list is never cut short without a word.
  - The task takes at most ten minutes.
  - O(job_ids) or a filter that is V(null) is an error, for what is listed is often stopped next. To leave one out in a
    template, use C(default(omit)).
options:
  job_ids:
    description:
      - The IDs of the jobs to give, each 1 to 64 letters, digits and hyphens. IDs that differ in case are different
        jobs, and IDs of digits have to be in quotes.
      - The result has their order. An ID that does not exist is no failure; its job has the phase V(missing).
      - An empty list is an empty result, without any request.
      - Not together with the options that choose jobs by what they are.
    type: list
    elements: str
  job_type:
    description: Only jobs of this type. Without it, of all types.
    type: str
    choices: [migration, sync, cloudDataGuard, replay]
  name:
    description: Only jobs with this name. The cloud compares it, with the IDs too.
    type: str
  status:
    description:
      - Only jobs with one of these statuses, for example V(INCRE_TRANSFER_STARTED).
      - There is a warning for a status that is not known. It filters all the same, for the cloud adds some over time.
        What is more than letters and underscores is an error.
      - To choose by what a status means, filter the result by its RV(jobs[].phase) instead.
    type: list
    elements: str
  engine_type:
    description: Only jobs of this engine, for example V(mysql) or V(postgresql), as the API names it.
    type: str
  net_type:
    description:
      - Only jobs with this network, V(eip), V(vpn) or V(vpc). For any other there is a warning.
    type: str
  enterprise_project_id:
    description: Only jobs of this enterprise project.
    type: str
extends_documentation_fragment:
  - huaweicloud.drs._connection
  - huaweicloud.drs._attributes
  - huaweicloud.drs._attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - It only reads.
  diff_mode:
    support: none
    details:
      - It changes nothing.
  idempotent:
    support: full
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Look at two jobs
  huaweicloud.drs.drs_job_info:
    region: ap-southeast-1
    job_ids:
      - c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
      - dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t
  register: info

- name: List all migrations, whatever their status
  huaweicloud.drs.drs_job_info:
    region: ap-southeast-1
    job_type: migration
  register: info

- name: Stop those that are running, none of them by force
  huaweicloud.drs.drs_job_batch_stop:
    region: ap-southeast-1
    jobs: "{{ dict(running | product([false])) | dict2items(key_name='job_id', value_name='is_force_stop') }}"
  vars:
    running: "{{ info.jobs | selectattr('phase', 'eq', 'running') | map(attribute='id') }}"

- name: Wait until given jobs have stopped, and show each look
  huaweicloud.drs.drs_job_info:
    region: ap-southeast-1
    job_ids: "{{ drs_job_ids }}"
  register: info
  until: info.jobs | default([]) | rejectattr('phase', 'in', ['stopped', 'missing']) | length == 0
  retries: 60
  delay: 30
"""

RETURN = r"""
msg:
  description: What could not be read, and why.
  returned: when the task fails
  type: str
  sample: "1 of 2 DRS jobs could not be read: dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s (... answered HTTP 403)"
jobs:
  description:
    - The jobs, in the order of O(job_ids), else as the cloud lists them.
    - The keys up to RV(jobs[].description) are always there, null where the cloud did not say; the others only where it
      did.
    - With O(job_ids) and a failure, those that could be read.
  returned: when the options make sense
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the job.
      type: str
      sample: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
    name:
      description: The name of the job.
      type: str
      sample: DRS-1234
    status:
      description: The status; null for a job that does not exist.
      type: str
      sample: INCRE_TRANSFER_STARTED
    phase:
      description:
        - What the status means.
        - V(not_started), being created or configured, or waiting for its start.
        - V(running), also while it is paused or changed, and in any status that is not known yet.
        - V(failed), it has failed, and holds its resources. A stop that has failed counts, too.
        - V(stopping), its end is under way.
        - V(stopped), it has ended, has been deleted, or could not be created.
        - V(missing), there is no such job.
      type: str
      sample: running
    job_type:
      description: V(migration), V(sync), V(cloudDataGuard) or V(replay).
      type: str
      sample: migration
    engine_type:
      description: The engine, as the API names it.
      type: str
      sample: mysql
    net_type:
      description: V(eip), V(vpn) or V(vpc).
      type: str
      sample: eip
    create_time:
      description: When it was created, as the cloud gives it; usually milliseconds since 1970, in a string.
      type: str
      sample: "1608188903063"
    description:
      description: The description that somebody gave it.
      type: str
      sample: orders to RDS
    job_direction:
      description: V(up) into the cloud, V(down) out of it, V(non-dbs) between databases of one's own.
      returned: where the cloud says so
      type: str
      sample: up
    task_type:
      description: Which parts it has, full or incremental or both, as the API names them.
      returned: where the cloud says so
      type: str
      sample: FULL_INCR_TRANS
    charging_mode:
      description: V(period) for a yearly or monthly job, which has to be unsubscribed before it is stopped.
      returned: where the cloud says so
      type: str
      sample: on_demand
    enterprise_project_id:
      description: The ID of the enterprise project.
      returned: where the cloud says so
      type: str
      sample: "0"
    billing_tag:
      description: Whether it is billed.
      returned: where the cloud says so
      type: bool
      sample: true
    job_mode:
      description: V(single), or what kind of group it belongs to.
      returned: where the cloud says so
      type: str
      sample: single
    job_mode_role:
      description: Its part in such a group, for example V(parent) or V(child).
      returned: where the cloud says so
      type: str
      sample: parent
    is_multi_az:
      description: Whether it runs in several availability zones.
      returned: where the cloud says so
      type: bool
      sample: false
    node_role:
      description: The role of its node.
      returned: where the cloud says so
      type: str
      sample: MASTER
    parent_id:
      description: The ID of its parent.
      returned: where the cloud says so
      type: str
      sample: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
    master_job_id:
      description: The ID of its master.
      returned: where the cloud says so
      type: str
      sample: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
    error_code:
      description: The code of the error that it failed with.
      returned: where the cloud says so
      type: str
      sample:
    error_msg:
      description: The text of that error.
      returned: where the cloud says so
      type: str
      sample:
    job_action:
      description: Which actions are possible; C(FREE_RESOURCE) is the stop.
      returned: where the cloud says so
      type: dict
      sample: {available_actions: [FREE_RESOURCE], unavailable_actions: [], current_action: ""}
    children:
      description: Its subtasks, with the same keys but for C(job_action) and C(children).
      returned: where the cloud says so
      type: list
      elements: dict
      sample: []
count:
  description: How many jobs there are in RV(jobs).
  returned: when the options make sense
  type: int
  sample: 1
error:
  description: The error of the first job that C(msg) names, or of the task, for conditions in a playbook.
  returned: when the task fails
  type: dict
  contains:
    code:
      description: The code of the cloud's error, null where there is none.
      type: str
      sample: DRS.M00289
    message:
      description: The text of the error.
      type: str
      sample: The job does not exist.
    http_status:
      description: The HTTP status of the response that refused a whole request, null where there was none.
      type: int
      sample: 403
    request_id:
      description: The C(X-Request-Id) of that response, for Huawei Cloud's support.
      type: str
      sample: 9f37a1e4c1f2b8d0
endpoint:
  description: The base URL of DRS that the task used.
  returned: in check mode, and at C(-v)
  type: str
  sample: https://drs.ap-southeast-1.myhuaweicloud.com
project_id:
  description: The ID of the project that the task used; null where it had to be found and was not.
  returned: in check mode, and at C(-v)
  type: str
  sample: 054ba152d480d55b2f5dc0069e7ddef0
retries:
  description:
    - The requests that were repeated, one line each, with the reason, the number of the attempt and the delay before.
    - Where the task runs in Ansible's own process, the lines are shown at once.
  returned: at C(-vv), when there were any
  type: list
  elements: str
  sample: ["POST https://drs.ap-southeast-1.myhuaweicloud.com/.../batch-status: HTTP 429, attempt 2 in 5.3 s"]
api_versions:
  description: Which version of the API served each kind of call, as far as there were any.
  returned: at C(-v)
  type: dict
  sample: {list: v5 and v3}
"""

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Clock
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.base import DrsModule
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.info_task import get_job_info, info_spec


def main(clock: Clock | None = None) -> None:
    module = DrsModule(info_spec())
    module.exit_with(get_job_info(module, clock))


if __name__ == "__main__":
    main()
