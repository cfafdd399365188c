# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""IAM for the lookups: what several processes of a run request is requested once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from ..module_utils._client.clock import Clock, Deadline
from ..module_utils._client.executor import ThreadExecutor
from ..module_utils._client.http_client import HttpClient
from ..module_utils._client.iam_client import IamClient
from ..module_utils._client.iam_tokens import Token
from ..module_utils._core.cloud_region import IAM, CloudRegion
from ..module_utils._core.config import OptionGetter, parse_http_settings, security_warnings
from ..module_utils._core.credentials import (
    Agency,
    Credential,
    PasswordCredential,
    RequestCredential,
    Scope,
    TokenCredential,
)
from ..module_utils._core.errors import CloudError
from ..module_utils._core.masking import Masker
from ..module_utils._core.retry import Retry
from ._iam_run_tokens import RunTokens
from ._run_cache import CacheEntry, RunCache
from ._run_lockout import is_refused_token, run_lockout, run_store
from ._run_store import RunStore


@dataclass(frozen=True)
class LookupContext:
    """What a lookup works with; ``keep`` is whether to keep results for the whole run."""

    clock: Clock
    keep: bool
    warn: Callable[[str], None]
    on_retry: Callable[[Retry], None]
    masker: Masker


class IamSession:
    """IAM of one region, to be closed in the end. What was asked for in this run is not asked for again."""

    def __init__(self, cloud_region: CloudRegion, get: OptionGetter, context: LookupContext, max_requests: int) -> None:
        """Check the options. ``max_requests`` is how many the time limit allows for. Raise ConfigurationError."""
        iam_url = cloud_region.urls[IAM]
        settings = parse_http_settings(get)
        for warning in security_warnings(settings, iam_url):
            context.warn(warning)
        # A lookup has no time limit of its own; all its attempts together may take this long.
        deadline = Deadline(context.clock, settings.timeout * (settings.retries + 1) * max_requests)
        self._region = cloud_region.region
        self._store = run_store(context.clock, deadline)
        self._add_secret = context.masker.add_secret
        lockout, masker = run_lockout(self._store), context.masker
        self._http = HttpClient(
            settings, context.clock, deadline, lockout=lockout, masker=masker, on_retry=context.on_retry
        )
        executor = ThreadExecutor(1, timeout=lambda: deadline.remaining + settings.timeout)
        self._iam = IamClient(iam_url, self._http, context.clock, executor)
        cache_store = self._store if context.keep else RunStore(None, context.clock, deadline)
        self._cache = RunCache(cache_store, context.clock)
        # A lookup that checks certificates does not use what came without a check.
        self._endpoint_key = [iam_url, settings.verify]
        self._tokens = RunTokens(self._cache, self._store, context.clock, self._endpoint_key)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def user_token(self, user: PasswordCredential, scope: Scope) -> Token:
        """Return a token of a user. Raise CloudError."""
        token = self._tokens.get_user_token(user, scope, lambda: self._iam.fetch_user_token(user, scope))
        self._add_secret(token.token)
        return token

    def agency_token(self, owner: Credential, agency: Agency, scope: Scope) -> Token:
        """Return a token of an agency. A user logs in to the user's own account first. Raise CloudError."""
        if not isinstance(owner, PasswordCredential):
            return self._agency_token(owner, agency, scope)
        own_scope = Scope(domain_name=owner.domain_name)
        own = self.user_token(owner, own_scope).token
        try:
            return self._agency_token(TokenCredential(own), agency, scope)
        except CloudError:
            if not is_refused_token(self._store, own):
                raise
            # It was in the cache, and has been revoked since.
            own = self.user_token(owner, own_scope).token
            return self._agency_token(TokenCredential(own), agency, scope)

    def project_id(self, credential: Credential, name: str) -> str:
        """Return the ID of a project by its name: from the token of a user, else from a list. Raise CloudError."""
        if isinstance(credential, PasswordCredential):
            token = self.user_token(credential, Scope(project_name=name))
            if token.project_id is not None:
                return token.project_id
            credential = TokenCredential(token.token)
        owner = credential
        project_id: str = self._cache.get(
            ["project", *self._endpoint_key, name, asdict(owner)],
            lambda: CacheEntry(self._iam.find_project_id(owner, name, self._region)),
        )
        return project_id

    def _agency_token(self, owner: RequestCredential, agency: Agency, scope: Scope) -> Token:
        key = [agency, scope, asdict(owner)]
        token = self._tokens.get(key, lambda: self._iam.fetch_agency_token(owner, agency, scope))
        self._add_secret(token.token)
        return token
