# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The error responses of DRS, IAM and the API gateway: how to read them, and what their codes mean.

Sources: the error code pages of DRS (drs_05_0004 and the OTC edition), IAM (OTC, appendix) and API Gateway (OTC,
published_api_calling/error_codes), and how the Terraform provider and the official SDK read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

# The job does not exist (any more). 10020102: batch-stop page; 10000010: v5 job pages; M00289 and M05004: what the
# Terraform provider takes for "not found" in v3; M05003: "task information not found" of the OTC error page.
NOT_FOUND = frozenset({"DRS.10020102", "DRS.10000010", "DRS.M00289", "DRS.M05003", "DRS.M05004"})

# "Operations are too frequent, try again later": DRS has done nothing.
TOO_FREQUENT = "DRS.M01503"

# Gateway codes without their prefix, which is APIGW. from public services and APIG. in the gateway's own pages.
# These say that the gateway has not forwarded the request to DRS.
_NOT_FORWARDED = frozenset("0103 0104 0105 0107 0308 0605 0606 0608 0609 0610 0611 0612 0613".split())
_AUTHENTICATION_FAILED = "0301"
_TOKEN_EXPIRED = "0307"  # noqa: S105  a code
_NOT_PUBLISHED = "0101"
# Codes of IAM with other statuses than 401: a wrong passcode, and access keys that are blocked, expired, inactive,
# without a user, or with an expired security token (OTC-IAM, appendix).
_CREDENTIAL_REFUSED = frozenset("IAM.1061 IAM.1104 IAM.1105 IAM.1106 IAM.1107 IAM.1108".split())
_TOKEN_INVALID = "DRS.M00100"  # noqa: S105  a code

_CODE_KEYS = ("error_code", "errorCode", "errCode", "code")
_TEXT_KEYS = ("error_msg", "errorMsg", "error_message", "externalMessage", "message")
_MAX_TEXT = 512  # the longest error_msg by the API page

# A code says more than its status. Sources for IAM: iam_02_0006 (OTC); 1100 to 1118 have no prefix.
_VALUE = "IAM does not accept a value of the request: check names and IDs for typing errors."
_LOCK = "several wrong passwords (15 minutes by default)"
_ACCESS_CONTROL = "The gateway does not let this address or account call the API: ask who set its access control."
_HINTS = {
    "APIGW.0302": "The IAM user may not call this API.",
    "APIGW.0304": "The credential may not call this API.",
    "APIGW.0306": "The credential may not call this API.",
    "APIGW.0307": "The token has expired or was revoked: get a new one.",
    "APIGW.0310": "The project is not available: check that it is enabled, and that its account has no arrears.",
    **dict.fromkeys(("APIGW.0401", "APIGW.0402", "APIGW.0404", "APIGW.0405"), _ACCESS_CONTROL),
    "APIGW.0802": "The IAM user may not use this region.",
    "DRS.M00100": "The token does not fit, or is no longer valid: check region and project_id.",
    "DRS.M00101": "The identity has no role in this project: check project_id, and its permissions.",
    "DRS.M00102": "The identity lacks a permission for DRS.",
    "DRS.M00103": "The identity lacks a permission for DRS.",
    "DRS.M00105": "The user is restricted: ask the administrator of the account.",
    "DRS.M00261": "Check project_id: it has to be a project of this region.",
    **dict.fromkeys((str(number) for number in range(1100, 1119)), _VALUE),
    **dict.fromkeys("IAM.0007 IAM.0011 IAM.0072 IAM.0073 IAM.1101 IAM.1102 IAM.1103".split(), _VALUE),
    "IAM.0002": "The identity lacks the permission for this in IAM.",
    "IAM.0003": "The identity lacks the permission for this in IAM.",
    "IAM.0004": "IAM knows nothing by that name or ID: check project, user, account and agency.",
    "IAM.0006": "That is a fault inside IAM: try again later.",
    "IAM.0012": "IAM is asked too often: wait a minute, and let fewer tasks log in at once.",
    "IAM.0020": "IAM of this region has handed over to another: try again later, or give another iam_endpoint.",
    "IAM.0061": f"The user is locked after {_LOCK}: try nothing before that is over.",
    "IAM.0062": f"Check username, password and domain_name: a user is locked after {_LOCK}.",
    "IAM.0066": "The token has expired: get a new one.",
    "IAM.0067": "This IAM does not know the token: get a new one, or check region, cloud and iam_endpoint.",
    "IAM.0080": "The user of the access key is disabled: ask the administrator of the account.",
    "IAM.0081": "This user may only use the console: allow programmatic access.",
    "IAM.0082": "The user is disabled: ask the administrator of the account.",
    "IAM.0083": "The identity may not use this private region: check region.",
    "IAM.1061": "The code of the virtual MFA device is wrong or too old: give a new totp_passcode, and check user_id.",
    "IAM.1104": "The access key is blocked: check access_key, or use another one.",
    "IAM.1105": "The access key has expired: create a new one.",
    "IAM.1106": "The user or agency of the access key does not exist any more: use another access key.",
    "IAM.1107": "The access key is disabled: enable it.",
    "IAM.1108": "The temporary access key has expired: get a new one, with its security_token.",
    "IAM.1109": "IAM knows no such project: check project_id and project_name.",
}
# The services. Codes with other prefixes are of some server in their place.
_PREFIXES = ("APIGW.", "DRS.", "IAM.")
# These codes say no more than this status.
_STATUS_OF_CODE = {"APIGW.0101": 404, "APIGW.0301": 401, "APIGW.0303": 401, "APIGW.0305": 401, "IAM.0001": 401}

_NEW_TOKEN = "get a new one, and check that region, cloud, endpoint and iam_endpoint are where it is from"  # noqa: S105
_KEY = "Check access_key and secret_key{}: more than five refusals in a row lock a key, for five minutes."
_PERMANENT = ", and security_token if the key is a temporary one"
_TEMPORARY = ", that the temporary key has not expired, and that security_token belongs to it"
_NO_IAM = "There is no IAM at this URL: check iam_endpoint (a base URL, with or without /v3), region and cloud."
_NO_DRS = "The API is not published there: check region, cloud and endpoint."

# The call, the caller and the status; {} is the project of a login.
_STATUS_HINTS: Mapping[tuple[str, str | None, int | None], str] = {
    ("login", "user", 401): "Check username, password and domain_name{}. IAM says the same of an expired password, a "
    f"disabled user or project, a user who is locked after {_LOCK}, and login protection (virtual MFA: use the lookup "
    "iam_token with totp_passcode).",
    ("login", "passcode", 401): "Check user_id, password and totp_passcode (each code is good once, for half a "
    "minute){}. IAM says the same of an expired password, a disabled user or project, and a user who is locked after "
    f"{_LOCK}.",
    ("login", "agency", 401): "Check the token, or the user, that takes on the agency, agency_name and "
    "agency_domain_name{}.",
    ("login", None, 403): "The user may not log in like this: check programmatic access, and the roles of the user{}.",
    ("login", "agency", 403): "Check agency_name and agency_domain_name{}: the agency has to be for the account of the "
    "user, who needs the permission Agent Operator.",
    ("iam", "token", 401): f"IAM does not take the token: {_NEW_TOKEN}.",
    ("drs", "token", 401): f"The token is not taken there: {_NEW_TOKEN}.",
    ("drs", "user", 401): "The token that IAM gave is not taken there: check that region, cloud, endpoint and "
    "iam_endpoint belong together.",
    ("iam", None, 403): "The identity may not look for projects in IAM.",
    ("drs", None, 403): "The identity lacks a permission: check its roles in this project, region and project_id.",
    ("login", None, 404): _NO_IAM,
    ("iam", None, 404): _NO_IAM,
    ("drs", None, 404): _NO_DRS,
    **{(call, "key", 401): _KEY.format(_PERMANENT) for call in ("iam", "drs")},
    **{(call, "temporary key", 401): _KEY.format(_TEMPORARY) for call in ("iam", "drs")},
}
_METHODS = frozenset({"password", "totp"})


class HintContext(NamedTuple):
    """The call and the caller of a request, as far as the hint after a refusal depends on them."""

    call: Literal["login", "iam", "drs"]
    identity: Literal["user", "passcode", "agency", "token", "key", "temporary key"]
    """The caller; for DRS, ``user`` means a token from the login of a user."""
    project: str | None = None
    """The project of a login, as messages name it."""


def gateway_code(error_code: str | None) -> str | None:
    """Return the number of an API gateway code, ``0307`` of ``APIGW.0307``; None for any other code."""
    prefix, dot, number = (error_code or "").partition(".")
    return number if dot and prefix in ("APIGW", "APIG") else None


def was_not_forwarded(error_code: str | None) -> bool:
    """Return whether the code proves that the gateway has not forwarded the request, or DRS has done nothing."""
    return error_code == TOO_FREQUENT or gateway_code(error_code) in _NOT_FORWARDED


def is_token_expired(status: int | None, error_code: str | None) -> bool:
    """Return whether the gateway says that the token has expired, so that a new one helps.

    Other 401 may mean a wrong password, a wrong signature, or (DRS.M00103) a missing permission. To repeat those locks
    the account or the access key.
    """
    return status == 401 and gateway_code(error_code) == _TOKEN_EXPIRED  # noqa: PLR2004  HTTP


def is_code_of_refused_token(error_code: str | None) -> bool:
    """Return whether a code of the gateway says that it rejected the token, whatever the HTTP status was."""
    return gateway_code(error_code) in (_TOKEN_EXPIRED, _AUTHENTICATION_FAILED)


def is_token_refused(status: int | None, error_code: str | None) -> bool:
    """Return whether a new token may help, if this one was accepted before.

    DRS has a code of its own for a token that IAM does not confirm; its other codes mean a missing permission.
    """
    return is_about_credential(status, error_code) or (status in (401, 403) and error_code == _TOKEN_INVALID)


def is_about_credential(status: int | None, error_code: str | None) -> bool:
    """Return whether the response may refuse a token or a signature; the codes of DRS are about permissions."""
    return status == 401 and not (error_code or "").startswith("DRS.")  # noqa: PLR2004  HTTP


def is_credential_refused(status: int | None, error_code: str | None) -> bool:
    """Return whether the credential itself was refused: a password, passcode, signature, key or token.

    DRS answers 401 as well (DRS.M00103), for a missing permission: it has accepted the credential then.
    """
    code = error_code or ""
    return code in _CREDENTIAL_REFUSED or (status == 401 and not code.startswith("DRS."))  # noqa: PLR2004  HTTP


def is_not_published(status: int | None, error_code: str | None) -> bool:
    """Return whether the gateway has no such API in this region."""
    return status == 404 and gateway_code(error_code) == _NOT_PUBLISHED  # noqa: PLR2004  HTTP


def find_hint(error_code: str | None, status: int | None, context: HintContext, body: object = None) -> str | None:
    """Return a sentence or two about what to do next, None if nothing is known.

    Keystone, from which IAM comes, has the same text for most reasons, so the hint depends on the call and the caller.
    ``body`` is that of the response.
    """
    methods = _find_login_methods(body)
    if methods:
        return _describe_login_protection(methods)
    number = gateway_code(error_code)
    code = f"APIGW.{number}" if number else error_code
    if code in _HINTS:
        return _HINTS[code]
    if code in _STATUS_OF_CODE:
        status = _STATUS_OF_CODE[code]
    elif code is not None and code.startswith(_PREFIXES) and not is_about_credential(status, code):
        return None
    keys = [(context.call, identity, status) for identity in (context.identity, None)]
    hint = next((_STATUS_HINTS[key] for key in keys if key in _STATUS_HINTS), None)
    return None if hint is None else hint.format(f", and the project {context.project}" if context.project else "")


def _find_login_methods(body: object) -> list[list[str]]:
    """Return the ways to log in if a password alone is not enough (Keystone's auth receipts)."""
    ways = body.get("required_auth_methods") if isinstance(body, Mapping) else None
    listed = [way for way in ways if isinstance(way, list)] if isinstance(ways, list) else []
    return [[one_line(method) for method in way if isinstance(method, str)] for way in listed if way]


def _describe_login_protection(methods: Sequence[Sequence[str]]) -> str:
    required = one_line(", or ".join(" and ".join(way) for way in methods))
    is_supported = any(_METHODS.issuperset(way) for way in methods)
    advice = "use the lookup iam_token with user_id and totp_passcode" if is_supported else "use an access key"
    return f"The user has login protection, and IAM wants {required}: {advice}."


def parse_error(body: object) -> tuple[str | None, str | None]:
    """Return code and text of an error response, None for what it does not have.

    Known forms: flat (DRS, gateway, IAM v3.0), below ``error`` (IAM v3), and in the first of ``results`` (v3 batch
    queries). For anything else return (None, None).
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
    """Return the text on one line, without control characters, cut to the longest error text of the API."""
    line = " ".join(replace_controls(text).split())
    return line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 3] + "..."


def replace_controls(text: str) -> str:
    """Return the text with a blank in place of each character that cannot be printed."""
    # Almost every text has none, which one call tells.
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def _first(body: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = body.get(key)
        if isinstance(value, str) and value.strip():
            return one_line(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None
