# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what the error answers of DRS, IAM and the API gateway look like and mean.

Sources: the error code pages of DRS (drs_05_0004 and the OTC edition), IAM (OTC, appendix) and API Gateway (OTC,
published_api_calling/error_codes), and how the Terraform provider and the official SDK read them.
"""

from __future__ import annotations

from collections.abc import Mapping

# The job does not exist (any more). 10020102: batch-stop page; 10000010: v5 job pages; M00289 and M05004: what the
# Terraform provider takes for "not found" in v3; M05003: "task information not found" of the OTC error page.
NOT_FOUND = frozenset({"DRS.10020102", "DRS.10000010", "DRS.M00289", "DRS.M05003", "DRS.M05004"})

# "Operations are too frequent, try again later": refused before anything was done.
TOO_FREQUENT = "DRS.M01503"

# Gateway codes without their prefix, which is APIGW. from public services and APIG. in the gateway's own pages.
# These say that the gateway never passed the request on to DRS.
_NOT_FORWARDED = frozenset("0103 0104 0105 0107 0308 0605 0606 0608 0609 0610 0611 0612 0613".split())
_TOKEN_EXPIRED = "0307"  # noqa: S105  a code
_NOT_PUBLISHED = "0101"
# What IAM answers with other statuses than 401: a wrong passcode, and access keys that are blocked, expired, without a
# user, inactive, or with an expired security token (OTC-IAM, appendix).
_CREDENTIAL_REFUSED = frozenset("IAM.1061 IAM.1104 IAM.1105 IAM.1106 IAM.1107 IAM.1108".split())
_TOKEN_INVALID = "DRS.M00100"  # noqa: S105  a code

_CODE_KEYS = ("error_code", "errorCode", "errCode", "code")
_TEXT_KEYS = ("error_msg", "errorMsg", "error_message", "externalMessage", "message")
_MAX_TEXT = 512  # what the API page declares as the longest error_msg

_HINTS = {
    "APIGW.0101": "The API is not published there: check region, cloud and endpoint.",
    "APIGW.0301": "Check the credential, and that the clock of this machine is right.",
    "APIGW.0302": "The IAM user may not call this API.",
    "APIGW.0307": "The token has expired or was revoked: get a new one.",
    "APIGW.0802": "The IAM user may not use this region.",
    "DRS.M00100": "The token does not fit: check region and project_id.",
    "DRS.M00102": "The identity lacks a permission for DRS.",
    "DRS.M00103": "The identity lacks a permission for DRS.",
    "DRS.M00261": "Check project_id: it has to be a project of this region.",
    "IAM.0061": "The account is locked after several wrong passwords: wait 15 minutes.",
    "IAM.0081": "This user may only use the console: allow programmatic access.",
}


def gateway_code(error_code: str | None) -> str | None:
    """Give the number of an API gateway code, ``0307`` of ``APIGW.0307``; None for a code of somebody else."""
    prefix, dot, number = (error_code or "").partition(".")
    return number if dot and prefix in ("APIGW", "APIG") else None


def was_not_forwarded(error_code: str | None) -> bool:
    """Say whether the code proves that the gateway kept the request to itself, or DRS turned it away untouched."""
    return error_code == TOO_FREQUENT or gateway_code(error_code) in _NOT_FORWARDED


def is_token_expired(status: int | None, error_code: str | None) -> bool:
    """Say whether a new token would help, whatever became of the old one: the gateway says just that.

    Other 401 may mean a wrong password, a wrong signature, or (DRS.M00103) a missing permission; trying those again
    locks the account or the access key.
    """
    return status == 401 and gateway_code(error_code) == _TOKEN_EXPIRED  # noqa: PLR2004  HTTP


def is_token_refused(status: int | None, error_code: str | None) -> bool:
    """Say whether a new token would help in place of one that has worked before, which must have died since.

    DRS has a code of its own for a token that IAM does not confirm; its others mean a missing permission.
    """
    if error_code is not None and error_code.startswith("DRS."):
        return status in (401, 403) and error_code == _TOKEN_INVALID
    return status == 401  # noqa: PLR2004  HTTP


def is_credential_refused(status: int | None, error_code: str | None) -> bool:
    """Return whether the credential itself was refused: a password, passcode, signature, key or token.

    DRS answers 401 as well (DRS.M00103), for a permission that is missing: it knows the credential then.
    """
    code = error_code or ""
    return code in _CREDENTIAL_REFUSED or (status == 401 and not code.startswith("DRS."))  # noqa: PLR2004  HTTP


def is_not_published(status: int | None, error_code: str | None) -> bool:
    """Say whether the gateway has no such API in this region."""
    return status == 404 and gateway_code(error_code) == _NOT_PUBLISHED  # noqa: PLR2004  HTTP


def hint_for(error_code: str | None, status: int) -> str | None:
    """Give a sentence that says what to do next, where one is known."""
    number = gateway_code(error_code)
    if error_code is None and status == 401:  # noqa: PLR2004  HTTP
        return "Check user name, password and account, or the token."
    return _HINTS.get(f"APIGW.{number}" if number else error_code or "")


def parse_error(body: object) -> tuple[str | None, str | None]:
    """Give code and text of an error answer, None for what is not there.

    Known shapes: flat (DRS, gateway, IAM v3.0), nested below ``error`` (IAM v3), and v3 batch queries, which put the
    reason into the first of ``results``. Anything else gives (None, None) and never raises.
    """
    if not isinstance(body, Mapping):
        return None, None
    code, text = _first(body, _CODE_KEYS), _first(body, _TEXT_KEYS)
    if code or text:
        return code, text
    nested = body.get("error")
    results = body.get("results")
    if isinstance(results, list) and results:
        nested = results[0]
    if not isinstance(nested, Mapping):
        return None, None
    return _first(nested, _CODE_KEYS), _first(nested, _TEXT_KEYS)


def one_line(text: str) -> str:
    """Give the text on one line, without control characters, and not longer than the API lets an error text be."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 3] + "..."


def _first(body: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = body.get(key)
        if isinstance(value, str) and value.strip():
            return one_line(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None
