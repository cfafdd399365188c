# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When nothing more is sent with a credential, and whose refusals are counted together."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    AccessKeyCredential,
    PasswordCredential,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    DeadlineError,
    InvalidResponseError,
    NoResponseError,
    ServiceError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.refusal_history import (
    AuthOutcome,
    Identity,
    RefusalHistory,
    build_identity,
    classify_auth_outcome,
)

IAM = "https://iam.ap-southeast-1.myhuaweicloud.com"
IDENTITIES = {secret: Identity("user", "me of account mine", secret, is_login=True) for secret in "ABC"}


def after(steps: str) -> RefusalHistory:
    """Return the history of attempts: a capital letter is a secret that was refused, a small one was accepted."""
    history = RefusalHistory()
    for step in steps:
        outcome = AuthOutcome.REFUSED if step.isupper() else AuthOutcome.ACCEPTED
        history = history.after(IDENTITIES[step.upper()], outcome, "HTTP 401")
    return history


@pytest.mark.parametrize(
    ("steps", "may_try"),
    [
        ("", "ABC"),
        ("A", "ABC"),  # the project may have been the wrong one
        ("AA", "BC"),  # somebody may have corrected it
        ("AB", ""),  # guesses
        ("AAB", ""),
        ("aAA", "BC"),
        ("AAb", "ABC"),
        ("AaA", "ABC"),
        ("AAbAA", "BC"),
    ],
)
def test_nothing_is_sent_after_the_second_refusal(steps: str, may_try: str) -> None:
    history = after(steps)
    assert "".join(secret for secret, identity in IDENTITIES.items() if history.may_try(identity)) == may_try


def test_only_what_was_accepted_and_not_refused_since_is_accepted() -> None:
    assert [after(steps).is_accepted(IDENTITIES["A"]) for steps in ("", "a", "ab", "aA", "aAa")] == [
        False,
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("error", "of_login", "of_other"),
    [
        (None, AuthOutcome.ACCEPTED, AuthOutcome.ACCEPTED),
        (ServiceError("POST iam", status=401), AuthOutcome.REFUSED, AuthOutcome.REFUSED),
        (ServiceError("POST iam", status=401, error_code="APIGW.0301"), AuthOutcome.REFUSED, AuthOutcome.REFUSED),
        (ServiceError("POST iam", status=400, error_code="IAM.1061"), AuthOutcome.REFUSED, AuthOutcome.REFUSED),
        (ServiceError("POST drs", status=401, error_code="DRS.M00103"), AuthOutcome.UNKNOWN, AuthOutcome.UNKNOWN),
        (ServiceError("POST iam", status=403), AuthOutcome.UNKNOWN, AuthOutcome.UNKNOWN),
        (ServiceError("POST iam", status=404), AuthOutcome.UNKNOWN, AuthOutcome.UNKNOWN),
        (ServiceError("POST iam", status=503), AuthOutcome.UNKNOWN, AuthOutcome.UNKNOWN),
        (NoResponseError("no answer", sent=True), AuthOutcome.UNANSWERED, AuthOutcome.UNKNOWN),
        (NoResponseError("no connection", sent=False), AuthOutcome.UNKNOWN, AuthOutcome.UNKNOWN),
        (InvalidResponseError("not JSON", status=200), AuthOutcome.UNANSWERED, AuthOutcome.UNKNOWN),
        (DeadlineError("not sent"), AuthOutcome.UNKNOWN, AuthOutcome.UNKNOWN),
    ],
)
def test_what_a_request_says_of_who_made_it(
    error: CloudError | None, of_login: AuthOutcome, of_other: AuthOutcome
) -> None:
    assert classify_auth_outcome(IDENTITIES["A"], error) == of_login
    assert classify_auth_outcome(Identity("token", "", "A"), error) == of_other


def test_a_login_without_an_answer_counts_as_refused() -> None:
    history = RefusalHistory()
    for _attempt in range(2):
        history = history.after(IDENTITIES["A"], AuthOutcome.UNANSWERED, "no answer within 30 seconds")
    assert not history.may_try(IDENTITIES["A"])
    assert "no answer within 30 seconds" in history.explanation(IDENTITIES["A"])


ME = build_identity(PasswordCredential("me", "secret-1", "mine"))


@pytest.mark.parametrize(
    ("other", "url", "is_same"),
    [
        (PasswordCredential("me", "secret-2", "mine"), IAM, True),
        (PasswordCredential("me", "secret-1", "mine"), "https://iam.cn-north-4.myhuaweicloud.com", True),
        (PasswordCredential("me", "secret-1", "mine"), "https://iam.eu-west-101.myhuaweicloud.eu", False),
        (PasswordCredential("me", "secret-1", "mine"), "https://iam.example.com/identity", False),
        (PasswordCredential("me", "secret-1", "yours"), IAM, False),
        (PasswordCredential("Me", "secret-1", "mine"), IAM, False),
        (PasswordCredential(None, "secret-1", None, user_id="me"), IAM, False),
        (TokenCredential("me"), IAM, False),
        (AccessKeyCredential("me", "secret-1"), IAM, False),
    ],
)
def test_whose_refusals_are_counted_together(
    other: PasswordCredential | TokenCredential | AccessKeyCredential, url: str, is_same: bool
) -> None:
    assert (build_identity(other).key(url) == ME.key(IAM)) == is_same


def test_ports_of_one_machine_are_not_one_cloud() -> None:
    assert ME.key("http://127.0.0.1:5000") != ME.key("http://127.0.0.1:5001")


def test_no_secret_is_in_what_is_kept_or_said() -> None:
    for credential in (
        TokenCredential("canary-secret"),
        AccessKeyCredential("key", "canary-secret", "canary-security"),
        PasswordCredential("me", "canary-secret", "mine", "id", "987654"),
    ):
        identity = build_identity(credential)
        history = (
            RefusalHistory()
            .after(identity, AuthOutcome.REFUSED, "HTTP 401")
            .after(identity, AuthOutcome.REFUSED, "HTTP 401")
        )
        shown = f"{identity!r} {identity.key(IAM)} {history!r} {history.explanation(identity)}"
        assert not any(secret in shown for secret in ("canary", "987654"))


TWICE = "was refused twice in this run"


@pytest.mark.parametrize(
    ("credential", "said"),
    [
        (TokenCredential("t"), f"this token {TWICE}. Get a new one. "),
        (
            AccessKeyCredential("AK1", "s"),
            f"access key AK1 {TWICE}, and a few more refusals would lock it. Correct the ",
        ),
        (PasswordCredential("me", "s", "mine"), f"user me of account mine {TWICE}, and a few more "),
        (PasswordCredential(None, "s", None, "u-1"), f"user with the ID u-1 {TWICE}, and a few more "),
    ],
)
def test_the_line_says_who_and_what_to_do(
    credential: PasswordCredential | TokenCredential | AccessKeyCredential, said: str
) -> None:
    identity = build_identity(credential)
    history = (
        RefusalHistory().after(identity, AuthOutcome.REFUSED, "first").after(identity, AuthOutcome.REFUSED, "HTTP 401")
    )
    assert history.explanation(identity).startswith(f"not sent: {said}")
    assert history.explanation(identity).endswith("The last refusal: HTTP 401")
