# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: how often a credential may be refused before nothing more is sent with it. Pure.

IAM locks a user for 15 minutes after 5 wrong passwords, or as few as 3 (OTC-IAM, login_authentication_policy), and the
gateway locks an access key for 5 minutes after 5 refused signatures (API Gateway FAQ). Both end every automation of
that identity. So refusals are counted by identity, whatever they were asked for.
"""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import NamedTuple

from .credentials import AccessKeyCredential, Credential, PasswordCredential, TokenCredential
from .endpoints import credential_authority
from .error_codes import is_credential_refused
from .errors import CloudError, InvalidResponseError, NoResponseError

MAX_REFUSALS = 2
"""Not one, because a login to a project that the user may not use is refused in the same way as a wrong password."""


class Identity(NamedTuple):
    """Who makes a request, as far as refusals go."""

    kind: str
    """``user``, ``access key`` or ``token``."""
    name: str
    """What the cloud counts refusals by. May be shown; a token has none."""
    fingerprint: str
    """A hash of what proves the identity; another one, a corrected password for example, is another attempt."""
    is_login: bool = False
    """Whether an answer that is lost may have been a refusal that counts."""

    def key(self, url: str) -> list[str]:
        """Return what its refusals at the service with this URL are counted by."""
        return [credential_authority(url), self.kind, self.name or self.fingerprint]

    def __str__(self) -> str:
        """Name it for an error text."""
        return f"{self.kind} {self.name}" if self.name else f"this {self.kind}"


class AuthOutcome(Enum):
    """What a request says of the identity that made it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    """A login whose answer nobody has read: it may have been a refusal."""
    UNKNOWN = "unknown"


class RefusalHistory(NamedTuple):
    """What has become of the requests of one identity at one service."""

    accepted: str = ""
    """The fingerprint that was accepted last."""
    refused: tuple[str, ...] = ()
    """The fingerprints that were refused since then, one for each refusal; unanswered logins count as refused."""
    reason: str = ""
    """What was said the last time, in the words of the error."""

    def is_accepted(self, identity: Identity) -> bool:
        """Return whether the identity was accepted and has not been refused since."""
        return self.accepted == identity.fingerprint and not self.refused

    def may_try(self, identity: Identity) -> bool:
        """Return whether a request of this identity may be sent.

        After the last allowed refusal only another password or secret key may, once: somebody may have corrected it.
        Several different ones are guesses.
        """
        refused = set(self.refused)
        is_corrected = len(refused) == 1 and identity.fingerprint not in refused
        return len(self.refused) < MAX_REFUSALS + is_corrected

    def after(self, identity: Identity, outcome: AuthOutcome, reason: str = "") -> RefusalHistory:
        """Return the history with one more request."""
        if outcome is AuthOutcome.ACCEPTED:
            return RefusalHistory(accepted=identity.fingerprint)
        if outcome is AuthOutcome.UNKNOWN:
            return self
        return self._replace(refused=(*self.refused, identity.fingerprint), reason=reason)

    def explanation(self, identity: Identity) -> str:
        """Return one line that says why nothing is sent."""
        times = "twice" if len(self.refused) == MAX_REFUSALS else f"{len(self.refused)} times"
        lock = "" if identity.kind == "token" else ", and a few more refusals would lock it"
        remedy = "Get a new one" if identity.kind == "token" else "Correct the credential"
        return f"not sent: {identity} was refused {times} in this run{lock}. {remedy}. The last refusal: {self.reason}"


def classify_auth_outcome(identity: Identity, error: CloudError | None) -> AuthOutcome:
    """Return what a request, with its error if it had one, says of the identity that made it."""
    if error is None:
        return AuthOutcome.ACCEPTED
    if is_credential_refused(error.status, error.error_code):
        return AuthOutcome.REFUSED
    is_lost = isinstance(error, InvalidResponseError) or (isinstance(error, NoResponseError) and error.sent)
    return AuthOutcome.UNANSWERED if identity.is_login and is_lost else AuthOutcome.UNKNOWN


def build_identity(credential: Credential) -> Identity:
    """Return whose credential it is."""
    if isinstance(credential, TokenCredential):
        return Identity("token", "", _fingerprint(credential.token))
    if isinstance(credential, AccessKeyCredential):
        secret = _fingerprint(credential.secret_key, credential.security_token or "")
        return Identity("access key", credential.access_key, secret)
    return _user_identity(credential)


def _user_identity(user: PasswordCredential) -> Identity:
    by_name = user.username and user.domain_name
    name = f"{user.username} of account {user.domain_name}" if by_name else f"with the ID {user.user_id}"
    return Identity("user", name, _fingerprint(user.password, user.totp_passcode or ""), is_login=True)


def _fingerprint(*secrets: str) -> str:
    return hashlib.sha256("\0".join(secrets).encode("utf-8", "surrogatepass")).hexdigest()
