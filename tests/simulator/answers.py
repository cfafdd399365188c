# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The responses of the simulated cloud: JSON responses, and the documented shapes of errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Code -> HTTP status and text. Sources: the API page (DRS.10000001, DRS.10020102), the page of the single stop
# (DRS.10000010), the Terraform provider (DRS.M00289), OTC DRS error codes (the rest). Only the texts of the API page
# are literal, the others are paraphrased. Clients must not depend on a text, because X-Language changes it.
_DRS_ERRORS: dict[str, tuple[int, str]] = {
    "DRS.10000001": (400, "Failed."),
    "DRS.10000010": (400, "The job does not exist."),
    "DRS.10020102": (400, "Job does not exist, please check job ID"),
    "DRS.M00100": (403, "The token is invalid."),
    "DRS.M00102": (403, "The user has no permission."),
    "DRS.M00201": (400, "Parameter {} is missing or empty."),
    "DRS.M00202": (400, "Parameter {} has an invalid value."),
    "DRS.M00210": (400, "Invalid paging: {}."),
    "DRS.M00211": (400, "There is no such page."),
    "DRS.M00261": (403, "The project ID is invalid."),
    "DRS.M00289": (400, "The job does not exist."),
    "DRS.M00300": (400, "Invalid request: {}."),
    "DRS.M00301": (400, "The request holds duplicates of {}."),
    "DRS.M00304": (400, "The status of the job does not allow this operation."),
    "DRS.M00307": (400, "Only subtasks support this operation."),
    "DRS.M01504": (400, "Another operation on the job is under way, or the job is abnormal. Try again later."),
    "DRS.M05004": (400, "The job was deleted or its resources are released."),
}

# Number -> HTTP status and text. Public services use the prefix APIGW (samples in public issue trackers;
# OTC API Gateway error codes have the same numbers with the prefix APIG).
_GATEWAY_ERRORS: dict[str, tuple[int, str]] = {
    "0101": (404, "The API does not exist or has not been published in the environment"),
    "0201": (400, "Bad request: {}"),
    "0301": (401, "Incorrect IAM authentication information: {}"),
    "0307": (401, "The token must be updated."),
    "0308": (429, "The throttling threshold has been reached: policy user over ratelimit,{}"),
    "0310": (403, "The project is unavailable."),
}

# Code -> HTTP status and text (OTC IAM error codes).
_IAM_ERRORS: dict[str, tuple[int, str]] = {
    "IAM.0001": (401, "Authentication is required."),
    "IAM.0002": (403, "You are not authorized to perform this operation."),
    "IAM.0011": (400, "Request body is invalid."),
    "IAM.0072": (400, "'{}' is a required property."),
    "IAM.0073": (400, "Invalid input for field '{}'."),
    "IAM.0081": (403, "The user may only use the console."),
    "IAM.1061": (400, "The verification code of the MFA device is wrong."),
}

_TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}


@dataclass
class Answer:
    """An HTTP response."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Return a response with a JSON body."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(status, body, {"Content-Type": "application/json", **(headers or {})})


class ApiError(Exception):
    """An error for a request as a whole."""

    def __init__(
        self,
        status: int,
        body: dict[str, Any],
        *,
        from_gateway: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Initialize with the HTTP status and the JSON body. Only bodies of the gateway get the request ID."""
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.from_gateway = from_gateway
        self.headers = headers

    def answer(self, request_id: str) -> Answer:
        """Return the HTTP response."""
        body = {**self.body, "request_id": request_id} if self.from_gateway else self.body
        return Answer.of(self.status, body, self.headers)


def drs_text(code: str, detail: str = "") -> str:
    """Return the text of an error code of DRS."""
    return _DRS_ERRORS[code][1].format(detail)


def drs_error(code: str, detail: str = "") -> ApiError:
    """Return an error in the shape of DRS: ``error_code`` and ``error_msg``."""
    return ApiError(_DRS_ERRORS[code][0], {"error_code": code, "error_msg": drs_text(code, detail)})


def gateway_error(number: str, detail: str = "", status: int | None = None) -> ApiError:
    """Return an error in the shape of the API gateway: that of DRS with ``request_id``."""
    usual_status, text = _GATEWAY_ERRORS[number]
    body = {"error_code": f"APIGW.{number}", "error_msg": text.format(detail)}
    return ApiError(status or usual_status, body, from_gateway=True)


def iam_error(code: str, detail: str = "") -> ApiError:
    """Return an error with a code of IAM, in the shape of DRS."""
    status, text = _IAM_ERRORS[code]
    return ApiError(status, {"error_code": code, "error_msg": text.format(detail)})


def keystone_error(status: int, message: str) -> ApiError:
    """Return an error of IAM below ``/v3``, in the shape of OpenStack Keystone."""
    return ApiError(status, {"error": {"code": status, "message": message, "title": _TITLES[status]}})
