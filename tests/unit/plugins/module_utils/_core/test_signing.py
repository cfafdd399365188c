# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signatures: Huawei Cloud's published vector, further ones of the official SDK, and its signer beside ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.signing import (
    authorization,
    canonical_request,
    sdk_date,
)

# Published with the signing guide and in the Java SDK's TestAKSKSigner.
ACCESS = "QTWAOYTTINDUT2QVKYUC"
SECRET = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
DATE = "20191115T033655Z"
PROJECT = "054ba152d480d55b2f5dc0069e7ddef0"
DRS = {"Content-Type": "application/json", "Host": "drs.cn-north-4.myhuaweicloud.com", "X-Sdk-Date": DATE}
STOP_BODY = b'{"jobs":[{"job_id":"c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r","is_force_stop":false}]}'

VECTORS = {
    "published": (
        "GET",
        "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
        {**DRS, "Host": "service.region.example.com"},
        b"",
        "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a",
        "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
    ),
    "batch-stop": (
        "POST",
        f"/v5/{PROJECT}/jobs/batch-stop",
        DRS,
        STOP_BODY,
        "22d648e646acc3187c1b8abcec1a98b5f2051fef14c584c5d572604433ab9612",
        "a5b6a987d0b04826d24665649305da5e32659cb10cca241110f4b061f5741781",
    ),
    "temporary key": (
        "POST",
        f"/v5/{PROJECT}/jobs/batch-stop",
        {**DRS, "X-Project-Id": PROJECT, "X-Security-Token": "tok"},
        STOP_BODY,
        "92a582adcc108fdd70c99858e2c996d01a56b9a6c0e09ef18f5d1e817efa9891",
        "1ff376e5a7b9329d495905e11d6aab47e1b805c33a8439be11aa1e7f68e01dd8",
    ),
    "query": (
        "GET",
        f"/v5/{PROJECT}/jobs?job_type=sync&limit=10&name=a%2Cb%20c",
        DRS,
        b"",
        "68785f03939d223fddba34e06f81d6dc1b149c6e650e108e356d026a574146b7",
        "370574e9336371163076e64f07601d946cd22280b6cf1addb96163430719af23",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_is_signed_as_published(name: str) -> None:
    method, target, headers, body, digest, signature = VECTORS[name]

    canonical = canonical_request(method, target, headers, body)

    assert hashlib.sha256(canonical.encode()).hexdigest() == digest
    signed_headers = ";".join(sorted(header.lower() for header in headers))
    expected = f"SDK-HMAC-SHA256 Access={ACCESS}, SignedHeaders={signed_headers}, Signature={signature}"
    assert authorization(ACCESS, SECRET, headers, canonical) == expected


def test_the_date_is_utc_to_the_second() -> None:
    assert sdk_date(1573789015.9) == DATE


@pytest.fixture(name="official", scope="module")
def fixture_official(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    home: Path = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))  # the SDK writes there when it is imported
        pytest.importorskip("huaweicloudsdkcore")
        from huaweicloudsdkcore.auth.credentials import BasicCredentials  # noqa: PLC0415
        from huaweicloudsdkcore.sdk_request import SdkRequest  # noqa: PLC0415
        from huaweicloudsdkcore.signer.signer import Signer  # noqa: PLC0415

        def sign(method: str, path: str, query: list[tuple[str, str]], headers: dict[str, str], body: str) -> str:
            request = SdkRequest(
                method=method,
                schema="https",
                host=headers["Host"],
                resource_path=path,
                query_params=query,
                header_params=dict(headers),
                body=body,
            )
            signed = Signer(BasicCredentials(ACCESS, SECRET, PROJECT)).sign(request)
            return str(signed.header_params["Authorization"])

        yield sign


# Mostly what URLs encode, and what one might forget to encode.
characters = st.sampled_from("aZ0-_.~ %+&=/?#:@!$'()*,;[]") | st.characters(blacklist_categories=["Cs", "Cc"])
texts = st.text(characters, max_size=5)
names = st.text(characters, min_size=1, max_size=3)
segments = st.lists(texts.filter(lambda text: "/" not in text), max_size=3)


def test_any_request_is_signed_as_the_official_sdk_signs_it(official: Any) -> None:
    @settings(max_examples=200, deadline=None)
    @given(
        method=st.sampled_from(["GET", "POST", "DELETE"]),
        path=segments,
        query=st.dictionaries(names, texts, max_size=4),
        body=texts,
    )
    def holds(method: str, path: list[str], query: dict[str, str], body: str) -> None:
        encoded = "/" + "/".join(quote(segment, safe="") for segment in path)
        theirs = official(method, encoded, sorted(query.items()), DRS, body)
        target = f"{encoded}?{urlencode(query, quote_via=quote)}" if query else encoded
        canonical = canonical_request(method, target, DRS, body.encode())
        assert authorization(ACCESS, SECRET, DRS, canonical) == theirs

    holds()
