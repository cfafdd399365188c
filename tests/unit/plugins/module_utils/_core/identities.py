# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials as tasks and environments hold them, each with values that say where it is from."""

from __future__ import annotations

TASK_TOKEN = {"token": "task"}
TASK_KEY = {"access_key": "task", "secret_key": "task"}
TASK_USER = {"username": "task", "password": "task", "domain_name": "task"}
ENVIRONMENT_TOKEN = {"HW_AUTH_TOKEN": "env"}
ENVIRONMENT_KEY = {"HW_ACCESS_KEY": "env", "HW_SECRET_KEY": "env"}
SDK_KEY = {"HUAWEICLOUD_SDK_AK": "sdk", "HUAWEICLOUD_SDK_SK": "sdk"}
ENVIRONMENT_USER = {"HW_USER_NAME": "env", "HW_USER_PASSWORD": "env", "HW_DOMAIN_NAME": "env"}
ENVIRONMENT = {**ENVIRONMENT_TOKEN, **ENVIRONMENT_KEY, **SDK_KEY, **ENVIRONMENT_USER}
