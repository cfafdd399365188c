# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what the IAM lookups share, from their options to a token.

Nothing here displays a value: a lookup has no ``no_log``, so what it shows stays shown.
"""

from __future__ import annotations

import sys

from ansible.errors import AnsibleLookupError
from ansible.utils.display import Display

from ..module_utils._client.clock import Clock, Deadline, SystemClock
from ..module_utils._client.http_client import MISSING_REQUESTS, HttpClient
from ..module_utils._client.iam import Token, fetch_token
from ..module_utils._client.workers import ThreadWorkers
from ..module_utils._core.connection import (
    Get,
    http_settings_from,
    iam_url_from,
    password_credential,
    risks_of,
    scope_from,
)
from ..module_utils._core.credentials import Scope
from ..module_utils._core.errors import CloudError, NoAnswerError


def tokens(get: Get, project_names: list[str], clock: Clock | None = None) -> list[Token]:
    """Give one token for each project, or the one of the options where no name is given.

    Every option is checked before the first request. Raises AnsibleLookupError with one line.
    """
    if MISSING_REQUESTS is not None:
        raise AnsibleLookupError(f"the Python library requests is missing for {sys.executable}")
    try:
        return _tokens(get, project_names, clock or SystemClock())
    except CloudError as error:
        raise AnsibleLookupError(str(error)) from None


def _tokens(get: Get, project_names: list[str], clock: Clock) -> list[Token]:
    credential = password_credential(get)
    iam_url = iam_url_from(get)
    scopes = [Scope(project_name=name) for name in project_names] or [scope_from(get)]
    settings = http_settings_from(get)
    for risk in risks_of(settings, iam_url):
        Display().warning(risk)  # which Ansible shows once a run
    # A lookup has no time of its own to keep; this is as long as all its attempts may take.
    deadline = Deadline(clock, settings.timeout * (settings.retries + 1) * len(scopes))
    http = HttpClient(settings, clock, deadline)
    workers = ThreadWorkers(1, patience=lambda: deadline.remaining + settings.timeout)
    return workers.map(lambda scope: fetch_token(http, iam_url, credential, scope), scopes, late=_too_late)


def _too_late(scope: Scope, is_begun: bool) -> Token:
    raise NoAnswerError(f"IAM gave no complete answer for {scope} before time was over", sent=is_begun)
