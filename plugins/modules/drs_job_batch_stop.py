#!/usr/bin/python
# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drs_job_batch_stop
short_description: Stop DRS jobs in batches
version_added: 0.1.0
description:
  - Stops jobs of the Huawei Cloud Data Replication Service (DRS), and says job by job what happened.
  - B(A stop is final.) It ends the job and releases its replication instance; the job cannot be started, resumed
    or reset afterwards. It is not a pause.
  - Jobs that have stopped, or are stopping, are left alone. The status of every job is read before, and with O(wait)
    until it has stopped.
  - The task fails when any job was not stopped. Every batch is tried before that, so one bad job never keeps the
    others from being stopped.
  - When the run of Ansible ends before the task, by a signal, a cancel or its keyword C(timeout), no stop is sent any
    more.
  - A stop whose fate is in doubt, because the connection broke for example, is not simply sent again. The job is
    looked at first, for between 20 and 30 seconds, and gets another stop only if it still runs then.
options:
  jobs:
    description:
      - The jobs to stop.
      - An empty list is a success without any request. V(null) is an error.
      - The same job twice is stopped once, with a warning; twice with different O(jobs[].is_force_stop) is an error.
      - An option of an entry together with its alias is an error, unless both say the same.
    type: list
    elements: dict
    required: true
    suboptions:
      job_id:
        description:
          - The ID of the job, 1 to 64 letters, digits and hyphens. IDs that differ in case are different jobs.
          - An ID of digits has to be in quotes, for YAML may make another number of it.
        type: str
        required: true
        aliases: [id]
      is_force_stop:
        description:
          - Whether to stop this job by force. The default is O(force).
        type: bool
        aliases: [force]
  force:
    description:
      - Whether to stop by force the jobs that do not say otherwise themselves.
      - A forced stop releases the resources without the work that belongs to the end of a migration.
        Triggers and events are then not moved, and a PostgreSQL or GaussDB source keeps its logical replication slot.
        It is meant for jobs in an abnormal state, or where normal stops have failed.
      - The module never forces a stop by itself.
    type: bool
    default: false
  wait:
    description: Whether to wait until each job that is stopping has stopped.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds the whole task may take, with all requests, retries and waiting.
      - When they are over, the task fails with what is known of each job.
      - In AWX, keep it below the timeout of the job template.
      - From 0 to 604800, which is a week.
    type: float
    default: 1800
  wait_interval:
    description:
      - Seconds between two reads of the status. Each read asks for all jobs that are still stopping.
      - From 0 to 86400, which is a day.
    type: float
    default: 10
  batch_size:
    description:
      - How many jobs to stop with one request. No limit of the API is documented.
      - From 1 to 10000.
    type: int
    default: 10
  concurrency:
    description:
      - How many requests may be under way at once.
      - From 1 to 100.
    type: int
    default: 4
extends_documentation_fragment:
  - huaweicloud.drs._connection
  - huaweicloud.drs._attributes
  - huaweicloud.drs._attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - Reads the status of every job, sends no stop and does not wait.
  diff_mode:
    support: full
  idempotent:
    support: full
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
- name: Stop two jobs and wait until they have stopped
  huaweicloud.drs.drs_job_batch_stop:
    region: ap-southeast-1
    username: "{{ iam_user }}"
    password: "{{ iam_password }}"
    domain_name: "{{ iam_account }}"
    jobs:
      - job_id: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
      - job_id: dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t
        is_force_stop: true

- name: Say what would happen, and change nothing
  huaweicloud.drs.drs_job_batch_stop:
    jobs: "{{ drs_jobs }}"
  check_mode: true

- name: Give the stops to a list of job IDs and go on, with the credential of the environment
  huaweicloud.drs.drs_job_batch_stop:
    jobs: "{{ dict(drs_job_ids | product([false])) | dict2items(key_name='job_id', value_name='is_force_stop') }}"
    wait: false

- name: Stop jobs, and deal with those that were not stopped
  block:
    - name: Stop the jobs
      huaweicloud.drs.drs_job_batch_stop:
        jobs: "{{ drs_jobs }}"
      register: stops
  rescue:
    - name: Show what is left to do
      ansible.builtin.debug:
        msg: "{{ stops.jobs | rejectattr('outcome', 'in', ['stopped', 'unchanged']) }}"
"""

RETURN = r"""
msg:
  description: How many jobs failed, which, and why.
  returned: when the task fails
  type: str
  sample: "1 of 2 DRS jobs failed: dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s (DRS.M00289: The job does not exist.)"
jobs:
  description: What happened to each job, in the order of the option.
  returned: when the options make sense
  type: list
  elements: dict
  contains:
    job_id:
      description: The ID of the job.
      type: str
      sample: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
    name:
      description: The name of the job; null where the cloud did not say.
      type: str
      sample: DRS-1234
    is_force_stop:
      description: Whether the stop was, or would be, by force.
      type: bool
      sample: false
    changed:
      description: Whether the cloud accepted a stop from this task. Also true where that cannot be told.
      type: bool
      sample: true
    outcome:
      description:
        - V(stopped), this task stopped it, and its end was seen.
        - V(stopping), the stop was accepted; its end was not waited for, or not seen in time.
        - V(would_stop), in check mode.
        - V(unchanged), it had stopped or was stopping already.
        - V(failed), it does not exist, the stop was refused, or it ended badly.
        - V(unknown), the stop may have reached the cloud, and its fate could not be read.
      type: str
      sample: stopped
    status_before:
      description: The status before; null if it could not be read.
      type: str
      sample: INCRE_TRANSFER_STARTED
    status:
      description: The last status seen. C(DELETED) also where the cloud says that the job has been deleted since.
      type: str
      sample: RELEASE_RESOURCE_COMPLETE
    error_code:
      description:
        - The code of the cloud's error, for V(failed) and V(unknown), and for a job whose end could not be watched for.
      type: str
      sample:
    error_msg:
      description: The text of the error, where there is one.
      type: str
      sample:
    request_id:
      description: The C(X-Request-Id) of the answer that decided a failure, for Huawei Cloud's support.
      type: str
      sample:
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
  description:
    - Which version of the API served each kind of call, as far as there were any.
    - Stops with v5 are C(POST batch-stop), with v3 C(DELETE batch-jobs).
  returned: at C(-v)
  type: dict
  sample: {stop: v5, status: v3}
summary:
  description: How many jobs were asked for, and how many had each outcome.
  returned: when the options make sense
  type: dict
  sample: {requested: 1, stopped: 1, stopping: 0, would_stop: 0, unchanged: 0, failed: 0, unknown: 0}
"""

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Clock
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.base import DrsModule
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.stop_task import stop, stop_spec


def main(clock: Clock | None = None) -> None:
    module = DrsModule(stop_spec())
    module.exit_with(stop(module, clock))


if __name__ == "__main__":
    main()
