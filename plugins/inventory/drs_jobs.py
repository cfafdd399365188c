# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drs_jobs
short_description: DRS jobs of Huawei Cloud as inventory
version_added: 0.2.0
description:
  - Reads the jobs of the Huawei Cloud Data Replication Service (DRS) in one or many regions and projects. Each job is a
    host. It changes nothing.
  - The name of the file must end in C(drs_jobs.yml) or C(drs_jobs.yaml).
  - Each host has the variables C(drs_job_id), C(drs_region) (null if nothing names the region), C(drs_project_id) and
    C(drs_job), which is the job as in RV(huaweicloud.drs.drs_job_info#module:jobs).
  - Each host is in the group C(drs). Below it are groups by phase, job type, region and project ID, for example
    C(drs_phase_running), C(drs_type_migration) and C(drs_region_ap_southeast_1). A group without jobs does not exist.
  - Jobs are no machines, so each host has the variable C(ansible_connection) with the value V(local). Ansible never
    connects to a machine that happens to be named like a job. It means that a task for a job runs on the machine that
    runs Ansible, also a task of a play for C(all). Use O(compose) to set another connection. Modules of this collection
    need the Python library requests there, so set C(ansible_python_interpreter) to C({{ ansible_playbook_python }}) in
    the play.
  - A region that cannot be read makes the whole inventory fail, because jobs that are missing look like jobs that do
    not exist. By default Ansible only warns of an inventory that fails, and continues without it. Set
    C(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) to V(true) to make it an error.
  - Reading takes at most ten minutes.
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [huaweicloud.drs.drs_jobs]
  regions:
    description:
      - The regions and projects to read, several at the same time. Without it, the options of the file name the only
        one.
      - Each entry can have all options from O(region) to O(api_version), and O(region) or O(endpoint) is needed
        somewhere. What an entry does not have comes from the file, then from the environment.
      - A credential in an entry replaces that of the file as a whole. If an entry names a project or another region, no
        project of the file is used for it.
      - A job that several entries return is one host.
      - A run logs in once for each identity and project. After a password or access key was refused, no more
        requests are sent for any region. With O(strict_regions=false), a second refusal ends the requests of that
        identity, since IAM refuses a missing permission for a project like a wrong password.
    type: list
    elements: dict
  job_types:
    description: Only jobs of these types. The default is all types.
    type: list
    elements: str
    choices: [migration, sync, cloudDataGuard, replay]
  phases:
    description:
      - Only jobs in these phases, see RV(huaweicloud.drs.drs_job_info#module:jobs[].phase). The default is all phases.
    type: list
    elements: str
    choices: [not_started, running, failed, stopping, stopped]
  details:
    description:
      - What else to return of each job. Each takes further requests. See
        O(huaweicloud.drs.drs_job_info#module:details).
      - A lag is that of the moment when the inventory was made. M(huaweicloud.drs.drs_job_batch_stop) reads it again.
    type: list
    elements: str
    choices: [lag, progress, endpoints]
    default: []
  hostnames:
    description:
      - How to name the hosts. The first entry that gives a name for a job is used. If none does, the inventory fails.
      - An entry is a field of C(drs_job), such as V(name) or V(id), a variable of the host, such as V(drs_region), or a
        Jinja2 expression with them, such as V(drs_region ~ '-' ~ name).
      - The ID of the job is appended to all names that are not unique, or that are in use by other hosts or groups.
      - In names C({) is replaced by C(_), so that Ansible evaluates no name.
    type: list
    elements: str
    default: [name, id]
  strict_regions:
    description:
      - Whether a region that cannot be read makes the whole inventory fail. Otherwise there is a warning, and its jobs
        are missing.
      - Invalid options always make the inventory fail.
    type: bool
    default: true
extends_documentation_fragment:
  - huaweicloud.drs.connection
  - constructed
  - inventory_cache
notes:
  - What the options say of a task holds for the file, and for an entry of O(regions).
  - The options of this collection can be templates, with lookups and extra variables. Other variables do not exist yet.
    Do not pass a secret as an extra variable, because C(ansible-inventory) shows them with each host.
  - O(hostnames), O(compose), O(groups) and O(keyed_groups) are expressions that are evaluated for each job.
  - The cache contains the jobs, and neither credentials nor tokens. It is used as long as regions, projects, identities
    and the options that select jobs are the same. With a O(token), it is used as long as the token is the same. Jobs
    are not cached if a region or a list of jobs could not be read.
  - At C(-vv) a line for each region shows where its jobs are from.
author:
  - huaweicloud.drs contributors (@huaweicloud-drs)
"""

EXAMPLES = r"""
# wave.drs_jobs.yml: the jobs of one region, with the credential of the environment
plugin: huaweicloud.drs.drs_jobs
region: ap-southeast-1
---
# Several regions and projects, with the user of the file. The password is from a lookup.
plugin: huaweicloud.drs.drs_jobs
domain_name: my-account
username: drs-operator
password: "{{ lookup('ansible.builtin.env', 'DRS_PASSWORD') }}"
regions:
  - region: ap-southeast-1
  - region: ap-southeast-1
    project_name: ap-southeast-1_finance
  - region: eu-west-101
    domain_name: my-european-account
    username: drs-operator
    password: "{{ lookup('ansible.builtin.env', 'DRS_EUROPEAN_PASSWORD') }}"
---
# Migrations that still run, named by region and job, with groups by wave and engine
plugin: huaweicloud.drs.drs_jobs
regions:
  - region: ap-southeast-1
  - region: ap-southeast-3
job_types: [migration]
phases: [running, failed]
details: [lag]
hostnames:
  - drs_region ~ '-' ~ name
  - id
compose:
  wave: drs_job.name.split('-')[0]
groups:
  lagging: drs_job.lag is none or drs_job.lag > 60
keyed_groups:
  - key: wave
    prefix: wave
  - key: drs_job.engine_type
    prefix: engine
strict: true
---
# With a cache, which makes further runs within ten minutes send no request
plugin: huaweicloud.drs.drs_jobs
region: ap-southeast-1
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible-drs
cache_timeout: 600
"""

from ansible_collections.huaweicloud.drs.plugins.plugin_utils._jobs_inventory import JobsInventory


class InventoryModule(JobsInventory):
    NAME = "huaweicloud.drs.drs_jobs"
