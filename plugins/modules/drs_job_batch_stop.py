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
  - Stops jobs of the Huawei Cloud Data Replication Service (DRS), and returns the outcome of each job.
  - B(A stop is final.) It ends the job and releases its replication instance. The job cannot be started, resumed or
    reset afterwards. It is not a pause.
  - A job that has stopped or is stopping gets no second stop. The module reads the status of a job before its stop, and
    with O(wait) until the job has stopped. The first of many jobs are stopped while the statuses of others are still
    read, unless a condition needs all of them first, such as O(all_or_none), O(max_lag) or a name in O(jobs).
  - The task fails if any job was not stopped. It tries every batch before it fails, so one bad job never prevents the
    stop of the others, unless O(all_or_none) asks for that.
  - The task shows its progress while it works, see O(progress).
  - After the run of Ansible has ended, by a signal, a cancel or the keyword C(timeout), the module sends no more stops.
    With C(timeout), the task fails with the outcome of each job. A module in a process of its own ends 3 seconds before
    it, to return its result in time.
  - If it is not known whether a stop was accepted, for example because the connection broke, the stop is not sent again
    at once. The module reads the status of the job for 20 to 30 seconds, and sends another stop only if the job still
    runs then.
options:
  jobs:
    description:
      - The jobs to stop.
      - Exactly one of O(jobs) and O(job_ids) is required.
      - An empty list is a success without any request. V(null) is an error.
      - A job that is listed twice is stopped once, with a warning. Listing it twice with different
        O(jobs[].is_force_stop) is an error.
      - An option of an entry and its alias must not have different values.
    type: list
    elements: dict
    suboptions:
      job_id:
        description:
          - The ID of the job, 1 to 64 letters, digits and hyphens. IDs that differ in case are different jobs.
          - Quote an ID that consists of digits, because YAML may convert it to another number.
        type: str
        required: true
        aliases: [id]
      is_force_stop:
        description:
          - Whether to stop this job by force. The default is O(force).
        type: bool
        aliases: [force]
      name:
        description:
          - The name that the job must have, letter by letter. A job with another name, or one that cannot be read, is
            V(held).
          - The name is read before any stop. Jobs that have stopped or are stopping already are not checked.
        type: str
        version_added: 0.2.0
  job_ids:
    description:
      - The IDs of the jobs to stop. This is the short form of O(jobs), if no job has options of its own.
      - The rules for O(jobs) apply.
    type: list
    elements: str
    version_added: 0.2.0
  force:
    description:
      - Whether to stop by force the jobs without O(jobs[].is_force_stop).
      - A forced stop releases the resources without the final steps of a migration. Triggers and events are not moved,
        and a PostgreSQL or GaussDB source keeps its logical replication slot. Use it for jobs in an abnormal state, or
        after normal stops have failed.
      - The module never forces a stop on its own.
    type: bool
    default: false
  wait:
    description: Whether to wait until each job that is stopping has stopped.
    type: bool
    default: true
  wait_timeout:
    description:
      - The maximum time of the whole task in seconds, including requests, retries and waiting.
      - After it, the task fails with what is known of each job.
      - In AWX, set it below the timeout of the job template.
      - From 0 to 604800, which is a week.
    type: float
    default: 1800
  wait_interval:
    description:
      - Seconds between two reads of the status. Each read covers all jobs that are still stopping.
      - From 0 to 86400, which is a day.
    type: float
    default: 10
  batch_size:
    description:
      - The number of jobs in one stop request. The API documents no limit.
      - From 1 to 10000.
    type: int
    default: 10
  concurrency:
    description:
      - The maximum number of requests at the same time.
      - From 1 to 100.
    type: int
    default: 4
  max_lag:
    description:
      - Stop a job only if it is known to lag behind its source by no more than this many seconds.
      - A lag is known in the incremental phase only. A job that lags more, or whose lag is not known, is V(held).
      - The lag of a disaster recovery job is the larger of RPO and RTO, and that of a job with subtasks the largest of
        theirs. Jobs that have stopped or are stopping already need no lag.
      - The last sample is taken just before the stop. Check mode takes one sample.
      - A lag of 0 says nothing of open transactions, of objects outside the selection, and of rows that were skipped.
      - From 0 to 86400, which is a day.
    type: float
    version_added: 0.2.0
  max_lag_for:
    description:
      - The seconds over which each sample of the lag has to be within O(max_lag). With V(0) one sample is enough.
      - The lag is sampled every O(wait_interval), but at least every 10 seconds.
      - From 0 to 86400, which is a day. The default is 30. Requires O(max_lag).
    type: float
    version_added: 0.2.0
  lag_timeout:
    description:
      - The seconds to wait for a job that lags, within O(wait_timeout). With V(0) such a job is held at once.
      - No stop is sent before all jobs are decided. Until then, jobs that are ready have to stay within O(max_lag).
      - From 0 to 604800, which is a week. The default is 0. Requires O(max_lag).
    type: float
    version_added: 0.2.0
  all_or_none:
    description:
      - Whether to send no stop at all if a job is missing, held, or its status could not be read.
      - The jobs that would have been stopped are V(held) then.
      - Jobs that have stopped or are stopping already do not count against it.
    type: bool
    default: false
    version_added: 0.2.0
  progress:
    description:
      - Whether to show lines while the task works, such as which stops were accepted and how many jobs have ended.
      - Ansible shows them at once where the task runs in its own process. That is where the host is the controller,
        with the interpreter of Ansible, without C(become), C(environment) and C(async).
      - Elsewhere the module writes them to the system log of the host, where Ansible notes the invocation of modules.
      - With C(no_log=true) there are no lines.
      - If the task ends before its result, a last line names the accepted stops and those in doubt, also with
        O(progress=false).
    type: bool
    default: true
    version_added: 0.2.0
extends_documentation_fragment:
  - huaweicloud.drs.connection
  - huaweicloud.drs.attributes
  - huaweicloud.drs.attributes.action_group
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

- name: Stop two jobs only if both have the names that were approved
  huaweicloud.drs.drs_job_batch_stop:
    jobs:
      - job_id: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
        name: DRS-orders
      - job_id: dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20t
        name: DRS-customers
    all_or_none: true

- name: Stop the jobs that have lagged by no more than 2 seconds for a minute, and wait up to an hour for that
  huaweicloud.drs.drs_job_batch_stop:
    job_ids: "{{ drs_job_ids }}"
    max_lag: 2
    max_lag_for: 60
    lag_timeout: 3600
    wait_timeout: 7200

- name: Show what would happen, and change nothing
  huaweicloud.drs.drs_job_batch_stop:
    jobs: "{{ drs_jobs }}"
  check_mode: true

- name: Send stops for a list of job IDs without waiting, with the credential of the environment
  huaweicloud.drs.drs_job_batch_stop:
    job_ids: "{{ drs_job_ids }}"
    wait: false

- name: Stop jobs, and show those that were not stopped
  block:
    - name: Stop the jobs
      huaweicloud.drs.drs_job_batch_stop:
        jobs: "{{ drs_jobs }}"
      register: stops
  rescue:
    - name: Show the jobs that were not stopped
      ansible.builtin.debug:
        msg: "{{ stops.jobs | default([]) | rejectattr('outcome', 'in', ['stopped', 'unchanged']) }}"
"""

RETURN = r"""
msg:
  description: The number of failed jobs, the first of their IDs, and the causes.
  returned: when the task fails
  type: str
  sample: "1 of 2 DRS jobs failed: dc6016cf-f3b6-4c2d-b4d7-5084b0fjb20s (DRS.M00289: The job does not exist.)"
jobs:
  description: The outcome of each job, in the order of the option.
  returned: when the options are valid
  type: list
  elements: dict
  contains:
    job_id:
      description: The ID of the job.
      type: str
      sample: c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r
    name:
      description:
        - The name of the job, null if the cloud did not return it.
        - Names that no response has given are read last, of ten jobs with one request. If that fails, they are null.
      type: str
      sample: DRS-1234
    is_force_stop:
      description: Whether the stop is forced.
      type: bool
      sample: false
    changed:
      description: Whether the cloud accepted a stop from this task. Also true if that is unknown.
      type: bool
      sample: true
    outcome:
      description:
        - V(stopped), the task stopped the job, and the job has ended.
        - V(stopping), the stop was accepted. The task did not wait for the job to end, or the job did not end in time.
        - V(would_stop), check mode only. A real run would stop the job.
        - V(unchanged), the job had already stopped or was already stopping.
        - V(held), a condition of the task keeps the job from being stopped, see RV(jobs[].error_msg). No stop was sent.
        - V(failed), the job does not exist, its status could not be read, the stop was refused, or the stop failed.
        - V(unknown), a stop may have reached the cloud, but its effect could not be read.
      type: str
      sample: stopped
    status_before:
      description: The status before the stop, null if it could not be read.
      type: str
      sample: INCRE_TRANSFER_STARTED
    status:
      description: The last status that was read, null if there is none. C(DELETED) also if the job was deleted since.
      type: str
      sample: RELEASE_RESOURCE_COMPLETE
    error_code:
      description:
        - The error code of the cloud, for V(failed) and V(unknown), and if the end of the job could not be read.
      type: str
      sample:
    error_msg:
      description: The text of the error, null if there is none.
      type: str
      sample:
    request_id:
      description: The C(X-Request-Id) of the response that caused a failure, for the support of Huawei Cloud.
      type: str
      sample:
    lag:
      description:
        - The seconds by which the job lagged behind its source in the last sample before the stop.
        - Null if it is not known, or without O(max_lag).
      type: float
      sample: 0.2
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
  description:
    - The version of the API that was used for each kind of call. Kinds without a call are left out.
    - A stop is C(POST batch-stop) with v5, and C(DELETE batch-jobs) with v3.
  returned: at C(-v)
  type: dict
  sample: {stop: v5, status: v3}
summary:
  description: The number of requested jobs, and the number of jobs with each outcome.
  returned: when the options are valid
  type: dict
  sample: {requested: 1, stopped: 1, stopping: 0, would_stop: 0, unchanged: 0, held: 0, failed: 0, unknown: 0}
"""

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Clock
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.base import DrsModule
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.stop_task import stop, stop_spec


def main(clock: Clock | None = None) -> None:
    module = DrsModule(stop_spec())
    module.exit_with(stop(module, clock))


if __name__ == "__main__":
    main()
