# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signatures: Huawei Cloud's published vector, further ones of the official SDK, and its signer beside ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.access_key_auth import AccessKeyAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import AccessKeyCredential
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock

# Published with the signing guide and in the Java SDK's TestAKSKSigner.
ACCESS = "QTWAOYTTINDUT2QVKYUC"
SECRET = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
NOW, DATE = 1573789015.9, "20191115T033655Z"  # UTC, to the second
PROJECT = "054ba152d480d55b2f5dc0069e7ddef0"
HOST = "drs.cn-north-4.myhuaweicloud.com"
DRS = {"Content-Type": "application/json", "Host": HOST, "X-Sdk-Date": DATE}
STOP_BODY = b'{"jobs":[{"job_id":"c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r","is_force_stop":false}]}'

# The security token, the project, method, target and body of a request, and its signature.
VECTORS: dict[str, tuple[str | None, str | None, str, str, bytes, str]] = {
    "published": (
        None,
        None,
        "GET",
        "service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"
        "?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
        b"",
        "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
    ),
    "batch-stop": (
        None,
        None,
        "POST",
        f"{HOST}/v5/{PROJECT}/jobs/batch-stop",
        STOP_BODY,
        "a5b6a987d0b04826d24665649305da5e32659cb10cca241110f4b061f5741781",
    ),
    "temporary key": (
        "tok",
        PROJECT,
        "POST",
        f"{HOST}/v5/{PROJECT}/jobs/batch-stop",
        STOP_BODY,
        "1ff376e5a7b9329d495905e11d6aab47e1b805c33a8439be11aa1e7f68e01dd8",
    ),
    "query": (
        None,
        None,
        "GET",
        f"{HOST}/v5/{PROJECT}/jobs?job_type=sync&limit=10&name=a%2Cb%20c",
        b"",
        "370574e9336371163076e64f07601d946cd22280b6cf1addb96163430719af23",
    ),
}


def signed(
    method: str, target: str, body: bytes, token: str | None = None, project: str | None = None
) -> requests.PreparedRequest:
    """Return a request as it is sent with an access key; ``target`` is host, path and query."""
    auth = AccessKeyAuth(AccessKeyCredential(ACCESS, SECRET, token), ManualClock(NOW), project)
    headers = {"Content-Type": "application/json"}
    return requests.Request(method, f"https://{target}", headers, data=body, auth=auth.for_request()).prepare()


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_is_signed_as_published(name: str) -> None:
    token, project, method, target, body, signature = VECTORS[name]
    request = signed(method, target, body, token, project)
    names = ["content-type", "host", "x-project-id", "x-sdk-date", "x-security-token"]
    signed_headers = ";".join(names if project else [names[0], names[1], names[3]])
    assert request.headers["X-Sdk-Date"] == DATE
    assert (request.headers.get("X-Project-Id"), request.headers.get("X-Security-Token")) == (project, token)
    assert request.headers["Authorization"] == (
        f"SDK-HMAC-SHA256 Access={ACCESS}, SignedHeaders={signed_headers}, Signature={signature}"
    )


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


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)
segments = st.lists(texts.filter(lambda text: "/" not in text), max_size=4)
names = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=8)


def test_any_request_is_signed_as_the_official_sdk_signs_it(official: Any) -> None:
    @settings(max_examples=500, deadline=None)
    @given(
        method=st.sampled_from(["GET", "POST", "DELETE"]),
        path=segments,
        query=st.dictionaries(names, texts, max_size=4),
        body=texts,
    )
    def holds(method: str, path: list[str], query: dict[str, str], body: str) -> None:
        encoded = "/" + "/".join(quote(segment, safe="") for segment in path)
        target = f"{HOST}{encoded}?{urlencode(query, quote_via=quote)}" if query else f"{HOST}{encoded}"
        request = signed(method, target, body.encode())
        sent_path = request.path_url.partition("?")[0]  # without the dots of a path such as /a/../b
        theirs = official(method, sent_path, sorted(query.items()), DRS, body)
        assert request.headers["Authorization"] == theirs

    holds()
