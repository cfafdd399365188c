# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check of signatures, against the official test vector and against vectors made with the official SDK."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator.signature import (
    Authorization,
    Signable,
    canonical_request,
    is_signed_by,
    sign,
)

ACCESS = "QTWAOYTTINDUT2QVKYUC"
SECRET = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
DATE = "20191115T033655Z"
PROJECT = "054ba152d480d55b2f5dc0069e7ddef0"
HEADERS = {"Content-Type": "application/json", "Host": "drs.cn-north-4.myhuaweicloud.com", "X-Sdk-Date": DATE}
NAMES = ("content-type", "host", "x-sdk-date")
BODY = b'{"jobs":[{"job_id":"c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r","is_force_stop":false}]}'

OFFICIAL = Signable(
    "GET",
    "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
    {**HEADERS, "Host": "service.region.example.com"},
    b"",
)
STOP = Signable("POST", f"/v5/{PROJECT}/jobs/batch-stop", HEADERS, BODY)
STOP_TEMPORARY = replace(STOP, headers={**HEADERS, "X-Project-Id": PROJECT, "X-Security-Token": "tok"})
LIST = Signable("GET", f"/v5/{PROJECT}/jobs?job_type=sync&limit=10&name=a%2Cb%20c", HEADERS, b"")

VECTORS = [
    pytest.param(
        OFFICIAL,
        NAMES,
        "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a",
        "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
        id="official",
    ),
    pytest.param(
        STOP,
        NAMES,
        "22d648e646acc3187c1b8abcec1a98b5f2051fef14c584c5d572604433ab9612",
        "a5b6a987d0b04826d24665649305da5e32659cb10cca241110f4b061f5741781",
        id="body",
    ),
    pytest.param(
        STOP_TEMPORARY,
        ("content-type", "host", "x-project-id", "x-sdk-date", "x-security-token"),
        "92a582adcc108fdd70c99858e2c996d01a56b9a6c0e09ef18f5d1e817efa9891",
        "1ff376e5a7b9329d495905e11d6aab47e1b805c33a8439be11aa1e7f68e01dd8",
        id="temporary key",
    ),
    pytest.param(
        LIST,
        NAMES,
        "68785f03939d223fddba34e06f81d6dc1b149c6e650e108e356d026a574146b7",
        "370574e9336371163076e64f07601d946cd22280b6cf1addb96163430719af23",
        id="query",
    ),
]


@pytest.mark.parametrize(("request_", "names", "canonical_hash", "signature"), VECTORS)
def test_vectors(request_: Signable, names: tuple[str, ...], canonical_hash: str, signature: str) -> None:
    canonical = canonical_request(request_, names)
    assert hashlib.sha256(canonical.encode()).hexdigest() == canonical_hash
    assert sign(canonical, DATE, SECRET) == signature
    assert is_signed_by(request_, Authorization(ACCESS, names, signature), SECRET)


SIGNATURE = "a5b6a987d0b04826d24665649305da5e32659cb10cca241110f4b061f5741781"


@pytest.mark.parametrize(
    "changed",
    [
        replace(STOP, method="PUT"),
        replace(STOP, target=STOP.target + "?force=true"),
        replace(STOP, target=STOP.target.replace("v5", "v3")),
        replace(STOP, body=BODY.replace(b"false", b"true")),
        replace(STOP, headers={**HEADERS, "Host": "drs.example.com"}),
        replace(STOP, headers={**HEADERS, "X-Sdk-Date": "20191115T033656Z"}),
        replace(STOP, headers={name: value for name, value in HEADERS.items() if name != "Content-Type"}),
        replace(STOP, headers={**HEADERS, "X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}),
    ],
)
def test_a_change_of_anything_signed_is_noticed(changed: Signable) -> None:
    assert not is_signed_by(changed, Authorization(ACCESS, NAMES, SIGNATURE), SECRET)


@pytest.mark.parametrize(
    "same",
    [
        replace(STOP, target=STOP.target.replace("-", "%2D")),
        replace(STOP, headers={**HEADERS, "User-Agent": "anything"}),
        replace(STOP, headers={name.lower(): f" {value} " for name, value in HEADERS.items() if name != "X-Sdk-Date"}
                | {"x-sdk-date": DATE}),
    ],
)  # fmt: skip
def test_a_change_of_form_only_is_none(same: Signable) -> None:
    assert is_signed_by(same, Authorization(ACCESS, NAMES, SIGNATURE), SECRET)


def test_the_order_of_the_query_does_not_count() -> None:
    one, other = (replace(LIST, target=f"/jobs?{query}") for query in ("b=2&a=&b=1", "b=1&b=2&a="))
    assert canonical_request(one, NAMES) == canonical_request(other, NAMES)


def test_an_unsigned_payload_is_taken_for_what_it_is() -> None:
    unsigned = replace(STOP, headers={**HEADERS, "X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"})
    assert canonical_request(unsigned, NAMES).endswith("\nUNSIGNED-PAYLOAD")


def test_the_header_is_taken_apart() -> None:
    header = f"SDK-HMAC-SHA256 Access=ak, SignedHeaders=host;x-sdk-date, Signature={SIGNATURE}"
    assert Authorization.parse(header) == Authorization("ak", ("host", "x-sdk-date"), SIGNATURE)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer abc",
        f"V11-HMAC-SHA256 Access=ak, SignedHeaders=host;x-sdk-date, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256, Access=ak, SignedHeaders=host;x-sdk-date, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=ak,SignedHeaders=host;x-sdk-date,Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=ak, SignedHeaders=x-sdk-date;host, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=ak, SignedHeaders=Host;X-Sdk-Date, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=ak, SignedHeaders=host, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=ak, SignedHeaders=x-sdk-date, Signature={SIGNATURE}",
        "SDK-HMAC-SHA256 Access=ak, SignedHeaders=host;x-sdk-date, Signature=abc",
    ],
)
def test_any_other_form_of_the_header_is_refused(header: str) -> None:
    assert Authorization.parse(header) is None
