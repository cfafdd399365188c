#!/usr/bin/python
# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drs_job_info
short_description: Get information about DRS jobs
version_added: 0.1.0
description:
  - Returns jobs of the Huawei Cloud Data Replication Service (DRS), by their IDs or by a filter. It changes nothing.
  - Without O(job_ids) it returns all jobs of the project that match the other options, from all pages.
  - According to the documentation, the list of API v5 contains only some engines. So with O(api_version=auto) the
    module also reads the list of v3, and returns each job once. If only the list of v3 fails, there is a warning. Any
    other failure makes the task fail, so a list is never incomplete without a message.
  - The task takes at most ten minutes.
  - If O(job_ids) or a filter is V(null), the task fails, because the listed jobs are often stopped next. To leave one
    out in a template, use V(default(omit\)).
options:
  job_ids:
    description:
      - The IDs of the jobs to return, each 1 to 64 letters, digits and hyphens. IDs that differ in case are different
        jobs. Quote an ID that consists of digits.
      - The result is in the same order. An ID that does not exist is not a failure; its job has the phase V(missing).
      - An empty list returns an empty result without any request.
      - Cannot be combined with the filters O(job_type), O(name), O(status), O(engine_type), O(net_type) and
        O(enterprise_project_id).
    type: list
    elements: str
  job_type:
    description: Only jobs of this type. The default is all types.
    type: str
    choices: [migration, sync, cloudDataGuard, replay]
  name:
    description: Only jobs with this name. The cloud also compares it with the IDs.
    type: str
  status:
    description:
      - Only jobs with one of these statuses, for example V(INCRE_TRANSFER_STARTED).
      - An unknown status is a warning, not an error, because the cloud adds new ones over time. A value with other
        characters than letters and underscores is an error.
      - To select jobs by the meaning of the status, filter the result by RV(jobs[].phase) instead.
    type: list
    elements: str
  engine_type:
    description: Only jobs of this engine, for example V(mysql) or V(postgresql), as the API names it.
    type: str
  net_type:
    description:
      - Only jobs with this network, V(eip), V(vpn) or V(vpc). Any other value causes a warning.
    type: str
  enterprise_project_id:
    description: Only jobs of this enterprise project.
    type: str
  details:
    description:
      - What else to return of each job. Each takes further requests.
      - V(lag) is RV(jobs[].lag) and RV(jobs[].lag_reason), also of subtasks.
      - V(progress) is RV(jobs[].progress) and RV(jobs[].task_mode).
      - V(endpoints) is RV(jobs[].source) and RV(jobs[].target).
      - Details that cannot be read are null. They do not make the task fail.
    type: list
    elements: str
    choices: [lag, progress, endpoints]
    default: []
    version_added: 0.2.0
extends_documentation_fragment:
  - huaweicloud.drs.connection
  - huaweicloud.drs.attributes
  - huaweicloud.drs.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - The module only reads.
  diff_mode:
    support: none
    details:
      - The module changes nothing.
  idempotent:
    support: full
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Get two jobs
  huaweicloud.drs.drs_job_info:
    region: ap-southeast-1
    job_ids:
      - c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
      - dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t
  register: info

- name: Show how far the running jobs lag behind their sources
  huaweicloud.drs.drs_job_info:
    region: ap-southeast-1
    details: [lag]
  register: info

- name: Show them as a table
  ansible.builtin.debug:
    msg: "{{ info.jobs | selectattr('phase', 'eq', 'running') | huaweicloud.drs.job_table }}"

- name: List all migrations, with any status
  huaweicloud.drs.drs_job_info:
    region: ap-southeast-1
    job_type: migration
  register: info

- name: Stop those that are running, without force
  huaweicloud.drs.drs_job_batch_stop:
    region: ap-southeast-1
    job_ids: "{{ info.jobs | selectattr('phase', 'eq', 'running') | map(attribute='id') }}"

- name: Wait until jobs have stopped, and show each read of the status
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
  description: The jobs that could not be read, and the cause.
  returned: when the task fails
  type: str
  sample: "1 of 2 DRS jobs could not be read: dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s (... answered HTTP 403)"
jobs:
  description:
    - The jobs, in the order of O(job_ids), or in the order of the cloud's list.
    - The keys up to RV(jobs[].description) are always present, null if the cloud did not return them. The other keys
      are only present if the cloud returned them.
    - If the task fails with O(job_ids), the jobs that could be read.
  returned: when the options are valid
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
      description: The status, null for a job that does not exist.
      type: str
      sample: INCRE_TRANSFER_STARTED
    phase:
      description:
        - The meaning of the status.
        - V(not_started), the job is being created or configured, or waits for its start.
        - V(running), the job runs, is paused, is being changed, or has an unknown status.
        - V(failed), the job or its stop has failed. The job keeps its resources.
        - V(stopping), the job is stopping.
        - V(stopped), the job has ended, was deleted, or could not be created.
        - V(missing), the job does not exist.
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
      description: The time of creation as the cloud returns it, usually milliseconds since 1970, as a string.
      type: str
      sample: "1608188903063"
    description:
      description: The description of the job.
      type: str
      sample: orders to RDS
    job_direction:
      description: V(up) into the cloud, V(down) out of the cloud, V(non-dbs) between self-built databases.
      returned: when the cloud returns it
      type: str
      sample: up
    task_type:
      description: The parts of the job (full, incremental or both), as the API names them.
      returned: when the cloud returns it
      type: str
      sample: FULL_INCR_TRANS
    charging_mode:
      description: V(period) for a yearly or monthly job, which must be unsubscribed before it is stopped.
      returned: when the cloud returns it
      type: str
      sample: on_demand
    enterprise_project_id:
      description: The ID of the enterprise project.
      returned: when the cloud returns it
      type: str
      sample: "0"
    billing_tag:
      description: Whether the job is billed.
      returned: when the cloud returns it
      type: bool
      sample: true
    job_mode:
      description: V(single), or the kind of group that the job belongs to.
      returned: when the cloud returns it
      type: str
      sample: single
    job_mode_role:
      description: The role in such a group, for example V(parent) or V(child).
      returned: when the cloud returns it
      type: str
      sample: parent
    is_multi_az:
      description: Whether the job runs in several availability zones.
      returned: when the cloud returns it
      type: bool
      sample: false
    node_role:
      description: The role of the node.
      returned: when the cloud returns it
      type: str
      sample: MASTER
    parent_id:
      description: The ID of the parent job.
      returned: when the cloud returns it
      type: str
      sample: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
    master_job_id:
      description: The ID of the master job.
      returned: when the cloud returns it
      type: str
      sample: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
    error_code:
      description: The error code of a failed job.
      returned: when the cloud returns it
      type: str
      sample:
    error_msg:
      description: The text of that error.
      returned: when the cloud returns it
      type: str
      sample:
    lag:
      description:
        - The seconds by which the target lags behind the source, null if that is not known.
        - It is known in the incremental phase only, from a sample that the cloud took up to some seconds ago. Of a
          disaster recovery job it is the larger of RPO and RTO, and of a job with subtasks the largest of theirs.
        - A lag of 0 says nothing of open transactions, of objects outside the selection, and of rows that were skipped.
      returned: with O(details=lag)
      type: float
      sample: 0.2
    lag_reason:
      description: Why the lag is not known, null if it is.
      returned: with O(details=lag)
      type: str
      sample:
    progress:
      description: How much of C(structure), C(data) and C(index) is done, in per cent. Null where it is not known.
      returned: with O(details=progress)
      type: dict
      sample: {structure: 100, data: 100, index: 100}
    task_mode:
      description: The task mode, null if it is not known. V(FULL_TRANS), V(INCR_TRANS) or V(FULL_INCR_TRANS).
      returned: with O(details=progress)
      type: str
      sample: FULL_INCR_TRANS
    source:
      description:
        - The source of the job, with C(ip), C(db_port), C(inst_id), C(inst_name), C(region), C(db_type) and C(db_name).
          Null where the cloud does not return it.
        - No other fields are returned, because the API keeps passwords and keys beside them.
      returned: with O(details=endpoints)
      type: dict
      sample:
        {ip: 192.0.2.1, db_port: 3306, inst_id: null, inst_name: null, region: null, db_type: mysql, db_name: orders}
    target:
      description: The target of the job, with the same fields as RV(jobs[].source).
      returned: with O(details=endpoints)
      type: dict
      sample:
        {ip: 192.0.2.2, db_port: 3306, inst_id: null, inst_name: null, region: null, db_type: mysql, db_name: orders}
    job_action:
      description: The possible actions. C(FREE_RESOURCE) is the stop.
      returned: when the cloud returns it
      type: dict
      sample: {available_actions: [FREE_RESOURCE], unavailable_actions: [], current_action: ""}
    children:
      description: The subtasks, with the same keys except C(job_action) and C(children).
      returned: when the cloud returns it
      type: list
      elements: dict
      sample: []
count:
  description: The number of jobs in RV(jobs).
  returned: when the options are valid
  type: int
  sample: 1
error:
  description:
    - The error of the first job that RV(msg) names, or of the whole task.
    - Use it in conditions of a playbook, such as C(failed_when) or C(rescue).
  returned: when the task fails
  type: dict
  contains:
    code:
      description: The error code of the cloud, null if there is none.
      type: str
      sample: DRS.M00289
    message:
      description: The text of the error.
      type: str
      sample: The job does not exist.
    http_status:
      description: The HTTP status of the response that refused a whole request, null if there is none.
      type: int
      sample: 403
    request_id:
      description: The C(X-Request-Id) of the response, for the support of Huawei Cloud. Null if there is none.
      type: str
      sample: 9f37a1e4c1f2b8d0
endpoint:
  description: The base URL of DRS that the task used.
  returned: in check mode, and at C(-v)
  type: str
  sample: https://drs.ap-southeast-1.myhuaweicloud.com
project_id:
  description: The ID of the project that the task used, null if it could not be found.
  returned: in check mode, and at C(-v)
  type: str
  sample: 054ba152d480d55b2f5dc0069e7ddef0
retries:
  description:
    - The requests that were repeated, one line each, with the reason, the number of the attempt and the delay before.
    - Where the task runs in Ansible's own process, the lines are shown at once.
    - Of more than 100, the latest 100, and before them a line with the number of the others.
  returned: at C(-vv), when there were any
  type: list
  elements: str
  sample: ["POST https://drs.ap-southeast-1.myhuaweicloud.com/.../batch-status: HTTP 429, attempt 2 in 5.3 s"]
api_versions:
  description: The version of the API that was used for each kind of call. Kinds without a call are left out.
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
