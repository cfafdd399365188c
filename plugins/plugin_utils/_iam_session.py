# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: IAM as the lookups need it, asked once in a run for what several forks want to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TypeVar

from ..module_utils._client.auth import Auth
from ..module_utils._client.clock import Clock, Deadline
from ..module_utils._client.executor import ThreadExecutor, call
from ..module_utils._client.http_client import HttpClient
from ..module_utils._client.iam_projects import find_project_id
from ..module_utils._client.iam_tokens import Token, fetch_agency_token, fetch_user_token
from ..module_utils._client.login import auth_of
from ..module_utils._core.cloud_region import IAM, CloudRegion
from ..module_utils._core.config import OptionGetter, parse_http_settings, security_warnings
from ..module_utils._core.credentials import (
    AccessKeyCredential,
    Agency,
    Credential,
    PasswordCredential,
    Scope,
    TokenCredential,
)
from ..module_utils._core.errors import CloudError
from ..module_utils._core.masking import Masker
from ._run_cache import CacheEntry, RunCache
from ._run_lockout import is_refused_token, run_lockout, run_store
from ._run_store import RunStore

ResultT = TypeVar("ResultT")

# Seconds. A token that is given away should last for the task that gets it.
_EXPIRY_MARGIN = 600.0


@dataclass(frozen=True)
class LookupContext:
    """What a lookup runs in: the time, whether to keep answers for the rest of the run, a way to warn, and secrets."""

    clock: Clock
    keep: bool
    warn: Callable[[str], None]
    masker: Masker


class IamSession:
    """IAM at its place, to be closed in the end. Options are checked before any request."""

    def __init__(self, place: CloudRegion, get: OptionGetter, context: LookupContext, requests: int) -> None:
        """``requests`` is how many there may be. Raises ConfigurationError."""
        self._iam_url = place.urls[IAM]
        self._region = place.region
        settings = parse_http_settings(get)
        for risk in security_warnings(settings, self._iam_url):
            context.warn(risk)
        # A lookup has no time of its own to keep; this is as long as all its attempts may take.
        deadline = Deadline(context.clock, settings.timeout * (settings.retries + 1) * requests)
        self._clock = context.clock
        self._store = run_store(context.clock, deadline)
        self._learn = context.masker.add_secret
        self._http = HttpClient(
            settings, context.clock, deadline, lockout=run_lockout(self._store), masker=context.masker
        )
        self._executor = ThreadExecutor(1, timeout=lambda: deadline.remaining + settings.timeout)
        kept = self._store if context.keep else RunStore(None, context.clock, deadline)
        self._cache = RunCache(kept, context.clock)
        # An answer that came without a check of the certificate is none for those who check it.
        self._place_key = [self._iam_url, settings.verify]

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def user_token(self, user: PasswordCredential, scope: Scope) -> Token:
        """Log in as a user. Raises CloudError."""
        return self._token([asdict(user), scope], lambda: fetch_user_token(self._http, self._iam_url, user, scope))

    def agency_token(self, owner: Credential, agency: Agency, scope: Scope) -> Token:
        """Log in to another account as its agency; to get there, a user logs in to their own. Raises CloudError."""
        if not isinstance(owner, PasswordCredential):
            return self._agency_token(agency, scope, owner)
        own_scope = Scope(domain_name=owner.domain_name)
        own = self.user_token(owner, own_scope).token
        try:
            return self._agency_token(agency, scope, TokenCredential(own))
        except CloudError:
            if not is_refused_token(self._store, own):
                raise
            # It was kept, and has been revoked since.
            return self._agency_token(agency, scope, TokenCredential(self.user_token(owner, own_scope).token))

    def project_id(self, credential: Credential, name: str) -> str:
        """Give the ID of a project by its name. Raises CloudError.

        The token of a user says it; otherwise IAM is asked.
        """
        if isinstance(credential, PasswordCredential):
            token = self.user_token(credential, Scope(project_name=name))
            if token.project_id is not None:
                return token.project_id
            credential = TokenCredential(token.token)
        key = ["project", *self._place_key, name, asdict(credential)]
        auth = auth_of(credential, self._clock)
        found: str = self._cache.get(key, lambda: CacheEntry(self._find(auth, name)))
        return found

    def _find(self, auth: Auth, name: str) -> str:
        return self._with_timeout(lambda: find_project_id(self._http, self._iam_url, auth, name, self._region))

    def _agency_token(self, agency: Agency, scope: Scope, owner: TokenCredential | AccessKeyCredential) -> Token:
        auth = auth_of(owner, self._clock)
        return self._token(
            [agency, scope, asdict(owner)],
            lambda: fetch_agency_token(self._http, self._iam_url, auth, agency, scope),
        )

    def _token(self, key: list[object], fetch: Callable[[], Token]) -> Token:
        """Return a token; ``key`` says which."""
        token = Token(
            **self._cache.get(["token", *self._place_key, *key], lambda: self._log_in(fetch), self._is_usable)
        )
        self._learn(token.token)
        return token

    def _is_usable(self, token: Mapping[str, str]) -> bool:
        return not is_refused_token(self._store, token["token"])

    def _log_in(self, fetch: Callable[[], Token]) -> CacheEntry:
        token = self._with_timeout(fetch)
        now = self._clock.time()
        end = token.valid_until(now)
        # Where the end is not known, it is not kept.
        return CacheEntry(asdict(token), now if end is None else end - _EXPIRY_MARGIN)

    def _with_timeout(self, ask: Callable[[], ResultT]) -> ResultT:
        """Ask in a thread of its own: no timeout of a socket ends an answer that comes byte by byte."""
        return call(self._executor, ask, f"IAM at {self._iam_url}")
