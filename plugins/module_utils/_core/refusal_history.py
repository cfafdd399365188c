# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""How often a credential may be refused before no more requests are sent with it. Pure.

IAM locks a user for 15 minutes after 5 wrong passwords, or as few as 3 (OTC-IAM, login_authentication_policy). The
gateway locks an access key for 5 minutes after 5 refused signatures (API Gateway FAQ). A lock stops all automation that
uses the identity. So refusals are counted by identity, whatever the requests are for.
"""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import NamedTuple

from .credentials import AccessKeyCredential, Credential, TokenCredential
from .endpoints import credential_authority
from .error_codes import is_credential_refused
from .errors import CloudError, InvalidResponseError, NoResponseError

MAX_REFUSALS = 2
"""More than one, since IAM refuses a login to a project without permission as it refuses a wrong password."""


class Identity(NamedTuple):
    """The identity of a request, which refusals are counted by."""

    kind: str
    """``user``, ``access key`` or ``token``."""
    name: str
    """The name that the cloud counts refusals by. It is no secret. A token has none."""
    fingerprint: str
    """A hash of the secret, which tells a corrected password from a wrong one."""
    is_login: bool = False
    """Whether the request is a login. A login without a response may have been refused, and is counted."""

    def key(self, url: str) -> list[str]:
        """Return the key of the history of this identity at the service with this URL."""
        return [credential_authority(url), self.kind, self.name or self.fingerprint]

    def __str__(self) -> str:
        """Return the identity for an error message."""
        return f"{self.kind} {self.name}" if self.name else f"this {self.kind}"


class AuthOutcome(Enum):
    """What the result of a request means for its identity."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    """A login without a readable response, which may have been a refusal."""
    UNKNOWN = "unknown"


class RefusalHistory(NamedTuple):
    """The results of the requests of one identity at one service."""

    accepted: str = ""
    """The fingerprint of the last accepted request."""
    refused: tuple[str, ...] = ()
    """The fingerprints of the requests refused since then. Logins without a response count as refused."""
    reason: str = ""
    """The message of the last refusal."""

    def is_accepted(self, identity: Identity) -> bool:
        """Return whether the identity was accepted and has not been refused since."""
        return self.accepted == identity.fingerprint and not self.refused

    def may_try(self, identity: Identity) -> bool:
        """Return whether a request of this identity may be sent.

        After the last allowed refusal, one attempt with another secret is allowed: it may be the corrected one. After
        refusals of several secrets it is not: those are guesses.
        """
        refused = set(self.refused)
        is_corrected = len(refused) == 1 and identity.fingerprint not in refused
        return len(self.refused) < MAX_REFUSALS + is_corrected

    def after(self, identity: Identity, outcome: AuthOutcome, reason: str = "") -> RefusalHistory:
        """Return the history after one more request."""
        if outcome is AuthOutcome.ACCEPTED:
            return RefusalHistory(accepted=identity.fingerprint)
        if outcome is AuthOutcome.UNKNOWN:
            return self
        return self._replace(refused=(*self.refused, identity.fingerprint), reason=reason)

    def explanation(self, identity: Identity) -> str:
        """Return the message that no request is sent, and why."""
        times = "twice" if len(self.refused) == MAX_REFUSALS else f"{len(self.refused)} times"
        lock = "" if identity.kind == "token" else ", and a few more refusals would lock it"
        remedy = "Get a new one" if identity.kind == "token" else "Correct the credential"
        return f"not sent: {identity} was refused {times} in this run{lock}. {remedy}. The last refusal: {self.reason}"


def classify_auth_outcome(identity: Identity, error: CloudError | None) -> AuthOutcome:
    """Return what the result of a request means for its identity. ``error`` is None after a success."""
    if error is None:
        return AuthOutcome.ACCEPTED
    if is_credential_refused(error.status, error.error_code):
        return AuthOutcome.REFUSED
    is_unread = isinstance(error, InvalidResponseError) or (isinstance(error, NoResponseError) and error.sent)
    return AuthOutcome.UNANSWERED if identity.is_login and is_unread else AuthOutcome.UNKNOWN


def build_identity(credential: Credential) -> Identity:
    """Return the identity of a credential."""
    if isinstance(credential, TokenCredential):
        return Identity("token", "", _fingerprint(credential.token))
    if isinstance(credential, AccessKeyCredential):
        secret = _fingerprint(credential.secret_key, credential.security_token or "")
        return Identity("access key", credential.access_key, secret)
    name = f"with the ID {credential.user_id}"
    if credential.username and credential.domain_name:
        name = f"{credential.username} of account {credential.domain_name}"
    return Identity("user", name, _fingerprint(credential.password, credential.totp_passcode or ""), is_login=True)


def _fingerprint(*secrets: str) -> str:
    return hashlib.sha256("\0".join(secrets).encode("utf-8", "surrogatepass")).hexdigest()
